"""A thumb: whether the mechanic may do an item, as the receptionist decided. Facts: a later one counts, an earlier one stays on record."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import BigInteger, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clock
from models.actor import Actor
from models.answer import Choice
from models.base import Base, db
from models.communication import Communication
from models.entry import record
from models.handover import touch
from models.oral_authorisation import OralAuthorisation
from models.overview import TOPIC, Overview, answers_of
from models.owned import ShopOwned
from models.refused import Refused
from models.work_item import Category, WorkItem

if TYPE_CHECKING:
    from models.answer import Answer
    from models.work_order import WorkOrder

LONGEST_REASON = 300  # characters


class Authorisation(ShopOwned, Base):
    __tablename__ = "authorisations"
    __table_args__ = (Index("ix_authorisations_order_item", "work_order_id", "work_item_id"),)

    work_order_id: Mapped[int] = mapped_column(ForeignKey("work_orders.id"))
    work_item_id: Mapped[int] = mapped_column(ForeignKey("work_items.id"), index=True)
    up: Mapped[bool]
    at: Mapped[datetime] = mapped_column(default=clock.now)
    by: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    amount: Mapped[int] = mapped_column(BigInteger)  # minor units, with tax: the item's price at that moment
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
        return {thumb.work_item_id: thumb for thumb in db.session.scalars(mine)}

    # verbs; the caller holds the order's lock

    @classmethod
    def set(cls, item: WorkItem, up: bool, *, by: Actor, reason: str = "") -> "Authorisation":
        """Thumb up or down; the same again changes nothing, up once more after the price has changed authorises the new one.

        Raises Refused: closed, removed, nothing to decide, done already, or a customer's yes is turned down without a reason.
        """
        order, reason = item.order, " ".join(reason.split())
        answer = _answers(order).get(item.id)
        _check(item, up, reason, answer)
        now = cls.standing(order.id).get(item.id)
        if now and now.up is up and (not up or now.amount == _price(item)):
            return now
        thumb = cls._written(item, up, by, answer, reason=reason)
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
        answers, standing, batch = _answers(order), cls.standing(order.id), secrets.token_hex(8)
        thumbs = []
        for item in WorkItem.of(order):
            answer, now = answers.get(item.id), standing.get(item.id)
            if answer is None or answer.choice is Choice.contact or item.is_done:
                continue
            up = answer.choice is Choice.repair
            if now is None or now.up is not up or (up and now.amount != _price(item)):
                thumbs.append(cls._written(item, up, by, answer, batch=batch))
        cls._noted(order, thumbs, by)
        return batch if thumbs else ""

    @classmethod
    def undo(cls, order: "WorkOrder", batch: str, *, by: Actor) -> None:
        """Those that were set together are no more; what stood before stands again. Raises Refused: closed, or one of them is done."""
        order.must_be_open()
        mine = select(cls).where(cls.work_order_id == order.id, cls.batch == batch, cls.undone_at.is_(None))
        thumbs = db.session.scalars(mine).all()
        if done := next((thumb.item for thumb in thumbs if thumb.up and thumb.item.is_done), None):
            raise Refused(_("“%(title)s” is done already.", title=done.title))
        cls._undo(order, thumbs, by)

    @classmethod
    def record_oral(cls, order: "WorkOrder", items: Sequence[WorkItem], *, by: Actor, **said: Any) -> OralAuthorisation:
        """The customer agreed by phone or at the counter: counts like an answer, and is marked so.

        ``said`` as ``OralAuthorisation.take`` wants it. Raises Refused with every fault at once.
        """
        order.must_be_open()
        oral = OralAuthorisation.take(order, items, by=by, **said)
        batch = secrets.token_hex(8)
        thumbs = [cls._written(item, True, by, None, oral=oral, batch=batch) for item in items if not item.is_done]
        db.session.flush()
        cls._noted(order, thumbs, by)
        return oral

    @classmethod
    def _written(
        cls,
        item: WorkItem,
        up: bool,
        by: Actor,
        answer: "Answer | None",
        *,
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
            amount=_price(item),
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


def _check(item: WorkItem, up: bool, reason: str, answer: "Answer | None") -> None:
    item.order.must_be_open()
    if item.removed_at is not None:
        raise Refused(_("This item was removed meanwhile."))
    if item.category is Category.checked_ok:
        raise Refused(_("It is in order: there is nothing to authorise."))
    if not up and item.is_done:
        raise Refused(_("This is done already."))
    if len(reason) > LONGEST_REASON:
        raise Refused(_("Please keep it under %(count)s characters.", count=LONGEST_REASON + 1), field="reason")
    if not up and answer and answer.choice is Choice.repair and not reason:
        raise Refused(_("The customer wants this. Say why it is not done."), field="reason")


def _answers(order: "WorkOrder") -> "dict[int, Answer]":
    overview = Overview.newest(order.id)
    return answers_of(overview) if overview else {}


def _price(item: WorkItem) -> int:
    return item.totals.including.minor


def _chain(order: "WorkOrder", kind: str, thumbs: Iterable[Authorisation], by: Actor) -> None:
    rows = [[thumb.work_item_id, thumb.up, thumb.amount] for thumb in thumbs]
    Communication.write(order, kind, facts={"thumbs": rows, "by": by.name})
