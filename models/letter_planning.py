"""Writing the letters of a night: of each occasion that is due one, by the way that reaches the customer; again and again is once."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models import clock
from models.actor import Actor
from models.base import db
from models.bounced_address import BouncedAddress
from models.call_planning import call_about_lost_letters, call_instead
from models.customer import Customer
from models.letter import Letter
from models.letter_kind import AT, CHANNELS, EMAIL, POSTCARD, LetterKind
from models.letter_link import FEEDBACK, VISIT, LetterLink
from models.letter_rules import LetterRules
from models.letter_wording import write_letter
from models.mail_link import MailLink
from models.message import Message
from models.occasion import DAY, Occasion, occasions

if TYPE_CHECKING:
    from models.shop import Shop

CLOCK = Actor.rule("Clock")
TOGETHER = 500  # letters that one transaction writes


def write_due_letters() -> Iterator[int]:
    """Write what is due in all shops; gives after each part how many that were, for the caller to commit. Safe twice, safe missed.

    Where no letter gets to the customer, somebody is to call.
    """
    for channel in CHANNELS:
        for rules in LetterRules.that_send(channel):
            for kind in LetterKind:
                yield from _write_kind(rules, kind)
    call_about_lost_letters()
    yield 0


def due(rules: LetterRules, kind: LetterKind, today: date) -> Iterator[Occasion]:
    """Those whose hour has come and that are not too late."""
    now = clock.now()
    for occasion in occasions(rules, kind, *window(rules, kind, today)):
        at = occasion.due_at(rules.shop)
        if at and at <= now and today <= occasion.last_day:
            yield occasion


def _write_kind(rules: LetterRules, kind: LetterKind) -> Iterator[int]:
    today = rules.shop.today()
    through = window(rules, kind, today)[1]
    for part in _parts(due(rules, kind, today)):
        yield _write_part(rules, part)
    if kind is LetterKind.inactive and rules.inactive and (rules.inactive_through is None or rules.inactive_through < through):
        rules.inactive_through = through
        yield 0


def window(rules: LetterRules, kind: LetterKind, today: date) -> tuple[date, date]:
    """The calendar days whose occasions may be due now: as far back as a letter still makes sense."""
    back = rules.days(kind) if kind.is_reminder else rules.late(kind)
    first = today - timedelta(days=back)
    last = _ripe(rules.shop, today)
    if kind is LetterKind.inactive and rules.inactive_through:
        first = max(first, rules.inactive_through + DAY)
    return first, last


def _ripe(shop: "Shop", today: date) -> date:
    """The last calendar day whose letters may go now: today's go at their hour, those of a closed day with the next open one."""
    at = clock.instant(today, AT, shop.tz)
    if shop.is_open(today) and at <= clock.now():
        return today
    day = today - DAY
    while not shop.is_open(day) and today - day < timedelta(days=366):
        day -= DAY
    return day


def _parts(found: Iterable[Occasion]) -> Iterator[list[Occasion]]:
    part: list[Occasion] = []
    for occasion in found:
        part.append(occasion)
        if len(part) == TOGETHER:
            yield part
            part = []
    if part:
        yield part


def _write_part(rules: LetterRules, part: Sequence[Occasion]) -> int:
    """Two tickers at once stand in line for the rules, part by part: the second finds what the first has written."""
    db.session.execute(select(LetterRules.id).where(LetterRules.id == rules.id).with_for_update())
    known = set(db.session.scalars(select(Message.dedupe_key).where(Message.dedupe_key.in_([occasion.key for occasion in part]))))
    fresh = [occasion for occasion in part if occasion.key not in known]
    customers = customers_of({occasion.customer_id for occasion in fresh})
    written = [(occasion, write(rules, occasion, customers[occasion.customer_id])) for occasion in fresh]
    call_instead(rules, written)
    return sum(letter is not None for _occasion, letter in written)


def customers_of(ids: set[int]) -> dict[int, Customer]:
    """By their ids, with where they can be reached, in one question: there are few of each, so that their product is small."""
    loaded = joinedload(Customer.emails), joinedload(Customer.addresses)
    return {one.id: one for one in db.session.scalars(select(Customer).where(Customer.id.in_(ids)).options(*loaded)).unique()}


def write(rules: LetterRules, occasion: Occasion, customer: Customer) -> Letter | None:
    """One letter, handed to the rules of sending; None: it goes the other way, or somebody else is writing it at this moment."""
    shop = rules.shop
    address = address_for(rules, customer)
    if address is None:
        return None
    message = Message(
        shop_id=shop.id,
        shop=shop,
        dedupe_key=occasion.key,
        channel=rules.channel,
        kind=occasion.kind.value,
        address=address,
        customer=customer,
        due_at=clock.now(),
        subject="",
        body="",
        actor_kind=CLOCK.kind,
        actor_name=CLOCK.name,
    )
    letter = Letter.on_occasion(occasion, shop, message)
    letter.shop, letter.customer = shop, customer
    db.session.add(letter)
    db.session.flush()
    wording = write_letter(letter)
    message.language, message.subject, message.body = wording.language, wording.subject, wording.body
    if rules.channel == EMAIL:
        _put_links_in(letter)
    message.submit()
    return letter


def _put_links_in(letter: Letter) -> None:
    """To where customers say how we did, if the letter asks them; to the drop-off that it reminds of; to where they end letters.

    All of it now: a mail is put together by who only reads.
    """
    MailLink.of(letter.customer)
    feedback, message = letter.shop.location.feedback, letter.message
    if feedback.startswith("http") and feedback in message.body:
        LetterLink.put_in(message, FEEDBACK, feedback)
    if letter.kind.is_reminder and letter.appointment_id:
        LetterLink.put_in(message, VISIT)


def address_for(
    rules: LetterRules,
    customer: Customer,
    both: Mapping[str, LetterRules] | None = None,
    rests: Callable[[str], bool] | None = None,
) -> str | None:
    """Where a letter of these rules goes: by e-mail who has an address that works, by postcard the others, or all where no e-mail goes.

    ``rests``: says of many customers' addresses, asked about at once, from which mail came back.
    """
    rests = rests or (lambda address: BouncedAddress.holds(customer.shop, address))
    mails = [row.address for row in customer.emails if not rests(row.address)]
    if rules.channel == EMAIL:
        return mails[0] if mails else _held_back_at(rules, customer, both)
    if mails and (both[EMAIL] if both else LetterRules.of(rules.shop, EMAIL)).sends:
        return None
    return customer.addresses[0].line(rules.shop.country) if customer.addresses else ""


def _held_back_at(rules: LetterRules, customer: Customer, both: Mapping[str, LetterRules] | None) -> str | None:
    """The address from which mail came back: where no card goes either, the list is to say whom nothing reaches and why."""
    if not customer.emails or (both[POSTCARD] if both else LetterRules.of(rules.shop, POSTCARD)).sends:
        return None
    return customer.emails[0].address
