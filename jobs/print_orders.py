"""Postcards going to a print service: handed over card by card, looked up where it isn't known, called off, reported on."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from functools import partial

import structlog
from flask import current_app

from jobs.each import each
from jobs.gateways import FateUnknown, Undelivered, print_service
from jobs.gateways.print_service import OutgoingCard
from jobs.messages import Shift
from jobs.print_cards import outgoing
from jobs.sending import BACK_OFF, HANDFULS, Line, Outcome
from models import Message, PrintedCard, PrintReport, PrintService, clock, db, later
from models.letter_kind import POSTCARD

log = structlog.get_logger()
PAUSE = 300  # seconds, where the service does not say how long


class CardLine(Line):
    """Hands over one card after the other, a few at once; a shop whose service takes none just now is left alone for a while."""

    def __init__(self) -> None:
        super().__init__(POSTCARD, print_service)
        self.blocked: set[int] = set()

    def due(self, besides: Collection[int]) -> Sequence[Message]:
        return PrintedCard.due(HANDFULS[POSTCARD], besides, self.blocked)

    def claim(self, messages: Sequence[Message]) -> list[Message]:
        claimed = super().claim(messages)
        for card in PrintedCard.of_all(claimed).values():
            card.tried()
        db.session.commit()
        return claimed

    def outgoing(self, message: Message) -> OutgoingCard:
        return outgoing(message)

    def _call(self, card: object, message_id: int) -> Outcome:
        assert isinstance(card, OutgoingCard)
        try:
            taken = print_service.send(card)
        except Undelivered as problem:
            return partial(self._not_taken, problem)
        except FateUnknown:
            return Message.lost
        except Exception:
            log.exception("answer not understood", message=message_id)
            return Message.lost
        return lambda message: _card(message).taken(taken.id, taken.price, taken.expected_on)

    def _not_taken(self, problem: Undelivered, message: Message) -> None:
        _card(message).said = getattr(problem, "said", "")
        if problem.permanent:
            message.refused(problem.code)
            return
        seconds = problem.retry_after or BACK_OFF[min(message.attempts, len(BACK_OFF)) - 1]
        message.try_again(clock.now() + timedelta(seconds=seconds), problem.code)
        service = PrintService.of(message.shop)
        if service and not service.is_paused:  # whatever it is (key, money, too many), the shop's next card would meet it too
            service.pause(clock.now() + timedelta(seconds=problem.retry_after or PAUSE), problem.code)
        self.blocked.add(message.shop_id)


def drain() -> None:
    """Hand over all that is due. Any number of drains may run at once: each card is claimed by one of them."""
    db.session.commit()
    shift, line = Shift(current_app.extensions["queues"]), CardLine()
    line.run(shift.goes_on)
    if shift.over:
        later("jobs.print_orders.drain")
        db.session.commit()
    if line.mistakes:
        raise line.mistakes[0]


def look_up() -> None:
    """Ask the service what it knows of cards whose fate is unknown. What it does not have is handed over again under the same key, as
    long as the service knows that key; after that a person decides."""
    each(PrintedCard, PrintedCard.unclear_ids(), _look_up)
    print_service.hang_up()


def _look_up(card: PrintedCard) -> None:
    service = PrintService.of(card.message.shop)
    if card.message.state != "unknown" or service is None or not service.key:
        return
    account, uid = service.account, card.message.uid
    db.session.commit()  # no transaction is open while the service is called
    try:
        found = print_service.find(account, uid, card.former_ids)
    except (Undelivered, FateUnknown):
        card.message.asked_in_vain()
        return
    if found:
        card.taken(found, None, None)
    elif not card.is_safe or not card.message.advance("again", due_at=clock.now()):
        card.message.asked_in_vain()
    else:
        later("jobs.print_orders.drain")


def withdraw(card_id: int) -> None:
    """Call it off at the service, which may be asked twice; where it can't be asked just now, the ticker brings it up again."""
    card = db.session.get(PrintedCard, card_id)
    service = PrintService.of(card.message.shop) if card else None
    if card is None or service is None or card.withdrawal_at is None or not card.message.provider_id:
        return
    account, provider_id = service.account, card.message.provider_id
    db.session.commit()
    try:
        gone = print_service.withdraw(account, provider_id)
    except (Undelivered, FateUnknown) as problem:
        log.info("card not called off yet", card=card_id, problem=type(problem).__name__)
        card.asked_in_vain(timedelta(seconds=getattr(problem, "retry_after", None) or PAUSE))
        db.session.commit()
        return
    finally:
        print_service.hang_up()
    card.withdrawn(gone)
    db.session.commit()


def hear() -> None:
    """Work on all that was reported."""
    each(PrintReport, PrintReport.waiting_ids(), PrintReport.work)


def _card(message: Message) -> PrintedCard:
    card = PrintedCard.of(message)
    assert card
    return card
