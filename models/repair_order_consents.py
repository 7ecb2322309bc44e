"""Who agreed to what, as the repair order prints it: answers from the customer's page, and words of mouth (16 CCR 3353, California)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from babel.dates import format_date
from babel.numbers import format_decimal
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from models import moments, phone
from models.answer import Answer, Choice
from models.base import db
from models.deferred_item import DeferredItem
from models.money import Money, shown
from models.oral_authorisation import OralAuthorisation
from models.reply import Reply
from models.tax import Kind

if TYPE_CHECKING:
    from models.shop import Shop
    from models.work_order import WorkOrder


@dataclass(frozen=True)
class Consenting:
    """Who agreed, when and how; ``work`` says to what, a line an item with its labour, parts and price; ``sum`` up to which amount."""

    title: str
    words: str
    work: tuple[str, ...] = ()
    sum: str = ""


def replies_on(order: "WorkOrder") -> Sequence[Reply]:
    """What the customer sent from the page, oldest first."""
    mine = select(Reply).where(Reply.work_order_id == order.id).order_by(Reply.id)
    return db.session.scalars(mine.options(selectinload(Reply.answers).joinedload(Answer.item))).all()


def by_page(order: "WorkOrder", replies: Iterable[Reply]) -> list[Consenting]:
    shop = order.visit.shop
    return [_by_page(order, shop, reply) for reply in replies if any(answer.choice is Choice.repair for answer in reply.answers)]


def _by_page(order: "WorkOrder", shop: "Shop", reply: Reply) -> Consenting:
    facts = {"contact": _contact(reply.contact, shop), "number": reply.number(order.number)}
    agreed = [answer.item for answer in reply.answers if answer.choice is Choice.repair]
    work = [_priced(item.title, item.including, reply.currency) for item in agreed]
    words = _("by the page that was sent to %(contact)s, receipt %(number)s", **facts)
    return Consenting(reply.name, f"{moments.moment(reply.at, shop)}, {words}", tuple(work), f"“{reply.statement}”")


def by_word_of_mouth(order: "WorkOrder", orals: Iterable[OralAuthorisation]) -> list[Consenting]:
    return [_by_word_of_mouth(order.visit.shop, oral) for oral in orals]


def _by_word_of_mouth(shop: "Shop", oral: OralAuthorisation) -> Consenting:
    how = _("in person") if oral.in_person else _("by phone, called at %(number)s", number=phone.shown(oral.number, shop.country))
    heard = _("heard by %(name)s", name=oral.by)  # not within the braces below, where whoever gathers the words does not look
    words = [f"{moments.moment(oral.at, shop)}, {how}; {heard}", f"“{oral.words}”" if oral.words else ""]
    work = [_priced(_with_lines(title, lines), minor, oral.currency) for title, minor, lines in oral.work]
    sums = {"amount": shown(oral.budget), "total": shown(Money(oral.total, oral.currency))}
    sum_ = _("Additional cost agreed to: %(amount)s with tax. All that is authorised with it: %(total)s.", **sums)
    return Consenting(oral.name, ". ".join(filter(None, words)), tuple(work), sum_)


def put_off(deferred: DeferredItem, unit: str) -> str:
    """One line: what, its price, and until when; ``unit`` of the odometer."""
    until = []
    if deferred.due_on:
        until.append(_("until %(day)s", day=format_date(deferred.due_on, "medium", locale=get_locale())))
    if deferred.due_odometer:
        until.append(_("until %(figure)s", figure=f"{format_decimal(deferred.due_odometer, locale=get_locale())} {unit}"))
    return _priced(", ".join([deferred.title, *until]), deferred.amount, deferred.currency)


def _priced(title: str, minor: int | None, currency: str) -> str:
    return title if minor is None else f"{title}: {shown(Money(minor, currency))}"


def _with_lines(title: str, lines: Iterable[Sequence[str]]) -> str:
    """Brakes (Labour 1.8 h, Pad set, 2 × Rotor)."""
    parts = [_line(kind, description, Decimal(quantity)) for kind, description, _number, quantity, *_amounts in lines]
    return f"{title} ({', '.join(parts)})" if parts else title


def _line(kind: str, description: str, quantity: Decimal) -> str:
    figure = format_decimal(quantity, locale=get_locale())
    if kind == Kind.labour:
        labour, hours = _("Labour"), _("h")
        return f"{labour} {figure} {hours}"
    return description if quantity == 1 else f"{figure} × {description}"


def _contact(contact: str, shop: "Shop") -> str:
    return contact if "@" in contact else phone.shown(contact, shop.country)
