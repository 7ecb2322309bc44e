"""Real customers to read a letter's template as: the last that were here, or who is found as one types."""

from flask import g, render_template, request

from console import bp
from console.access import needs
from console.typed import an_id
from models import Customer, LetterKind
from models.customer_search import find
from models.letter_example import readers


def chosen_reader() -> Customer | None:
    """Raises NotFound: nobody of this shop's."""
    chosen = an_id(request.form, "reader")
    return g.shop.customer(chosen) if chosen else None


@bp.get("/settings/messages/readers")
@needs("settings")
def letter_readers() -> str:
    words, kind = request.args.get("q", "").strip(), request.args.get("kind", "")
    usual = readers(g.shop, LetterKind(kind if kind in LetterKind.__members__ else "inactive"))
    found = [hit.customer for hit in find(g.shop, words, limit=5)] if words else usual
    return render_template("console/message_templates/_readers.html", readers=found, reader=None, words=words)
