"""Links in letters lead through here to where the shop wanted them to lead: never to a place that stands in the address."""

from flask import redirect, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from models import LetterLink, db, writing
from portal import agents, bp
from portal.doorkeeper import belongs_here


@bp.get("/g/<code>")
def follow_letter_link(code: str) -> Response:
    """Raises NotFound: unknown, cut off, or another shop's under this shop's own name."""
    link = LetterLink.found(code)
    belongs_here(link.shop_id)
    answer = redirect(link.leads_to, 303)
    if request.method == "GET":  # HEAD follows nothing
        _note(link)
    # no-referrer: the place learns nothing of the letter, the code in this address least of all
    answer.headers.update({"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow, noarchive", "Referrer-Policy": "no-referrer"})
    return answer


def _note(link: LetterLink) -> None:
    """Once each, by machine and by person; whatever goes wrong with that is not the customer's concern."""
    person = link.is_by_a_person(agents.is_machine() or not _navigates())
    if link.clicked_at or (link.fetched_at and not person):
        return
    try:
        db.session.commit()  # ends the transaction that only reads
        writing.set(True)
        link.follow(person=person)
        db.session.commit()
    except SQLAlchemyError:
        db.session.rollback()


def _navigates() -> bool:
    """Browsers say that they are on their way to a page; one that says that it fetches something else is no tap on a link."""
    return request.headers.get("Sec-Fetch-Dest", "document") == "document"
