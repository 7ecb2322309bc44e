"""How a message gets on: what the rules say to it, who takes it for sending, and what the provider makes of it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm import Mapped, mapped_column

from models import clock, sending_rules
from models.actor import Actor
from models.base import Base, db
from models.delivery import Delivery, after
from models.entry import record
from models.handover import later, touch
from models.owned import ShopOwned
from models.refused import Refused

if TYPE_CHECKING:
    from models.shop import Shop

LOOK_AFTER = timedelta(seconds=30)  # a report usually comes by itself; then the provider is asked, less and less often
OPTED_OUT = "21610"  # the provider's code: the recipient told it STOP


class Deliverable(ShopOwned, Base):
    """What a message is besides its words: a state, moments, an id of the provider's."""

    __abstract__ = True

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

    # the rules

    def submit(self) -> None:
        """Ask the rules, keep what they said, and act on it."""
        verdict = self._judged()
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

    def hold(self, rule: str) -> None:
        """Keep it from going, because of ``rule`` (an opt-out), whatever the rules said before."""
        if self.advance("hold"):
            self.trace = [*self.trace, [rule, False, ""]]

    def call_off(self) -> None:
        """Its reason is gone: it does not go if it has not gone yet."""
        self.advance("cancel")

    def _judged(self) -> sending_rules.Verdict:
        return sending_rules.judge(self)  # type: ignore[arg-type]  # whatever is deliverable is a message

    @property
    def why(self) -> list[tuple[str, bool, str]]:
        """The rules that were tried, whether each let it pass, and a sentence."""
        return [(rule, passed, sending_rules.sentence(rule, passed, note)) for rule, passed, note in self.trace]

    @property
    def held_by(self) -> str:
        """The sentence of the rule that holds it back."""
        return next((words for _rule, passed, words in reversed(self.why) if not passed), "")

    # sending

    def claim(self) -> bool:
        """Ask the rules once more and take it for sending; of any number of workers one succeeds.

        Commits, so that no transaction is open while the provider is called.
        """
        if self.state is not Delivery.queued:
            return False
        verdict, now = self._judged(), clock.now()
        if not verdict.allowed:
            self.submit()
            db.session.commit()
            return False
        # the hour counts too: meanwhile another worker may have tried it and been told to come back later
        taken = db.session.execute(
            update(type(self))
            .where(type(self).id == self.id, type(self).state == Delivery.queued, type(self).due_at <= now)
            .values(state=Delivery.sending, state_at=now, claimed_at=now, attempts=type(self).attempts + 1, trace=verdict.trace)
            .execution_options(synchronize_session=False)
        )
        won = bool(taken.rowcount == 1)  # type: ignore[attr-defined]
        if won:
            db.session.refresh(self, ["state", "state_at", "claimed_at", "attempts", "trace"])
        db.session.commit()
        return won

    def advance(self, event: str, **values: Any) -> bool:
        """Let ``event`` happen: the row goes where the table says, whoever else moves it meanwhile. Returns whether it moved."""
        while True:
            state = after(self.state, event)
            if state is self.state:
                return False
            change: dict[str, Any] = {"state": state, "state_at": clock.now(), **values}
            moved = db.session.execute(
                update(type(self))
                .where(type(self).id == self.id, type(self).state == self.state)
                .values(change)
                .execution_options(synchronize_session=False)
            )
            db.session.refresh(self, list(change))
            if moved.rowcount == 1:  # type: ignore[attr-defined]
                touch(self.shop_id, "messages")
                touch(self.shop_id, "appointments")
                return True

    # what came of it

    def accepted(self, provider_id: str) -> None:
        """The provider took it; a report of it may have come before this answer."""
        self.provider_id = provider_id
        self.sent_at = self.sent_at or clock.now()
        self.advance("accept", failure="")

    def arrived(self) -> None:
        self.sent_at = self.sent_at or clock.now()
        self.advance("deliver", delivered_at=clock.now(), failure="")

    def refused(self, code: str) -> None:
        """It will not arrive, and trying again would not help."""
        self.advance("refuse", failure=code)
        if code == OPTED_OUT:
            from models.opt_out import opt_out

            opt_out(self.shop, self.address, source="provider", wording=code, by=Actor("provider", "Twilio"))

    def try_again(self, at: datetime, code: str) -> None:
        """The provider certainly did not take it: once more from ``at``."""
        self.advance("retry", due_at=at, failure=code)

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
