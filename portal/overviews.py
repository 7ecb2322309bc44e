"""The diagnostic overview on the customer's phone: read, chosen from, signed and sent. Only what is sent from the page itself counts."""

from flask import g, redirect, request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from models import NotFound, Overview, Refused, Remark, db
from models.answering import Overtaken, answer
from models.remark import MOST_FILES
from models.sent_file import SentFile
from models.summary import read_choices
from portal import agents, bp
from portal.brand import logo, script, stylesheet
from portal.nonce import trusted
from portal.overview_form import LONGEST_DRAFT, Typed
from portal.overview_page import OverviewPage
from portal.page import Page
from web import counted_link, csrf, limiter, panel, picture_answer

PAGE, SUMMARY = "portal/overviews/page.html", "portal/overviews/_summary.html"


@bp.get("/v/<token>/overview")
def show_overview(token: str) -> Response:
    return _shown(OverviewPage(g.link, _overview()))


@bp.post("/v/<token>/overview/draft")
@csrf.exempt
@limiter.limit("120/minute", key_func=counted_link)
def create_draft(token: str) -> Response:
    """Keep what is chosen so far, and show what it comes to."""
    overview, typed = _overview(), None
    try:
        typed, _files = Typed.received()
        _keep(overview, typed)
    except Refused as refused:
        return _again(overview, typed, refused)
    db.session.commit()
    if request.headers.get("HX-Request"):
        return _shown(OverviewPage(g.link, overview, typed))
    return redirect(f"{Page(g.link).address('overview')}#sums", 303)


@bp.post("/v/<token>/answers")
@csrf.exempt
@limiter.limit("20/minute;100/hour", key_func=counted_link)
def create_answers(token: str) -> Response:
    overview, typed = _overview(), None
    try:
        typed, files = Typed.received()
        _answered(overview, typed, files)
    except Refused as refused:
        return _again(overview, typed, refused)
    db.session.commit()
    return redirect(Page(g.link).address(), 303)


@bp.get("/v/<token>/answers")
@bp.get("/v/<token>/overview/draft")
def return_to_overview(token: str) -> Response:
    """Somebody reloads the address that the form went to."""
    return redirect(Page(g.link).address("overview"), 303)


@bp.get("/v/<token>/pictures/<int:id>/<any(small, large, video):shape>")
def show_picture(token: str, id: int, shape: str) -> Response:
    return picture_answer(Overview.picture(_order_id(), id), shape)


def _order_id() -> int:
    """Raises NotFound: there is none yet, or the link is the calendar's, which gets shared."""
    order = g.link.visit.work_order
    if order is None or g.link.purpose == "calendar":
        raise NotFound("WorkOrder")
    return order.id


def _overview() -> Overview:
    overview = Overview.newest(_order_id())
    if overview is None:
        raise NotFound("Overview")
    return overview


def _must_be_ours(overview: Overview, typed: Typed) -> None:
    if not trusted(g.link) or not typed.is_whole:
        raise Refused(_("This page had been open for too long. Please tap once more."), field="version")
    if typed.version != overview.version:
        raise Overtaken(_("The overview was changed while this page was open. Please look at it again."), field="version")


def _keep(overview: Overview, typed: Typed) -> None:
    _must_be_ours(overview, typed)
    overview.order.lock()
    choices = read_choices(overview, typed.fields)
    if overview.may_be_answered:
        overview.keep_draft({item_id: chosen.word for item_id, chosen in choices.items()}, typed.comment[:LONGEST_DRAFT])
        overview.opened(by=g.actor, agent=agents.name())


def _answered(overview: Overview, typed: Typed, files: list[FileStorage]) -> None:
    """With the files, if there are any, on the remark that the comment becomes."""
    _must_be_ours(overview, typed)
    choices = read_choices(overview, typed.fields)
    sent = _taken_in(files, typed.key)
    try:
        reply = answer(overview, typed.said(choices), by=g.actor)
        for one in sent:
            Remark.made_of(reply).add(one, by=g.actor)
    except Refused:
        for one in sent:
            one.original.discard()
        raise


def _taken_in(files: list[FileStorage], form: str) -> list[SentFile]:
    """Looked at and stored, before anything is said: none is left behind if one of them is no picture. Raises Refused."""
    if len(files) > MOST_FILES:
        raise Refused(_("Please send at most %(count)s pictures and videos.", count=MOST_FILES), field="files")
    if files:
        db.session.commit()  # no transaction is open while they go into the storage; ``answer`` looks again at what it needs
    sent: list[SentFile] = []
    for position, file in enumerate(files):
        try:
            sent.append(SentFile.stored(g.link.shop_id, file.stream, file.filename or "", f"{form}-{position}"))
        except Refused as refused:
            for one in sent:
                one.original.discard()
            raise Refused(f"{file.filename}: {refused}" if len(files) > 1 else str(refused), field="files") from refused
    return sent


def _again(overview: Overview, typed: Typed | None, refused: Refused) -> Response:
    """The page as it stands now, with everything typed and what is the matter beside it."""
    db.session.rollback()
    newest = _overview()
    if typed and typed.version != newest.version:
        typed = typed.carried_to(newest)
    return _shown(OverviewPage(g.link, newest, typed, refused.errors), 422)


def _shown(page: OverviewPage, status: int = 200) -> Response:
    look = {"stylesheet": stylesheet(page.shop, "overview"), "logo": logo(page.shop), "script": script(), "language": g.locale.language}
    return panel(PAGE, SUMMARY, status, view=page, shop=page.shop, **look)
