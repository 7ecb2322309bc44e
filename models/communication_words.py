"""What a record of the communication log says. Items are called as the customer saw them; the name of a hidden one is not told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from models.answer import Chosen, words_of
from models.communication import Communication
from models.moments import moment
from models.money import Money, shown
from models.shop import Shop

Titles = Mapping[tuple[int, int], str]  # by the overview's version and the work item

KINDS = {  # what happened, and its icon
    "sent": (_l("Overview sent"), "sent"),
    "opened": (_l("Overview opened"), "opened"),
    "answered": (_l("Overview answered"), "delivered"),
    "attached": (_l("Picture or video sent by the customer"), "photo"),
    "oral": (_l("Authorised by word of mouth"), "phone"),
    "authorised": (_l("Thumbs set"), "check"),
    "unauthorised": (_l("Thumbs undone"), "again"),
    "shared": (_l("Shown to the mechanic"), "wrench"),
    "unshared": (_l("No longer shown to the mechanic"), "cross"),
    "erased": (_l("Personal values erased"), "cancelled"),
}
_CHANNELS = {"text": _l("by text"), "email": _l("by e-mail")}
_PHONES = ("Mobile", "Android", "iPhone", "iPad")


@dataclass(frozen=True, slots=True)
class Words:
    """How to put the records of one order."""

    titles: Titles
    shop: Shop

    def details(self, record: Communication) -> list[str]:
        """One sentence a thing that was said or done; none where the kind says it all."""
        found, personal = _DETAILS[record.kind](self, record.facts) if record.kind in _DETAILS else [], record.personal
        quoted = [_("“%(words)s”", words=personal[field]) for field in ("comment", "words") if field in personal]
        return [*found, *quoted]

    def _called(self, item: int, version: int | None = None) -> str:
        """What the customer saw it called, in that version or at last."""
        seen = [title for (of, about), title in sorted(self.titles.items()) if about == item and version in (None, of)]
        return seen[-1] if seen else _("an item that was not shown to the customer")

    def _money(self, minor: int, currency: str = "") -> str:
        return shown(Money(minor, currency or self.shop.currency))

    def _sent(self, facts: Mapping[str, Any]) -> list[str]:
        named = [self._called(item, facts["version"]) for item, _fingerprint in facts["items"]]
        count = ngettext("%(num)s item", "%(num)s items", len(named))
        return [f"{_CHANNELS.get(facts['channel'], '')}, {count}: {'; '.join(named)}".lstrip(", ")]

    def _answered(self, facts: Mapping[str, Any]) -> list[str]:
        said = [f"{self._called(item, facts['version'])}: {_chosen(word)}" for item, word in facts["answers"]]
        amount = self._money(facts["amount"], facts["currency"])
        return [*said, _("Receipt %(number)s, %(amount)s authorised", number=facts["receipt"], amount=amount)]

    def _oral(self, facts: Mapping[str, Any]) -> list[str]:
        named, amount = "; ".join(map(self._called, facts["items"])), self._money(facts["amount"], facts["currency"])
        said_at = moment(datetime.fromisoformat(facts["said_at"]), self.shop)
        return [named, _("Up to %(amount)s, said at %(when)s, noted by %(name)s", amount=amount, when=said_at, name=facts["by"])]

    def _attached(self, facts: Mapping[str, Any]) -> list[str]:
        return [_("with answer %(number)s", number=facts["receipt"])]

    def _thumbs(self, facts: Mapping[str, Any]) -> list[str]:
        lines = []
        for item, up, amount in facts["thumbs"]:
            title, price = self._called(item), self._money(amount)
            lines.append(_("Up: %(title)s, %(amount)s", title=title, amount=price) if up else _("Down: %(title)s", title=title))
        return [*lines, _("by %(name)s", name=facts["by"])]

    def _shared(self, facts: Mapping[str, Any]) -> list[str]:
        files = ngettext("%(num)s picture or video", "%(num)s pictures or videos", len(facts["files"])) if facts["files"] else ""
        what = [_("the remark")] * facts["remark"] + [files] * bool(files)
        return [_("%(what)s of %(number)s, by %(name)s", what=", ".join(what), number=facts["receipt"], name=facts["by"])]

    def _erased(self, facts: Mapping[str, Any]) -> list[str]:
        return [_("of the records %(numbers)s", numbers=", ".join(map(str, facts["records"])))]


_DETAILS: dict[str, Callable[[Words, Mapping[str, Any]], list[str]]] = {
    "sent": Words._sent,
    "attached": Words._attached,
    "answered": Words._answered,
    "oral": Words._oral,
    "authorised": Words._thumbs,
    "unauthorised": Words._thumbs,
    "shared": Words._shared,
    "unshared": Words._shared,
    "erased": Words._erased,
}


def label(kind: str) -> str:
    return str(KINDS[kind][0]) if kind in KINDS else kind.replace("_", " ").capitalize()


def device(agent: str) -> str:
    """What kind of device a browser says that it is on."""
    return _("on a phone or tablet") if any(word in agent for word in _PHONES) else _("on a computer")


def _chosen(word: str) -> str:
    chosen = Chosen.read(word)
    return words_of(chosen) if chosen else ""


def joined(sentences: Sequence[str]) -> str:
    return " · ".join(sentence.replace("\n", " ") for sentence in sentences)
