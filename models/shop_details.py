"""What a shop is called and where it is found: the verb behind the settings page's tab *Shop*."""

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import available_timezones

from flask_babel import gettext as _
from phonenumbers import SUPPORTED_REGIONS

from models import email_address, phone
from models.actor import Actor
from models.customer import LANGUAGES
from models.entry import record
from models.handover import touch
from models.refused import Refused
from models.shop import Shop
from models.shop_settings import replan

LONGEST = {"name": 60, "street": 120, "city": 80, "region": 40, "postal_code": 20}  # characters


def change_shop(shop: Shop, values: Mapping[str, str], *, by: Actor) -> None:
    """Set name, address, numbers, zone and language as they were typed; in a new zone, drop-offs keep their time on the wall.

    Raises Refused with every fault at once; nothing is changed then.
    """
    read = checked(values, shop)
    moved = read.get("zone", shop.zone) != shop.zone
    for name, value in read.items():
        setattr(shop, name, value)
    record(shop.location, "shop.changed", by)
    if moved:
        shop.__dict__.pop("tz", None)  # it was worked out from the old zone
        replan(shop)
    touch(shop.id, "appointments")


def checked(values: Mapping[str, str], shop: Shop | None = None) -> dict[str, str | None]:
    """These details as they are kept. ``shop`` is whose they will be; without one they are of a shop that is yet to be opened.

    Raises Refused with every fault at once.
    """
    country = values.get("country", shop.country if shop else "").strip().upper()
    readers: dict[str, Callable[[str], str | None]] = {
        **{name: _within(name) for name in LONGEST},
        "country": _country,
        "zone": _zone,
        "language": _language,
        "voice_phone": lambda text: phone.normalised(text, _country(country), "voice_phone") if text else "",
        "email": lambda text: email_address.normalised(text) if text else "",
        "texting_number": lambda text: _own_number(shop, phone.normalised(text, _country(country), "texting_number")) if text else None,
    }
    read, errors = _read(values, readers)
    if errors:
        raise Refused.at(**errors)
    return read


def _read(values: Mapping[str, str], readers: Mapping[str, Callable[[str], str | None]]) -> tuple[dict[str, str | None], dict[str, Any]]:
    read: dict[str, str | None] = {}
    errors: dict[str, Any] = {}
    for name, text in values.items():
        try:
            read[name] = readers[name](" ".join(text.split()))
        except Refused as refusal:
            errors[name] = next(iter(refusal.errors.values()))
    return read, errors


def _within(name: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if name == "name" and not text:
            raise Refused(_("Customers need a name to know the shop by."), field=name)
        if len(text) > LONGEST[name]:
            raise Refused(_("Please keep it under %(count)s characters.", count=LONGEST[name]), field=name)
        return text

    return read


def _country(text: str) -> str:
    if text.upper() not in SUPPORTED_REGIONS:
        raise Refused(_("Give the country by its two letters, like US or NL."), field="country")
    return text.upper()


def _zone(text: str) -> str:
    if text not in available_timezones():
        raise Refused(_("There is no such time zone. Choose one like America/Chicago."), field="zone")
    return text


def _language(text: str) -> str:
    if text not in LANGUAGES:
        raise Refused(_("Choose English, Spanish or Dutch."), field="language")
    return text


def _own_number(shop: Shop | None, number: str) -> str:
    other = Shop.with_texting_number(number)
    if other is not None and (shop is None or other.id != shop.id):
        raise Refused(_("Another shop sends its texts from this number."), field="texting_number")
    return number
