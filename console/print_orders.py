"""A batch of postcards and the print service: what it would cost, somebody's yes to that, and how far each card is."""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import done, gone_to
from models import NotFound, PrintedCard, PrintOrder, PrintService, ReturnedAddress, db
from models.card_standing import CardStanding
from models.failure import words_for
from models.print_order import Estimate
from web import panel

ESTIMATE_PAGE, ESTIMATE = "console/print_orders/estimate.html", "console/print_orders/_estimate.html"
PAGE, ORDER = "console/print_orders/page.html", "console/print_orders/_order.html"


@bp.get("/follow-ups/postcards/<int:id>/print-order")
@needs("customers")
def print_order(id: int) -> Response:
    """How far the cards are; before anybody agreed, what it would cost."""
    batch = g.shop.postcard_batch(id)
    order, service = PrintOrder.of(batch), PrintService.of(g.shop)
    if order:
        return panel(PAGE, ORDER, order=order, batch=batch, service=service)
    works = service is not None and service.works
    estimate = Estimate.of(batch, service) if service and works and not batch.is_posted else None
    return panel(ESTIMATE_PAGE, ESTIMATE, batch=batch, service=service, estimate=estimate)


@bp.post("/follow-ups/postcards/<int:id>/print-order")
@needs("customers")
def create_print_order(id: int) -> Response:
    """The yes to exactly what was shown; a second click finds the order there."""
    order = PrintOrder.confirm(g.shop.postcard_batch(id), request.form.get("agreed", ""), by=g.actor)
    db.session.commit()
    words = ngettext("%(num)s card goes to the print service.", "%(num)s cards go to the print service.", order.count)
    return gone_to(url_for("console.print_order", id=id), words)


@bp.post("/follow-ups/postcards/<int:id>/print-order/withdrawal")
@needs("customers")
def withdraw_print_order(id: int) -> Response:
    order = _order(id)
    count = order.withdraw(by=g.actor)
    db.session.commit()
    words = ngettext("%(num)s card is called off", "%(num)s cards are called off", count)
    return done(
        _("%(cards)s, as far as they are not printed.", cards=words),
        url_for("console.print_order", id=id),
        undo=url_for("console.carry_on_print_order", id=id),
    )


@bp.post("/follow-ups/postcards/<int:id>/print-order/return")
@needs("customers")
def carry_on_print_order(id: int) -> Response:
    """Undo of calling off."""
    _order(id).carry_on(by=g.actor)
    db.session.commit()
    return done(_("They go after all."), url_for("console.print_order", id=id))


@bp.post("/follow-ups/printed-cards/<int:id>/withdrawal")
@needs("customers")
def withdraw_printed_card(id: int) -> Response:
    card = g.shop.printed_card(id)
    card.withdraw(by=g.actor)
    db.session.commit()
    return done(
        _("The card is called off, if it is not printed yet."), _page_of(card), undo=url_for("console.carry_on_printed_card", id=id)
    )


@bp.post("/follow-ups/printed-cards/<int:id>/return")
@needs("customers")
def carry_on_printed_card(id: int) -> Response:
    card = g.shop.printed_card(id)
    card.carry_on(by=g.actor)
    db.session.commit()
    return done(_("It goes after all."), _page_of(card))


@bp.post("/follow-ups/printed-cards/<int:id>/attempt")
@needs("customers")
def create_print_attempt(id: int) -> Response:
    card = g.shop.printed_card(id)
    card.try_again(by=g.actor)
    db.session.commit()
    return done(_("It is handed over once more."), _page_of(card))


@bp.post("/follow-ups/printed-cards/<int:id>/own-print")
@needs("customers")
def create_own_print(id: int) -> Response:
    card = g.shop.printed_card(id)
    card.print_ourselves(by=g.actor)
    db.session.commit()
    return done(_("It will be in your own next batch, to print here."), _page_of(card))


@bp.post("/customers/<int:id>/address-is-right")
@needs("customers")
def create_address_is_right(id: int) -> Response:
    """A card came back, and yet somebody knows that the address is right."""
    customer = g.shop.customer(id)
    ReturnedAddress.forget(customer, by=g.actor)
    db.session.commit()
    return done(_("Cards may go to this address again."), url_for("console.customer", id=id))


@bp.app_template_global()
def print_service_of_shop() -> PrintService | None:
    """The shop's, if cards may go by it; asked once a page."""
    if "print_service" not in g:
        service = PrintService.of(g.shop)
        g.print_service = service if service and service.works else None
    found: PrintService | None = g.print_service
    return found


@bp.app_template_global()
def card_standings() -> list[CardStanding]:
    return list(CardStanding)


@bp.app_template_filter()
def failure_words(code: str) -> str:
    return words_for(code)


@bp.app_template_global()
def returned_address_of(customer: Any) -> ReturnedAddress | None:
    """From which a card came back; None: none did."""
    return ReturnedAddress.of(customer)


def _order(batch_id: int) -> PrintOrder:
    order = PrintOrder.of(g.shop.postcard_batch(batch_id))
    if order is None:
        raise NotFound("PrintOrder")
    return order


def _page_of(card: PrintedCard) -> str:
    order = db.session.get_one(PrintOrder, card.order_id)
    return url_for("console.print_order", id=order.batch_id)
