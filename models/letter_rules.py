"""CRM Setup: which follow-up letters a location sends by e-mail, which by postcard, and after how many days. 0 turns a kind off."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from models.actor import Actor
from models.base import Base, db, kept
from models.entry import record
from models.letter_kind import CHANNELS, LATE, LetterKind
from models.owned import ShopOwned
from models.refused import Refused

if TYPE_CHECKING:
    from models.shop import Shop

LONGEST = {LetterKind.reminder_1: 60, LetterKind.reminder_2: 60}  # days; of the others ``LONGEST_AFTER``
LONGEST_AFTER = 3650
FIELDS = (*(kind.value for kind in LetterKind), "inactive_interval", "dead")


class LetterRules(ShopOwned, Base):
    __tablename__ = "letter_rules"
    __table_args__ = (UniqueConstraint("shop_id", "channel"),)

    channel: Mapped[str]  # email or postcard
    on: Mapped[bool] = mapped_column(default=False)
    reminder_1: Mapped[int] = mapped_column(default=0)  # days before the next visit
    reminder_2: Mapped[int] = mapped_column(default=0)
    no_show: Mapped[int] = mapped_column(default=0)  # days after the missed appointment
    thank_you: Mapped[int] = mapped_column(default=0)  # days after the visit
    deferred: Mapped[int] = mapped_column(default=0)
    inactive: Mapped[int] = mapped_column(default=0)  # days without an invoice
    inactive_interval: Mapped[int] = mapped_column(default=0)  # from letter to letter; 0: only the first
    dead: Mapped[int] = mapped_column(default=0)  # days without an invoice from which on nothing goes any more
    never_stop: Mapped[bool] = mapped_column(default=False)
    inactive_through: Mapped[date | None] = mapped_column(default=None)  # the last day whose inactive customers were written to

    shop: Mapped["Shop"] = relationship()

    @classmethod
    def of(cls, shop: "Shop", channel: str) -> "LetterRules":
        """The shop's own; all off, if there are none yet."""
        found = db.session.scalars(select(cls).where(cls.shop_id == shop.id, cls.channel == channel)).first()
        return found or cls._none_yet(shop, channel)

    @classmethod
    def _none_yet(cls, shop: "Shop", channel: str) -> "LetterRules":
        return cls(shop_id=shop.id, shop=shop, channel=channel, on=False, never_stop=False, **dict.fromkeys(FIELDS, 0))

    @classmethod
    def both(cls, shop: "Shop") -> dict[str, "LetterRules"]:
        """By channel."""
        mine = select(cls).where(cls.shop_id == shop.id).options(joinedload(cls.shop).joinedload(type(shop).business))
        found = {rules.channel: rules for rules in db.session.scalars(mine)}
        return {channel: found.get(channel) or cls._none_yet(shop, channel) for channel in CHANNELS}

    @classmethod
    def that_send(cls, channel: str) -> list["LetterRules"]:
        """Of all shops, those by which something may go that way."""
        return [rules for rules in db.session.scalars(select(cls).where(cls.channel == channel, cls.on)) if rules.sends]

    @property
    def sends(self) -> bool:
        """Switched on, and enabled for the business by the operator."""
        return self.on and self.shop.business.may_send(self.channel)

    def days(self, kind: LetterKind) -> int:
        found: int = getattr(self, kind.value)
        return found

    def inactive_days(self) -> Iterator[int]:
        """After how many days without an invoice a letter goes, as long as that is less than ``dead``; without an end if it never stops."""
        days = self.inactive
        while days and (self.never_stop or days < self.dead):
            yield days
            if not self.inactive_interval:
                return
            days += self.inactive_interval

    def late(self, kind: LetterKind) -> int:
        """So many days after its own a letter may still go (reminders are bound by the visit instead)."""
        if kind is LetterKind.inactive:
            return (self.inactive_interval or LATE[LetterKind.deferred]) - 1
        return LATE.get(kind, 0)

    def is_dead(self, last_invoiced_on: date, today: date) -> bool:
        """Whether the customer is shown as dead: nothing goes any more."""
        return bool(self.inactive and self.dead and not self.never_stop) and (today - last_invoiced_on).days >= self.dead

    @property
    def warnings(self) -> dict[str, Any]:
        """What is allowed and probably not meant, by field."""
        if self.inactive and self.inactive == self.dead and not self.never_stop:
            return {"dead": _("With Dead as many days as Inactive, no inactive letter ever goes.")}
        return {}

    @classmethod
    def change(cls, shop: "Shop", channel: str, days: Mapping[str, int], *, on: bool, never_stop: bool, by: Actor) -> "LetterRules":
        """Set what ``days`` names. Raises Refused with every fault at once; nothing is changed then."""
        wanted = {name: days.get(name, 0) for name in FIELDS}
        if faults := cls.faults(channel, wanted, never_stop):
            raise Refused.at(**faults)
        rules = cls.of(shop, channel)
        if rules.id is None and not kept(rules):
            rules = cls.of(shop, channel)
        for name, value in wanted.items():
            setattr(rules, name, value)
        if (on and not rules.on) or rules.inactive_through is None:
            rules.inactive_through = shop.today() - timedelta(days=1)  # what became due before is not sent after the fact
        rules.on, rules.never_stop = on, never_stop
        record(rules, "letter_rules.changed", by, channel=channel)
        return rules

    @staticmethod
    def faults(channel: str, days: Mapping[str, int], never_stop: bool) -> dict[str, Any]:
        """What is wrong with these numbers, by field."""
        found: dict[str, Any] = {}
        if channel not in CHANNELS:
            found["channel"] = _("Choose one of these.")
        for name, value in days.items():
            longest = LONGEST.get(LetterKind(name), LONGEST_AFTER) if name in LetterKind.__members__ else LONGEST_AFTER
            if not 0 <= value <= longest:
                found[name] = _("Give days from 0 to %(longest)s. 0 turns it off.", longest=longest)
        if "dead" not in found and "inactive" not in found and days.get("inactive") and not never_stop:
            if not days.get("dead"):
                found["dead"] = _("Say after how many days it stops, or tick that it never stops.")
            elif days["dead"] < days["inactive"]:
                found["dead"] = _("Dead can't be fewer days than Inactive.")
        return found
