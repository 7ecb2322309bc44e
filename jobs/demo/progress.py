"""A vehicle's way over the board, from the check-in to the collection, as far as it has come."""

import random
from datetime import datetime, timedelta

from jobs.demo import work_items
from jobs.demo.desk import Desk
from jobs.demo.overviews import Told
from models import Actor, Status, WorkOrder, clock
from models.status_update import UNDO, Wish
from models.timer import OpenTime

ASKS, ANSWERED = "st_approval", "st_answered"
# share of the stay at which a status is set, its key, and how often a vehicle gets there at all
STEPS = (
    (0.02, "st_waiting", 1.0),
    (0.06, "st_inspect", 1.0),
    (0.1, "st_pricing", 1.0),
    (0.16, "st_approval", 1.0),
    (0.24, "st_answered", 0.6),
    (0.26, "st_parts", 0.35),
    (0.4, "st_repair", 0.7),
    (0.6, "st_late", 0.08),
    (0.88, "st_quality", 0.8),
    (0.92, "st_ready", 1.0),
)
# one is ready early (its pace), another stands for long before it is taken up (its bend): so a weekend finds them at every step
RHYTHMS = ((1.0, 1.0), (0.45, 1.0), (1.0, 0.35), (0.75, 1.0), (1.0, 0.6))
WAITS = (("the brake pads", "Vendor promised the afternoon run"), ("a tyre pressure sensor", "Back-ordered"), ("the alternator", ""))
LATE = ("a bolt broke and has to be drilled out", "the part that came was the wrong one", "the road test found a second noise")


class Progress:
    def __init__(self, desk: Desk, order: WorkOrder, rng: random.Random, leaves: datetime) -> None:
        """Sets the statuses between now and ``leaves``, of which history keeps what is over."""
        self.desk, self.order, self.rng = desk, order, rng
        self.statuses = {status.key: status for status in Status.all_of(desk.shop)}
        self.told: Told | None = None  # its overview
        self.is_here = leaves > desk.history.now  # what has left is remembered with less
        begins, hours = clock.now(), OpenTime(desk.shop)
        stays = hours.between(begins, leaves)
        desk.history.at(begins + UNDO, self._carry)
        if desk.history.now - leaves < timedelta(days=4):  # further back nobody looks at each step
            self._promise(leaves)
            pace, bend = RHYTHMS[order.number % len(RHYTHMS)]
            for share, key, chance in STEPS:
                if rng.random() < chance:
                    moment = hours.after(begins, stays * pace * share**bend * rng.uniform(0.92, 1.05)) or leaves
                    desk.history.at(moment, lambda key=key: self._set(key))  # type: ignore[misc]

    def _promise(self, leaves: datetime) -> None:
        if self.rng.random() < 0.7:
            quarter = leaves.replace(minute=leaves.minute // 15 * 15, second=0, microsecond=0)
            self.order.promise(quarter, by=self._who())

    def _set(self, key: str) -> None:
        status = self.statuses[key]
        if self.order.is_closed or (self.order.stay and self.order.stay.status.position >= status.position):
            return
        if key == ASKS and self._send_overview():
            return
        if self.told and status.position > self.statuses[ASKS].position:
            self.told.reply() if key == ANSWERED else self.told.take_over()
            if self.order.stay and self.order.stay.status.position >= status.position:
                return
        part, reason = self.rng.choice(WAITS)
        wish = Wish(part=part, reason=self.rng.choice(LATE), repeat=True)
        minutes = self.rng.choice((180, 240, 360, 480)) if status.asks_estimate and status.minutes is None else None
        stay = self.order.set_status(status, by=self._who(), minutes=minutes, wish=wish)
        if key == "st_parts" and reason:
            stay.explain(reason, by=self._who())
        waits = max((update.due_at for update in stay.updates), default=clock.now())
        self.desk.history.at(waits, self._carry)

    def _send_overview(self) -> bool:
        """Whether there is one to send, of a vehicle that is still here; customers open it after a while."""
        if not self.is_here:
            return False
        work_items.price(self.desk, self.order, found=True)
        if not Told.is_possible(self.order):
            return False
        self.told = Told(self.desk, self.order, self._who(), self.rng)
        if self.order.number % 3:  # some never look
            self.desk.history.at(clock.now() + timedelta(minutes=self.rng.uniform(2, 30)), self.told.open)
        return True

    def _carry(self) -> None:
        """What waited for the undo goes now."""
        for stay in self.order.stays:
            for update in stay.updates:
                if update.sent_at is None and update.due_at <= clock.now():
                    update.submit()
                    self.desk.carrier.carry([update])

    def _who(self) -> Actor:
        return self.desk.someone(self.rng)
