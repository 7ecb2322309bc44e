"""Make a document's PDF."""

import base64
from collections.abc import Callable

import structlog
from flask import render_template
from flask_babel import force_locale

from jobs.gateways import printing
from models import Document, StoredFile, db
from models.money import shown
from models.receipt import Receipt
from models.repair_order import RepairOrder
from models.repair_order_text import paper_is_made

log = structlog.get_logger()


def render(document_id: int) -> None:
    document = db.session.get(Document, document_id)
    if document is None or document.kind not in WRITERS or document.is_ready or document.has_failed:
        return
    html = WRITERS[document.kind](document)
    db.session.commit()  # printing takes a while: no transaction is open meanwhile
    try:
        document.ready(printing.pdf(html))
    except Exception:  # whatever the printer chokes on: the person who waits is told, and may ask again
        log.exception("document not printed", document=document_id)
        document.failed()
    paper_is_made(document)
    db.session.commit()


def _slip(document: Document) -> str:
    logo = inside(document.shop.branding.logo)
    return render_template("documents/slip.html", appointment=document.appointment, shop=document.shop, logo=logo)


def _repair_order(document: Document) -> str:
    assert document.work_order
    paper = RepairOrder(document.work_order)
    document.digest = paper.digest  # of what is printed now, which may be newer than what was asked for
    logo = inside(paper.shop.branding.logo)
    with force_locale(str(paper.locale)):
        return render_template("documents/repair_order.html", paper=paper, logo=logo, inside=inside, price=shown)


def _receipt(document: Document) -> str:
    assert document.reply
    receipt = Receipt(document.reply)
    with force_locale(str(receipt.locale)):
        logo = inside(receipt.shop.branding.logo)
        return render_template("documents/receipt.html", receipt=receipt, logo=logo, inside=inside, price=shown)


WRITERS: dict[str, Callable[[Document], str]] = {"slip": _slip, "repair_order": _repair_order, "receipt": _receipt}


def inside(picture: StoredFile | None) -> str:
    """A picture as part of the page itself: the printer may fetch nothing. Empty where there is none."""
    return f"data:{picture.content_type};base64,{base64.b64encode(picture.read()).decode()}" if picture else ""
