"""Signing in and out, choosing the shop, and the live stream of the tab."""

from typing import Any

from flask import abort, current_app, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_limiter.errors import RateLimitExceeded
from flask_login import current_user, login_user, logout_user
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response

import web
from console import bp
from console.access import STRANGERS, enter, home, open_to_members, open_to_strangers, safe, turned_away
from console.gate import too_often
from models import FirstSetup, Refused, SignIn, StaffMember, db, touch

# Wrong attempts only: of an account against guessing its password, of an address against trying many accounts.
PER_ACCOUNT, PER_ADDRESS = "5 per 5 minutes", "20 per 5 minutes"
# Attempts of any kind, counted before anything is compared: a wrong one counts when it was answered, and many can be under way at once.
AT_ONCE = "30 per 5 minutes"
# What was being done when it turned out that the session had ended (console.access.turned_away).
ENDED = {
    "reading": _l("You were signed out: your session has ended. Sign in to go on where you were."),
    "doing": _l("You were signed out: your session has ended, and what you did last was not saved. Sign in and do it again."),
}


@bp.record_once
def _at_the_front_door(state: Any) -> None:
    state.app.add_url_rule("/", endpoint="console.front_door", view_func=sign_in)


@bp.get("/sign-in")
@open_to_strangers
def sign_in() -> str | Response:
    if current_user.is_authenticated and current_user.memberships:
        enter(current_user)
        return redirect(safe(request.args.get("next")) or home())
    ended = ENDED.get(request.args.get("ended", ""))
    words = {"next": safe(request.args.get("next")), "ended": ended, "awaited": FirstSetup.is_awaited()}
    return render_template("console/sessions/sign_in.html", typed={}, errors={}, **words)


def _account() -> str:
    return web.counted("account", request.form.get("email", "").strip().lower())


@bp.post("/sign-in")
@open_to_strangers
@web.limiter.limit(PER_ADDRESS, deduct_when=lambda response: response.status_code == 422)
@web.limiter.limit(AT_ONCE, key_func=_account)
@web.limiter.limit(PER_ACCOUNT, key_func=_account, deduct_when=lambda response: response.status_code == 422)
def create_sign_in() -> Any:
    member = StaffMember.signing_in(request.form.get("email", ""), request.form.get("password", ""))
    if member is None or not member.memberships:
        return _refused(Refused(_("This e-mail and password don't go together. Check both and try again."), field="password"), 422)
    session.clear()
    SignIn.begin(member, web.ip())
    db.session.commit()
    login_user(member)
    enter(member)
    return redirect(safe(request.form.get("next")) or home(), 303)


@bp.errorhandler(RateLimitExceeded)
def _too_often(problem: RateLimitExceeded) -> tuple[str, int]:
    if request.endpoint not in {"console.create_sign_in", "console.front_door"}:
        return too_often()
    return _refused(Refused(_("Too many wrong attempts. Wait five minutes, then try again."), field="password"), 429)


def _refused(refused: Refused, status: int) -> tuple[str, int]:
    page = render_template("console/sessions/sign_in.html", typed=request.form, errors=refused.errors, next=safe(request.form.get("next")))
    return page, status


@bp.errorhandler(CSRFError)
def _old_page(problem: CSRFError) -> Any:
    """The page is older than the session: sign in anew, or load it again."""
    if request.endpoint == "console.create_sign_in":
        return _refused(Refused(_("This page was open for too long. Please sign in again."), field="email"), 400)
    if getattr(current_app.view_functions[request.endpoint or ""], "policy", None) == STRANGERS:
        flash(_("The page was too old. Nothing was changed; please try again."), "bad")
        return redirect(request.path, 303)
    if not current_user.is_authenticated:
        return turned_away()
    if request.headers.get("HX-Request"):
        return "", 400, {"HX-Refresh": "true"}
    flash(_("The page was too old. Nothing was changed; please try again."), "bad")
    return redirect(url_for("console.sign_in"), 303)


@bp.post("/sign-out")
@open_to_members
def sign_out() -> Response:
    current_user.sign_in.end()
    touch(g.shop.id, "refresh")  # the other tabs of this session look again, and find the door closed
    db.session.commit()
    logout_user()
    session.clear()
    return redirect(url_for("console.front_door"), 303)


@bp.post("/shop")
@open_to_members
def choose_shop() -> Response:
    slug = request.form.get("shop", "")
    if slug not in {shop.slug for shop in g.shops}:
        abort(404)
    session["shop"] = slug
    enter(g.me)
    return redirect(home(), 303)


@bp.get("/live")
@open_to_strangers
def live() -> Any:
    """Never redirects: a stranger's first connect is told 204 and stops, a reconnect 401 and slows down."""
    if not current_user.is_authenticated:
        return "", 401 if request.headers.get("Last-Event-ID") else 204
    enter(current_user)
    token = current_user.get_id()
    return web.live(g.shop.id, g.may, lambda: SignIn.current(token) is not None)
