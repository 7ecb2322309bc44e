"""Phone numbers and text segments as the network counts them."""

import math
import re

import phonenumbers

GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENDED = set("\f^{}\\[~]|€")
SENDER_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 &+_-]{1,11}")


def e164(text: str) -> str | None:
    """The number in E.164, or None when it is none. Possible, not valid: fictitious numbers must work on a demo's phone.

    A number without a country is read as one of North America, as the provider does for a North American sender.
    """
    try:
        number = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def sender(text: str) -> str | None:
    """A text's sender: a number, or a name of up to eleven letters and digits."""
    return text if SENDER_NAME.fullmatch(text) else e164(text)


def country(number: str) -> str:
    """The number's country as two letters, or nothing for a sender that is a name."""
    try:
        return phonenumbers.region_code_for_country_code(phonenumbers.parse(number).country_code or 0)
    except phonenumbers.NumberParseException:
        return ""


def spoken(address: str) -> str:
    """A number with its groups apart, as a handset shows it; a name or an e-mail address as it is."""
    if not address.startswith("+"):
        return address
    try:
        return phonenumbers.format_number(phonenumbers.parse(address), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException:
        return address


def segments(body: str) -> int:
    """How many parts the network makes of a text: 160 or 153 characters of GSM 7-bit, else 70 or 67 UTF-16 units."""
    if set(body) <= GSM | GSM_EXTENDED:
        length, one, many = len(body) + sum(character in GSM_EXTENDED for character in body), 160, 153
    else:
        length, one, many = len(body.encode("utf-16-le", "surrogatepass")) // 2, 70, 67
    return 1 if length <= one else math.ceil(length / many)
