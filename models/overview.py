"""The diagnostic overview: what was found and what it would cost, sent to the customer. Each sending freezes a version."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload
from sqlalchemy.sql.base import ExecutableOption

from models import clock
from models.actor import Actor
from models.answer import Answer, Choice, Chosen
from models.base import Base, db
from models.communication import Communication
from models.entry import record
from models.handover import touch
from models.money import Money
from models.overview_item import OverviewItem
from models.overview_rules import Visibility
from models.overview_step import Stepping
from models.owned import ShopOwned
from models.refused import NotFound
from models.reply import Reply
from models.tax import Scheme, Terms
from models.work_item import Category

if TYPE_CHECKING:
    from models.attachment import Attachment
    from models.message import Message
    from models.work_order import WorkOrder

TOPIC = "overviews"


class Overview(Stepping, ShopOwned, Base):
    __tablename__ = "overviews"
    __table_args__ = (UniqueConstraint("work_order_id", "version"), UniqueConstraint("work_order_id", "key"))

    work_order_id: Mapped[int] = mapped_column(ForeignKey("work_orders.id"))
    version: Mapped[int]  # of this order's: 1, 2, …
    key: Mapped[str]  # of the window that sent it, so that two clicks send once
    sent_at: Mapped[datetime]
    sent_by: Mapped[str]
    channel: Mapped[str]  # text or email
    address: Mapped[str]
    to_name: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    language: Mapped[str]
    terms_kept: Mapped[dict[str, Any]]  # see ``tax.Terms``
    rules_kept: Mapped[dict[str, Any]]  # see ``overview_draft.kept_rules``
    checked_ok: Mapped[list[Any]] = mapped_column(default=list)  # what was found in order: section, points
    taken_out: Mapped[int] = mapped_column(default=0)  # items of the version before that are not shown any more
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"), index=True, default=None)
    opened_at: Mapped[datetime | None] = mapped_column(default=None)
    prices_told_at: Mapped[datetime | None] = mapped_column(default=None)  # somebody has called: they may be seen now
    prices_told_by: Mapped[str] = mapped_column(default="")
    draft: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what was chosen and not sent yet: item's id to ``Chosen.word``
    draft_comment: Mapped[str] = mapped_column(default="")

    order: Mapped["WorkOrder"] = relationship()
    message: Mapped["Message | None"] = relationship()
    items: Mapped[list[OverviewItem]] = relationship(order_by=OverviewItem.position, back_populates="overview")
    replies: Mapped[list[Reply]] = relationship(order_by=Reply.id, back_populates="overview")

    # finding

    @staticmethod
    def whole(*, alone: bool = False) -> tuple[ExecutableOption, ...]:
        """Loader options for what its pages show; of one ``alone`` the items come with it, in the same query."""
        items = joinedload(Overview.items) if alone else selectinload(Overview.items)
        before = joinedload(OverviewItem.answered_as).joinedload(OverviewItem.answer).joinedload(Answer.reply).defer(Reply.receipt)
        answers = items.options(joinedload(OverviewItem.answer), before)
        return answers, selectinload(Overview.replies), joinedload(Overview.message)

    @classmethod
    def newest(cls, order_id: int) -> "Overview | None":
        """The version that counts."""
        mine = select(cls).where(cls.work_order_id == order_id).order_by(cls.version.desc()).limit(1)
        return db.session.scalars(mine.options(*cls.whole(alone=True))).unique().first()

    @classmethod
    def of(cls, order_id: int) -> Sequence["Overview"]:
        """Every version, newest first."""
        mine = select(cls).where(cls.work_order_id == order_id).order_by(cls.version.desc())
        return db.session.scalars(mine.options(*cls.whole())).all()

    @classmethod
    def told_by(cls, message: "Message") -> "Overview | None":
        """The one that this message brought."""
        return db.session.scalars(select(cls).where(cls.message_id == message.id)).first()

    @classmethod
    def numbered(cls, order_id: int, version: int) -> "Overview":
        """One version. Raises NotFound."""
        mine = select(cls).where(cls.work_order_id == order_id, cls.version == version)
        found = db.session.scalars(mine.options(*cls.whole())).first()
        if found is None:
            raise NotFound("Overview")
        return found

    @classmethod
    def picture(cls, order_id: int, id: int) -> "Attachment":
        """One that the newest version shows: what was taken back with another version can't be seen any more. Raises NotFound."""
        from models.attachment import Attachment

        newest = select(func.max(cls.id)).where(cls.work_order_id == order_id).scalar_subquery()
        lists = db.session.scalars(select(OverviewItem.pictures).where(OverviewItem.overview_id == newest))
        found = db.session.get(Attachment, id) if any(picture["id"] == id for pictures in lists for picture in pictures) else None
        if found is None:
            raise NotFound("Attachment")
        return found

    def item(self, id: int) -> OverviewItem:
        """One of its own. Raises NotFound."""
        found = next((item for item in self.items if item.id == id), None)
        if found is None:
            raise NotFound("OverviewItem")
        return found

    # questions

    @property
    def is_newest(self) -> bool:
        return db.session.scalar(select(func.max(Overview.version)).where(Overview.work_order_id == self.work_order_id)) == self.version

    @property
    def answered_at(self) -> datetime | None:
        """When the customer last answered this version."""
        return self.replies[-1].at if self.replies else None

    @property
    def asked(self) -> list[OverviewItem]:
        return [item for item in self.items if item.is_asked]

    @property
    def open_items(self) -> list[OverviewItem]:
        """What still waits for an answer."""
        return [item for item in self.items if item.is_open]

    @property
    def counts(self) -> tuple[int, int]:
        """How many items were answered, of how many that were asked."""
        asked = self.asked
        return sum(not item.is_open for item in asked), len(asked)

    def of_category(self, category: Category) -> list[OverviewItem]:
        return [item for item in self.items if item.category == category]

    @property
    def in_order(self) -> list[tuple[str, list[str]]]:
        """What was checked and works properly: items of their own, under no name, then the sections of the sheet with their points."""
        own = [item.title for item in self.of_category(Category.checked_ok)]
        return ([("", own)] if own else []) + [(section, points) for section, points in self.checked_ok]

    @property
    def in_order_count(self) -> int:
        return sum(len(points) for _section, points in self.in_order)

    @cached_property
    def terms(self) -> Terms:
        return Terms.read(self.terms_kept)

    @property
    def is_vat(self) -> bool:
        return self.terms.scheme is Scheme.vat

    def money(self, minor: int) -> Money:
        return Money(minor, self.terms.currency)

    @property
    def visibility(self) -> Visibility:
        """Which prices the customer sees at this moment: never ``after_call``."""
        kept = Visibility(self.rules_kept["prices"])
        if kept is not Visibility.after_call:
            return kept
        return Visibility.all if self.prices_told_at else Visibility.none

    @property
    def waits_for_call(self) -> bool:
        """The customer sees prices only once somebody has called."""
        return self.rules_kept["prices"] == Visibility.after_call and self.prices_told_at is None

    def risk(self) -> str:
        """What was said to be at stake where a necessary item is refused."""
        return str(self.rules_kept["risk"])

    def needs_risk_read(self, item: OverviewItem, chosen: Chosen) -> bool:
        """Whether the customer has to tap that ``risk`` was read before this choice counts."""
        return item.category is Category.necessary and chosen.choice is Choice.decline

    @property
    def is_asking(self) -> bool:
        """Whether the customer's page shows it first: it waits for its first reply."""
        return not self.order.is_closed and not self.replies

    @property
    def may_be_answered(self) -> bool:
        """By the customer: not once the vehicle has left, nor when everything was said."""
        return not self.order.is_closed and bool(self.open_items or not self.replies)

    def choices_for(self, item: OverviewItem) -> list[Choice]:
        """What the customer can say to it."""
        if not item.is_asked:
            return []
        declines = self.rules_kept["may_decline"] if item.category is Category.recommended else self.rules_kept["may_decline_necessary"]
        may = {Choice.repair: True, Choice.contact: True, Choice.later: self.rules_kept["may_put_off"], Choice.decline: declines}
        return [choice for choice, allowed in may.items() if allowed]

    @property
    def budget(self) -> Money:
        """With tax: what was agreed on before and what the customer has chosen so far."""
        return self.money(sum(item.including or 0 for item in self.items if item.is_wanted))

    # verbs

    def opened(self, *, by: Actor, agent: str = "") -> None:
        """A person looks at it. The first time is news; later ones are not."""
        self.order.lock()
        db.session.refresh(self, ["opened_at"])
        if self.opened_at is None:
            self.opened_at = clock.now()
            who = {"name": self.to_name, "contact": self.address, "ip": by.ip, "agent": agent[:200]}
            Communication.write(self.order, "opened", facts={"version": self.version}, personal=who)
            record(self.order, "overview.opened", by, version=self.version)
            touch(self.shop_id, TOPIC)

    def tell_prices(self, *, by: Actor) -> None:
        """Somebody has called the customer: the prices may be seen from now on. Doing it twice does it once."""
        self.order.must_be_open()
        if self.waits_for_call:
            self.prices_told_at, self.prices_told_by = clock.now(), by.name
            record(self.order, "overview.prices_told", by, version=self.version)
            touch(self.shop_id, TOPIC)

    def keep_draft(self, choices: dict[int, str], comment: str) -> None:
        """What was chosen so far, for when the customer comes back. Only words that ``read_choices`` has let pass."""
        self.draft, self.draft_comment = {str(item_id): word for item_id, word in choices.items()}, comment


def carried(words: Mapping[int, str], before: Overview, overview: Overview) -> dict[int, str]:
    """What was chosen in an earlier version, by item id, as choices of this one: of items that have not changed and still wait."""
    same = {item.work_item_id: item for item in overview.open_items}
    found = {}
    for item in before.items:
        now = same.get(item.work_item_id)
        if now and now.fingerprint == item.fingerprint and (word := words.get(item.id)):
            found[now.id] = word
    return found


def answers_of(overview: Overview) -> dict[int, Answer]:
    """What the customer said of it, by the work item."""
    return {item.work_item_id: item.standing for item in overview.items if item.standing}
