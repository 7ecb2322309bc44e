"""Who may do what: every view names its policy, everything else is closed."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import abort, current_app, g, make_response, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from console import bp
from models import Actor, StaffMember
from web import ip

STRANGERS = "strangers"  # anybody, signed in or not
MEMBERS = "members"  # any member of a shop, whatever the role

View = TypeVar("View", bound=Callable[..., Any])


def needs(permission: str) -> Callable[[View], View]:
    """Only for members whose role holds the permission in the shop they are in (``models.role``)."""

    def declare(view: View) -> View:
        view.policy = permission  # type: ignore[attr-defined]
        return view

    return declare


def open_to_strangers(view: View) -> View:
    return needs(STRANGERS)(view)


def open_to_members(view: View) -> View:
    return needs(MEMBERS)(view)


@bp.before_request
def admit() -> Any:
    """Let in whom the view's policy lets in; a view without one lets in nobody."""
    policy = getattr(current_app.view_functions[request.endpoint or ""], "policy", None)
    if policy == STRANGERS:
        return None
    if not current_user.is_authenticated:
        return turned_away()
    enter(current_user)
    if policy is None or not (policy == MEMBERS or g.may(policy)):
        abort(403)
    return None


def enter(member: StaffMember) -> None:
    """Put the member, the shop they are in and their role there where views and templates find them.

    A page names its shop in a header, so that two tabs can be in two shops; else it is the shop that was chosen last.
    """
    if not member.memberships:
        abort(403)
    chosen = request.headers.get("X-Shop") or session.get("shop")
    membership = next((one for one in member.memberships if one.shop.slug == chosen), member.memberships[0])
    g.me, g.membership, g.shop, g.role, g.may = member, membership, membership.shop, membership.role, membership.role.may
    g.shops = [one.shop for one in member.memberships]
    g.actor = Actor("staff", member.name, member.id, ip())


def turned_away() -> Response:
    """To the sign-in page, which says why, if there was a session.

    A panel that refreshes is told by a header: a redirect would put that page into the panel.
    """
    reading, in_panel = request.method == "GET", bool(request.headers.get("HX-Request"))
    was_in = in_panel or "_user_id" in session  # a panel is on a page that only members see
    ended = ("reading" if reading else "doing") if was_in else None
    if in_panel:
        response = make_response("", 401)
        response.headers["HX-Redirect"] = url_for("console.sign_in", next=_page_of_the_panel(), ended=ended)
        return response
    return redirect(url_for("console.sign_in", next=request.full_path.rstrip("?") if reading else None, ended=ended))


def safe(target: str | None) -> str | None:
    """The target if it is a place in the console of this site, else None."""
    text = target or ""
    inside = text.startswith("/console/") and "\\" not in text and text.isprintable()
    return text if inside and not urlsplit(text).netloc else None


def home() -> str:
    """Where this member's work begins."""
    return url_for("console.today" if g.may("day") else "console.queue")


def _page_of_the_panel() -> str | None:
    parts = urlsplit(request.headers.get("HX-Current-URL", ""))
    return safe(f"{parts.path}?{parts.query}" if parts.query else parts.path)
