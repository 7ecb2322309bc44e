"""A letter's words: the shop's template with all that is known filled in. What is not known leaves neither a hole nor a raw field."""

import re
from datetime import date
from typing import TYPE_CHECKING

from babel.dates import format_date

from models import phone
from models.mail_places import mailbox
from models.message_template import MessageTemplate
from models.wording import VEHICLE, Wording, locale_of

if TYPE_CHECKING:
    from models.letter import Letter
    from models.shop import Shop
    from models.vehicle import Vehicle

MOST_ITEMS = 3  # that a letter names; the rest are counted
_MORE = {"en": "and {count} more", "es": "y {count} más", "nl": "en nog {count}"}
_YOUR_VEHICLE = {"en": "your vehicle", "es": "su vehículo", "nl": "uw auto"}
_CUSTOMER = {"en": "Customer", "es": "cliente", "nl": "klant"}
_FIELD = re.compile(r"\{(\w+)\}")
# a phrase that goes together with its field: ", plate {plate}" is nothing without a plate
_WITH_FIELD = re.compile(r",[^,.{}\n]*\{(\w+)\}")


def write_letter(letter: "Letter") -> Wording:
    """In the customer's language."""
    language = letter.customer.language or letter.shop.language
    return filled(MessageTemplate.of(letter.shop, letter.kind.value, letter.message.channel, language), letter_values(letter, language))


def filled(template: MessageTemplate, values: dict[str, str]) -> Wording:
    """The template with these values; a sentence whose field is empty goes with it."""
    return Wording(template.language, fill(template.subject, values) or values["shop"], fill(template.body, values))


def letter_values(letter: "Letter", language: str) -> dict[str, str]:
    """Every field that a letter can have."""
    shop, customer, vehicle = letter.shop, letter.customer, letter.vehicle
    day = day_words(letter.visit_on, shop, language)
    return {
        "mailing": customer.name or _CUSTOMER[language],
        "first": customer.greeting,
        "vehicle": _described(vehicle) or _YOUR_VEHICLE[language],
        "year": str(vehicle.year or "") if vehicle else "",
        "make": vehicle.make if vehicle else "",
        "model": (vehicle.model_name if vehicle else "") or VEHICLE[language],
        "plate": vehicle.plate if vehicle else "",
        "date": day,
        "last_service": day,
        "deferred": _listed([item.title for item in letter.left_over], language) if letter.kind == "deferred" else "",
        **signature(shop),
    }


def signature(shop: "Shop") -> dict[str, str]:
    """What the general tab of CRM Setup says."""
    feedback = shop.location.feedback
    return {
        "shop": shop.name,
        "owner": shop.location.owner_name or shop.name,
        "phone": phone.shown(shop.voice_phone, shop.country) if shop.voice_phone else "",
        "reply_email": shop.email,
        "feedback": mailbox(feedback) if feedback.startswith("mailto:") else feedback,
    }


def fill(text: str, values: dict[str, str]) -> str:
    """Line by line: a phrase, then a sentence, then the line goes whose field has no value."""
    if values.get("owner") == values.get("shop"):  # nobody signs it but the shop: once is enough
        text = text.replace("{owner}, {shop}", "{shop}").replace("{owner}\n{shop}", "{shop}")
    lines = [_line(line, values) for line in text.splitlines()]
    kept = "\n".join(line for line in lines if line is not None)
    return re.sub(r"\n{3,}", "\n\n", kept).strip()


def _line(line: str, values: dict[str, str]) -> str | None:
    if not _FIELD.search(line):
        return line
    line = _WITH_FIELD.sub(lambda found: found.group() if values.get(found.group(1)) else "", line)
    sentences = [one for one in re.split(r"(?<=[.?!]) ", line) if not _has_hole(one, values)]
    words = " ".join(sentences)
    return _FIELD.sub(lambda found: values[found.group(1)], words) if words else None


def _has_hole(sentence: str, values: dict[str, str]) -> bool:
    return any(not values.get(name) for name in _FIELD.findall(sentence))


def _described(vehicle: "Vehicle | None") -> str:
    if vehicle is None:
        return ""
    return " ".join(str(part) for part in (vehicle.year, vehicle.make, vehicle.model) if part)


def day_words(day: date | None, shop: "Shop", language: str) -> str:
    """A day with its year, as people write it in a letter; of none, nothing."""
    return format_date(day, "long", locale=locale_of(shop, language)) if day else ""


def _listed(titles: list[str], language: str) -> str:
    named = [f"- {title}" for title in titles[:MOST_ITEMS]]
    rest = len(titles) - len(named)
    return "\n".join([*named, *([f"- {_MORE[language].format(count=rest)}"] if rest else [])])
