"""The desk of a demo shop: who answers the phone there, when, and what they write down."""

import random
from datetime import date, datetime, time, timedelta
from itertools import count

from sqlalchemy import select

from jobs.demo import staff
from jobs.demo.carrier import Carrier
from jobs.demo.crowd import Crowd, Person
from jobs.demo.history import History
from jobs.demo.work import Work
from models import Actor, Consent, Customer, Delivery, IncomingText, Message, Shop, StopAlarm, Thread, Vehicle, clock, db
from models.consent import SCRIPT, SCRIPT_VERSION

HALF_HOUR = timedelta(minutes=30)
LAST_DROP_OFF = timedelta(hours=1)  # before closing
_texts = count(1)


class Desk:
    def __init__(self, shop: Shop, history: History, carrier: Carrier) -> None:
        self.shop, self.history, self.carrier = shop, history, carrier
        self.rng = random.Random(f"desk of {shop.slug}")  # noqa: S311 (the demo shall be the same each time)
        self.staff = staff.at_the_desk(shop)
        self.crowd, self.work = Crowd(shop.slug), Work(shop.slug)
        self.taken: dict[date, list[time]] = {}  # the drop-offs of each day that are spoken for
        self._known: dict[int, tuple[Customer, list[Vehicle]]] = {}

    # days and hours

    @property
    def today(self) -> date:
        return self.shop.local(self.history.now).date()

    @property
    def clock(self) -> time:
        return self.shop.local(self.history.now).time()

    def day(self, steps: int, since: date | None = None) -> date:
        """So many open days after today (or ``since``), or before it."""
        day, onward = since or self.today, timedelta(days=1 if steps > 0 else -1)
        while steps:
            day += onward
            steps -= (1 if steps > 0 else -1) * self.shop.is_open(day)
        return day

    def instant(self, day: date, at: time) -> datetime:
        return clock.instant(day, at, self.shop.tz)

    def opening(self, day: date) -> tuple[datetime, datetime]:
        """When the shop opens and closes on an open day."""
        return self.instant(day, self.shop.opens(day) or time(8)), self.instant(day, self.shop.closes(day) or time(17))

    def working_moment(self, day: date, rng: random.Random) -> datetime:
        """Some time in that open day's opening hours."""
        opens, closes = self.opening(day)
        return opens + (closes - opens) * rng.uniform(0.04, 0.96)

    def lately(self, minutes: float) -> datetime:
        """So many minutes ago if the shop was open then, else shortly before it last closed."""
        moment = self.history.now - timedelta(minutes=minutes)
        day = self.shop.local(moment).date()
        if not self.shop.is_open(day) or moment < self.opening(day)[0]:
            day = self.day(-1, day)
        return min(moment, self.opening(day)[1] - timedelta(minutes=15))

    def attended(self, moment: datetime) -> datetime:
        """The moment itself, or when the shop opens next."""
        day = self.shop.local(moment).date()
        if self.shop.is_open(day) and moment < self.opening(day)[1]:
            return max(moment, self.opening(day)[0])
        return self.opening(self.day(1, day))[0] + timedelta(minutes=10)

    def slots(self, day: date) -> list[time]:
        """The half hours of an open day in which nobody is expected yet."""
        opens, closes = self.opening(day)
        count_ = (closes - LAST_DROP_OFF - opens) // HALF_HOUR + 1
        times = [self.shop.local(opens + HALF_HOUR * step).time() for step in range(count_)]
        return [at for at in times if at not in self.taken.get(day, [])]

    def take(self, day: date, at: time | None) -> None:
        self.taken.setdefault(day, []).append(at or time.min)

    # what the desk does

    def someone(self, rng: random.Random) -> Actor:
        """Who picks up: mostly the first receptionist."""
        return rng.choices(self.staff, [4, 2, *[1] * len(self.staff)][: len(self.staff)])[0]

    def meet(self, person: Person, by: Actor) -> tuple[Customer, list[Vehicle]]:
        """The customer with their cars; whoever calls for the first time is written down, with the answer to the question about texts."""
        if id(person) not in self._known:
            customer = Customer.add(
                self.shop,
                by=by,
                first_name=person.first,
                last_name=person.last,
                company_name=person.company,
                phones=[person.phone] if person.phone else [],
                emails=[person.email] if person.email else [],
                language=person.language,
                addresses=[person.address] if person.address else [],
                contacts=[self._approver(person)] if person.company else [],
            )
            vehicles = [Vehicle.add(customer, by=by, **car) for car in person.cars]
            if person.consent:
                Consent.note(self.shop, person.phone, given=True, source=person.consent, by=by, wording=str(SCRIPT), version=SCRIPT_VERSION)
            self._known[id(person)] = customer, vehicles
        return self._known[id(person)]

    @staticmethod
    def _approver(person: Person) -> dict[str, str]:
        """A company's delegate, whose name stands beside the company's."""
        name = f"{person.first} {person.last}".strip()
        return {"name": name, "phone": person.phone, "email": person.email, "role": "Fleet manager", "approves": "1"}

    def _read(self, number: str) -> None:
        """What came in before yesterday somebody has read, and dealt with unless it rang the alarm."""
        thread, by = Thread.at(self.shop, number), self.staff[0]
        thread.read(thread.texts()[-1].id, by=by)
        if not StopAlarm.rings(self.shop, number):
            thread.close(by=by)

    def hear(self, number: str, words: str) -> None:
        """A text comes in, and what it says is done."""
        text = IncomingText.take(self.shop, f"SM{next(_texts):032x}", number, words, {"From": number, "Body": words})
        if text:
            text.work()
            if clock.now() < self.history.now - timedelta(days=1):
                self._read(number)
            waiting = select(Message).where(Message.address == number, Message.state == Delivery.queued)
            self.carrier.carry(db.session.scalars(waiting))
