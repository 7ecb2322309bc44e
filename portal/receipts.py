"""Receipts of what was answered: as it was frozen then, on a page and as a PDF, as long as the link works."""

from flask import g, make_response, redirect, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from models import Document, NotFound, Reply, db
from models.receipt import Receipt
from portal import bp
from portal.brand import logo, script, stylesheet
from portal.nonce import trusted
from portal.page import Page
from portal.repair_orders import SECONDS
from web import csrf, file_answer, limiter, printed


@bp.get("/v/<token>/receipts/<int:ordinal>")
def show_receipt(token: str, ordinal: int) -> Response:
    return _shown(Receipt(_reply(ordinal)))


@bp.get("/v/<token>/receipts/<int:ordinal>.pdf")
def show_receipt_file(token: str, ordinal: int) -> Response:
    """The PDF, or a page that waits for it: it was asked for when the answers were sent."""
    reply = _reply(ordinal)
    document = Document.newest_of(reply)
    if document and document.is_ready:
        return printed(document)
    if document is None or document.has_failed:
        return redirect(Page(g.link).address(f"receipts/{ordinal}"), 303)
    page = Page(g.link)
    look = {"stylesheet": stylesheet(page.shop), "script": script(), "language": g.locale.language, "seconds": SECONDS}
    return make_response(render_template("portal/repair_orders/page.html", view=page, shop=page.shop, document=document, **look))


@bp.get("/v/<token>/receipts/<int:ordinal>/signature")
def show_signature(token: str, ordinal: int) -> Response:
    signature = _reply(ordinal).signature
    if signature is None:
        raise NotFound("Signature")
    return file_answer(signature, "signature.png")


@bp.post("/v/<token>/receipts/<int:ordinal>/document")
@csrf.exempt
@limiter.limit("6/minute;30/hour")
def create_receipt_file(token: str, ordinal: int) -> Response:
    """Once more, where making it has failed."""
    reply = _reply(ordinal)
    if not trusted(g.link):
        return _shown(Receipt(reply), _("This page had been open for too long. Please tap once more."), 422)
    Document.receipt(reply, by=g.actor)
    db.session.commit()
    return redirect(Page(g.link).address(f"receipts/{ordinal}.pdf"), 303)


@bp.get("/v/<token>/receipts/<int:ordinal>/document")
def return_to_receipt(token: str, ordinal: int) -> Response:
    """Somebody reloads the address that the button went to."""
    return redirect(Page(g.link).address(f"receipts/{ordinal}"), 303)


def _reply(ordinal: int) -> Reply:
    """Raises NotFound: there is none, or the link is the calendar's, which gets shared."""
    order = g.link.visit.work_order
    if order is None or g.link.purpose == "calendar":
        raise NotFound("WorkOrder")
    return Reply.numbered(order.id, ordinal)


def _shown(receipt: Receipt, wrong: str = "", status: int = 200) -> Response:
    page, document = Page(g.link, wrong=wrong), Document.newest_of(receipt.reply)
    look = {"stylesheet": stylesheet(page.shop, "overview"), "logo": logo(page.shop), "language": g.locale.language}
    shown = {"view": page, "shop": page.shop, "receipt": receipt, "document": document}
    return make_response(render_template("portal/receipts/page.html", **shown, **look), status)
