"""What came of follow-up letters: by kind and period, each e-mail that went, and one letter as it was read, with all that is known."""

from datetime import timedelta

from flask import g, request
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.mail_paper import paper_of
from console.narrowing import a_day_or_none
from models import Letter, LetterKind, LetterLink, MailEvent
from models.letter_outcome import PAGE, Period
from web import panel

USUAL = timedelta(days=90)  # the period, if nothing is chosen


@bp.get("/follow-ups/statistics")
@needs("customers")
def letter_statistics() -> Response:
    until = a_day_or_none("until") or g.shop.today()
    period = Period(g.shop, min(a_day_or_none("since") or until - USUAL, until), until)
    asked, before = request.args.get("kind", ""), request.args.get("before", type=int)
    kind = LetterKind(asked) if asked in LetterKind.__members__ else None
    context = {"period": period, "kind": kind, "mails": period.mails(kind, before), "before": before, "page_length": PAGE}
    return panel("console/follow_ups/statistics.html", "console/follow_ups/_statistics.html", **context)


@bp.get("/follow-ups/letters/<int:id>")
@needs("customers")
def letter(id: int) -> Response:
    found = Letter.of(g.shop, id)
    links, events = LetterLink.of(found.message), MailEvent.of(found.message)
    context = {"letter": found, "message": found.message, "links": links, "events": events, "paper": paper_of(found)}
    return panel("console/follow_ups/letter.html", "console/follow_ups/_letter.html", **context)
