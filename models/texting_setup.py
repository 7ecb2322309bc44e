"""What texting needs, and how far this shop has come: the checklist of Settings, Texting; and the two facts that only a person knows."""

from datetime import date
from decimal import Decimal

from flask import current_app
from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models import phone
from models.actor import Actor
from models.entry import record
from models.provider_account import Credentials
from models.refused import Refused
from models.setup_check import TEXTING, Finding, SetupCheck
from models.setup_item import Mark, SetupItem
from models.shop import Shop

REGISTRATIONS = {
    "10dlc": _l("10DLC: a US local number, its brand and campaign approved"),
    "toll_free": _l("Toll-free: a US or Canadian 800 number, verified"),
    "eu": _l("Outside North America: the number's regulatory bundle approved"),
}
DEAREST = Decimal(10)  # of one segment, in the shop's currency


def change_facts(shop: Shop, registration: str, registered_on: date | None, segment_price: Decimal | None, *, by: Actor) -> None:
    """How and since when the number is registered, and what a segment costs. Raises Refused with every fault at once."""
    rules = {
        "registration": (registration not in {"", *REGISTRATIONS}, _("Choose one of the list.")),
        "registered_on": (
            bool(registration) and (registered_on is None or registered_on > shop.today()),
            _("Give the day on which it was approved, today at the latest."),
        ),
        "segment_price": (
            segment_price is not None and not _is_price(segment_price),
            _("Give a price from 0 to 10 with four decimals at most, or leave it empty."),
        ),
    }
    if errors := {name: words for name, (broken, words) in rules.items() if broken}:
        raise Refused.at(**errors)
    location = shop.location
    location.registration, location.registered_on = registration, registered_on if registration else None
    location.segment_price = segment_price
    record(location, "texting.changed", by)


def _is_price(price: Decimal) -> bool:
    return 0 <= price <= DEAREST and price == price.quantize(Decimal("0.0001"))


