"""Make a document's PDF."""

import base64

import structlog
from flask import render_template

from jobs.gateways import printing
from models import Document, db

log = structlog.get_logger()


def render(document_id: int) -> None:
    document = db.session.get(Document, document_id)
    if document is None or document.is_ready or document.has_failed:
        return
    logo = document.shop.branding.logo
    picture = f"data:{logo.content_type};base64,{base64.b64encode(logo.read()).decode()}" if logo else ""
    html = render_template(f"documents/{document.kind}.html", appointment=document.appointment, shop=document.shop, logo=picture)
    db.session.commit()  # printing takes a while: no transaction is open meanwhile
    try:
        document.ready(printing.pdf(html))
    except Exception:  # whatever the printer chokes on: the person who waits is told, and may ask again
        log.exception("document not printed", document=document_id)
        document.failed()
    db.session.commit()
