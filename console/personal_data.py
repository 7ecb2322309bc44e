"""A customer's own data: the file of it, its erasure, and the log of both."""

import json
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import again, done, gone_to
from models import Customer, DataExport, Entry, Erasure, Refused, db
from models.erasure_preview import ErasurePreview
from models.kept_record import opened_record
from web import panel, saved

PAGE, PANEL = "console/personal_data/page.html", "console/personal_data/_personal_data.html"
ERASING, FORM = "console/personal_data/erase.html", "console/personal_data/_erase.html"
RECORD_PAGE, RECORD_FORM = "console/personal_data/record.html", "console/personal_data/_record.html"
VERBS = ("customer.data_export_asked", "customer.data_fetched", "customer.erasure_asked", "customer.erased", "customer.kept_record_opened")


@bp.get("/customers/<int:id>/personal-data")
@needs("privacy")
def personal_data(id: int) -> Response:
    return panel(PAGE, PANEL, **_shown(g.shop.customer(id)))


@bp.post("/customers/<int:id>/data-exports")
@needs("privacy")
def create_data_export(id: int) -> Response:
    customer = g.shop.customer(id)
    DataExport.ask(customer, by=g.actor)
    db.session.commit()
    return done(_("The file is being made."), url_for("console.personal_data", id=customer.id))


@bp.post("/customers/<int:id>/data-exports/<int:export>/file")
@needs("privacy")
def fetch_data_export(id: int, export: int) -> Response:
    """By POST: that somebody took it is written down."""
    wanted = DataExport.own(g.shop.customer(id), export)
    file = wanted.fetched(by=g.actor)
    db.session.commit()
    return saved(file, wanted.file_name)


@bp.get("/customers/<int:id>/erasure/new")
@needs("privacy")
def new_erasure(id: int) -> str:
    customer = g.shop.customer(id)
    return render_template(ERASING, customer=customer, preview=ErasurePreview(customer), typed={}, errors={})


@bp.post("/customers/<int:id>/erasure")
@needs("privacy")
def create_erasure(id: int) -> Any:
    customer = g.shop.customer(id)
    try:
        Erasure.ask(customer, request.form.get("name", ""), by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again(ERASING, FORM, refused, customer=customer, preview=ErasurePreview(customer))
    return gone_to(url_for("console.personal_data", id=customer.id), _("The erasure has begun."))


@bp.get("/customers/<int:id>/kept-record")
@needs("privacy")
def new_kept_record_opening(id: int) -> str:
    customer = g.shop.customer(id)
    return render_template(RECORD_PAGE, customer=customer, erasure=Erasure.with_record(customer), typed={}, errors={}, words="")


@bp.post("/customers/<int:id>/kept-record")
@needs("privacy")
def create_kept_record_opening(id: int) -> Any:
    """Shown, not kept anywhere: who needs it on paper prints the page."""
    customer = g.shop.customer(id)
    erasure = Erasure.with_record(customer)
    try:
        record = erasure.open_kept(request.form.get("reason", ""), by=g.actor)
        words = json.dumps(opened_record(record), ensure_ascii=False, indent=2)
        db.session.commit()
    except Refused as refused:
        return again(RECORD_PAGE, RECORD_FORM, refused, customer=customer, erasure=erasure, words="")
    return render_template(RECORD_PAGE, customer=customer, erasure=erasure, typed=request.form, errors={}, words=words)


def _shown(customer: Customer) -> dict[str, Any]:
    log = select(Entry).where(Entry.subject == "customers", Entry.subject_id == customer.id, Entry.verb.in_(VERBS))
    entries = db.session.scalars(log.order_by(Entry.id.desc()).limit(6)).all()
    erasure = next(iter(Erasure.of(customer)), None)
    return {"customer": customer, "exports": DataExport.of(customer)[:5], "erasure": erasure, "entries": entries}
