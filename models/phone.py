"""Phone numbers: E.164 inside, as people write them outside (library phonenumbers)."""

from functools import lru_cache

import phonenumbers
from flask_babel import lazy_gettext as _l
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from models.refused import Refused

_TEXTABLE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
# Dutch 097 numbers carry the texts of machines and of providers such as Twilio; phonenumbers does not list them
_TEXTABLE_PREFIX = "+3197"
KNOWN = 8192  # numbers whose answers are kept: of one in North America two dozen countries' plans are tried (measured: 0.3 ms)


def normalised(text: str, country: str, field: str = "phone") -> str:
    """The number in E.164, as typed in that country. Raises Refused for what is no phone number."""
    no_number = Refused(_l("This is no phone number. Give it with its area code, like 312 555 0142."), field=field)
    try:
        number = phonenumbers.parse(text, country)
    except NumberParseException as problem:
        raise no_number from problem
    e164: str = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if number.extension or not (phonenumbers.is_valid_number(number) or _listed_elsewhere(number, e164)):
        raise no_number
    return e164


@lru_cache(KNOWN)
def textable(e164: str) -> bool:
    """Whether a text can reach it as far as the numbering plan tells: a mobile, or a number that may be one (North America)."""
    try:
        number = phonenumbers.parse(e164)
    except NumberParseException:
        return False  # a short code or a name: texts come from such senders, none go there
    return phonenumbers.number_type(number) in _TEXTABLE or _listed_elsewhere(number, e164)


@lru_cache(KNOWN)
def region(e164: str) -> str:
    """The country that the number belongs to, as two letters: of those that share +1 the right one; empty for what is no number."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(e164)) or ""
    except NumberParseException:
        return ""


@lru_cache(KNOWN)
def shown(e164: str, country: str) -> str:
    """As people in that country write it: national at home, international abroad; a sender that is no number stays as it is."""
    try:
        number = phonenumbers.parse(e164)
    except NumberParseException:
        return e164
    home = phonenumbers.country_code_for_region(country) == number.country_code and phonenumbers.is_valid_number(number)
    style = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def digits(text: str) -> str:
    """What is left of typed words when only a number is looked for."""
    return "".join(character for character in text if character.isdecimal())


def _listed_elsewhere(number: phonenumbers.PhoneNumber, e164: str) -> bool:
    return e164.startswith(_TEXTABLE_PREFIX) and phonenumbers.is_possible_number(number)
