"""One drop-off, from the call to the collection, as far as it has come."""

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from jobs.demo import exports, work_items
from jobs.demo.crowd import Person
from jobs.demo.desk import Desk
from jobs.demo.progress import Progress
from models import Actor, Appointment, Estimate, Message, Opening, WorkOrder, clock, db, plan

ANSWERS = {"confirms": 50, "confirms_late": 20, "looks": 10, "asks_and_moves": 5, "silent": 15}
ENDINGS = {"comes": 90, "cancels": 6, "stays_away": 4}
BROWSERS = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148",
    "Mozilla/5.0 (Linux; Android 15; SM-S921U) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Safari/605.1.15",
)
WISHES = (
    "Thursday or Friday morning would be better.",
    "Could we make it a day later? Same time is fine.",
    "I am out of town that day. Any time next week works.",
    "Only after 3 pm, please.",
    "",
)
THANKS = ("Thanks, see you then!", "Great, thank you", "Got it. Can I leave the key in the drop box?", "Perfect 👍")


class DropOff:
    """What is not said (answer, ending, work) is left to chance, the same chance each time."""

    def __init__(
        self,
        desk: Desk,
        person: Person,
        day: date,
        at: time | None,
        *,
        booked: datetime,
        answer: str = "",
        ending: str = "",
        work: str = "",
        note: str = "",
        shop_note: str = "",
        wishes: str | None = None,
        car: int = 0,
        collected: datetime | None = None,
        estimate: Estimate | None = None,
    ) -> None:
        self.desk, self.person, self.day, self.at, self.car = desk, person, day, at, car
        self.rng = random.Random(f"{person.first} {person.last} {person.cars[car]['plate']} {answer}")  # noqa: S311 (the same each time)
        self.ending = ending or self._chance(ENDINGS)
        self.answer = answer or ("silent" if self.ending == "stays_away" else self._chance(ANSWERS))
        self.work, self.note, self.shop_note, self.wishes = work or desk.work.next(person.cars[car]), note, shop_note, wishes
        self.collected, self.estimate = collected, estimate
        self.appointment: Appointment
        desk.take(day, at)
        desk.history.at(booked, self._book)

    def _chance(self, of: dict[str, int]) -> str:
        return self.rng.choices(list(of), list(of.values()))[0]

    @property
    def customer(self) -> Actor:
        customer = self.appointment.customer
        return Actor("customer", customer.name, customer.id, f"198.51.100.{customer.id % 250 + 1}")

    # the call

    def _book(self) -> None:
        by = self.desk.someone(self.rng)
        customer, vehicles = self.desk.meet(self.person, by)
        if self.estimate:
            self.appointment = self.estimate.book(self.day, self.at, self.person.preference, by=by, accept_warnings=True)
        else:
            self.appointment = Appointment.book(
                customer,
                vehicles[self.car],
                self.day,
                self.at,
                self.person.preference,
                by=by,
                type_of_work=self.work,
                shop_note=self.shop_note,
                customer_note=self.note,
                accept_warnings=True,
            )
        self._announced(self.answer)

    def _announced(self, answer: str) -> None:
        self._carry()
        if self.person.preference == "phone":
            if answer != "silent" and self.appointment.follow_up_at:
                self._in(self.rng.uniform(15, 100), self._confirm_by_phone, since=self.appointment.follow_up_at)
        else:
            if self.appointment.follow_up_at:
                self._in(0, self._remind, since=self.appointment.follow_up_at)
            getattr(self, f"_{answer}")()
        getattr(self, f"_{self.ending}")()

    def _in(self, minutes: float, happens: Callable[[], None], since: datetime | None = None) -> None:
        """Let it happen so many minutes later, if the appointment still stands as it does now."""
        revision = self.appointment.revision

        def if_it_stands() -> None:
            if self.appointment.stands and self.appointment.revision == revision:
                happens()

        self.desk.history.at((since or clock.now()) + timedelta(minutes=minutes), if_it_stands)

    def _carry(self) -> None:
        self.desk.carrier.carry(self.appointment.messages)

    def _remind(self) -> None:
        """What the clock does by itself, without asking for every drop-off of every shop each time."""
        Message.about(self.appointment, "follow_up", by=plan.CLOCK)
        self._carry()

    # the answer

    def _silent(self) -> None:
        pass

    def _looks(self) -> None:
        self._in(self.rng.uniform(3, 180), self._open)

    def _confirms(self, since: datetime | None = None) -> None:
        minutes = self.rng.uniform(2, 240)
        self._in(minutes, self._open, since)
        self._in(minutes + self.rng.uniform(0.2, 2), self._confirm, since)

    def _confirms_late(self) -> None:
        self._confirms(since=self.appointment.follow_up_at)

    def _asks(self) -> None:
        minutes = self.rng.uniform(4, 120)
        self._in(minutes, self._open)
        self._in(minutes + 2, self._ask)

    def _asks_and_moves(self) -> None:
        if self.desk.shop.location.reschedule_allowed:
            self._asks()
        dealt_with = self.desk.attended(clock.now() + timedelta(minutes=self.rng.uniform(150, 300)))
        self._in(0, self._move, dealt_with)

    def _open(self) -> None:
        visit = self.appointment.visit
        if self.person.preference == "email" and self.rng.random() < 0.3:
            Opening.fetched(visit, "Mozilla/5.0 (compatible; mail preview)", "203.0.113.20")
        Opening.opened(visit, self.rng.choice(BROWSERS), self.customer)

    def _confirm(self) -> None:
        if self.appointment.may_confirm:
            self.appointment.confirm(by=self.customer)
            writes = self.person.preference == "text" and self.desk.shop.language == "en" and self.person.language is None
            if writes and self.rng.random() < 0.12:
                self._in(1, lambda: self.desk.hear(self.person.phone, self.rng.choice(THANKS)))

    def _confirm_by_phone(self) -> None:
        if self.appointment.may_confirm:
            self.appointment.confirm(by=self.desk.someone(self.rng), channel="phone")

    def _ask(self) -> None:
        if self.appointment.may_request_reschedule:
            wishes = self.rng.choice(WISHES) if self.wishes is None else self.wishes
            self.appointment.request_reschedule(wishes, by=self.customer)

    def _move(self) -> None:
        """The desk calls back, and they agree on another day."""
        self.day = self.desk.day(self.rng.randint(1, 3), max(self.day, self.desk.shop.today()))
        self.appointment.move(self.day, self.at, by=self.desk.someone(self.rng), accept_warnings=True)
        db.session.flush()
        self._announced("confirms")

    # the end

    def _comes(self) -> None:
        late = self.rng.uniform(0, 90) if self.at is None else self.rng.uniform(-10, 15)
        opens, _closes = self.desk.opening(self.day)
        self._in(0, self._check_in, since=max(self.appointment.starts_at + timedelta(minutes=late), opens + timedelta(minutes=1)))

    def _waits(self) -> None:
        """Nobody has come yet, and nobody has said so."""

    def _cancels(self) -> None:
        moment = self.appointment.starts_at - timedelta(days=self.rng.uniform(0.4, 4))
        moment = self.desk.attended(max(moment, clock.now() + timedelta(hours=1)))
        self._in(0, self._cancel, since=min(moment, self.appointment.starts_at - timedelta(minutes=10)))

    def _has_called_off(self) -> None:
        self._in(0, self._cancel, since=self.desk.lately(30))

    def _stays_away(self) -> None:
        self._in(self.rng.uniform(100, 240), self._miss, since=self.appointment.starts_at)

    def _cancel(self) -> None:
        self.appointment.cancel(by=self.desk.someone(self.rng))
        self._carry()

    def _miss(self) -> None:
        self.appointment.mark_no_show(by=self.desk.someone(self.rng))

    def _check_in(self) -> None:
        order = self.appointment.check_in(by=self.desk.someone(self.rng))
        leaves = self.collected or self._ready()
        Progress(self.desk, order, self.rng, leaves)
        self.desk.history.at(leaves, lambda: self._leave(order))

    def _leave(self, order: WorkOrder) -> None:
        told = exports.is_told(self.desk)
        if told:
            work_items.price(self.desk, order, found=False)
        order.close(by=self.desk.someone(self.rng), odometer=exports.odometer(order) if told else None)

    def _ready(self) -> datetime:
        """When the car leaves: after a few hours, or next morning; a body shop takes its days."""
        desk, now = self.desk, clock.now()
        day = desk.shop.local(now).date()
        if desk.shop.slug == "elm":
            return desk.working_moment(desk.day(self.rng.randint(3, 8), day), self.rng)
        ready = now + timedelta(hours=self.rng.uniform(1.5, 7))
        if day >= desk.day(-2) and self.rng.random() < 0.75:  # so that the board is not empty on any day
            return desk.working_moment(desk.day(self.rng.randint(1, 3)), self.rng)
        if ready < desk.opening(day)[1] and self.rng.random() > 0.08:
            return ready
        return desk.opening(desk.day(1, day))[0] + timedelta(minutes=self.rng.uniform(20, 240))
