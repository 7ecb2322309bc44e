"""The page behind a visit's link: it shows, and takes what the customer says. Only a POST from the page itself says anything."""

from contextlib import suppress

from flask import g, redirect, request
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from models import Appointment, NotFound, Opening, Refused, db, writing
from models.reschedule_request import LONGEST
from portal import agents, bp
from portal.brand import logo, script, stylesheet
from portal.nonce import trusted
from portal.page import Page
from web import csrf, panel


@bp.get("/v/<token>")
def show_visit(token: str) -> Response:
    answer = shown(Page(g.link))
    if request.method == "GET":  # HEAD looks at nothing
        _note_fetch()
    return answer


@bp.post("/v/<token>/confirmation")
@csrf.exempt
def create_confirmation(token: str) -> Response:
    if objection := _objection():
        return objection
    Opening.opened(g.link.visit, agents.name(), g.actor)
    with suppress(Refused):  # it ended while the page lay open: the page now says how
        _appointment().confirm(by=g.actor)
    db.session.commit()
    return _answered()


@bp.post("/v/<token>/reschedule-request")
@csrf.exempt
def create_reschedule_request(token: str) -> Response:
    if objection := _objection():
        return objection
    Opening.opened(g.link.visit, agents.name(), g.actor)
    wishes = request.form.get("wishes", "").replace("\r\n", "\n").replace("\0", "")
    try:
        _appointment().request_reschedule(wishes, by=g.actor)
    except Refused as refusal:
        if "wishes" in refusal.errors:
            return shown(Page(g.link, wishes=wishes, wishes_wrong=_("Please keep it under %(count)s characters.", count=LONGEST)), 422)
    db.session.commit()
    return _answered()


@bp.post("/v/<token>/opening")
@csrf.exempt
def create_opening(token: str) -> Response:
    """The page's script saw signs of a person."""
    if trusted(g.link) and not agents.is_machine():
        Opening.opened(g.link.visit, agents.name(), g.actor)
        overview = Page(g.link).overview
        if overview and overview.version == request.args.get("overview", type=int):  # it is what the page showed
            overview.opened(by=g.actor, agent=agents.name())
        db.session.commit()
    return Response(status=204)


@bp.get("/v/<token>/confirmation")
@bp.get("/v/<token>/reschedule-request")
def return_to_visit(token: str) -> Response:
    """Somebody reloads the address that a form went to."""
    return redirect(Page(g.link).address(), 303)


@bp.get("/v/<token>/appointment.ics")
def show_calendar_entry(token: str) -> Response:
    entry = Page(g.link).entry
    if entry is None:
        raise NotFound("Appointment")
    headers = {"Content-Disposition": 'attachment; filename="appointment.ics"'}
    return Response(entry.file, content_type=f"text/calendar; charset=utf-8; method={entry.method}", headers=headers)


def shown(page: Page, status: int = 200, partial: str = "portal/visits/_appointment.html") -> Response:
    """The visit's page as it stands, or its changed part for htmx."""
    look = {"stylesheet": stylesheet(page.shop), "logo": logo(page.shop), "script": script(), "language": g.locale.language}
    return panel("portal/visits/page.html", partial, status, view=page, shop=page.shop, **look)


def _answered() -> Response:
    """The changed part for htmx; a browser is sent back to the page, so that reloading says nothing twice."""
    if request.headers.get("HX-Request"):
        return shown(Page(g.link, answered=True))
    return redirect(Page(g.link).address(), 303)


def _objection() -> Response | None:
    """Why a tap can't count, said on the page as it stands now; there it takes one tap to say it again."""
    appointment = _appointment()
    g.link.visit.lock()
    db.session.refresh(appointment, ["revision"])
    if not trusted(g.link):
        wrong = _("This page had been open for too long. Please tap once more.")
    elif request.form.get("revision", type=int) != appointment.revision:
        wrong = _("The appointment was changed while this page was open. Please look at it again.")
    else:
        return None
    return shown(Page(g.link, wrong=wrong, wishes=request.form.get("wishes", "")), 422)


def _appointment() -> Appointment:
    """Raises NotFound: a walk-in's visit has none."""
    if g.link.visit.appointment is None:
        raise NotFound("Appointment")
    return g.link.visit.appointment


def _note_fetch() -> None:
    """Keep which machine or browser fetched the page, once each; whatever goes wrong with that is not the customer's concern."""
    visit = g.link.visit
    try:
        if not Opening.is_kept(visit, "fetched", agents.name()):
            db.session.commit()  # ends the transaction that only reads
            writing.set(True)
            Opening.fetched(visit, agents.name(), request.remote_addr or "")
            db.session.commit()
    except SQLAlchemyError:
        db.session.rollback()
