"""What a shop objects to in a drop-off: the past, a closed day, an hour outside opening hours, more than a day can take."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import func, select

from models import clock
from models.base import db
from models.location import Location, Policy
from models.moments import clock_words
from models.refused import Refused

if TYPE_CHECKING:
    from models.shop import Shop

FURTHEST = timedelta(days=731)  # from today; whoever asks for more mistyped the year


def starts_at(shop: "Shop", day: date, at: time | None) -> datetime:
    """The instant of the drop-off; without a time, when the shop opens. Raises Refused: the time falls into the gap of the clock change."""
    if at is not None:
        return clock.agreed_instant(day, at, shop.tz)
    return clock.instant(day, shop.opens(day) or shop.location.morning_time, shop.tz)


def check(shop: "Shop", day: date, at: time | None, *, accept_warnings: bool, besides: int | None = None) -> None:
    """Raises Refused with every objection at once; those which the shop only warns of can be accepted.

    ``besides`` is the id of the appointment that is being moved: it does not fill up a day against itself.
    """
    if abs(day - shop.today()) > FURTHEST:
        raise Refused(_("That is more than two years away. Look at the year."), field="date")
    moment = starts_at(shop, day, at)
    # whoever books in this shop stands in line, so that two can't take the last place, or one twice
    db.session.execute(select(Location.id).where(Location.shop_id == shop.id).with_for_update())
    objections = _objections(shop, day, at, moment, besides)
    standing: dict[str, str] = {}
    for field, words, policy in objections:
        if policy is Policy.refuse or not accept_warnings:
            standing[field] = f"{standing[field]} {words}" if field in standing else words
    if standing:
        strict = any(policy is Policy.refuse for _field, _words, policy in objections)
        raise Refused.at(**standing) if strict else Refused("", warnings=frozenset(standing), **standing)


def _objections(shop: "Shop", day: date, at: time | None, moment: datetime, besides: int | None) -> list[tuple[str, str, Policy]]:
    location, found = shop.location, []
    if (at is None and day < shop.today()) or (at is not None and moment < clock.now()):
        found.append(("date", _("This drop-off is in the past."), location.past_policy))
    closing, opens, closes = shop.closing_day(day), shop.opens(day), shop.closes(day)
    if opens is None or closes is None:
        found.append(("date", _("The shop is closed on that weekday."), location.closed_policy))
    elif closing:
        found.append(("date", _("The shop is closed that day: %(name)s.", name=closing.name or _("closing day")), location.closed_policy))
    elif at is not None and not opens <= at < closes:
        hours = {"opens": clock_words(opens), "closes": clock_words(closes)}
        found.append(("time", _("Outside opening hours, which are %(opens)s to %(closes)s.", **hours), location.hours_policy))
    if full := _full(shop, day, besides):
        found.append(("date", full, location.capacity_policy))
    return found


def check_room(shop: "Shop", day: date, *, besides: int) -> None:
    """For what was agreed on once and shall be so again. Raises Refused: the day is full by now, and the shop takes no more."""
    shop.lock()
    full = _full(shop, day, besides)
    if full and shop.location.capacity_policy is Policy.refuse:
        raise Refused(full, field="date")


def _full(shop: "Shop", day: date, besides: int | None) -> str:
    capacity = shop.location.capacity
    if capacity is None or (booked := drop_offs_on(shop, day, besides)) < capacity:
        return ""
    return _("That day is full: %(booked)s of %(capacity)s drop-offs are booked.", booked=booked, capacity=capacity)


def drop_offs_on(shop: "Shop", day: date, besides: int | None = None) -> int:
    """How many appointments stand on that day."""
    from models.appointment import Appointment

    query = select(func.count()).select_from(Appointment).where(Appointment.shop_id == shop.id, Appointment.date == day)
    return db.session.scalar(query.where(~Appointment.is_cancelled, Appointment.id != (besides or 0))) or 0
