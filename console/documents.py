"""Printed documents: asked for, made by a job, then opened."""

import secrets

from flask import g, render_template, request, url_for
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import done, gone_to
from models import Document, NotFound, db
from models.repair_order_text import text_repair_order
from web import panel, printed


@bp.post("/appointments/<int:id>/slip")
@needs("book")
def create_slip(id: int) -> Response | str:
    document = Document.slip(g.shop.appointment(id), by=g.actor)
    db.session.commit()
    if not request.headers.get("HX-Request"):
        return gone_to(url_for("console.document", id=document.id))
    return render_template("console/documents/_document.html", document=document)


@bp.post("/work-orders/<int:number>/repair-order")
@needs("work")
def create_repair_order(number: int) -> Response | str:
    document = Document.repair_order(g.shop.work_order(number), by=g.actor)
    db.session.commit()
    if not request.headers.get("HX-Request"):
        return gone_to(url_for("console.document", id=document.id))
    return render_template("console/documents/_document.html", document=document)


@bp.post("/work-orders/<int:number>/repair-order/text")
@needs("messages")
def create_repair_order_text(number: int) -> Response:
    """*Text the repair order*: one click, one text, however often the button is pressed."""
    key = request.form.get("key", "")
    if not (8 <= len(key) <= 32 and key.isalnum()):
        raise NotFound("Message")
    message = text_repair_order(g.shop.work_order(number), key, by=g.actor)
    db.session.commit()
    return done(message.outlook, url_for("console.work_order", number=number))


@bp.app_template_global()
def new_key() -> str:
    """A button's own, so that two clicks do it once."""
    return secrets.token_hex(8)


@bp.get("/documents/<int:id>")
@needs("book")
def document(id: int) -> Response:
    return panel("console/documents/page.html", "console/documents/_document.html", document=g.shop.document(id))


@bp.get("/documents/<int:id>/file")
@needs("book")
def document_file(id: int) -> Response:
    return printed(g.shop.document(id))
