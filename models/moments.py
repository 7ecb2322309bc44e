"""Days and clocks as a person reads them: in the shop's zone, in the language that is being spoken."""

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from babel.dates import format_date, format_time
from flask_babel import get_locale
from flask_babel import gettext as _

if TYPE_CHECKING:
    from models.appointment import Appointment
    from models.shop import Shop


def long_day(day: date) -> str:
    """Thursday, November 26, 2026."""
    text = format_date(day, "full", locale=get_locale())
    return text[:1].upper() + text[1:]


def clock_words(at: datetime | time, locale: str | None = None) -> str:
    """9:00 AM, as that clock shows it; in the locale that is given, else in the language that is being spoken."""
    # CLDR sets a narrow space before AM, which older phones and screens show as a box
    return str(format_time(at, "short", locale=locale or get_locale())).replace("\u202f", " ")


def clock_time(at: datetime, shop: "Shop") -> str:
    """The clock on the shop's wall, with its zone: 9:00 AM CDT."""
    local = shop.local(at)
    return f"{clock_words(local)} {local.tzname()}"


def drop_off_time(appointment: "Appointment") -> str:
    """When on the day the vehicle is expected; without an agreed time, from when on."""
    at = clock_time(appointment.starts_at, appointment.shop)
    return at if appointment.time else _("from %(time)s", time=at)


def moment(at: datetime, shop: "Shop") -> str:
    """Nov 22, 2026, 3:14 PM CST."""
    return f"{format_date(shop.local(at).date(), 'medium', locale=get_locale())}, {clock_time(at, shop)}"
