"""Harbour Street's call list: who can't be written to is on it by itself; a few Sam wished to call, and what came of that."""

from datetime import timedelta

from jobs.demo.desk import Desk
from models import Call, clock
from models.call_outcome import Outcome
from models.letter_kind import EMAIL
from models.letter_list import LetterList, Wanted

WISHES = ((Outcome.booked, timedelta(minutes=35)), (Outcome.no_answer, timedelta(minutes=20)), (Outcome.thinking, timedelta(days=1)), None)


def tell(desk: Desk) -> None:
    """Sam wished to call about some letters that are due, and did; one is left, beside those who can't be written to."""
    sam = desk.staff[0]
    due = [one.letter for one in LetterList(desk.shop, Wanted(channel=EMAIL)).due if not one.stopped_by]
    for letter, wish in zip(due[1:], WISHES, strict=False):
        outcome, ago = wish or (None, timedelta(minutes=10))
        with clock.at(desk.history.now - ago):
            call = Call.wish(letter, by=sam)
            if outcome:
                call.note(outcome, after=0, by=sam)
