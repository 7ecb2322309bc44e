"""How postcards look: a sample of each kind beside the settings, and any card that was written."""

from collections.abc import Sequence
from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from models import LetterKind, LetterRules, db, later
from models.letter_kind import POSTCARD
from models.postcard import Postcard
from models.postcard_picture import PostcardPicture
from web import file_answer, panel

PATIENCE = 40  # times that the page asks, second by second, before it says that drawing takes long


@bp.get("/settings/follow-ups/postcards")
@needs("settings")
def postcard_samples() -> Response:
    cards = [Postcard.sample(g.shop, kind) for kind in LetterKind]
    context = _shown(cards, "jobs.postcards.show_samples", g.shop.id)
    rules = LetterRules.of(g.shop, POSTCARD)
    return panel("console/postcard_samples/page.html", "console/postcard_samples/_samples.html", cards=cards, rules=rules, **context)


@bp.get("/follow-ups/letters/<int:id>/card")
@needs("customers")
def letter_card(id: int) -> Response:
    letter = g.shop.postcard(id)
    card = Postcard.of(letter)
    context = _shown([card], "jobs.postcards.show_card", letter.id)
    return panel("console/postcards/card.html", "console/postcards/_card.html", letter=letter, card=card, **context)


@bp.get("/postcards/<digest>/<any(front, back):side>.webp")
@needs("customers")
def postcard_picture(digest: str, side: str) -> Response:
    """A picture is asked for without the header that names the tab's shop: whoever is a member of its shop may see it."""
    picture = PostcardPicture.within([shop.id for shop in g.shops], digest, side)
    return file_answer(picture.file, f"{side}.webp")


def _shown(cards: Sequence[Postcard], job: str, about: int) -> dict[str, Any]:
    """What is drawn already; the rest is asked for, and the page asks again."""
    drawn = PostcardPicture.drawn_of(g.shop, cards)
    asked = request.args.get("asked", 0, type=int)
    if len(drawn) < len(cards):
        later(job, about)
        db.session.commit()
    return {"drawn": drawn, "asked": asked, "patient": asked < PATIENCE}
