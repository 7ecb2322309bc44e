"""Calling a postcard off that a print service has, or is about to get; and changing one's mind about that."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from models import clock
from models.actor import Actor
from models.base import db
from models.card_standing import CardStanding
from models.delivery import Delivery
from models.entry import record
from models.handover import later, touch
from models.refused import Refused

if TYPE_CHECKING:
    from sqlalchemy.orm import Mapped

    from models.printed_card import PrintedCard


class CallingOff:
    if TYPE_CHECKING:  # the card's own columns
        withdrawal_at: Mapped[datetime | None]
        withdrawn_by: Mapped[str]

    @property
    def may_withdraw(self: "PrintedCard") -> bool:
        """Not handed over yet, or not printed as far as the service has told."""
        return self.standing in {CardStanding.waiting, CardStanding.taken}

    @property
    def may_carry_on(self: "PrintedCard") -> bool:
        return self.standing in {CardStanding.withdrawing, CardStanding.withdrawn} and bool(self.message.body)

    def withdraw(self: "PrintedCard", *, by: Actor) -> bool:
        """Call it off: at once where it waits here, else by asking the service. Raises Refused: it is printed, or it never went."""
        if not self.may_withdraw:
            raise Refused(_("This card can't be called off any more."))
        self.withdrawn_by = by.name
        if self.message.advance("cancel"):
            self._traced(by.name)
        else:
            self.withdrawal_at = clock.now()
            later("jobs.print_orders.withdraw", self.id)
        record(self, "printed_card.withdrawn", by, name=self._name)
        touch(self.shop_id, "messages")
        return True

    def withdrawn(self: "PrintedCard", gone: bool) -> None:
        """What the service said to that; where somebody has changed their mind meanwhile, it is ordered anew."""
        db.session.refresh(self, with_for_update=True)
        wanted = self.withdrawal_at is not None
        self.withdrawal_at = None
        if gone and self.message.advance("withdraw"):
            self._traced(self.withdrawn_by)
            if not wanted:
                self._renew()
        elif not gone and self.message.state is Delivery.sent:
            self.withdrawn_by, self.said = "", _("It could not be called off: it is being printed already.")
        touch(self.shop_id, "messages")

    def asked_in_vain(self: "PrintedCard", pause: timedelta) -> None:
        """The service did not say whether it takes it out of production: it is asked again after so long, if that is wanted then."""
        db.session.refresh(self, with_for_update=True)
        if self.withdrawal_at:
            self.withdrawal_at = clock.now() + pause

    def carry_on(self: "PrintedCard", *, by: Actor) -> bool:
        """It goes after all. Raises Refused: it was not called off."""
        if not self.may_carry_on:
            raise Refused(_("This card was not called off."))
        self.withdrawal_at = None
        if self.message.state is Delivery.cancelled:
            self._renew()
        self.withdrawn_by = ""
        record(self, "printed_card.renewed", by, name=self._name)
        touch(self.shop_id, "messages")
        return True

    def deleted_there(self: "PrintedCard") -> None:
        """The service says that it is out of production, whoever asked for that."""
        self.withdrawal_at = None
        if self.message.advance("withdraw"):
            self.withdrawn_by = self.withdrawn_by or _("the print service")
            self._traced(self.withdrawn_by)

    def _traced(self: "PrintedCard", who: str) -> None:
        self.message.trace = [*self.message.trace, ["withdrawn", False, who]]
