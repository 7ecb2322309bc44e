"""A thumb: whether the mechanic may do an item, as the receptionist decided. Facts: a later one counts, an earlier one stays on record."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import BigInteger, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from models import clock
from models.actor import Actor
from models.authorisation_rules import agreed, answers_on, check_thumb, is_behind, price, wants
from models.base import Base, db
from models.communication import Communication
from models.entry import record
from models.handover import touch
from models.money import Money
from models.oral_authorisation import OralAuthorisation
from models.overview import TOPIC
from models.owned import ShopOwned
from models.refused import NotFound, Refused
from models.work_item import WorkItem

if TYPE_CHECKING:
    from models.answer import Answer
    from models.work_order import WorkOrder


class Authorisation(ShopOwned, Base):
    __tablename__ = "authorisations"
    __table_args__ = (Index("ix_authorisations_order_item", "work_order_id", "work_item_id"),)

    work_order_id: Mapped[int] = mapped_column(ForeignKey("work_orders.id"))
    work_item_id: Mapped[int] = mapped_column(ForeignKey("work_items.id"), index=True)
    up: Mapped[bool]
    at: Mapped[datetime] = mapped_column(default=clock.now)
    by: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    amount: Mapped[int] = mapped_column(BigInteger)  # minor units, with tax: up to which it counts
    batch: Mapped[str] = mapped_column(index=True)  # of those that were set together, so that they are undone together
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("answers.id"), default=None)  # the customer's word that it follows
    oral_id: Mapped[int | None] = mapped_column(ForeignKey("oral_authorisations.id"), default=None)
    undone_at: Mapped[datetime | None] = mapped_column(default=None)

    item: Mapped[WorkItem] = relationship()
    oral: Mapped[OralAuthorisation | None] = relationship()

    @classmethod
    def standing(cls, order_id: int) -> dict[int, "Authorisation"]:
        """The newest thumb of each item, by the item."""
        mine = select(cls).where(cls.work_order_id == order_id, cls.undone_at.is_(None)).order_by(cls.id)
        mine = mine.options(joinedload(cls.oral))
        return {thumb.work_item_id: thumb for thumb in db.session.scalars(mine)}

    # verbs; the caller holds the order's lock

    @classmethod
    def set(cls, item: WorkItem, up: bool, *, by: Actor, reason: str = "") -> "Authorisation":
        """Thumb up or down; the same again changes nothing, up once more after the price has changed authorises the new one.

        Where the customer said yes, the thumb counts for the price that the customer saw.
        Raises Refused: closed, removed, nothing to decide, done already, or a customer's yes is turned down without a reason.
        """
        order, reason = item.order, " ".join(reason.split())
        answer = answers_on(order).get(item.id)
        check_thumb(item, up, reason, answer)
        now = cls.standing(order.id).get(item.id)
        if now and now.up is up and (not up or now.amount == price(item)):
            return now
        amount = price(item) if now and now.up else agreed(item, answer)
        thumb = cls._written(item, up, by, answer, amount=amount, reason=reason)
        cls._noted(order, [thumb], by)
        return thumb

    @classmethod
    def withdraw(cls, item: WorkItem, *, by: Actor) -> None:
        """No thumb at all, as before somebody decided. Doing it twice does it once. Raises Refused: closed, done already."""
        item.order.must_be_open()
        if item.is_done:
            raise Refused(_("This is done already."))
        thumbs = db.session.scalars(select(cls).where(cls.work_item_id == item.id, cls.undone_at.is_(None))).all()
        cls._undo(item.order, thumbs, by)

    @classmethod
    def take_over(cls, order: "WorkOrder", *, by: Actor) -> str:
        """All thumbs as the customer chose: up for repair, down for a no and for later; who wants to be called stays open.

        Returns the batch, by which it can be undone; empty: there was nothing to take over. Raises Refused: closed.
        """
        order.must_be_open()
        answers, standing, batch = answers_on(order), cls.standing(order.id), secrets.token_hex(8)
        thumbs = []
        for item in WorkItem.of(order):
            answer = answers.get(item.id)
            if is_behind(answer, standing.get(item.id)) and not item.is_done:
                thumbs.append(cls._written(item, wants(answer), by, answer, amount=agreed(item, answer), batch=batch))
        cls._noted(order, thumbs, by)
        return batch if thumbs else ""

    @classmethod
    def undo(cls, order: "WorkOrder", batch: str, *, by: Actor) -> None:
        """Those that were set together are no more; what stood before stands again. Doing it twice does it once.

        Raises Refused: closed, or one of them is done. Raises NotFound: the order has no such thumbs.
        """
        order.must_be_open()
        every = db.session.scalars(select(cls).where(cls.work_order_id == order.id, cls.batch == batch)).all()
        if not every:
            raise NotFound("Authorisation")
        thumbs = [thumb for thumb in every if thumb.undone_at is None]
        if done := next((thumb.item for thumb in thumbs if thumb.up and thumb.item.is_done), None):
            raise Refused(_("“%(title)s” is done already.", title=done.title))
        cls._undo(order, thumbs, by)

    @classmethod
    def record_oral(cls, order: "WorkOrder", items: Sequence[WorkItem], *, by: Actor, **said: Any) -> OralAuthorisation:
        """The customer agreed by phone or at the counter: counts like an answer, up to the amount that was said, and is marked so.

        ``said`` as ``OralAuthorisation.take`` wants it. Raises Refused with every fault at once.
        """
        order.must_be_open()
        oral = OralAuthorisation.take(order, items, by=by, **said)
        prices = [price(item) for item in items]
        batch, shares = secrets.token_hex(8), oral.budget.split(prices if any(prices) else [1] * len(prices))
        thumbs = [
            cls._written(item, True, by, None, amount=share.minor, oral=oral, batch=batch)
            for item, share in zip(items, shares, strict=True)
        ]
        cls._noted(order, thumbs, by)
        oral.total = cls._authorised(order).minor
        return oral

    @staticmethod
    def _authorised(order: "WorkOrder") -> Money:
        from models.approvals import Approvals

        return Approvals(order).authorised

    @classmethod
    def _written(
        cls,
        item: WorkItem,
        up: bool,
        by: Actor,
        answer: "Answer | None",
        *,
        amount: int,
        reason: str = "",
        oral: OralAuthorisation | None = None,
        batch: str = "",
    ) -> "Authorisation":
        thumb = cls(
            shop_id=item.shop_id,
            work_order_id=item.work_order_id,
            item=item,
            up=up,
            at=clock.now(),
            by=by.name,
            reason=reason,
            amount=amount,
            batch=batch or secrets.token_hex(8),
            answer_id=answer.id if answer else None,
            oral=oral,
        )
        db.session.add(thumb)
        return thumb

    @classmethod
    def _undo(cls, order: "WorkOrder", thumbs: Iterable["Authorisation"], by: Actor) -> None:
        thumbs = list(thumbs)
        for thumb in thumbs:
            thumb.undone_at = clock.now()
        if thumbs:
            _chain(order, "unauthorised", thumbs, by)
            record(order, "authorisation.undone", by, count=len(thumbs))
            touch(order.shop_id, TOPIC)

    @classmethod
    def _noted(cls, order: "WorkOrder", thumbs: Sequence["Authorisation"], by: Actor) -> None:
        if not thumbs:
            return
        db.session.flush()
        _chain(order, "authorised", thumbs, by)
        for thumb in thumbs:
            record(order, "authorisation.up" if thumb.up else "authorisation.down", by, title=thumb.item.title, item=thumb.work_item_id)
        touch(order.shop_id, TOPIC)


def _chain(order: "WorkOrder", kind: str, thumbs: Iterable[Authorisation], by: Actor) -> None:
    rows = [[thumb.work_item_id, thumb.up, thumb.amount] for thumb in thumbs]
    Communication.write(order, kind, facts={"thumbs": rows, "by": by.name})
