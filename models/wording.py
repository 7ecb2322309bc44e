"""Templates filled in: merge fields with their fall-backs, in the customer's language and the shop's time."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from babel.dates import format_date

from models import phone
from models.message_template import MessageTemplate
from models.moments import clock_words
from models.money import shown
from models.overview_rules import Visibility
from models.segments import plain

if TYPE_CHECKING:
    from models.appointment import Appointment
    from models.customer import Customer
    from models.overview import Overview
    from models.quick_reply import QuickReply
    from models.reply import Reply
    from models.shop import Shop
    from models.status import Status
    from models.vehicle import Vehicle
    from models.visit import Visit
    from models.work_order import WorkOrder

_KEYS = {
    "booking": "appt_confirm",
    "follow_up": "appt_remind",
    "remind": "appt_remind",
    "moved": "resched_done",
    "cancelled": "appt_cancelled",
}
VEHICLE = {"en": "vehicle", "es": "auto", "nl": "auto"}
_FROM_OPENING = {"en": "from opening", "es": "desde que abrimos", "nl": "vanaf opening"}
_HELLO = {"en": "Hello", "es": "Hola", "nl": "Hallo"}
# a day without its year, which no style of CLDR gives; Spanish and Dutch write it the same way everywhere
_SHORT = {"en_US": "EEE, MMM d", "en_GB": "EEE d MMM", "es_US": "EEE d MMM", "es_ES": "EEE d MMM", "nl_NL": "EEE d MMM"}
_LONG = {"en_US": "EEEE, MMMM d", "en_GB": "EEEE d MMMM", "es_US": "EEEE d 'de' MMMM", "es_ES": "EEEE d 'de' MMMM", "nl_NL": "EEEE d MMMM"}
_SENTENCE_OF_ETA = re.compile(r"\s*[^.?!:\n]*(?:: ?)?\{eta\}[.?!]?(?: [^.?!\n{]*\?)?")
_SENTENCE_OF_TOTAL = re.compile(r"\s*[^.?!:\n]*\{total\}[.?!]?")
_GREETING = re.compile(r"\b\w+ \{first\},")


@dataclass(frozen=True, slots=True)
class Wording:
    language: str
    subject: str
    body: str


def locale_of(shop: "Shop", language: str) -> str:
    """The language as this country writes dates and times."""
    return {"en": {"US": "en_US"}.get(shop.country, "en_GB"), "es": {"US": "es_US"}.get(shop.country, "es_ES"), "nl": "nl_NL"}[language]


def write(appointment: "Appointment", kind: str, channel: str, template_of: Callable[..., MessageTemplate] = MessageTemplate.of) -> Wording:
    """What a message of this kind says about the appointment. ``template_of``: who writes many has each template looked up once."""
    shop, language = appointment.shop, appointment.customer.language or appointment.shop.language
    key = _KEYS[kind]
    if key == "appt_remind" and appointment.time is None:
        key = "appt_remind_nt"
    template = template_of(shop, key, channel, language)
    values = {
        **shop_values(shop),
        **customer_values(appointment.customer, appointment.vehicle, language),
        **drop_off_values(shop, appointment.date, appointment.time, language, channel),
        "link": appointment.visit.link.url,
    }
    return fill(template, values)


def write_update(order: "WorkOrder", status: "Status", channel: str, blanks: Mapping[str, str], body: str = "") -> Wording:
    """What the update of a status says, or ``body`` where somebody changed the words.

    ``blanks`` is what only the person who sets it knows; what is not in it stays in braces.
    """
    visit = order.visit
    shop, language = visit.shop, visit.customer.language or visit.shop.language
    template = MessageTemplate.of(shop, status.key, channel, language)
    if body:
        template = MessageTemplate(key=template.key, channel=channel, language=language, subject=template.subject, body=body)
    values = {
        **shop_values(shop),
        **customer_values(visit.customer, visit.vehicle, language),
        "status": status.shown_to_customer(language),
        "link": visit.link.url,
        **blanks,
    }
    return fill(template, values)


def answer(shop: "Shop", reply: "QuickReply", customer: "Customer | None", vehicle: "Vehicle | None", visit: "Visit | None") -> str:
    """A quick reply in the customer's language, with what is known filled in; the rest stays in braces and brackets."""
    language = (customer.language if customer else None) or shop.language
    values = shop_values(shop)
    if customer:
        values["first"] = customer.greeting
    if customer and vehicle:
        values |= customer_values(customer, vehicle, language)
    if visit:
        values["link"] = visit.link.url
    return plain(_filled(reply.body(language, shop.language), values, language))


