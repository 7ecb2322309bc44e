"""What a shop's own name needs to work, and how far it has come: the checklist of Settings, Own name."""

from ipaddress import ip_address
from typing import TYPE_CHECKING

from flask import current_app
from flask_babel import gettext as _

from models.host_name import main_host
from models.setup_check import HOST, Finding, SetupCheck
from models.setup_item import Mark, SetupItem
from settings import Settings

if TYPE_CHECKING:
    from models.shop import Shop


class OwnHostSetup:
    def __init__(self, shop: "Shop") -> None:
        self.shop, self.own = shop, shop.own_host
        self.check = SetupCheck.newest(shop, HOST) if self.own else None
        self.name = self.own.name if self.own else ""
        self.main = main_host()

    @property
    def items(self) -> list[SetupItem]:
        return [self._dns(), self._proxy(), self._use()] if self.own else []

    @property
    def looking(self) -> str:
        return self.check.now_looking_at if self.check else ""

    @property
    def found(self) -> str:
        """What is at the address; empty where nobody has looked."""
        return self.own.finding if self.own else ""

    def _found(self, step: str) -> Finding:
        return (self.check.found(step) if self.check else None) or Finding(step, "unchecked")

    def _dns(self) -> SetupItem:
        """What to enter where the domain is kept, and what is there."""
        title, found = _("A record in DNS"), self._found("dns")
        todo = _("At whoever keeps your domain, add this record. It may take an hour until all see it.")
        if _is_address(self.main):
            record = f"{self.name}. {'AAAA' if ':' in self.main else 'A'} {self.main}"
        else:
            record = f"{self.name}. CNAME {self.main}."
            if self.name.count(".") == 1:
                todo += " " + _("For a domain without anything before it many call this kind ALIAS or ANAME.")
        answers = {
            "good": (Mark.good, _("The name leads to %(addresses)s.", addresses=found.note.replace(" ", ", ")), ""),
            "none": (Mark.missing, _("The name leads nowhere yet."), todo),
            "silent": (Mark.unchecked, _("DNS did not answer when we looked."), _("Check again in a minute.")),
        }
        mark, words, todo = answers.get(found.code, (Mark.unchecked, _("Nobody has looked yet."), todo))
        return SetupItem("dns", mark, title, words, todo, record)

    def _proxy(self) -> SetupItem:
        """What the machine before us has to do, and whether it does."""
        title, code = _("The way to this installation"), self.found
        operator = _(
            "Ask the operator of this installation: the proxy that ends TLS must take requests for this name, have a certificate for it, "
            "and pass the name on in the header Host."
        )
        answers = {
            "good": (Mark.good, _("Whoever opens the name arrives here."), ""),
            "silent": (Mark.wrong, _("Nobody answers under this name."), operator),
            "certificate": (Mark.wrong, _("The certificate there is not one for this name, so browsers warn of it."), operator),
            "renamed": (Mark.wrong, _("The name leads here, but on the way it is replaced by another one."), operator),
            "elsewhere": (Mark.wrong, _("Somebody else answers under this name."), operator),
            "inside": (Mark.wrong, _("The name leads into a private network, where customers can't follow."), operator),
            "nowhere": (Mark.missing, _("The record in DNS comes first."), operator),
        }
        mark, words, todo = answers.get(code, (Mark.unchecked, _("Nobody has looked yet."), operator))
        settings: Settings = current_app.extensions["settings"]
        example = f"{self.name} {{\n    reverse_proxy localhost:{settings.port}\n}}" if todo and settings.secure else ""
        return SetupItem("page", mark, title, words, todo, example)

    def _use(self) -> SetupItem:
        title, own = _("Links are made with it"), self.own
        if own and own.is_on:
            return SetupItem("use", Mark.good, title, _("Customers get links like this one."), exact=f"{own.base_url}/v/…")
        words = _("Not so far: customers get links to %(name)s.", name=self.main)
        if own and own.on_at:
            words = _("No longer: customers get links to %(name)s. Those that were sent before still work.", name=self.main)
        return SetupItem("use", Mark.waiting, title, words, _("Switch it on as soon as the name leads here.") if own else "")


def _is_address(host: str) -> bool:
    try:
        return ip_address(host) is not None
    except ValueError:
        return False
