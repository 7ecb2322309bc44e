"""A status: a step of the shop's own workflow, with the words its customers see and the update that it sends ("Message Setup")."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Index, func, select
from sqlalchemy.orm import Mapped, mapped_column

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.entry import record
from models.handover import touch
from models.owned import ShopOwned
from models.refused import NotFound, Refused

if TYPE_CHECKING:
    from models.shop import Shop

COLOURS = ("grey", "blue", "teal", "green", "yellow", "orange", "red", "violet")
LONGEST_NAME = 30  # characters: it must fit a tile
LONGEST_WORDS = 80
LONGEST_MINUTES = 30 * 24 * 60


class Timer(StrEnum):
    """How a status shows its time."""

    open = "open"
    count_down = "count_down"
    count_up = "count_up"

    @property
    def label(self) -> str:
        return str(_LABELS[self])


_LABELS = {Timer.open: _l("Open"), Timer.count_down: _l("Count Down"), Timer.count_up: _l("Count Up")}


class Status(ShopOwned, Base):
    __tablename__ = "statuses"
    __table_args__ = (Index("ix_statuses_shop_position", "shop_id", "position"),)

    key: Mapped[str]  # of its update's words, unique in the shop
    name: Mapped[str]
    words: Mapped[str] = mapped_column(default="")  # what it means, for staff
    position: Mapped[int]
    colour: Mapped[str] = mapped_column(default="grey")
    timer: Mapped[Timer] = mapped_column(default=Timer.open)
    minutes: Mapped[int | None] = mapped_column(
        default=None
    )  # of a count down the estimate (None: asked each time), of a count up "too long"
    texts: Mapped[bool] = mapped_column(default=False)
    emails: Mapped[bool] = mapped_column(default=False)
    customer_words: Mapped[dict[str, Any]] = mapped_column(default=dict)  # language to what the customer's page says
    asks_reason: Mapped[bool] = mapped_column(default=False)
    mechanic_may: Mapped[bool] = mapped_column(default=False)
    at_check_in: Mapped[bool] = mapped_column(default=False)  # one of the shop's: a vehicle begins with it
    retired_at: Mapped[datetime | None] = mapped_column(default=None)  # kept for the history of those that were in it

    @classmethod
    def all_of(cls, shop: "Shop") -> list["Status"]:
        """The shop's steps in order, without retired ones."""
        query = select(cls).where(cls.shop_id == shop.id, cls.retired_at.is_(None)).order_by(cls.position, cls.id)
        return list(db.session.scalars(query))

    @classmethod
    def first_of(cls, shop: "Shop") -> "Status | None":
        """What a vehicle begins with at check-in; None: the shop has no statuses."""
        everyone = cls.all_of(shop)
        return next((status for status in everyone if status.at_check_in), everyone[0] if everyone else None)

    @classmethod
    def with_key(cls, shop_id: int, key: str) -> "Status":
        """By the key of its update's words. Raises NotFound."""
        found = db.session.scalars(select(cls).where(cls.shop_id == shop_id, cls.key == key)).first()
        if found is None:
            raise NotFound("Status")
        return found

    @property
    def sends(self) -> bool:
        """Whether it sends an update at all; without, it is just a place in the workflow."""
        return self.texts or self.emails

    @property
    def says_ready(self) -> bool:
        """Whether the customer can come for the vehicle; a shop may give this step another name, not another meaning."""
        return self.key == "st_ready"

    @property
    def says_gone(self) -> bool:
        """Whether the customer has the vehicle again, though the work order may still be open."""
        return self.key == "st_collected"

    @property
    def asks_estimate(self) -> bool:
        """Whether setting it asks hours and minutes for this vehicle."""
        return self.timer is Timer.count_down

    def shown_to_customer(self, language: str) -> str:
        """What the customer's page says; never the time."""
        return str(self.customer_words.get(language) or self.customer_words.get("en") or self.name)

    # Message Setup

    @classmethod
    def add(cls, shop: "Shop", *, by: Actor, **details: Any) -> "Status":
        """A new last step. Raises Refused, every fault at once."""
        shop.lock()
        last = db.session.scalar(select(func.max(cls.position)).where(cls.shop_id == shop.id)) or 0
        status = cls(shop_id=shop.id, key="", position=last + 1, **cls.read(shop, details))
        db.session.add(status)
        db.session.flush()
        status.key = f"st_{status.id}"
        record(status, "status.added", by, name=status.name)
        touch(shop.id, "work_orders")
        return status

    def change(self, shop: "Shop", *, by: Actor, **details: Any) -> None:
        """Raises Refused, every fault at once."""
        shop.lock()
        for name, value in self.read(shop, details, besides=self.id).items():
            setattr(self, name, value)
        record(self, "status.changed", by, name=self.name)
        touch(shop.id, "work_orders")

    @classmethod
    def read(cls, shop: "Shop", details: dict[str, Any], besides: int | None = None) -> dict[str, Any]:
        """The details as they would be kept. Raises Refused."""
        name = " ".join(str(details.get("name", "")).split())
        minutes, faults = details.get("minutes"), {}
        if not name or len(name) > LONGEST_NAME:
            faults["name"] = _("Give it a name of at most %(count)s characters.", count=LONGEST_NAME)
        elif any(other.name.casefold() == name.casefold() and other.id != besides for other in cls.all_of(shop)):
            faults["name"] = _("There is a status of that name already.")
        if details.get("colour", "grey") not in COLOURS:
            faults["colour"] = _("Choose one of the colours.")
        if minutes is not None and not 1 <= minutes <= LONGEST_MINUTES:
            faults["minutes"] = _("Give hours and minutes, from one minute to thirty days.")
        if any(len(words) > LONGEST_WORDS for words in (str(details.get("words", "")), *details.get("customer_words", {}).values())):
            faults["words"] = _("Please keep it under %(count)s characters.", count=LONGEST_WORDS)
        if faults:
            raise Refused.at(**faults)
        return {**details, "name": name}

    def begin_with(self, shop: "Shop", *, by: Actor) -> None:
        """Vehicles begin with this status at check-in from now on."""
        shop.lock()
        for status in Status.all_of(shop):
            status.at_check_in = status is self
        record(self, "status.changed", by, name=self.name)

    @classmethod
    def order(cls, shop: "Shop", ids: list[int], *, by: Actor) -> None:
        """The steps in this order; those not named (another employee just added one) keep their places behind. Not this shop's: ignored."""
        shop.lock()
        statuses = cls.all_of(shop)
        place = {status_id: number for number, status_id in enumerate(ids)}
        for position, status in enumerate(sorted(statuses, key=lambda one: place.get(one.id, len(ids))), start=1):
            status.position = position
        if statuses:
            record(statuses[0], "status.ordered", by)
        touch(shop.id, "work_orders")

    def retire(self, shop: "Shop", *, by: Actor) -> None:
        """Take it out of the workflow; doing it twice does it once.

        Raises Refused: vehicles stand in it, it is what check-in sets, or it is the last one.
        """
        from models.status_stay import StatusStay

        shop.lock()
        db.session.refresh(self)
        if self.retired_at:
            return
        numbers = StatusStay.standing_in(self)
        if numbers:
            listed = ", ".join(map(str, numbers[:5])) + (" …" if len(numbers) > 5 else "")
            raise Refused(_("Vehicles stand in it: work orders %(numbers)s. Set another status on them first.", numbers=listed))
        if self.at_check_in:
            raise Refused(_("Check-in sets this status. Let vehicles begin with another one first."))
        self.retired_at = clock.now()
        record(self, "status.retired", by, name=self.name)
        touch(shop.id, "work_orders")

    def bring_back(self, shop: "Shop", *, by: Actor) -> None:
        """Undo ``retire``."""
        if self.retired_at:
            self.retired_at = None
            record(self, "status.added", by, name=self.name)
            touch(shop.id, "work_orders")