def write_repair_order(order: "WorkOrder", link: str) -> Wording:
    """The text that brings the repair order, with the link to its PDF."""
    visit = order.visit
    language = visit.customer.language or visit.shop.language
    template = MessageTemplate.of(visit.shop, "ro_pdf", "text", language)
    return fill(template, {**shop_values(visit.shop), **customer_values(visit.customer, visit.vehicle, language), "link": link})


def write_overview(overview: "Overview", channel: str) -> Wording:
    """The update of the status that sending an overview sets, which brings its link."""
    visit = overview.order.visit
    template = MessageTemplate.of(visit.shop, "st_approval", channel, overview.language)
    values = {**shop_values(visit.shop), **customer_values(visit.customer, visit.vehicle, overview.language)}
    promised = overview.order.promised_at
    eta = promise_words(visit.shop, promised, overview.language) if promised else ""
    return fill(template, {**values, "status": "", "eta": eta, "part": "", "reason": "", "link": visit.link.url})


def write_receipt(overview: "Overview", reply: "Reply", channel: str) -> Wording:
    """What the customer gets who answered it: the amount, where prices are shown, and where the receipt is."""
    visit = overview.order.visit
    template = MessageTemplate.of(visit.shop, "approve_rcpt", channel, overview.language)
    values = {**shop_values(visit.shop), **customer_values(visit.customer, visit.vehicle, overview.language)}
    priced = reply.prices is not Visibility.none and bool(reply.amount)
    total = shown(reply.budget, locale_of(visit.shop, overview.language)) if priced else ""
    return fill(template, {**values, "total": total, "link": visit.link.url})


def promise_words(shop: "Shop", at: datetime, language: str) -> str:
    """A promised time as the customer reads it: the hour, and the day unless it is today."""
    local, locale = shop.local(at), locale_of(shop, language)
    hour = clock_words(local.time(), locale)
    return hour if local.date() == shop.today() else f"{format_date(local.date(), _SHORT[locale], locale=locale)} {hour}"


def fill(template: MessageTemplate, values: dict[str, str]) -> Wording:
    """The template with its fields filled in; texts in characters that every phone has."""
    subject, body = (_filled(text, values, template.language) for text in (template.subject, template.body))
    return Wording(template.language, subject, plain(body) if template.channel == "text" else body)


def shop_values(shop: "Shop") -> dict[str, str]:
    return {"shop": shop.name, "phone": phone.shown(shop.voice_phone, shop.country) if shop.voice_phone else ""}


def customer_values(customer: "Customer", vehicle: "Vehicle", language: str) -> dict[str, str]:
    return {
        "first": customer.greeting,
        "mailing": customer.mailing_name,
        "year": str(vehicle.year or ""),
        "make": vehicle.make,
        "model": vehicle.model_name or VEHICLE[language],
        "plate": vehicle.plate or vehicle.vin[-4:],
    }


def drop_off_values(shop: "Shop", day: date, at: time | None, language: str, channel: str) -> dict[str, str]:
    locale = locale_of(shop, language)
    # Spanish weekdays have letters outside the GSM alphabet: in a text the date goes in figures
    style = "d/M" if (channel, language) == ("text", "es") else _SHORT[locale] if channel == "text" else _LONG[locale]
    opens = shop.opens(day) or shop.location.morning_time
    return {
        "date": format_date(day, style, locale=locale),
        "time": clock_words(at, locale) if at else _FROM_OPENING[language],
        "open_time": clock_words(opens, locale),
    }


def _filled(text: str, values: dict[str, str], language: str) -> str:
    if not values.get("first"):
        text = _GREETING.sub(f"{_HELLO[language]},", text).replace("{first}, ", "").replace("{first}", "")
    if values.get("eta") == "":
        text = _SENTENCE_OF_ETA.sub("", text)
    if values.get("total") == "":
        text = _SENTENCE_OF_TOTAL.sub("", text)
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    text = re.sub(r"(?<!\.)\.\.(?!\.)", ".", text)  # "9:00 a. m." at the end of a sentence
    return re.sub(r"[ \t]{2,}", " ", text).strip()
