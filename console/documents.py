"""Printed documents: asked for, made by a job, then opened."""

from flask import abort, g, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import gone_to
from models import Document, db
from web import panel

# What the browser's own viewer of PDF needs; a sandbox would show it blank.
POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src data: blob:; frame-ancestors 'none'"


@bp.post("/appointments/<int:id>/slip")
@needs("book")
def create_slip(id: int) -> Response | str:
    document = Document.slip(g.shop.appointment(id), by=g.actor)
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
    document = g.shop.document(id)
    if document.file is None:
        abort(404)
    response = make_response(document.file.read())
    response.headers.update(
        {"Content-Type": document.file.content_type, "Cache-Control": "private, no-store", "Content-Security-Policy": POLICY}
    )
    response.headers["Content-Disposition"] = f'inline; filename="{document.kind}-{document.id}.pdf"'
    return response
