"""What one partner gets of one day: the rows that go, those that wait for a person, those that somebody left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_

from models import clock
from models.closing import Closing
from models.export_doubts import WORDS, doubts_about, key_of
from models.export_fields import ServiceRow
from models.export_file import cells, written
from models.export_profile import Profile
from models.export_rows import invoice_rows, service_rows
from models.held_row import LEFT_OUT, RELEASED, HeldRow

if TYPE_CHECKING:
    from models.export_setup import ExportSetup

SAMPLE = 3  # rows


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with what speaks against it, and what a person said to that."""

    row: ServiceRow
    doubts: list[str]
    held: HeldRow | None

    @property
    def verdict(self) -> str:
        return self.held.verdict if self.held else ""

    @property
    def goes(self) -> bool:
        return self.verdict == RELEASED or (not self.doubts and self.verdict != LEFT_OUT)

    @property
    def waits(self) -> bool:
        return bool(self.doubts) and not self.verdict

    @property
    def reasons(self) -> list[str]:
        """In words."""
        return [str(WORDS[doubt]) for doubt in self.doubts]


class Night:
    """Of the day's closings, and of earlier ones that waited until somebody decided or put them right.

    Looked at anew each time: who was left out or reopened meanwhile is in no file that is made later.
    """

    def __init__(self, setup: "ExportSetup", day: date) -> None:
        self.setup, self.partner, self.shop, self.day = setup, setup.partner, setup.shop, day

    @cached_property
    def judged(self) -> list[Judged]:
        """A handful of questions, whatever the number of rows."""
        begins, ends = clock.day_bounds(self.day, self.shop.tz)
        about = HeldRow.about(self.shop, self.partner, self.day, begins, ends)
        held = {row.key: row for row, _is_own in about}
        before = {row.closing_id for row, is_own in about if not is_own}
        rows = rows_of(self.setup, or_(and_(Closing.at >= begins, Closing.at < ends), Closing.id.in_(before)))
        rows = [row for row in rows if self._belongs(row, held.get(key_of(row)), before)]
        doubts = doubts_about(self.partner, rows)
        return [Judged(row, doubts.get(key_of(row), []), held.get(key_of(row))) for row in rows]

    def _belongs(self, row: ServiceRow, held: HeldRow | None, before: set[int]) -> bool:
        """Of an earlier day only what waited; and nothing that went with another night."""
        if held is None:
            return row.closing_id not in before
        return held.sent_with in (None, self.day)

    @property
    def going(self) -> list[Judged]:
        return [one for one in self.judged if one.goes]

    @property
    def waiting(self) -> list[Judged]:
        return [one for one in self.judged if one.waits]

    @property
    def decided(self) -> list[Judged]:
        """Let go or left out by somebody."""
        return [one for one in self.judged if one.verdict]

    @property
    def cells(self) -> list[list[str]]:
        return [cells(self.setup.profile, one.row) for one in self.going]

    @property
    def content(self) -> bytes:
        return written(self.setup.profile, self.cells)

    @property
    def file_name(self) -> str:
        return self.setup.profile.named(self.partner, self.shop.slug, self.setup.code, self.day)


def rows_of(setup: "ExportSetup", *which: "object", limit: int | None = None) -> Sequence[ServiceRow]:
    """Rows as this partner may have them."""
    if setup.partner.is_anonymous:
        return service_rows(setup.shop, *which, limit=limit)  # type: ignore[arg-type]
    return invoice_rows(setup.shop, setup.code, *which, limit=limit)  # type: ignore[arg-type]


def sample(setup: "ExportSetup", profile: Profile) -> list[list[str]]:
    """The newest rows as the profile would write them; none where nothing was closed so far."""
    return [cells(profile, row) for row in rows_of(setup, limit=SAMPLE)]
