"""Verbs of the settings page: what a change of rules means for what is booked already."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

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


def change_location(shop: Shop, values: Mapping[str, Any], *, by: Actor) -> None:
    """Set what ``values`` names (columns of Location). Raises Refused with every fault at once; nothing is changed then."""
    with db.session.no_autoflush:
        errors: dict[str, Any] = {}
        for name, value in values.items():
            try:
                setattr(shop.location, name, value)
            except Refused as refusal:
                errors.update({field or name: words for field, words in refusal.errors.items()})
        _check_calendar(str(values.get("holiday_calendar", "")), errors)
        if errors:
            db.session.refresh(shop.location)
            raise Refused.at(**errors)
    _changed(shop, by)


def change_hours(shop: Shop, hours: Mapping[int, tuple[time, time] | None], *, by: Actor) -> None:
    """The whole week anew: weekday (0 is Monday) to opening and closing, or None for closed. Raises Refused naming the weekday's field."""
    errors = {f"closes_{weekday}": "Closing time must be after opening time." for weekday, span in hours.items() if span and span[0] >= span[1]}
    if errors:
        raise Refused.at(**errors)
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
    """Closed on these dates too; those that are known keep their name. Appointments on them stay: people must move them."""
    known = {closing.date for closing in shop.closing_days}
    shop.closing_days += [ClosingDay(shop_id=shop.id, date=day, name=name.strip()) for day, name in days.items() if day not in known]
    _changed(shop, by)


def open_on(shop: Shop, day: date, *, by: Actor) -> None:
    """No longer closed on that date; doing it twice does it once."""
    closing = shop.closing_day(day)
    if closing:
        shop.closing_days.remove(closing)
        _changed(shop, by)


def _check_calendar(calendar: str, errors: dict[str, Any]) -> None:
    if calendar:
        try:
            suggested(calendar, clock.now().year)
        except Refused as refusal:
            errors.update({str(field): words for field, words in refusal.errors.items()})


def _changed(shop: Shop, by: Actor) -> None:
    db.session.flush()
    record(shop.location, "location.changed", by)
    ahead = select(Appointment).where(Appointment.shop_id == shop.id, Appointment.starts_at > clock.now())
    for appointment in db.session.scalars(ahead.options(*Appointment.whole())):
        appointment.plan_follow_up()
    touch(shop.id, "appointments")
