"""What the customer chose for an item: a fact that is never changed; in one version of the overview an item is answered once."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base
from models.owned import ShopOwned
from models.refused import Refused

if TYPE_CHECKING:
    from models.overview_item import OverviewItem
    from models.reply import Reply

MONTHS = (1, 3, 6)  # after which a customer can be reminded; 0: at the next service


class Choice(StrEnum):
    repair = "repair"
    contact = "contact"
    decline = "decline"
    later = "later"  # not now, remind me

    @property
    def label(self) -> str:
        return str(_LABELS[self])


_LABELS = {
    Choice.repair: _l("Repair"),
    Choice.contact: _l("Contact me"),
    Choice.decline: _l("Do not agree"),
    Choice.later: _l("Not now, remind me"),
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice on its way: as it is typed into a form, kept as a draft, or answered. ``months`` belongs to ``later``."""

    choice: Choice
    months: int | None = None

    @classmethod
    def read(cls, word: str) -> "Chosen | None":
        """``repair``, ``contact``, ``decline``, ``later-3``; empty is nothing chosen. Raises Refused: any other word."""
        if not word:
            return None
        name, _dash, months = word.partition("-")
        if name == Choice.later and months in {str(count) for count in (0, *MONTHS)}:
            return cls(Choice.later, int(months))
        if name in {Choice.repair, Choice.contact, Choice.decline} and not months:
            return cls(Choice(name))
        raise Refused(_("Choose one of the answers."))

    @property
    def word(self) -> str:
        """As a form says it."""
        return self.choice.value if self.months is None else f"{self.choice.value}-{self.months}"


Choices = Mapping[int, Chosen]  # by the id of the overview's item


class Answer(ShopOwned, Base):
    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("overview_item_id"),)

    reply_id: Mapped[int] = mapped_column(ForeignKey("replies.id"), index=True)
    overview_item_id: Mapped[int] = mapped_column(ForeignKey("overview_items.id"))
    choice: Mapped[Choice]
    months: Mapped[int | None] = mapped_column(default=None)

    reply: Mapped["Reply"] = relationship(back_populates="answers")
    item: Mapped["OverviewItem"] = relationship(back_populates="answer")

    @property
    def chosen(self) -> Chosen:
        return Chosen(self.choice, self.months)

    @property
    def words(self) -> str:
        return words_of(self.chosen)


def words_of(chosen: Chosen) -> str:
    """The choice as people read it, with when to be reminded."""
    if chosen.choice is not Choice.later:
        return chosen.choice.label
    if not chosen.months:
        return str(_("Not now, remind me at the next service"))
    return str(
        _("Not now, remind me in a month") if chosen.months == 1 else _("Not now, remind me in %(count)s months", count=chosen.months)
    )


def kept_choices(kept: Mapping[str, Any]) -> dict[int, Chosen]:
    """A draft as JSON holds it, read again."""
    return {int(item_id): chosen for item_id, word in kept.items() if (chosen := Chosen.read(str(word)))}
