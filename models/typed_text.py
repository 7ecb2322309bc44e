"""A text that somebody of the shop types: to one number, with its consent, once however often the button is pressed."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from models import clock
from models.actor import Actor
from models.base import kept
from models.message import Message
from models.message_media import MessageMedia
from models.refused import Refused
from models.segments import plain

if TYPE_CHECKING:
    from models.thread import Thread
    from models.visit import Visit

LONGEST = 1600  # characters, as Twilio takes them
KIND = "typed"
_BLANK = re.compile(r"\[[^\[\]\n]{1,60}\]|\{\w*\}")


def key_after(key: str) -> str:
    """The key of the text that is typed after this one."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class TypedText:
    """``key`` is the window's own, new for each text; ``seen`` the id of the newest message that the writer saw.

    ``media`` goes with it, or as links at its end where the number's carriers don't take it.
    """

    body: str
    key: str
    seen: int = 0
    anyway: bool = False  # the writer knows that a colleague has answered meanwhile
    media: Sequence[MessageMedia] = ()

    def send(self, thread: "Thread", *, by: Actor, visit: "Visit | None" = None) -> Message:
        """Write it and hand it to the rules; the same key and words again give the same message.

        Raises Refused: nothing is written, it is too long, a blank is not filled in, the number can't get texts, there is no consent,
        a file is not ready, or a colleague has answered since the writer looked.
        """
        _carried, linked = MessageMedia.split(thread.shop, thread.number, self.media)
        body = self.whole(linked)
        if known := Message.keyed(self._dedupe_key(thread)):
            if plain(self.body.strip()) in known.body:  # which may have been introduced, or have links at its end
                return known
            return replace(self, key=key_after(self.key)).send(thread, by=by, visit=visit)  # typed in a form that had been sent before
        self._check(thread, body, by)
        message = self._message(thread, body, by, visit)
        if not kept(message):  # the second click of two, in the same moment
            return Message.keyed(self._dedupe_key(thread)) or message
        for media in self.media:
            media.go_with(message, by_link=media in linked)
        message.submit()
        thread.said()
        return message

    def whole(self, linked: Sequence[MessageMedia]) -> str:
        """The words as they go, with the addresses of what can't go with them."""
        return "\n".join(filter(None, [plain(self.body.strip()), *(media.url() for media in linked)]))

    def is_written(self, thread: "Thread") -> bool:
        return Message.keyed(self._dedupe_key(thread)) is not None

    @classmethod
    def free_key(cls, thread: "Thread", key: str) -> str:
        """That key, or the next one after it under which nothing has gone yet: whoever asks, before or after, is told the same."""
        while cls("", key).is_written(thread):
            key = key_after(key)
        return key

    def _dedupe_key(self, thread: "Thread") -> str:
        return f"thread:{thread.id}:{self.key}"

    def _check(self, thread: "Thread", body: str, by: Actor) -> None:
        thread.must_be_textable()
        if not body and not self.media:
            raise Refused(_("Write something first."), field="body")
        if waiting := next((media for media in self.media if not media.is_ready), None):
            raise Refused(waiting.why_refused or _("%(name)s is not ready yet.", name=waiting.spoken), field="files")
        if len(body) > LONGEST:
            raise Refused(
                _("Please keep it under %(count)s characters; it has %(length)s.", count=LONGEST + 1, length=len(body)), field="body"
            )
        if blank := _BLANK.search(body):
            raise Refused(_("Fill in %(blank)s first, or take it out.", blank=blank.group()), field="body")
        if not self.anyway and (answer := thread.answer_after(self.seen, by)):
            words = _("%(name)s has answered meanwhile. Read it, then send yours if it is still needed.", name=answer.actor_name)
            raise Refused(words, field="anyway", warnings=frozenset({"anyway"}))

    def _message(self, thread: "Thread", body: str, by: Actor, visit: "Visit | None") -> Message:
        customers = thread.customers
        customer = visit.customer if visit else customers[0] if len(customers) == 1 else None
        return Message(
            shop_id=thread.shop_id,
            shop=thread.shop,
            dedupe_key=self._dedupe_key(thread),
            channel="text",
            kind=KIND,
            address=thread.number,
            customer=customer,
            visit=visit,
            body=body,
            due_at=clock.now(),
            language=(customer.language if customer else None) or thread.shop.language,
            actor_kind=by.kind,
            actor_name=by.name,
        )
