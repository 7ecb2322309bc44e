"""The first load from another system: a file of it, how it is read, what its columns are, and how far it has been tried and loaded."""

from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, BinaryIO

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clock, load_dates
from models.actor import Actor
from models.api_token import LONGEST_SYSTEM, ApiToken
from models.base import Base, db
from models.entry import record
from models.handover import later, touch
from models.load_fault import LoadFault
from models.load_fields import KINDS
from models.load_file import DELIMITERS, ENCODINGS, detect
from models.load_progress import Stage, WithProgress
from models.load_reading import WithReading
from models.owned import ShopOwned
from models.refused import Refused
from models.stored_file import StoredFile

if TYPE_CHECKING:
    from models.shop import Shop

JOB = "jobs.first_loads.work"
STUCK = timedelta(seconds=60)  # without a part done: its worker is gone, or the queue was lost
ROWS = ("created", "updated", "unchanged", "bad")


class FirstLoad(WithProgress, WithReading, ShopOwned, Base):
    __tablename__ = "first_loads"
    __table_args__ = (Index("ix_first_loads_stage", "stage"),)

    system: Mapped[str]  # the other system; its ids are kept under this name, as those of its tokens
    kind: Mapped[str]  # what the rows are (``load_fields.KINDS``)
    file_name: Mapped[str]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"), default=None)
    begun_at: Mapped[datetime] = mapped_column(default=clock.now)
    begun_by: Mapped[str]
    # how it is read, and how it seemed to be written
    encoding: Mapped[str]
    delimiter: Mapped[str]
    date_order: Mapped[str]
    detected: Mapped[dict[str, Any]]
    headings: Mapped[list[Any]]
    columns: Mapped[list[Any]]  # a field for each heading, or none
    # how far it is
    stage: Mapped[Stage] = mapped_column(default=Stage.chosen)
    total: Mapped[int] = mapped_column(default=0)  # rows; 0 until they are counted
    done: Mapped[int] = mapped_column(default=0)  # rows: kept together with what came of them
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)  # of rows and of each noun's records, by what became of them
    took: Mapped[int] = mapped_column(default=0)  # milliseconds, for the rows so far
    worked_at: Mapped[datetime] = mapped_column(default=clock.now)
    stopped_at: Mapped[datetime | None] = mapped_column(default=None)
    stopped_by: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None] = mapped_column(default=None)

    shop: Mapped["Shop"] = relationship()
    file: Mapped[StoredFile | None] = relationship()

    # finding

    @classmethod
    def of(cls, shop: "Shop", limit: int = 30) -> "Sequence[FirstLoad]":
        """Newest first."""
        return db.session.scalars(select(cls).where(cls.shop_id == shop.id).order_by(cls.id.desc()).limit(limit)).all()

    @classmethod
    def waiting_ids(cls) -> Sequence[int]:
        """Under way, and nobody has worked on it for a while."""
        mine = select(cls.id).where(cls.stage.in_((Stage.checking, Stage.loading)), cls.stopped_at.is_(None))
        return db.session.scalars(mine.where(cls.worked_at < clock.now() - STUCK)).all()

    # verbs

    @classmethod
    def begin(cls, shop: "Shop", system: str, kind: str, file_name: str, content: BinaryIO, *, by: Actor) -> "FirstLoad":
        """Keep a file and how it seems to be written. Raises Refused: no table of text, no headings, no name of the other system."""
        system = " ".join(system.split())
        if not system or len(system) > LONGEST_SYSTEM or not system.isprintable():
            raise Refused(_("Name the other system, in at most %(count)s characters.", count=LONGEST_SYSTEM), field="system")
        if kind not in KINDS:
            raise Refused(_("Choose what is in the file."), field="kind")
        form = detect(content)
        content.seek(0)
        file = StoredFile.written(shop.id, content, "text/csv")  # before the database is asked: no transaction waits for the storage
        load = cls(shop_id=shop.id, shop=shop, kind=kind, file=file, encoding=form.encoding, delimiter=form.delimiter)
        load.file_name = "".join(sign for sign in file_name.replace("\\", "/").rpartition("/")[2] if sign.isprintable())[-100:]
        load.system = ApiToken.known_as(shop, system)
        load.date_order, load.begun_by, load.begun_at, load.worked_at = "mdy", by.name, clock.now(), clock.now()
        try:
            load._read_on(content)
        except Refused:
            file.discard()
            raise
        db.session.add(load)
        db.session.flush()
        load._noted("begun", by)
        return load

    def _read_on(self, content: BinaryIO) -> None:
        """What is in which column, and how its dates are written. Raises Refused: there is no heading."""
        self._look(content)
        with closing(self._days(content)) as days:
            self.date_order = load_dates.likely_order(days, self.shop.country)
        self.detected = {"encoding": self.encoding, "delimiter": self.delimiter, "date_order": self.date_order}

    def read_as(self, encoding: str, delimiter: str, date_order: str, columns: Sequence[str] | None, *, by: Actor) -> None:
        """Set how the file is read; ``columns`` None: by its headings. A dry run that was done no longer counts. Raises Refused."""
        self.hold()
        self._check_open()
        if encoding not in ENCODINGS or delimiter not in DELIMITERS or date_order not in load_dates.ORDERS or self.file is None:
            raise Refused(_("Choose from what is offered."))
        otherwise = (encoding, delimiter) != (self.encoding, self.delimiter)
        self.encoding, self.delimiter, self.date_order = encoding, delimiter, date_order
        if otherwise or columns is None:
            with self.file.open() as content:
                self._look(content)
        else:
            self.columns = self._checked(columns)
        self._forget_trial()
        self._noted("read_as", by)

    def check(self, *, by: Actor) -> None:
        """Try every row, and keep nothing. Doing it twice does it once."""
        self.hold()
        self._check_open()
        if not self.is_under_way:
            self._check_columns()
            self._forget_trial()
            self._start(Stage.checking, "checking", by)

    def load(self, *, by: Actor) -> None:
        """Keep what is good. Doing it twice does it once. Raises Refused: it was not tried as it is now, or nothing in it is good."""
        self.hold()
        if self.is_fixed:
            return
        if self.stage is not Stage.checked or self.file is None:
            raise Refused(_("Do the dry run first."))
        if not self.good:
            raise Refused(_("There is no good row in it."))
        LoadFault.forget([self.id])
        self._start(Stage.loading, "loading", by)

    def stop(self, *, by: Actor) -> None:
        """After the part that is under way; what is loaded stays."""
        self.hold()
        if self.is_under_way:
            self.stopped_at, self.stopped_by = clock.now(), by.name
            self._noted("stopped", by)

    def go_on(self, *, by: Actor) -> None:
        """At the next row."""
        self.hold()
        if self.is_stopped and self.file is not None:
            self.stopped_at, self.stopped_by, self.worked_at = None, "", clock.now()
            later(JOB, self.id)
            self._noted("gone_on", by)

    def discard(self, *, by: Actor) -> None:
        """Throw the file away, with what is told of its rows. Raises Refused: it is under way."""
        self.hold()
        if self.is_under_way:
            raise Refused(_("Stop it first."))
        if self.file is not None:
            forget([self.id])
            self._noted("discarded", by)

    def hold(self) -> None:
        """Locked for this transaction, and as it is now."""
        db.session.flush()
        db.session.refresh(self, with_for_update=True)

    def ended(self, stage: Stage) -> None:
        """All rows were gone through."""
        self.stage, self.ended_at = stage, clock.now()
        self._noted(stage.value, Actor.rule(self.system))

    def _start(self, stage: Stage, verb: str, by: Actor) -> None:
        self.stage, self.done, self.counts, self.took, self.worked_at = stage, 0, {}, 0, clock.now()
        self.stopped_at = self.ended_at = None
        later(JOB, self.id)
        self._noted(verb, by)

    def _forget_trial(self) -> None:
        LoadFault.forget([self.id])
        self.stage, self.done, self.total, self.counts, self.stopped_at, self.ended_at = Stage.chosen, 0, 0, {}, None, None

    def _check_open(self) -> None:
        if self.is_fixed:
            raise Refused(_("It is loaded as it is read now."))
        if self.file is None:
            raise Refused(_("The file was thrown away. Load it again: what is there already stays as it is."))

    def _noted(self, verb: str, by: Actor) -> None:
        record(self, f"first_load.{verb}", by, name=self.file_name, count=self.good, bad=self.bad)
        touch(self.shop_id, "settings")


def forget(ids: Sequence[int]) -> None:
    """Let go of their files, and of what is told of their rows; what is under way ends there. The caller says why."""
    for load in db.session.scalars(select(FirstLoad).where(FirstLoad.id.in_(ids), FirstLoad.file_id.is_not(None))).all():
        load.file, load.stopped_at = None, load.stopped_at or (clock.now() if load.is_under_way else None)
    LoadFault.forget(ids)
    later("jobs.files.tidy")
    db.session.flush()
