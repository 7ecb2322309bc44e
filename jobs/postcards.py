"""Draw postcards: a batch as the printer wants it, one card for a print service, and pictures of them for the screen."""

from collections.abc import Callable, Sequence

import segno
import structlog
from flask import render_template

from jobs.documents import inside
from jobs.gateways import printing
from models import Document, Letter, LetterKind, PostcardBatch, PostcardPicture, PostcardSize, Shop, db, touch
from models.postcard import Postcard
from models.postcard_colours import CROWNS
from models.postcard_picture import WIDTH

BLEED = {PostcardSize.american: 9.0, PostcardSize.a6: 72 * 3 / 25.4}  # points
log = structlog.get_logger()


def render(document_id: int) -> None:
    """A batch's PDF: of the cards that the rules, asked once more, still let go."""
    document = db.session.get(Document, document_id)
    if document is None or document.postcard_batch is None or document.is_ready or document.has_failed:
        return
    batch = document.postcard_batch
    batch.look_again()
    cards = [Postcard.of(letter) for letter in batch.going]
    db.session.commit()  # printing takes a while: no transaction is open meanwhile
    try:
        document.ready(drawn(document.shop, cards, title=document.name))
    except Exception:  # whatever the printer chokes on: the person who waits is told, and may ask again
        log.exception("postcards not printed", document=document_id)
        document.failed()
    db.session.commit()


def look_again(batch_id: int) -> None:
    if batch := db.session.get(PostcardBatch, batch_id):
        batch.look_again()
        db.session.commit()


def drawn(shop: Shop, cards: Sequence[Postcard], *, title: str = "", addressed: bool = True, marks: bool = True) -> bytes:
    """A PDF, front and back of each card, all of one size. ``addressed``: with address and stamp box, which a print service adds itself."""
    fronts, front_of = _shared(cards, lambda card: (card.front, card.season))
    forms, form_of = _shared(cards, lambda card: (card.language, card.code))
    html = render_template(
        "documents/postcards.html",
        shop=shop,
        size=cards[0].size,
        fronts=fronts,
        forms=forms,
        cards=cards,
        colours=cards[0].colours,
        crowns=CROWNS,
        logo=inside(shop.branding.logo),
        drawn=_code,
        addressed=addressed,
        slug=marks,
        title=title or shop.name,
    )
    return printing.cards(html, front_of, form_of, BLEED[cards[0].size])


def _shared(cards: Sequence[Postcard], what: Callable[[Postcard], object]) -> tuple[list[Postcard], list[int]]:
    """One card for each that differs in ``what``, and for every card the place of the one that stands for it."""
    found: dict[object, Postcard] = {}
    for card in cards:
        found.setdefault(what(card), card)
    places = {key: place for place, key in enumerate(found)}
    return list(found.values()), [places[what(card)] for card in cards]


def _code(content: str) -> str:
    return str(segno.make(content, error="m", micro=False).svg_data_uri(border=0, dark="#201d1a"))


def show_samples(shop_id: int) -> None:
    """Pictures of a card of each kind, for the settings."""
    if shop := db.session.get(Shop, shop_id):
        _show(shop, [Postcard.sample(shop, kind) for kind in LetterKind])


def show_card(letter_id: int) -> None:
    """Pictures of one customer's card."""
    if letter := db.session.get(Letter, letter_id):
        _show(letter.shop, [Postcard.of(letter)])


def _show(shop: Shop, cards: Sequence[Postcard]) -> None:
    known = PostcardPicture.drawn_of(shop, cards)
    wanted = [card for card in cards if card.digest not in known]
    db.session.commit()
    if wanted:
        pages = printing.pictures(drawn(shop, wanted, marks=False), WIDTH)
        for place, card in enumerate(wanted):
            PostcardPicture.keep(shop, card, pages[2 * place : 2 * place + 2])
        touch(shop.id, "settings")
        touch(shop.id, "messages")
        db.session.commit()
