"""Who looked at a visit's page: *fetched* is any machine's GET, *opened* needs evidence of a person."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.entry import record
from models.handover import touch
from models.owned import ShopOwned

if TYPE_CHECKING:
    from models.visit import Visit

LONGEST_AGENT = 200


class Opening(ShopOwned, Base):
    __tablename__ = "openings"
    __table_args__ = (UniqueConstraint("visit_id", "revision", "evidence", "agent"),)

    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"))
    revision: Mapped[int]  # of the appointment that the page showed
    evidence: Mapped[str]  # fetched or opened
    agent: Mapped[str] = mapped_column(default="")  # what the browser or scanner says it is
    ip: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=clock.now)

    @classmethod
    def fetched(cls, visit: "Visit", agent: str, ip: str) -> None:
        """Keep that this agent fetched the page; the same agent is kept once."""
        cls._keep(visit, "fetched", agent, ip)

    @classmethod
    def opened(cls, visit: "Visit", agent: str, by: Actor) -> None:
        """A person looked: the first time for this date is news to the console."""
        news = not any(opening.evidence == "opened" and opening.revision == _revision(visit) for opening in visit.openings)
        if cls._keep(visit, "opened", agent, by.ip) and news:
            if visit.appointment:
                record(visit.appointment, "appointment.opened", by)
            touch(visit.shop_id, "appointments")

    @classmethod
    def is_kept(cls, visit: "Visit", evidence: str, agent: str) -> bool:
        query = select(cls.id).where(cls.visit_id == visit.id, cls.revision == _revision(visit), cls.evidence == evidence)
        return db.session.scalar(query.where(cls.agent == agent[:LONGEST_AGENT]).limit(1)) is not None

    @classmethod
    def _keep(cls, visit: "Visit", evidence: str, agent: str, ip: str) -> bool:
        agent = agent[:LONGEST_AGENT]
        visit.lock()
        if cls.is_kept(visit, evidence, agent):
            return False
        opening = cls(
            shop_id=visit.shop_id, visit_id=visit.id, revision=_revision(visit), evidence=evidence, agent=agent, ip=ip, at=clock.now()
        )
        db.session.add(opening)
        db.session.flush()
        db.session.expire(visit, ["openings"])  # instead of loading all of them to append one
        return True


def _revision(visit: "Visit") -> int:
    return visit.appointment.revision if visit.appointment else 0
