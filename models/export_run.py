"""A night's file for one partner, from its planning to its delivery: what is in it, its fingerprint, where it went, what went wrong."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, func, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clock
from models.actor import Actor
from models.base import Base, db, kept
from models.entry import record
from models.export_failure import words_for
from models.export_opt_out import TOPIC
from models.export_partner import Partner
from models.export_setup import ExportSetup
from models.export_state import PENDING, ExportState, after
from models.handover import later, touch
from models.owned import ShopOwned
from models.stored_file import StoredFile

if TYPE_CHECKING:
    from models.shop import Shop

JOB = "jobs.exports.run"
RETRIES = tuple(timedelta(minutes=minutes) for minutes in (2, 10, 30, 60, 120, 240, 480, 720, 1440))  # until a person has to look
FEWER = {"login": 2, "password": 0}  # retries where more would lock the account, or change nothing
STUCK = timedelta(minutes=15)  # longer than a job may last: its worker is gone
LONGEST_SAID = 200  # characters of what the server answered


class ExportRun(ShopOwned, Base):
    """One of each partner and day is planned by the clock; sending it again is another edition, made anew from what is so then."""

    __tablename__ = "export_runs"
    __table_args__ = (UniqueConstraint("shop_id", "partner", "day", "edition"), Index("ix_export_runs_due", "state", "next_at"))

    partner: Mapped[Partner]
    day: Mapped[date]
    edition: Mapped[int] = mapped_column(default=1)
    asked_by: Mapped[str] = mapped_column(default="")  # empty: the clock
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    state: Mapped[ExportState] = mapped_column(default=ExportState.planned)
    # the file
    file_name: Mapped[str] = mapped_column(default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"), default=None)
    digest: Mapped[str] = mapped_column(default="")  # SHA-256 of the file
    columns: Mapped[list[Any]] = mapped_column(default=list)  # [field, heading] in their order
    records: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)  # rows that waited for a person when it was made
    # its delivery
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None] = mapped_column(default=clock.now)
    claimed_at: Mapped[datetime | None] = mapped_column(default=None)
    temporary: Mapped[str] = mapped_column(default="")  # the name under which it is uploaded
    uploaded_at: Mapped[datetime | None] = mapped_column(default=None)  # whole, and about to get its final name
    secured: Mapped[bool | None] = mapped_column(default=None)  # by TLS
    where: Mapped[str] = mapped_column(default="")
    failure: Mapped[str] = mapped_column(default="")  # a word of ``export_failure``
    said: Mapped[str] = mapped_column(default="")  # by the server, as it said it
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    # somebody in it was erased while it was under way: it stops before its final name if it still can, and its file goes when it ends
    spoiled: Mapped[bool] = mapped_column(default=False, server_default=false())

    shop: Mapped["Shop"] = relationship()
    file: Mapped[StoredFile | None] = relationship()

    # finding

    @classmethod
    def newest_of(cls, shop: "Shop", partner: Partner, day: date) -> "ExportRun | None":
        mine = select(cls).where(cls.shop_id == shop.id, cls.partner == partner, cls.day == day)
        return db.session.scalars(mine.order_by(cls.edition.desc()).limit(1)).first()

    @classmethod
    def listed(cls, shop: "Shop", partner: Partner | None = None, before: int | None = None, limit: int = 30) -> "list[ExportRun]":
        """Newest first."""
        mine = select(cls).where(cls.shop_id == shop.id)
        if partner:
            mine = mine.where(cls.partner == partner)
        if before:
            mine = mine.where(cls.id < before)
        return list(db.session.scalars(mine.order_by(cls.id.desc()).limit(limit)))

    @classmethod
    def due_ids(cls) -> list[int]:
        """The oldest night first."""
        due = select(cls.id).where(cls.state.in_(PENDING), cls.next_at <= clock.now())
        return list(db.session.scalars(due.order_by(cls.day, cls.id)))

    @classmethod
    def stuck(cls) -> "list[ExportRun]":
        """Claimed by a worker that is gone."""
        return list(db.session.scalars(select(cls).where(cls.state == ExportState.sending, cls.claimed_at < clock.now() - STUCK)))

    @classmethod
    def failed_in(cls, shop_id: int) -> int:
        """How many nights a person has to look at: failed, and no later edition of them arrived."""
        mine = select(func.count()).where(cls.shop_id == shop_id, cls.state == ExportState.failed)
        return db.session.scalar(mine) or 0

    # questions

    @property
    def is_pending(self) -> bool:
        return self.state in PENDING

    @property
    def is_retried(self) -> bool:
        return self.state is ExportState.ready and bool(self.failure)

    @property
    def failure_words(self) -> str:
        return words_for(self.failure)

    @property
    def headings(self) -> list[str]:
        return [heading for _name, heading in self.columns]

    # planning

    @classmethod
    def plan(cls, shop: "Shop", partner: Partner, day: date) -> "ExportRun | None":
        """The night's own run; None where there is one already, also if somebody else makes it at this very moment."""
        run = cls(shop_id=shop.id, partner=partner, day=day, edition=1, next_at=clock.now(), created_at=clock.now())
        if not kept(run):
            return None
        later(JOB, run.id)
        touch(shop.id, TOPIC)
        return run

    def send_again(self, *, by: Actor) -> "ExportRun":
        """What has failed goes on where it stopped; what has gone is made anew as another edition, once however often one clicks."""
        newest = self.newest_of(self.shop, self.partner, self.day) or self
        if newest.state is ExportState.failed:
            newest._event("again", next_at=clock.now(), attempts=0, uploaded_at=None)
        elif not (newest.is_pending or newest.state is ExportState.sending):
            again = ExportRun(shop_id=self.shop_id, partner=self.partner, day=self.day, edition=newest.edition + 1, asked_by=by.name)
            again.created_at = again.next_at = clock.now()
            newest = again if kept(again) else newest
            record(newest, "export.sent_again", by, name=self.partner.label, day=self.day.isoformat())
        else:
            newest.next_at = clock.now()
        later(JOB, newest.id)
        touch(self.shop_id, TOPIC)
        return newest

    @classmethod
    def hurry(cls, setup: ExportSetup) -> None:
        """The set-up was changed: what waits for its next try, or has failed, is tried at once."""
        mine = select(cls).where(cls.shop_id == setup.shop_id, cls.partner == setup.partner)
        for run in db.session.scalars(mine.where(cls.state.in_((ExportState.ready, ExportState.failed)))):
            run._event("again")
            run.next_at, run.attempts, run.uploaded_at = clock.now(), 0, None  # it may be another server now
            later(JOB, run.id)

    @classmethod
    def call_off(cls, setup: ExportSetup) -> None:
        mine = select(cls).where(cls.shop_id == setup.shop_id, cls.partner == setup.partner)
        for run in db.session.scalars(mine.where(cls.state.in_((*PENDING, ExportState.failed)))):
            run._event("cancel", next_at=None, ended_at=clock.now())

    # its way out

    def claim(self, temporary: str, where: str) -> bool:
        """Whether this worker, and no other, sends it; commits."""
        wanted = update(ExportRun).where(ExportRun.id == self.id, ExportRun.state == ExportState.ready)
        now = clock.now()
        values = {"state": ExportState.sending, "claimed_at": now, "attempts": ExportRun.attempts + 1}
        claimed = db.session.execute(wanted.values(**values, temporary=temporary, where=where)).rowcount == 1  # type: ignore[attr-defined]
        touch(self.shop_id, TOPIC)
        db.session.commit()
        db.session.refresh(self)
        return claimed

    def note(self, step: str) -> None:
        """How far it is, as soon as it is there: secured, in_clear, uploaded, renamed."""
        if step in {"secured", "in_clear"}:
            self.secured = step == "secured"
        if step == "secured":
            setup = ExportSetup.of(self.shop, self.partner)
            setup.tls_seen_at = setup.tls_seen_at or clock.now()
        if step == "uploaded":
            self.uploaded_at = clock.now()

    def delivered(self) -> None:
        self._event("deliver", ended_at=clock.now(), next_at=None, failure="", said="")

    def not_delivered(self, code: str, said: str) -> None:
        """Tried again by and by, until a person has to look."""
        retries = RETRIES[: FEWER.get(code, len(RETRIES))]
        self.failure, self.said = code, said[:LONGEST_SAID]
        if self.attempts > len(retries):
            self._event("refuse", next_at=None, ended_at=clock.now())
        else:
            self._event("retry", next_at=clock.now() + retries[self.attempts - 1])

    def lost(self) -> None:
        """Its worker was ended; what it had done by then is looked up at the server."""
        self.failure = "lost"
        self._event("retry", next_at=clock.now())

    def _event(self, name: str, **facts: Any) -> None:
        to = after(self.state, name)
        if to is not self.state:
            if self.state is ExportState.sending:
                self._clear_up()
            self.state = to
            for fact, value in facts.items():
                setattr(self, fact, value)
        touch(self.shop_id, TOPIC)

    def is_spoiled(self) -> bool:
        """Asked of the database: an erasure says it while a worker talks to the server."""
        db.session.refresh(self, attribute_names=["spoiled"], with_for_update=True)
        return self.spoiled

    def _clear_up(self) -> None:
        """Where it did not arrive it is made anew, without whoever was erased, also if the old one lies there whole."""
        if self.is_spoiled():
            self.file, self.uploaded_at, self.spoiled = None, None, False
            later("jobs.files.tidy")
