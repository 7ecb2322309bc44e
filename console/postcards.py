"""Postcards that are printed together: their PDF and their addresses, said to be posted; and those that lack an address."""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import done
from console.list_files import AS_FILE, taken
from models import Document, PostcardBatch, db
from models.postcard_addresses import addresses
from models.postcard_held import cards_without_address, missing_parts
from web import panel

PAGE, LIST = "console/postcards/page.html", "console/postcards/_postcards.html"
BATCH_PAGE, BATCH = "console/postcards/batch.html", "console/postcards/_batch.html"
PAGE_LENGTH = 20


@bp.get("/follow-ups/postcards")
@needs("customers")
def postcards() -> Response:
    before = request.args.get("before", type=int)
    batches = PostcardBatch.listed(g.shop, before, PAGE_LENGTH)
    held = [] if before else [(letter, missing_parts(letter.customer)) for letter in cards_without_address(g.shop)]
    return panel(PAGE, LIST, before=before, limit=PAGE_LENGTH, held=held, **_of(batches))


@bp.get("/follow-ups/postcards/<int:id>")
@needs("customers")
def postcard_batch(id: int) -> Response:
    batch = g.shop.postcard_batch(id)
    return panel(BATCH_PAGE, BATCH, batch=batch, letters=batch.letters, **_of([batch]))


@bp.get(f"/follow-ups/postcards/<int:id>/addresses{AS_FILE}")
@needs("customers")
def postcard_addresses(id: int, form: str) -> Response:
    return taken(addresses(g.shop.postcard_batch(id)), form)


@bp.post("/follow-ups/postcards/<int:id>/pdf")
@needs("customers")
def create_postcards_pdf(id: int) -> Response:
    batch = g.shop.postcard_batch(id)
    Document.postcards(batch, by=g.actor)
    db.session.commit()
    return done(_("The PDF is being made."), url_for("console.postcard_batch", id=id))


@bp.post("/follow-ups/postcards/<int:id>/posting")
@needs("customers")
def create_posting(id: int) -> Response:
    batch = g.shop.postcard_batch(id)
    batch.post(by=g.actor)
    going, _stopped = PostcardBatch.counted([batch])[id]
    db.session.commit()
    said = ngettext("%(num)s postcard counts as sent.", "%(num)s postcards count as sent.", going)
    return done(said, url_for("console.postcard_batch", id=id), undo=url_for("console.undo_posting", id=id))


@bp.post("/follow-ups/postcards/<int:id>/posting/undo")
@needs("customers")
def undo_posting(id: int) -> Response:
    g.shop.postcard_batch(id).take_back(by=g.actor)
    db.session.commit()
    return done(_("Not posted after all."), url_for("console.postcard_batch", id=id))


def _of(batches: Any) -> dict[str, Any]:
    return {"batches": batches, "counts": PostcardBatch.counted(batches), "papers": Document.newest_of_batches(batches)}
