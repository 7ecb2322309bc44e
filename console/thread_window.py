"""What the Messages window of a thread shows, and what came from its form."""

import secrets
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property

from babel.numbers import format_currency
from flask import g, url_for

from console.figures import locale
from console.words import waiting
from models import (
    ConsentFact,
    Customer,
    Introduction,
    Message,
    MessageMedia,
    NotFound,
    QuickReply,
    StopAlarm,
    Thread,
    ThreadDraft,
    TypedText,
    Visit,
)
from models.consent import Consent
from models.customer_contact import CustomerPhone
from models.introduction import LONGEST, introducing
from models.mail_instead import mails_instead
from models.segments import Segments
from models.segments import segments as count_segments
from models.wording import answer

MOST = 60  # texts at a time


class ThreadWindow:
    """``values`` are the address's or the form's: ``visit`` whose ticket it was opened from, ``since`` where the new ones began."""

    def __init__(self, thread: Thread, values: Mapping[str, str]) -> None:
        self.thread, self.values = thread, values

    # the conversation

    @cached_property
    def texts(self) -> Sequence[Message]:
        newest = self.thread.texts(self._number("before"), MOST)
        if self.hit and newest and self.hit < newest[0].id:
            return self.thread.texts(self.hit + 1, MOST)
        return newest

    @cached_property
    def mails_instead(self) -> dict[int, Message]:
        """What went by e-mail because the text did not arrive, by the text."""
        return mails_instead(self.texts)

    @cached_property
    def hit(self) -> int | None:
        """The id of the text that was looked for, which is shown wherever in the history it stands."""
        return self._number("hit")

    @property
    def is_past(self) -> bool:
        """Whether newer texts than these have been left out."""
        return bool(self.texts and self.hit == self.newest != self.thread.newest)

    @property
    def earlier(self) -> int | None:
        """The id before which there is more to be read."""
        return self.texts[0].id if len(self.texts) == MOST else None

    @cached_property
    def new_from(self) -> int | None:
        """Where the new ones began when the window was opened: the line stays while they are read."""
        return self._number("since") or self.thread.first_unread(self.texts)

    @cached_property
    def media(self) -> dict[int, list[MessageMedia]]:
        """What went and came with these texts, by the text's id."""
        return MessageMedia.of(self.texts)

    @property
    def newest(self) -> int:
        return self.texts[-1].id if self.texts else 0

    @cached_property
    def alarms(self) -> Sequence[StopAlarm]:
        """What may mean stop and nobody has decided."""
        number = self.thread.number
        return StopAlarm.open_at(self.thread.shop, number) if number in waiting().alarms else ()

    # whose it is

    @cached_property
    def customers(self) -> Sequence[Customer]:
        return self.thread.customers

    @cached_property
    def visit(self) -> Visit | None:
        """The ticket that it was opened from."""
        wanted = self._number("visit")
        return g.shop.visit(wanted) if wanted else None

    @cached_property
    def numbers(self) -> Sequence[CustomerPhone]:
        """The customer's numbers, of which a text could go to another."""
        return self.customer.phones if self.customer else []

    # writing

    @cached_property
    def consent(self) -> ConsentFact | None:
        return Consent.of(self.thread.shop, self.thread.number)

    @cached_property
    def may_text(self) -> bool:
        return bool(self.consent and self.consent.given and Consent.enough(self.thread.shop, self.consent))

    @cached_property
    def key(self) -> str:
        """The text's own, so that two clicks send one: the form's, or the one after it if that text has gone; else a new one."""
        key = self.values.get("key", "")
        return TypedText.free_key(self.thread, key) if _is_key(key) else secrets.token_hex(8)

    @cached_property
    def draft(self) -> str:
        draft = ThreadDraft.of(self.thread, g.me)
        return draft.body if draft else ""

    @cached_property
    def replies(self) -> Sequence[QuickReply]:
        return QuickReply.of(self.thread.shop)

    @cached_property
    def customer(self) -> Customer | None:
        """Whom one writes to: whose ticket it is, else who alone has the number."""
        return self.visit.customer if self.visit else self.customers[0] if len(self.customers) == 1 else None

    @property
    def language(self) -> str:
        return (self.customer.language if self.customer else None) or self.thread.shop.language

    def filled_in(self, reply: QuickReply) -> str:
        """The reply with what is known filled in; what is not known stays to be filled in."""
        vehicles = [self.visit.vehicle] if self.visit else self.customer.vehicles_in_use if self.customer else []
        return answer(self.thread.shop, reply, self.customer, vehicles[0] if len(vehicles) == 1 else None, self.visit)

    def with_words(self, words: str) -> str:
        """What is typed, and these words behind it."""
        return "\n".join(filter(None, (self.typed_text.body.strip(), words)))

    @cached_property
    def media_draft(self) -> Sequence[MessageMedia]:
        """What goes with the text that is being written."""
        return MessageMedia.draft(self.thread, g.me)

    @cached_property
    def media_split(self) -> tuple[list[MessageMedia], list[MessageMedia]]:
        """That, parted: what goes with it, and what goes as a link."""
        return MessageMedia.split(self.thread.shop, self.thread.number, self.media_draft)

    @property
    def typed_text(self) -> TypedText:
        """Raises NotFound: a form without its key is none of ours."""
        key = self.values.get("key", "")
        if not _is_key(key):
            raise NotFound("TypedText")
        body = self.values.get("body", "").replace("\r\n", "\n").replace("\0", "")
        return TypedText(body, key, seen=self._number("seen") or 0, anyway=self.values.get("anyway") == "1", media=self.media_draft)

    def length(self, body: str) -> Segments:
        """How long it is as it will go: in plain characters, with the links of files, and to a new number with who writes."""
        whole = TypedText(body, "").whole(self.media_split[1])
        first = introducing(self.thread.shop, self.language, whole) if whole and self.introduces else whole
        return count_segments(first if len(first) <= LONGEST else whole)

    @cached_property
    def introduces(self) -> bool:
        """Whether the next text is the first to this number, and so says whose it is and how to stop."""
        return Introduction.is_due(self.thread.shop, self.thread.number)

    @property
    def price(self) -> Decimal | None:
        return self.thread.shop.location.segment_price

    def price_of(self, segments: int) -> str:
        """What so many segments cost, as the provider's price list says; tenths of a cent count here."""
        shop = self.thread.shop
        cost = (self.price or Decimal(0)) * segments
        return format_currency(cost, shop.currency, "¤#,##0.00#", locale=locale(), currency_digits=False)

    # addresses

    def address(self, endpoint: str = "console.thread") -> str:
        return url_for(endpoint, id=self.thread.id, visit=self.visit.id if self.visit else None, since=self.new_from, hit=self.hit)

    @property
    def composer_address(self) -> str:
        """The box fetches itself under its own key: under a new one it would be another box, without what is being typed."""
        return url_for("console.composer", id=self.thread.id, visit=self.visit.id if self.visit else None, key=self.key)

    @property
    def back(self) -> str:
        """Where *Cancel* leads: the ticket, else the list of threads."""
        if self.visit and self.visit.work_order:
            return url_for("console.work_order", number=self.visit.work_order.number)
        return url_for("console.customer", id=self.visit.customer_id) if self.visit else url_for("console.messages")

    def _number(self, name: str) -> int | None:
        text = self.values.get(name, "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _is_key(text: str) -> bool:
    return 8 <= len(text) <= 32 and text.isascii() and text.isalnum()
