"""A mail as it looks to whoever gets it, within a page of ours: by the template and rules of mails, with nothing to follow."""

from flask import Response, g, render_template
from flask_babel import force_locale
from markupsafe import Markup

from console import bp
from console.access import needs
from models import Customer, Letter
from models.mail_places import places
from models.wording import Wording, locale_of

NOWHERE = "about:blank"  # staff who look at it must click neither in the customer's name nor them off the list


@bp.get("/follow-ups/paper.css")
@needs("customers")
def paper_stylesheet() -> Response:
    sheet = render_template("console/follow_ups/paper.css", shop=g.shop)
    return Response(sheet, mimetype="text/css", headers={"Cache-Control": "no-cache"})


def paper_of(letter: Letter) -> Markup:
    """One that was written."""
    message = letter.message
    wording = Wording(message.language, message.subject, message.body)
    return paper(wording, letter.customer, is_letter=True, opens=letter.kind.is_reminder and letter.appointment_id is not None)


def paper(wording: Wording, customer: Customer | None, *, is_letter: bool, opens: bool, link: str = NOWHERE) -> Markup:
    """``opens``: there is a button; ``link``: what stands for it in the words, which goes."""
    context = {
        "shop": g.shop,
        "customer": customer or "example",
        "body": wording.body,
        "language": wording.language,
        "places": places(g.shop) if is_letter else [],
        "link_url": link if opens else "",
        "unsubscribe_url": NOWHERE if is_letter else "",
        "to_look_at": True,
    }
    with force_locale(locale_of(g.shop, wording.language)):
        return Markup(render_template("mail/paper.html", **context))  # noqa: S704  a template's own, which escapes all that people wrote
