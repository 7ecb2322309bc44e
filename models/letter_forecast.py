"""Which letters will go until when, by which rules: the planner's own questions, asked of days that are yet to come. Nothing is kept."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from models import clock, sending_rules
from models.appointment import Appointment
from models.base import db
from models.bounced_address import BouncedAddress
from models.customer import Customer
from models.due_letters import Due, DueLetters
from models.letter import Letter
from models.letter_kind import CHANNELS
from models.letter_planning import address_for, customers_of
from models.letter_rules import LetterRules
from models.merge_fields import parts
from models.message import Message
from models.rule_sentences import sentence
from models.vehicle import Vehicle

if TYPE_CHECKING:
    from models.shop import Shop


@dataclass(frozen=True, slots=True)
class ForeseenLetter:
    at: datetime
    letter: Letter
    trace: sending_rules.Trace

    @property
    def rules(self) -> list[tuple[str, bool, str]]:
        """The rules that were tried, whether each let it pass, and a sentence."""
        tried = [(str(rule), bool(passed), str(note)) for rule, passed, note in self.trace]
        return [(rule, passed, sentence(rule, passed, note, self.letter.shop.country)) for rule, passed, note in tried]

    @property
    def stopped_by(self) -> str:
        """The sentence of the rule that stops it; empty: it goes."""
        return next((words for _rule, passed, words in self.rules if not passed), "")

    @property
    def message(self) -> Message:
        return self.letter.message


def foreseen_letters(
    rules: LetterRules, until: datetime, both: Mapping[str, LetterRules] | None = None, of: int | None = None
) -> Iterator[ForeseenLetter]:
    """What these rules write from now on, in order; each letter as its rules of sending will find it.

    ``both``: the rules of both channels in a dry run, instead of the shop's own. ``of``: to one customer alone.
    """
    both = both or LetterRules.both(rules.shop)
    for part in parts(DueLetters(rules.shop, both, until, sending=[rules], of=of).all):
        yield from foresee(part, both)


def foresee(due: Sequence[Due], both: Mapping[str, LetterRules], *, appointments: bool = True) -> list[ForeseenLetter]:
    """The letters of these occasions, in their order, in as many questions as one of them takes.

    ``appointments``: each with the one that it is about.
    """
    customers = customers_of({one.occasion.customer_id for one in due})
    mails = {row.address for customer in customers.values() for row in customer.emails}
    rested = BouncedAddress.among(due[0].rules.shop, mails) if mails else set()
    vehicles = _by_id(Vehicle, {one.occasion.vehicle_id for one in due})
    about = _by_id(Appointment, {one.occasion.appointment_id for one in due}) if appointments else {}
    found = []
    for one in due:
        customer = customers[one.occasion.customer_id]
        address = address_for(one.rules, customer, both, lambda address: address.lower() in rested)
        if address is not None:
            letter = _letter(one, customer, address)
            letter.vehicle, letter.appointment = vehicles.get(letter.vehicle_id), about.get(letter.appointment_id)
            found.append(_as_it_will_be(one, letter, address.lower() in rested))
    return found


def _letter(due: Due, customer: Customer, address: str) -> Letter:
    rules, occasion, shop = due.rules, due.occasion, due.rules.shop
    message = Message(shop_id=shop.id, channel=rules.channel, kind=occasion.kind.value, address=address, dedupe_key=occasion.key)
    message.due_at, message.shop, message.customer, message.appointment = due.at, shop, customer, None
    letter = Letter.on_occasion(occasion, shop, message)
    letter.shop, letter.customer, letter.work_order = shop, customer, None
    return letter


def _as_it_will_be(due: Due, letter: Letter, rested: bool) -> ForeseenLetter:
    answers = {
        # by the rules in hand, which may be those of a dry run
        "letters_on": letter.is_sent_by(due.rules),
        "reason": not due.overtaken,
        "do_not_mail": not due.barred,
        "not_bounced": not rested,
    }
    with clock.at(due.at):
        verdict = sending_rules.judge(letter.message, {rule: _answering(answer) for rule, answer in answers.items()})
    return ForeseenLetter(verdict.until or due.at, letter, verdict.trace)


def _answering(answer: bool) -> Callable[[Message], bool]:
    return lambda _message: answer


def _by_id(noun: Any, ids: set[int | None]) -> dict[int | None, Any]:
    known = ids - {None}
    return {row.id: row for row in db.session.scalars(select(noun).where(noun.id.in_(known)))} if known else {}


def senders(shop: "Shop | None") -> list[LetterRules]:
    """The rules by which letters go: of one shop, or of all."""
    if shop is None:
        return [rules for channel in CHANNELS for rules in LetterRules.that_send(channel)]
    return [rules for rules in LetterRules.both(shop).values() if rules.sends]
