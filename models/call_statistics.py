"""What came of the calls about follow-ups in a period, by kind: called, reached, booked."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from models import clock
from models.base import db
from models.call import Call
from models.call_outcome import Outcome
from models.call_result import CallResult
from models.letter_kind import LetterKind

if TYPE_CHECKING:
    from models.shop import Shop


@dataclass(frozen=True, slots=True)
class Called:
    kind: LetterKind
    counts: dict[Outcome, int]

    @property
    def called(self) -> int:
        return sum(self.counts.values())

    @property
    def reached(self) -> int:
        """Somebody spoke with the customer."""
        return sum(count for outcome, count in self.counts.items() if outcome.is_reached)

    @property
    def booked(self) -> int:
        return self.counts.get(Outcome.booked, 0)


def called_between(shop: "Shop", since: date, until: date) -> list[Called]:
    """Of the kinds that anybody called about in these days, in the kinds' order; what was undone is not counted."""
    begins, ends = clock.day_bounds(since, shop.tz)[0], clock.day_bounds(until, shop.tz)[1]
    query = select(Call.kind, CallResult.outcome, func.count()).join(Call, Call.id == CallResult.call_id)
    query = query.where(CallResult.shop_id == shop.id, CallResult.at >= begins, CallResult.at < ends, CallResult.undone_at.is_(None))
    found: dict[LetterKind, dict[Outcome, int]] = {}
    for kind, outcome, count in db.session.execute(query.group_by(Call.kind, CallResult.outcome)):
        found.setdefault(kind, {})[outcome] = count
    return [Called(kind, found[kind]) for kind in LetterKind if kind in found]