class TextingSetup:
    def __init__(self, shop: Shop) -> None:
        self.shop, self.check = shop, SetupCheck.newest(shop, TEXTING)
        self.credentials = Credentials.of(shop)

    @property
    def items(self) -> list[SetupItem]:
        return [self._number(), self._account(), self._service(), self._registration(), self._webhook(), self._consent(), self._price()]

    @property
    def webhook_address(self) -> str:
        return f"{current_app.extensions['settings'].public_base_url}/hooks/twilio/message"

    def _found(self, step: str) -> Finding:
        """What the last look found; ``unchecked`` before the first one."""
        return (self.check.found(step) if self.check else None) or Finding(step, "unchecked")

    def _number(self) -> SetupItem:
        title, found = _("A number for texts"), self._found("number")
        if not self.shop.texting_number:
            return SetupItem("number", Mark.missing, title, _("There is none."), _("Type it under Settings, Shop: Texting number."))
        words = _("Texts come from %(number)s.", number=phone.shown(self.shop.texting_number, self.shop.country))
        if found.code == "not_here":
            todo = _("Buy or move the number there, or correct it under Settings, Shop.")
            return SetupItem("number", Mark.wrong, title, _("The provider's account has no number %(number)s.", number=found.note), todo)
        if found.code == "no_texts":
            todo = _("Choose another number at the provider: not every number can.")
            return SetupItem("number", Mark.wrong, title, _("At the provider, this number can't send texts."), todo)
        return SetupItem("number", Mark.good, title, words)

    def _account(self) -> SetupItem:
        title, own, found = _("An account at the provider"), self.shop.provider_account, self._found("account")
        if own and not own.is_readable:
            todo = _("Paste the auth token again, under The shop's own account.")
            return SetupItem(
                "account", Mark.wrong, title, _("The stored token can't be opened: the installation's DATA_KEY was changed."), todo
            )
        if not self.credentials.complete:
            todo = _("Give one under The shop's own account, or ask the operator for the installation's.")
            return SetupItem("account", Mark.missing, title, _("There is none, so no text can go out."), todo)
        words = (
            _("The shop's own: %(sid)s, token ending in %(end)s.", sid=self.credentials.account_sid, end=own.token_end)
            if own
            else _("The installation's account is used.")
        )
        problems = {
            "refused": (
                _("The provider refuses these credentials."),
                _("Copy account SID and auth token from the provider's console again."),
            ),
            "closed": (_("The provider has suspended or closed this account."), _("Sign in at the provider's console: it says why.")),
            "silent": (_("The provider did not answer when we looked."), _("Check again in a minute.")),
        }
        if found.code in problems:
            mark = Mark.unchecked if found.code == "silent" else Mark.wrong
            return SetupItem("account", mark, title, f"{words} {problems[found.code][0]}", problems[found.code][1])
        if found.code == "trial":
            trial, todo = _("It is a trial account: only numbers verified there get texts."), _("Upgrade it at the provider.")
            return SetupItem("account", Mark.advised, title, f"{words} {trial}", todo)
        return SetupItem("account", Mark.good, title, words)

    def _service(self) -> SetupItem:
        title, found = _("A messaging service"), self._found("service")
        if not self.credentials.service_sid:
            words = _("None: texts go straight from the number. That is all right.")
            if self.shop.country == "US":
                words = _("None: texts go straight from the number. A 10DLC campaign usually wants one.")
            return SetupItem("service", Mark.good if self.shop.country != "US" else Mark.advised, title, words)
        words = _("Texts go through %(sid)s.", sid=self.credentials.service_sid)
        if found.code == "unknown":
            words = _("The account has no messaging service of that SID.")
            return SetupItem("service", Mark.wrong, title, words, _("Correct it in the shop's own account."))
        return SetupItem("service", Mark.good, title, words)

    def _registration(self) -> SetupItem:
        title, location = _("Registration of the number"), self.shop.location
        if location.registration not in REGISTRATIONS:
            todo = _("Register it at the provider, then say so under Registration and price.")
            if self.shop.country in {"US", "CA"}:
                todo = f"{todo} {_('US carriers block what is not registered.')}"
            return SetupItem("registration", Mark.missing, title, _("Nobody has said that it is registered."), todo)
        since = format_date(location.registered_on, "medium") if location.registered_on else ""
        words = _("%(kind)s, since %(day)s.", kind=str(REGISTRATIONS[location.registration]), day=since)
        return SetupItem("registration", Mark.good, title, words)

    def _webhook(self) -> SetupItem:
        title, found, address = _("The address for incoming texts"), self._found("webhook"), self.webhook_address
        todo = _("At the provider, open the number, and under “A message comes in” paste this address as a webhook with HTTP POST.")
        if found.code == "elsewhere":
            words = _("The provider sends what customers write to %(address)s, not to us.", address=found.note)
            return SetupItem("webhook", Mark.wrong, title, words, todo, address)
        if found.code == "nowhere":
            words = _("The provider sends what customers write nowhere: neither answers nor STOP arrive.")
            return SetupItem("webhook", Mark.wrong, title, words, todo, address)
        if found.code == "by_get":
            return SetupItem("webhook", Mark.wrong, title, _("The provider calls it by HTTP GET."), _("Choose HTTP POST there."), address)
        if found.code == "good" and found.note == address:
            return SetupItem("webhook", Mark.good, title, _("What customers write arrives here."), exact=address)
        return SetupItem("webhook", Mark.unchecked, title, _("Not known: nobody has looked at the provider yet."), todo, address)

    def _consent(self) -> SetupItem:
        word = self.shop.location.consent_keyword
        ways = [_("a form on paper or tablet"), _("their own page"), _("the QR code at the counter"), _("texting %(word)s", word=word)]
        if self.shop.location.spoken_consent:
            ways.insert(0, _("a spoken yes, for appointment and repair"))
        words = _("Customers agree by: %(ways)s. Without that no text goes to them.", ways=", ".join(ways))
        return SetupItem("consent", Mark.good, _("Ways to agree to texts"), words)

    def _price(self) -> SetupItem:
        title = _("What a segment costs")
        if self.shop.location.segment_price is None:
            todo = _("Copy it from the provider's price list, under Registration and price.")
            return SetupItem("price", Mark.advised, title, _("Not known: the Messages window counts segments without a price."), todo)
        return SetupItem("price", Mark.good, title, _("The Messages window shows what a text costs before it is sent."))
