"""Which letters will go until when, by which rules: the planner's own questions, asked of days that are yet to come. Nothing is kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from models import clock, sending_rules
from models.appointment import Appointment
from models.base import db
from models.customer import Customer
from models.letter import Letter
from models.letter_kind import CHANNELS, LetterKind
from models.letter_planning import address_for, customers_of, window
from models.letter_rules import LetterRules
from models.message import Message
from models.occasion import Occasion, occasions
from models.rule_sentences import sentence
from models.vehicle import Vehicle
from models.work_order import WorkOrder

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
    """What these rules write from now on, kind by kind; each letter as its rules of sending will find it.

    ``both``: the rules of both channels in a dry run, instead of the shop's own. ``of``: to one customer alone.
    """
    now, shop = clock.now(), rules.shop
    for kind in LetterKind:
        first, _last = window(rules, kind, shop.today())
        ahead = [(occasion, occasion.due_at(shop)) for occasion in occasions(rules, kind, first, shop.local(until).date(), of)]
        due = {occasion.key: (occasion, max(at, now)) for occasion, at in ahead if at and at <= until and shop.today() <= occasion.last_day}
        written = set(db.session.scalars(select(Message.dedupe_key).where(Message.dedupe_key.in_(due))))
        customers = customers_of({occasion.customer_id for occasion, _at in due.values()})
        for key, (occasion, at) in due.items():
            if key not in written and (found := _as_it_will_be(rules, occasion, customers[occasion.customer_id], at, both)):
                yield found


def _as_it_will_be(
    rules: LetterRules, occasion: Occasion, customer: Customer, at: datetime, both: Mapping[str, LetterRules] | None
) -> ForeseenLetter | None:
    address = address_for(rules, customer, both)
    if address is None:
        return None
    shop = rules.shop
    message = Message(shop_id=shop.id, channel=rules.channel, kind=occasion.kind.value, address=address, dedupe_key=occasion.key, due_at=at)
    message.shop, message.customer, message.appointment = shop, customer, None
    letter = Letter.on_occasion(occasion, shop, message)
    letter.shop, letter.customer = shop, customer
    letter.vehicle = db.session.get(Vehicle, occasion.vehicle_id) if occasion.vehicle_id else None
    letter.appointment = db.session.get(Appointment, occasion.appointment_id) if occasion.appointment_id else None
    letter.work_order = db.session.get(WorkOrder, occasion.work_order_id) if occasion.work_order_id else None
    with clock.at(at):
        # by the rules in hand, which may be those of a dry run
        verdict = sending_rules.judge(message, {"letters_on": lambda _message: letter.is_sent_by(rules)})
    return ForeseenLetter(verdict.until or at, letter, verdict.trace)


def senders(shop: "Shop | None") -> list[LetterRules]:
    """The rules by which letters go: of one shop, or of all."""
    found = [rules for channel in CHANNELS for rules in LetterRules.that_send(channel)]
    return [rules for rules in found if shop is None or rules.shop_id == shop.id]
