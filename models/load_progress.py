"""How far a first load is, and how long it will take still."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Mapped

from models.load_fields import LABELS
from models.retention import DAY, Retention

if TYPE_CHECKING:
    from models.shop import Shop


class Stage(StrEnum):
    chosen = "chosen"  # a file and how it is read
    checking = "checking"
    checked = "checked"
    loading = "loading"
    loaded = "loaded"


class WithProgress:
    if TYPE_CHECKING:
        kind: Mapped[str]
        stage: Mapped[Stage]
        total: Mapped[int]
        done: Mapped[int]
        counts: Mapped[dict[str, Any]]
        took: Mapped[int]
        worked_at: Mapped[datetime]
        stopped_at: Mapped[datetime | None]
        shop: Mapped["Shop"]

    @property
    def is_under_way(self) -> bool:
        return self.stage in {Stage.checking, Stage.loading} and self.stopped_at is None

    @property
    def is_stopped(self) -> bool:
        return self.stopped_at is not None

    @property
    def is_fixed(self) -> bool:
        """Something of it is loaded: how it is read stays as it is."""
        return self.stage in {Stage.loading, Stage.loaded}

    @property
    def label(self) -> str:
        return str(LABELS[self.kind])

    @property
    def bad(self) -> int:
        return int(self.counts.get("rows", {}).get("bad", 0))

    @property
    def good(self) -> int:
        return self.done - self.bad

    @property
    def seconds_left(self) -> int | None:
        """As fast as so far; None: not known yet."""
        return round((self.total - self.done) * self.took / self.done / 1000) if self.done and self.took > 1000 else None

    @property
    def kept_until(self) -> datetime:
        """When the file goes by itself."""
        return self.worked_at + Retention.of(self.shop).export_days * DAY
