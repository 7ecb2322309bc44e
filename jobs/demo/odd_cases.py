"""Harbour Street's drop-offs that need a person now: one of each kind, in the hours ahead."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from jobs.demo.crowd import Person
from jobs.demo.desk import Desk
from jobs.demo.drop_off import DropOff

AHEAD = timedelta(minutes=40)  # nobody is surprised by what is that far off
SOME_DAYS = 3  # open days since the call
WISHES = "Thursday or Friday would be much better, any time before noon."


def tell(desk: Desk) -> None:
    ahead = _hours_ahead(desk, 8)
    _ask_for_another_day(desk, *next(ahead))
    _look(desk, *next(ahead))
    _fail(desk, *next(ahead))
    _get_lost(desk, *next(ahead))
    _opt_out(desk, *next(ahead))
    _say_nothing(desk, *next(ahead), preference="email")
    _say_nothing(desk, *next(ahead), preference="text")
    _switched_off(desk, *next(ahead))
    _be_late(desk)
    _end_otherwise(desk)


def _hours_ahead(desk: Desk, wanted: int) -> Iterator[tuple[date, time]]:
    """Free half hours later today where enough are left, else on the next open day: early, so that their reminders have gone."""
    from_now = desk.shop.local(desk.history.now + AHEAD)
    if desk.shop.is_open(desk.today) and from_now.date() == desk.today:
        left = [at for at in desk.slots(desk.today) if at > from_now.time()]
        if len(left) >= wanted:
            step = len(left) / wanted
            return iter([(desk.today, left[int(number * step)]) for number in range(wanted)])
    day = desk.day(1)
    return iter([(day, at) for at in desk.slots(day)[:wanted]])


def _caller(desk: Desk, preference: str = "text") -> Person:
    person = desk.crowd.next()
    email = person.email or f"{person.last.lower()}@mail.example"
    return replace(person, preference=preference, consent="spoken" if preference == "text" else None, email=email)


def _some_days_ago(desk: Desk) -> datetime:
    return desk.working_moment(desk.day(-SOME_DAYS), desk.rng)


def _ask_for_another_day(desk: Desk, day: date, at: time) -> None:
    DropOff(desk, _caller(desk), day, at, booked=desk.lately(170), answer="asks", ending="comes", wishes=WISHES)


def _look(desk: Desk, day: date, at: time) -> None:
    DropOff(desk, _caller(desk), day, at, booked=_some_days_ago(desk), answer="looks", ending="comes")


def _fail(desk: Desk, day: date, at: time) -> None:
    """The number is a landline's, and there is no address to write to instead."""
    person = replace(_caller(desk), email="")
    desk.carrier.landlines.add(person.phone)
    DropOff(desk, person, day, at, booked=desk.lately(65), answer="silent", ending="comes")


def _get_lost(desk: Desk, day: date, at: time) -> None:
    """Whether the reminder went, nobody knows."""
    person = _caller(desk)
    desk.carrier.out_of_order.add(person.phone)
    DropOff(desk, person, day, at, booked=_some_days_ago(desk), answer="silent", ending="comes")


def _opt_out(desk: Desk, day: date, at: time) -> None:
    """Texted STOP after the booking: the reminder is held back, as there is no e-mail address for it to go to."""
    person, booked = replace(_caller(desk), email=""), _some_days_ago(desk)
    DropOff(desk, person, day, at, booked=booked, answer="silent", ending="comes")
    desk.history.at(booked + timedelta(minutes=50), lambda: desk.hear(person.phone, "Stop"))


def _say_nothing(desk: Desk, day: date, at: time, preference: str) -> None:
    DropOff(desk, _caller(desk, preference), day, at, booked=_some_days_ago(desk), answer="silent", ending="comes")


def _switched_off(desk: Desk, day: date, at: time) -> None:
    """The provider took the text, and nothing was heard of it since."""
    person = _caller(desk)
    desk.carrier.silent.add(person.phone)
    DropOff(desk, person, day, at, booked=_some_days_ago(desk), answer="silent", ending="comes")


def _be_late(desk: Desk) -> None:
    """Expected a while ago, and not here yet."""
    if not desk.shop.is_open(desk.today) or desk.history.now < desk.opening(desk.today)[0] + timedelta(minutes=10):
        return
    due = [at for at in desk.slots(desk.today) if desk.instant(desk.today, at) <= desk.history.now - timedelta(minutes=10)]
    if due:
        DropOff(desk, _caller(desk), desk.today, due[-1], booked=_some_days_ago(desk), answer="confirms", ending="waits")


def _end_otherwise(desk: Desk) -> None:
    """One did not come, one has called off, one will be called much later."""
    DropOff(desk, _caller(desk), desk.day(-1), time(14), booked=_some_days_ago(desk), answer="silent", ending="stays_away")
    DropOff(desk, _caller(desk), desk.day(2), time(15), booked=_some_days_ago(desk), answer="silent", ending="has_called_off")
    DropOff(desk, _caller(desk, "phone"), desk.day(8), time(9), booked=_some_days_ago(desk), answer="silent", ending="comes")
