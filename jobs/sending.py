"""One kind of messages going out: claimed by the handful, sent at once, each recorded as soon as its outcome is known."""

import contextvars
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from datetime import timedelta
from functools import partial
from types import ModuleType
from typing import Any

import structlog
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from jobs.gateways import FateUnknown, Undelivered, mail, texts
from models import MailEvent, Message, clock, db, reading

log = structlog.get_logger()

GATEWAYS: dict[str, ModuleType] = {"text": texts, "email": mail}
# As many are claimed as go at once, so no more are in hand when a worker dies. Providers take tenths of a second to answer a text; there
# are mail servers that let a client have three sessions; and four postcards drawn at once keep a machine busy.
HANDFULS = {"text": 24, "email": 3, "postcard": 4}
BACK_OFF = (30, 120, 600, 1800, 3600)  # seconds until the next attempt
WRITE_AGAIN = (0.1, 0.5, 2, 5, 15, 30)  # seconds: what the provider said must not be lost to a database that is locked or restarts

Outcome = Callable[[Message], None]


class Line:
    """Sends the messages of one channel. ``mistakes`` are ours: each is logged, costs one message its turn, and no other."""

    def __init__(self, channel: str, gateway: ModuleType | None = None) -> None:
        self.channel, self.gateway = channel, gateway or GATEWAYS[channel]
        self.mistakes: list[Exception] = []

    def run(self, goes_on: Callable[[], bool]) -> None:
        """Send all that is due, as long as it may go on; in a database session of its own."""
        stubborn: set[int] = set()  # due, and yet not to be claimed
        try:
            with ThreadPoolExecutor(HANDFULS[self.channel]) as senders:
                while goes_on() and (messages := self.due(stubborn)):
                    claimed = self.claim(messages)
                    stubborn.update({message.id for message in messages} - {message.id for message in claimed})
                    self.send(claimed, senders)
                    db.session.expunge_all()
        except Exception as mistake:  # noqa: BLE001  it is told and raised in the end; the other channel goes on
            self._mistaken(mistake)
        finally:
            self.gateway.hang_up()

    def due(self, besides: Collection[int]) -> Sequence[Message]:
        """What may be claimed now."""
        return Message.due(self.channel, HANDFULS[self.channel], besides)

    def claim(self, messages: Sequence[Message]) -> list[Message]:
        """All in one go; where the rules stumble over one, each by itself."""
        try:
            return Message.claim_all(messages)
        except SQLAlchemyError:
            raise
        except Exception as mistake:  # noqa: BLE001
            db.session.rollback()
            if len(messages) > 1:
                return [claimed for message in messages for claimed in self.claim([message])]
            self._mistaken(mistake, message=messages[0].id)
            return []

    def send(self, messages: Sequence[Message], senders: ThreadPoolExecutor) -> None:
        """Hand these to the provider, with no transaction open meanwhile, and record what came of each."""
        with reading():
            calls = {message.id: self._prepared(message) for message in messages}
            db.session.commit()
        waiting = {senders.submit(contextvars.copy_context().run, call): message_id for message_id, call in calls.items()}
        while waiting:
            done, _others = wait(waiting, return_when=FIRST_COMPLETED)
            self._record({waiting.pop(one): one.result() for one in done})

    def _prepared(self, message: Message) -> Callable[[], Outcome]:
        """The call to the provider, made while the database is at hand; what it returns is to be recorded."""
        try:
            return partial(self._call, self.outgoing(message), message.id)
        except SQLAlchemyError as problem:
            db.session.rollback()
            self._mistaken(problem, message=message.id)
            return lambda: _undelivered(Undelivered("", permanent=False))
        except Exception:
            log.exception("message not put together", message=message.id)
            return lambda: _undelivered(Undelivered("unwritable", permanent=True))

    def outgoing(self, message: Message) -> object:
        """All that the call needs, read while the database is at hand."""
        return self.gateway.outgoing(message)

    def _call(self, outgoing: object, message_id: int) -> Outcome:
        try:
            provider_id: str = self.gateway.send(outgoing)
        except Undelivered as problem:
            return _undelivered(problem)
        except FateUnknown:
            return Message.lost
        except Exception:
            log.exception("answer not understood", message=message_id)
            return Message.lost
        return lambda message: message.accepted(provider_id)

    def _record(self, outcomes: Mapping[int, Outcome]) -> None:
        for pause in (*WRITE_AGAIN, None):
            try:
                for message_id, outcome in outcomes.items():
                    outcome(db.session.get_one(Message, message_id))
                db.session.commit()
            except OperationalError as problem:
                db.session.rollback()
                if pause is None:
                    raise
                log.warning("outcome not written yet", problem=str(problem.orig))
                time.sleep(pause)
            except Exception as mistake:  # noqa: BLE001
                db.session.rollback()
                for one in outcomes.items() if len(outcomes) > 1 else ():
                    self._record(dict([one]))
                if len(outcomes) == 1:
                    self._mistaken(mistake, message=next(iter(outcomes)))
                return
            else:
                return

    def _mistaken(self, mistake: Exception, **about: Any) -> None:
        log.error("not done", channel=self.channel, exc_info=mistake, **about)
        self.mistakes.append(mistake)


def _undelivered(problem: Undelivered) -> Outcome:
    if problem.permanent and problem.said:
        return lambda message: MailEvent.came_back(message.shop, message.address, message, "", problem.said)
    if problem.permanent:
        return lambda message: message.refused(problem.code)
    return lambda message: message.try_again(clock.now() + timedelta(seconds=problem.retry_after or _pause(message)), problem.code)


def _pause(message: Message) -> int:
    return BACK_OFF[min(message.attempts, len(BACK_OFF)) - 1]
