"""Whoever holds a link may use it: every address below one is opened here first, and a wrong one tells nothing."""

from typing import NoReturn

from flask import Response, g, make_response, render_template, request
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import TooManyRequests

from models import Actor, Appointment, Customer, Link, NotFound, Shop, StatusStay, Visit, WorkOrder, db
from portal import bp
from portal.brand import logo, stylesheet
from portal.doorkeeper import belongs_here, here
from portal.language import locale, spoken
from web import limiter

# one query for the whole page: there are one or two rows of each, and a round trip costs more than they do
_WHOLE = joinedload(Link.visit, innerjoin=True).options(
    joinedload(Visit.shop, innerjoin=True),
    joinedload(Visit.customer, innerjoin=True).joinedload(Customer.phones),
    joinedload(Visit.vehicle, innerjoin=True),
    joinedload(Visit.links),
    joinedload(Visit.work_order).selectinload(WorkOrder.stays).joinedload(StatusStay.status, innerjoin=True),
    joinedload(Visit.appointment).options(
        joinedload(Appointment.cancellation),
        joinedload(Appointment.confirmations),
        joinedload(Appointment.reschedule_requests),
        joinedload(Appointment.no_shows),
    ),
)


@limiter.shared_limit("30/minute;300/hour", scope="wrong links")
def refuse_unknown() -> NoReturn:
    """Guessing is what is slowed down. Who holds a link is not asked: a neighbourhood may sit behind one address of a mobile network.

    Raises NotFound, or TooManyRequests.
    """
    raise NotFound("Link")


@bp.before_request
def open_link() -> None:
    """Raises NotFound: unknown, cut off and revoked links alike."""
    g.locale = locale(spoken())
    token = (request.view_args or {}).get("token")
    if token is not None:
        try:
            link = Link.found(token, _WHOLE)
            belongs_here(link.shop_id)
        except NotFound:
            refuse_unknown()
        g.link = link
        customer = g.link.visit.customer
        shop = g.link.visit.shop
        g.locale = locale(spoken(customer.language, shop.language), shop.country)
        g.actor = Actor("customer", customer.name, customer.id, request.remote_addr or "")


@bp.after_request
def keep_to_yourself(answer: Response) -> Response:
    """What is behind a link is for its holder: not for caches, not for search engines."""
    if request.path.startswith("/v/"):
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer


@bp.route("/v/", defaults={"rest": ""}, methods=["GET", "POST"])
@bp.route("/v/<path:rest>", methods=["GET", "POST"])
def show_unknown(rest: str) -> Response:
    refuse_unknown()


@bp.errorhandler(NotFound)
def answer_unknown(problem: NotFound) -> Response:
    place = here()
    return _alone("portal/links/unknown.html", 404, db.session.get(Shop, place.shop_id) if place else None)


@bp.errorhandler(TooManyRequests)
def answer_too_many(problem: TooManyRequests) -> Response:
    return _alone("portal/links/too_many.html", 429)


def _alone(template: str, status: int, shop: Shop | None = None) -> Response:
    """A page of no shop, or of the one whose name it was asked under. Its addresses repeat nothing of the one that was asked for."""
    if "link" not in g:  # else it speaks as that link's page does; who is slowed down never got as far as opening one
        g.locale = locale(spoken(shops=shop.language), shop.country) if shop else locale(spoken())
    look = {"stylesheet": stylesheet(shop), "logo": logo(shop)} if shop else {"stylesheet": "/brand/plain.css"}
    return make_response(render_template(template, language=g.locale.language, shop=shop, here="", **look), status)
