"""Permission to text: facts per shop and number, never changed; the newest one counts."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import Index, func, select
from sqlalchemy.orm import Mapped, mapped_column

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.entry import record
from models.handover import touch
from models.owned import ShopOwned
from models.refused import Refused
from models.remembered_number import forms

if TYPE_CHECKING:
    from models.shop import Shop

SERVICE, MARKETING = "service", "marketing"  # appointment and repair; follow-up letters
SOURCES = {
    "spoken": _l("spoken"),
    "written": _l("written"),
    "web": _l("on the web"),
    "keyword": _l("by keyword"),
    "counter": _l("by the QR code at the counter"),
    "tablet": _l("on the shop's tablet"),
    "stop": _l("by texting STOP"),
    "start": _l("by texting START"),
    "words": _l("by a text in their own words"),
    "provider": _l("reported by the provider"),
    "erased": _l("erased on request"),
}
SCOPES = {SERVICE: _l("Appointment and repair"), MARKETING: _l("Follow-ups and offers")}
SCRIPT_VERSION = "2026-11"
SCRIPT = _l(
    "May we text you about this appointment and the repair? You will get a message asking you to confirm the date, and a follow-up later. "
    "Message and data rates may apply. You can reply STOP at any time."
)


class ConsentFact(ShopOwned, Base):
    __tablename__ = "consent_facts"
    __table_args__ = (Index("ix_consent_facts_number", "shop_id", "number", "scope", "id"),)

    number: Mapped[str]  # E.164; two customers may share it
    scope: Mapped[str]
    given: Mapped[bool]
    source: Mapped[str]
    wording: Mapped[str] = mapped_column(default="")
    wording_version: Mapped[str] = mapped_column(default="")
    remark: Mapped[str] = mapped_column(default="")  # what staff noted beside it: where the paper is kept
    actor_name: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(default=None)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    ip: Mapped[str] = mapped_column(default="")

    @property
    def source_label(self) -> str:
        return str(SOURCES.get(self.source, self.source))

    @property
    def scope_label(self) -> str:
        return str(SCOPES[self.scope])


class Consent:
    """Questions and verbs about the newest fact."""

    @staticmethod
    def of(shop: "Shop", number: str, scope: str = SERVICE) -> ConsentFact | None:
        known = ConsentFact.number.in_(forms(number))
        newest = select(ConsentFact).where(ConsentFact.shop_id == shop.id, known, ConsentFact.scope == scope)
        return db.session.scalars(newest.order_by(ConsentFact.id.desc()).limit(1)).first()

    @staticmethod
    def history(shop: "Shop", number: str) -> list[ConsentFact]:
        """All facts of a number, newest first; also those of somebody who was erased since."""
        query = select(ConsentFact).where(ConsentFact.shop_id == shop.id, ConsentFact.number.in_(forms(number)))
        return list(db.session.scalars(query.order_by(ConsentFact.id.desc())))

    @staticmethod
    def histories(shop: "Shop", numbers: list[str]) -> dict[str, list[ConsentFact]]:
        """All facts of these numbers, newest first, in one query."""
        known = {form: number for number in numbers for form in forms(number)}
        query = select(ConsentFact).where(ConsentFact.shop_id == shop.id, ConsentFact.number.in_(known)).order_by(ConsentFact.id.desc())
        found: dict[str, list[ConsentFact]] = {number: [] for number in numbers}
        for fact in db.session.scalars(query):
            found[known[fact.number]].append(fact)
        return found

    @staticmethod
    def newest(shop_ids: Collection[int], numbers: Collection[str], scope: str = SERVICE) -> dict[tuple[int, str], ConsentFact]:
        """The facts that count, of many shops' numbers, by both."""
        known = {form: number for number in numbers for form in forms(number)}
        newest = select(func.max(ConsentFact.id)).where(ConsentFact.shop_id.in_(shop_ids))
        newest = newest.where(ConsentFact.number.in_(known), ConsentFact.scope == scope)
        newest = newest.group_by(ConsentFact.shop_id, ConsentFact.number)
        facts = db.session.scalars(select(ConsentFact).where(ConsentFact.id.in_(newest)).order_by(ConsentFact.id)) if numbers else ()
        return {(fact.shop_id, known[fact.number]): fact for fact in facts}  # of two forms of a number the later fact counts

    @staticmethod
    def may_text(shop: "Shop", number: str, scope: str = SERVICE) -> bool:
        return Consent.allowed_by(shop, Consent.of(shop, number, scope))

    @staticmethod
    def allowed_by(shop: "Shop", newest: ConsentFact | None) -> bool:
        """Whether that fact, the newest of its scope, lets texts go."""
        return bool(newest and newest.given and Consent.enough(shop, newest))

    @staticmethod
    def enough(shop: "Shop", fact: ConsentFact) -> bool:
        """Spoken consent counts for service texts unless the shop requires it in writing; for marketing never."""
        return fact.source != "spoken" or (fact.scope == SERVICE and shop.location.spoken_consent)

    @staticmethod
    def note(
        shop: "Shop",
        number: str,
        *,
        given: bool,
        source: str,
        by: Actor,
        scope: str = SERVICE,
        wording: str = "",
        version: str = "",
        remark: str = "",
    ) -> ConsentFact | None:
        """Keep a fact; the same again, or a spoken yes where there is a stronger one, keeps none. Raises Refused for an unknown source."""
        if source not in SOURCES:
            raise Refused(_l("Say how the answer was given: spoken or in writing."), field="consent_source")
        newest = Consent.of(shop, number, scope)
        if newest and newest.given == given and (newest.source == source or (given and source == "spoken")):
            return None
        fact = ConsentFact(
            shop_id=shop.id,
            number=number,
            scope=scope,
            given=given,
            source=source,
            wording=str(wording),
            wording_version=version,
            remark=remark,
            actor_name=by.name,
            actor_id=by.id,
            ip=by.ip,
        )
        db.session.add(fact)
        db.session.flush()
        record(fact, "consent.given" if given else "consent.withdrawn", by, scope=scope, source=source)
        touch(shop.id, "customers")
        touch(shop.id, "appointments")
        return fact
