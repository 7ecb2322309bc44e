"""No more letters: the link in every follow-up letter. GET shows a page with a button; only a POST ends them (RFC 8058)."""

from flask import Response, g, make_response, render_template, request

from models import Actor, DoNotMail, MailLink, db
from models.do_not_mail import BY_LINK
from portal import bp
from portal.brand import logo, stylesheet
from portal.doorkeeper import belongs_here
from portal.language import locale, spoken
from web import csrf, ip


@bp.get("/u/<code>")
def show_subscription(code: str) -> Response:
    return _page(_link(code))


@bp.post("/u/<code>")
@csrf.exempt  # mail programs send it by themselves, with no page, cookie or origin of ours
def end_subscription(code: str) -> Response:
    link = _link(code)
    DoNotMail.set(link.customer.current, BY_LINK, by=Actor("customer", link.customer.name, link.customer_id, ip()))
    db.session.commit()
    return _page(link)


def _link(code: str) -> MailLink:
    """Raises NotFound: unknown, cut off, or another shop's under this shop's own name."""
    link = MailLink.found(code)
    belongs_here(link.shop_id)
    return link


def _page(link: MailLink) -> Response:
    shop = link.customer.shop
    g.locale = locale(spoken(link.customer.language, shop.language), shop.country)
    look = {"stylesheet": stylesheet(shop), "logo": logo(shop), "language": g.locale.language, "here": request.path}
    ended = DoNotMail.of(link.customer.current) is not None
    response = make_response(render_template("portal/subscriptions/page.html", shop=shop, ended=ended, **look))
    response.headers.update({"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow, noarchive"})
    return response
