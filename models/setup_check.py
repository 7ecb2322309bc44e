"""A look at the shop's set-up from outside (its provider, its mail server, the DNS): asked for by a person, made by a job, step by step."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.export_partner import Partner
from models.handover import later, touch
from models.owned import ShopOwned
from models.shop import Shop

TEXTING, MAIL, HOST, PRINT = "texting", "mail", "host", "print"
FTP = {partner: f"ftp_{partner.value}" for partner in Partner}
STEPS = {
    TEXTING: ("account", "number", "service", "webhook"),
    MAIL: ("server", "spf", "dkim", "dmarc"),
    HOST: ("dns", "page"),
    PRINT: ("service",),
    **dict.fromkeys(FTP.values(), ("server", "directory", "file")),
}
PATIENCE = timedelta(minutes=1)  # longer than all the time-outs of one look together: its job got lost
GIVEN_UP = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Finding:
    """``code`` says what was found (``good``, ``silent`` where nobody answered, else a word of the step's own), ``note`` what exactly."""

    step: str
    code: str
    note: str = ""


class SetupCheck(ShopOwned, Base):
    __tablename__ = "setup_checks"
    __table_args__ = (Index("ix_setup_checks_newest", "shop_id", "kind", "id"),)

    kind: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    done_at: Mapped[datetime | None] = mapped_column(default=None, index=True)
    findings: Mapped[list[Any]] = mapped_column(default=list)  # [step, code, note] in the order in which they were found

    shop: Mapped[Shop] = relationship()

    @classmethod
    def begin(cls, shop: Shop, kind: str, *, by: Actor) -> "SetupCheck":
        """Ask for one; while one is under way, that is the answer."""
        shop.lock()
        under_way = cls.newest(shop, kind)
        if under_way and under_way.is_running:
            return under_way
        check = cls(shop_id=shop.id, shop=shop, kind=kind, asked_by=by.name)
        db.session.add(check)
        db.session.flush()
        later("jobs.setup_checks.run", check.id)
        touch(shop.id, "settings")
        return check

    @classmethod
    def newest(cls, shop: Shop, kind: str) -> "SetupCheck | None":
        query = select(cls).where(cls.shop_id == shop.id, cls.kind == kind).order_by(cls.id.desc()).limit(1)
        return db.session.scalars(query).first()

    @classmethod
    def left_lying(cls) -> list["SetupCheck"]:
        """Asked for a while ago and not done."""
        return list(db.session.scalars(select(cls).where(cls.done_at.is_(None), cls.asked_at < clock.now() - PATIENCE)))

    @property
    def is_running(self) -> bool:
        return self.done_at is None

    @property
    def is_given_up(self) -> bool:
        return self.is_running and clock.now() - self.asked_at > GIVEN_UP

    def found(self, step: str) -> Finding | None:
        """None where that was not looked at (yet)."""
        return next((Finding(*found) for found in self.findings if found[0] == step), None)

    @property
    def now_looking_at(self) -> str:
        """The step that is under way; empty when it is done."""
        if not self.is_running:
            return ""
        return next((step for step in STEPS[self.kind] if self.found(step) is None), "")

    def note(self, finding: Finding) -> None:
        kept = [found for found in self.findings if found[0] != finding.step]
        self.findings = [*kept, [finding.step, finding.code, finding.note[:500]]]
        touch(self.shop_id, "settings")

    def finish(self) -> None:
        """What was not looked at by now is not known."""
        for step in STEPS[self.kind]:
            if self.found(step) is None:
                self.note(Finding(step, "silent"))
        self.done_at = clock.now()
        touch(self.shop_id, "settings")
