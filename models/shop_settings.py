"""Verbs of the settings page: what a change of rules means for what is booked already."""

from collections.abc import Callable, Mapping
from datetime import date, time
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from models import clock
from models.actor import Actor
from models.appointment import Appointment
from models.base import db
from models.closing_day import ClosingDay, suggested
from models.entry import record
from models.handover import touch
from models.opening_hours import OpeningHours
from models.refused import Refused
from models.shop import Shop

LONGEST_NAME = 80  # characters of a closing day's name


def change_location(shop: Shop, values: Mapping[str, Any], *, by: Actor, faults: Mapping[str, Any] | None = None) -> None:
    """Set what ``values`` names (columns of Location).

    ``faults`` is what could not even be read, by field. Raises Refused with every fault at once; nothing is changed then.
    """
    errors: dict[str, Any] = dict(faults or {})
    with db.session.no_autoflush:
        for name, value in values.items():
            _try(errors, partial(setattr, shop.location, name, value))
        if values.get("holiday_calendar"):
            _try(errors, lambda: suggested(values["holiday_calendar"], clock.now().year))
        if errors:
            db.session.refresh(shop.location)
            raise Refused.at(**errors)
    _changed(shop, by)


def change_hours(shop: Shop, hours: Mapping[int, tuple[time, time] | None], *, by: Actor, faults: Mapping[str, Any] | None = None) -> None:
    """The whole week anew: weekday (0 is Monday) to opening and closing, or None for closed. Raises Refused naming the weekday's field."""
    wrong = [weekday for weekday, span in hours.items() if span and span[0] >= span[1]]
    errors = {f"closes_{weekday}": _("Closing time must be after opening time.") for weekday in wrong}
    if errors or faults:
        raise Refused.at(**(faults or {}), **errors)
    shop.lock()
    kept = {row.weekday: row for row in shop.hours}
    for weekday, span in hours.items():
        row = kept.get(weekday)
        if span is None:
            if row:
                shop.hours.remove(row)
        elif row:
            # through the columns in one go: between two assignments the day might close before it opens
            row.opens, row.closes = min(span[0], row.opens), max(span[1], row.closes)
            row.opens, row.closes = span
        else:
            shop.hours.append(OpeningHours(shop_id=shop.id, weekday=weekday, opens=span[0], closes=span[1]))
    _changed(shop, by)


def close_on(shop: Shop, days: Mapping[date, str], *, by: Actor) -> None:
    """Closed on these dates too; those that are known keep their name. Appointments on them stay: people must move them.

    Raises Refused: a name that is too long.
    """
    if any(len(name.strip()) > LONGEST_NAME for name in days.values()):
        raise Refused(_("Please keep it under %(count)s characters.", count=LONGEST_NAME), field="name")
    shop.lock()
    known = {closing.date for closing in shop.closing_days}
    shop.closing_days += [ClosingDay(shop_id=shop.id, date=day, name=name.strip()) for day, name in days.items() if day not in known]
    _changed(shop, by)


def open_on(shop: Shop, day: date, *, by: Actor) -> None:
    """No longer closed on that date; doing it twice does it once."""
    shop.lock()
    closing = shop.closing_day(day)
    if closing:
        shop.closing_days.remove(closing)
        _changed(shop, by)


def accept_holidays(shop: Shop, days: set[date], *, by: Actor) -> list[date]:
    """Close on those of the suggested holidays; gives the dates that were none before. Others are left alone."""
    chosen = {day: name for day, name in holidays_ahead(shop).items() if day in days}
    if chosen:
        close_on(shop, chosen, by=by)
    return list(chosen)


def holidays_ahead(shop: Shop) -> dict[date, str]:
    """What the shop's holiday calendar suggests from today to the end of next year: dates on which it would be open."""
    if not shop.location.holiday_calendar:
        return {}
    today = shop.today()
    found = suggested(shop.location.holiday_calendar, (today.year, today.year + 1), shop.language)
    return {day: name for day, name in found.items() if day >= today and shop.is_open(day)}


def replan(shop: Shop) -> None:
    """Work out anew when what lies ahead begins and when its reminder goes: the clock on the wall is what was agreed on."""
    ahead = select(Appointment).where(Appointment.shop_id == shop.id, Appointment.date >= shop.today())
    for appointment in db.session.scalars(ahead.options(*Appointment.whole())):
        at = appointment.time or shop.opens(appointment.date) or shop.location.morning_time
        appointment.starts_at = clock.instant(appointment.date, at, shop.tz)
        if appointment.starts_at > clock.now():
            appointment.plan_follow_up()


def _changed(shop: Shop, by: Actor) -> None:
    db.session.flush()
    record(shop.location, "location.changed", by)
    replan(shop)
    touch(shop.id, "appointments")


def _try(errors: dict[str, Any], verb: Callable[[], Any]) -> None:
    try:
        verb()
    except Refused as refusal:
        errors.update({str(field): words for field, words in refusal.errors.items()})
