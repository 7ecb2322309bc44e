"""Printed documents: asked for, made by a job, then opened."""

from flask import g, render_template, request, url_for
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import gone_to
from models import Document, db
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


@bp.get("/documents/<int:id>")
@needs("book")
def document(id: int) -> Response:
    return panel("console/documents/page.html", "console/documents/_document.html", document=g.shop.document(id))


@bp.get("/documents/<int:id>/file")
@needs("book")
def document_file(id: int) -> Response:
    return printed(g.shop.document(id))
