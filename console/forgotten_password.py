"""A new password for who forgot theirs: by a link to the address on file. What we know of an address, nobody learns here."""

import time
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

import web
from console import bp
from console.access import open_to_strangers
from console.gate import account_link, ended, limited, password_chosen, shown
from models import AccountLink, Refused, db, email_address
from models.account_link import Purpose

ASK, PAGE = "console/forgotten_password/ask.html", "console/forgotten_password/page.html"
# Requests, whether or not anybody has the address: against flooding one mailbox, and against trying many.
PER_ACCOUNT, PER_ADDRESS = "5 per hour", "20 per 15 minutes"
ALIKE = 0.15  # seconds: an answer for a known address takes longer to make, and is not to be told from one for an unknown


@bp.get("/forgotten-password")
@open_to_strangers
def forgotten_password() -> str:
    return render_template(ASK, typed={}, errors={})


def _account() -> str:
    return web.counted("forgotten", request.form.get("email", "").strip().lower())


@bp.post("/forgotten-password")
@open_to_strangers
@web.limiter.limit(PER_ADDRESS)
@web.limiter.limit(PER_ACCOUNT, key_func=_account)
def create_password_link() -> Any:
    begun = time.monotonic()
    try:
        email = email_address.normalised(request.form.get("email", ""))
    except Refused as refused:
        return render_template(ASK, typed=request.form, errors=refused.errors), 422
    AccountLink.for_forgotten(email, web.ip())
    db.session.commit()
    time.sleep(max(0.0, begun + ALIKE - time.monotonic()))
    words = _("If somebody with this address is on the staff, an e-mail with a link is on its way to it. The link works once, for an hour.")
    flash(words, "info")
    return redirect(url_for("console.sign_in"), 303)


@bp.get("/forgotten-password/<token>")
@open_to_strangers
@limited
def new_password(token: str) -> Any:
    link = account_link(token, Purpose.reset)
    return shown(PAGE, link=link, errors={}) if link and link.works else _over(link)


@bp.post("/forgotten-password/<token>")
@open_to_strangers
@limited
def create_new_password(token: str) -> Any:
    """Every session ends; signing in shows that the password was typed as it was meant."""
    link = account_link(token, Purpose.reset)
    unchosen = password_chosen(link, PAGE, _over)
    if link is None or unchosen:
        return unchosen
    db.session.commit()
    flash(_("Your password is changed, and you are signed out everywhere. Sign in with the new one."), "info")
    return redirect(url_for("console.sign_in"), 303)


def _over(link: AccountLink | None) -> Any:
    db.session.rollback()
    if link and link.used_at:
        return ended(
            _("This link was used already"),
            [_("The password was changed with it: sign in with the new one.")],
            again=_("Ask for a new link"),
        )
    return ended(
        _("This link does not work any more"),
        [_("A link for a new password works once and for an hour, and only the one in the newest e-mail.")],
        again=_("Ask for a new link"),
    )
