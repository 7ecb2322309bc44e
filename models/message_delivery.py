"""How a message gets on: what the rules say to it, who takes it for sending, and what the provider makes of it."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql.base import ExecutableOption

from models import clock, sending_rules
from models.actor import Actor
from models.base import Base, db
from models.delivery import Delivery, after
from models.entry import record
from models.handover import later, touch
from models.introduction import forget_introduction, introduce
from models.owned import ShopOwned
from models.refused import Refused
from models.rule_sentences import sentence

if TYPE_CHECKING:
    from models.shop import Shop

LOOK_AFTER = timedelta(seconds=30)  # a report usually comes by itself; then the provider is asked, less and less often
ONCE_MORE = timedelta(minutes=15)  # until a phone that was off or out of reach is tried a second time
OPTED_OUT = "21610"  # the provider's code: the recipient told it STOP


class Deliverable(ShopOwned, Base):
    """What a message is besides its words: a state, moments, an id of the provider's."""

    __abstract__ = True

    channel: Mapped[str]  # text or email
    address: Mapped[str]  # the other side's number or e-mail address
    state: Mapped[Delivery] = mapped_column(default=Delivery.planned)
    state_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    claimed_at: Mapped[datetime | None] = mapped_column(default=None)
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    delivered_at: Mapped[datetime | None] = mapped_column(default=None)
    attempts: Mapped[int] = mapped_column(default=0)
    provider_id: Mapped[str | None] = mapped_column(index=True, default=None)
    failure: Mapped[str] = mapped_column(default="")  # the provider's code, or our own word
    trace: Mapped[list[Any]] = mapped_column(default=list)  # the rules tried: [rule, passed, note]

    if TYPE_CHECKING:
        shop: Mapped[Shop]

        @classmethod
        def whole(cls) -> tuple[ExecutableOption, ...]: ...
        @property
        def is_only_good_now(self) -> bool: ...

    # the rules

    def submit(self, asked: "sending_rules.Rules | None" = None) -> None:
        """Ask the rules, keep what they said, and act on it. ``asked``: what was asked for many at once."""
        self._obey(sending_rules.judge(self, asked))  # type: ignore[arg-type]  # whatever is deliverable is a message

    def _obey(self, verdict: sending_rules.Verdict) -> None:
        self.trace = verdict.trace
        if verdict.until:
            self.due_at = verdict.until
        if verdict.allowed and self.due_at <= clock.now():
            if self.advance("queue"):
                later("jobs.messages.drain")
        elif verdict.allowed or verdict.until:
            self.advance("postpone")
        else:
            self.advance("cancel" if verdict.outdated else "hold")

    def reconsider(self) -> None:
        """A reason that held it back may be gone."""
        if self.state is Delivery.held:
            self.submit()

    def still_goes(self) -> bool:
        """Ask the rules once more about what no worker takes (a postcard before it is printed); what they stop goes no further."""
        verdict = sending_rules.judge(self)  # type: ignore[arg-type]
        if not verdict.allowed:
            self._obey(verdict)
        return verdict.allowed

    def hold(self, rule: str) -> None:
        """Keep it from going, because of ``rule`` (an opt-out), whatever the rules said before."""
        if self.advance("hold"):
            self.trace = [*self.trace, [rule, False, ""]]

    def call_off(self, rule: str = "still_stands") -> bool:
        """Its reason is gone (``rule`` says which): it does not go if it has not gone yet. Returns whether it was stopped."""
        stopped = self.advance("cancel")
        if stopped:
            self.trace = [*(tried for tried in self.trace if tried[0] != rule), [rule, False, ""]]
        return stopped

    @property
    def why(self) -> list[tuple[str, bool, str]]:
        """The rules that were tried, whether each let it pass, and a sentence."""
        return [(rule, passed, sentence(rule, passed, note, self.shop.country)) for rule, passed, note in self.trace]

    @property
    def held_by(self) -> str:
        """The sentence of the rule that holds it back."""
        return next((words for _rule, passed, words in reversed(self.why) if not passed), "")

    # sending

    @classmethod
    def due(cls, channel: str, limit: int, besides: Collection[int] = ()) -> Sequence[Self]:
        """What may be claimed now, oldest first, with all that the rules look at; what another worker has in hand is left to it.

        To be asked in a session that knows nothing yet.
        """
        query = select(cls).where(cls.state == Delivery.queued, cls.due_at <= clock.now(), cls.channel == channel, cls.id.not_in(besides))
        query = query.order_by(cls.due_at, cls.id).limit(limit).options(*cls.whole())
        return db.session.scalars(query.with_for_update(skip_locked=True, of=cls)).all()

    @classmethod
    def claim_all(cls, messages: Sequence[Self]) -> list[Self]:
        """Ask the rules once more and take for sending what they let go; of any number of workers one gets each. Returns what was taken.

        Commits, so that no transaction is open while the provider is called.
        """
        from models.asked_at_once import asked_at_once

        now, asked = clock.now(), asked_at_once(messages)  # type: ignore[arg-type]
        willing = {}
        for message in messages:
            verdict = sending_rules.judge(message, asked)  # type: ignore[arg-type]
            if verdict.allowed:
                willing[message.id] = verdict.trace
            else:
                message._obey(verdict)
        # the hour counts too: meanwhile another worker may have tried it and been told to come back later
        claim = update(cls).where(cls.id.in_(willing), cls.state == Delivery.queued, cls.due_at <= now)
        claim = claim.values(state=Delivery.sending, state_at=now, claimed_at=now, attempts=cls.attempts + 1)
        taken = set(db.session.scalars(claim.returning(cls.id).execution_options(synchronize_session=False))) if willing else set()
        db.session.commit()
        claimed = [message for message in messages if message.id in taken]
        for message in claimed:
            _now_is(message, state=Delivery.sending, state_at=now, claimed_at=now, attempts=message.attempts + 1)
            if message.trace != willing[message.id]:
                message.trace = willing[message.id]
        # in a transaction of its own: a row changed twice in one has PostgreSQL lock its visit too, which may be held by who waits for us
        introduce(claimed)  # type: ignore[arg-type]
        db.session.commit()
        return claimed

    def claim(self) -> bool:
        """Like ``claim_all``, for this one alone."""
        return bool(self.claim_all([self])) if self.state is Delivery.queued else False

    def advance(self, event: str, **values: Any) -> bool:
        """Let ``event`` happen: the row goes where the table says, whoever else moves it meanwhile. Returns whether it moved."""
        table = type(self).__table__
        while True:
            state = after(self.state, event)
            if state is self.state:
                return False
            change: dict[str, Any] = {"state": state, "state_at": clock.now(), **values}
            if self.id is None:  # it is not written yet: nobody else can move it
                for name, value in change.items():
                    setattr(self, name, value)
                return self._moved()
            moved = db.session.execute(
                update(table).where(table.c.id == self.id, table.c.state == self.state).values(change)  # type: ignore[arg-type]
            )
            if moved.rowcount == 1:  # type: ignore[attr-defined]
                _now_is(self, **change)
                return self._moved()
            db.session.refresh(self, list(change))

    def _moved(self) -> bool:
        touch(self.shop_id, "messages")
        touch(self.shop_id, "appointments")
        return True

    # what came of it

    def accepted(self, provider_id: str) -> None:
        """The provider took it; a report of it may have come before this answer, and has said all this already."""
        self.advance("accept", failure="", provider_id=provider_id, sent_at=self.sent_at or clock.now())

    def arrived(self) -> None:
        self.advance("deliver", failure="", sent_at=self.sent_at or clock.now(), delivered_at=clock.now())

    def refused(self, code: str) -> None:
        """It will not arrive, and trying again would not help."""
        is_news = self.advance("refuse", failure=code)
        forget_introduction(self)  # type: ignore[arg-type]
        if code == OPTED_OUT:
            from models.opt_out import opt_out

            opt_out(self.shop, self.address, source="provider", wording=code, by=Actor("provider", "Twilio"))
        if is_news:
            from models.mail_instead import mail_instead

            mail_instead(self)  # type: ignore[arg-type]

    def came_back(self, code: str) -> None:
        """Mail that was taken was returned: whatever was reported before, it did not arrive."""
        self.advance("bounce", failure=code)

    def try_again(self, at: datetime, code: str) -> None:
        """The provider certainly did not take it: once more from ``at``."""
        self.advance("retry", due_at=at, failure=code)

    def once_more(self, code: str) -> bool:
        """The carrier reports that it did not arrive, for a reason that often passes: once more in a while, if the rules still let it go.

        False where that makes no sense: it is only good at once, or it has moved on meanwhile.
        """
        if self.is_only_good_now or not self.advance("again", due_at=clock.now() + ONCE_MORE, failure=code, provider_id=None):
            return False
        forget_introduction(self)  # type: ignore[arg-type]
        return True

    def lost(self) -> None:
        """Whether the provider took it can't be known: it is never resent by itself."""
        self.advance("lose", failure="unknown", due_at=clock.now() + LOOK_AFTER)

    def asked_in_vain(self) -> None:
        """The provider knew nothing of it (yet): ask again when as much time has passed once more."""
        self.due_at = clock.now() + max(clock.now() - self.state_at, LOOK_AFTER)

    def settle_unknown(self, went: bool, *, by: Actor) -> None:
        """A person found out. Raises Refused: it isn't unknown (any more)."""
        if self.state is not Delivery.unknown or not self.advance("accept" if went else "refuse", failure="" if went else "not_sent"):
            raise Refused(_("This message is not unknown any more."))
        if went:
            self.sent_at = self.sent_at or clock.now()
        record(self, "message.settled", by, went=went)


def _now_is(message: Deliverable, **values: Any) -> None:
    """What was just written by a statement of its own is so in memory too, without asking the database."""
    for name, value in values.items():
        set_committed_value(message, name, value)
