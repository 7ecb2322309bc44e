"""What having postcards printed by a service needs, and how far this shop has come: the checklist of Settings, Print service."""

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.failure import words_for
from models.money import shown
from models.postcard_size import PostcardSize
from models.print_service import PrintService
from models.setup_check import PRINT, Finding, SetupCheck
from models.setup_item import Mark, SetupItem

if TYPE_CHECKING:
    from models.shop import Shop

_ANSWERS = {
    "print_key": (_l("The service refuses the key."), _l("Copy it from the service's own pages again. A test key prints nothing.")),
    "print_money": (_l("The service wants to be paid first."), _l("Settle that there.")),
    "print_setup": (_l("At this address nobody takes postcards."), _l("Ask the service for the address of its API.")),
    "certificate": (_l("The certificate at this address can't be trusted."), _l("Look at the address; nothing is sent there.")),
}


class PrintSetup:
    def __init__(self, shop: "Shop") -> None:
        self.shop, self.service, self.check = shop, PrintService.of(shop), SetupCheck.newest(shop, PRINT)

    @property
    def items(self) -> list[SetupItem]:
        return [self._enabled(), self._answers(), self._price(), self._reports(), self._size()]

    @property
    def looking(self) -> str:
        return self.check.now_looking_at if self.check else ""

    def _enabled(self) -> SetupItem:
        title = _("Postcards for this business")
        if not self.shop.business.posts_cards:
            return SetupItem("enabled", Mark.missing, title, _("The operator has not enabled postcards."), _("Ask the operator for them."))
        if self.service is None or not self.service.on:
            todo = _("Tick it under The shop's account, when the rest is there.")
            return SetupItem("enabled", Mark.waiting, title, _("Enabled. The print service is switched off."), todo)
        if self.service.is_paused:
            words = _("Paused until %(at)s.", at=f"{self.shop.local(self.service.paused_until):%H:%M}" if self.service.paused_until else "")
            return SetupItem("enabled", Mark.wrong, title, f"{words} {words_for(self.service.trouble)}")
        return SetupItem("enabled", Mark.good, title, _("Enabled and switched on. Nothing goes without somebody's yes to its cost."))

    def _answers(self) -> SetupItem:
        title, service = _("The service answers"), self.service
        if service is None or not service.sealed_key:
            return SetupItem("service", Mark.missing, title, _("There is no key."), _("Paste the API key under The shop's account."))
        if not service.key:
            words = _("The stored key can't be opened: the installation's DATA_KEY was changed.")
            return SetupItem("service", Mark.wrong, title, words, _("Paste the API key again."))
        found = (self.check.found("service") if self.check else None) or Finding("service", "unchecked")
        at = _("%(address)s, key ending in %(end)s.", address=service.account.address, end=service.key_end)
        if found.code == "good":
            return SetupItem("service", Mark.good, title, _("It takes the key. %(at)s", at=at))
        if found.code in _ANSWERS:
            words, todo = _ANSWERS[found.code]
            said = f" “{found.note}”" if found.note else ""
            return SetupItem("service", Mark.wrong, title, f"{words}{said} {at}", str(todo))
        if found.code == "unchecked":
            return SetupItem("service", Mark.unchecked, title, at, _("Test the connection: it reads there, and prints nothing."))
        words, todo = _("It did not answer when we looked. %(at)s", at=at), _("Test it again in a minute.")
        return SetupItem("service", Mark.unchecked, title, words, todo)

    def _price(self) -> SetupItem:
        title = _("What a card costs")
        if self.service is None or self.service.card_price is None:
            todo = _("Type it under The shop's account, as agreed with the service.")
            return SetupItem("price", Mark.missing, title, _("Not known, so nobody could agree to a cost."), todo)
        price = shown(self.service.card_price)
        words = _("%(price)s a card, printed and posted, as you typed it. What the service says that it charges is shown too.", price=price)
        return SetupItem("price", Mark.good, title, words)

    def _reports(self) -> SetupItem:
        title, service = _("What becomes of the cards"), self.service
        if service is None:
            return SetupItem("reports", Mark.waiting, title, _("Its address is made when the account is saved."))
        todo = _("In the service's own pages, add this address as a webhook for postcards, and paste the secret that it shows there here.")
        if not service.secret:
            words = _("Not reported yet: without the secret nothing that is sent to the address is believed.")
            return SetupItem("reports", Mark.advised, title, words, todo, service.webhook_address)
        words = _("Reported to this address, signed with the secret ending in %(end)s.", end=service.secret_end)
        return SetupItem("reports", Mark.good, title, words, exact=service.webhook_address)

    def _size(self) -> SetupItem:
        title = _("The size of the cards")
        if PostcardSize.of(self.shop) is PostcardSize.american:
            return SetupItem("size", Mark.good, title, _("The service prints 6 × 4 in, as the shop's own cards are."))
        words = _("The service prints 6 × 4 in (152 × 102 mm), not A6: its cards are a little longer than those that you print yourselves.")
        return SetupItem("size", Mark.advised, title, words)
