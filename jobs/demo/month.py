"""A believable month: every open day from last week to three weeks ahead, which fill up as they come near."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from jobs.demo.desk import Desk
from jobs.demo.drop_off import DropOff

BACK, AHEAD = timedelta(days=9), timedelta(days=21)
FULL = timedelta(days=6)  # so far ahead the days are full; further on they are half booked
NOTES = (
    "Please leave the key in the drop box by the door.",
    "A loaner car is reserved for you.",
    "Please bring the wheel lock key.",
    "We will need the car until the evening.",
)
DUTCH_NOTES = ("De leenauto staat voor u klaar.", "Denkt u aan het kentekenbewijs?", "Gooi de sleutel gerust door de brievenbus.")
SHOP_NOTES = (
    "Noise from the front when braking",
    "Waits in the lounge",
    "Second visit for the same light",
    "Call before any extra work",
    "Needs it by 4 pm",
)
DUTCH_SHOP_NOTES = ("Wacht op de auto", "Bellen bij meerwerk", "Piept bij remmen")


@dataclass(frozen=True)
class Pace:
    fewest: int  # drop-offs a day
    most: int
    lead: int  # open days from the call to the drop-off, at most
    timed: float = 1.0  # share of drop-offs with a time


PACES = {"harbour": Pace(4, 7, 12), "northgate": Pace(1, 3, 9), "elm": Pace(1, 2, 16, timed=0.15), "delinde": Pace(1, 2, 10)}


def tell(desk: Desk) -> None:
    """Fill every open day up to what is usual there; somebody comes without any trouble on any day."""
    pace, day = PACES[desk.shop.slug], desk.today - BACK
    while day <= desk.today + AHEAD:
        if desk.shop.is_open(day):
            usual = desk.rng.randint(pace.fewest, pace.most)
            wanted = (usual if day - desk.today <= FULL else usual // 2) - len(desk.taken.get(day, []))
            wanted = max(wanted, pace.fewest if day == desk.today else 1)
            alone = wanted == 1 and not desk.taken.get(day)
            for _ in range(wanted):
                _somebody(desk, day, pace, "confirms" if alone else "")  # who is alone on a day does not move to another
        day += timedelta(days=1)


def _somebody(desk: Desk, day: date, pace: Pace, answer: str) -> None:
    rng, dutch = desk.rng, desk.shop.language == "nl"
    at = _time(desk, day) if rng.random() < pace.timed else None
    note = rng.choice(DUTCH_NOTES if dutch else NOTES) if rng.random() < 0.2 else ""
    shop_note = rng.choice(DUTCH_SHOP_NOTES if dutch else SHOP_NOTES) if rng.random() < 0.25 else ""
    DropOff(desk, desk.crowd.next(), day, at, booked=_call(desk, day, pace.lead), note=note, shop_note=shop_note, answer=answer)


def _time(desk: Desk, day: date) -> time:
    """Most people bring the car on the way to work."""
    free = desk.slots(day)
    return desk.rng.choices(free, [3 if at.hour < 10 else 1 for at in free])[0]


def _call(desk: Desk, day: date, lead: int) -> datetime:
    """When they called: on an open day before, nearer ones more often; some have called today."""
    if day > desk.today and desk.rng.random() < 0.12:
        return desk.lately(desk.rng.uniform(5, 240))
    steps = min(desk.rng.randint(1, lead) for _ in range(2))
    return desk.working_moment(desk.day(-steps, min(day, desk.today)), desk.rng)
