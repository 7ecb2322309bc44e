"""The first password, by the link in the activation e-mail. GET shows the form and uses nothing up: link scanners open links."""

from typing import Any

from flask import redirect, session
from flask_babel import gettext as _
from flask_login import current_user, login_user

import web
from console import bp
from console.access import enter, home, open_to_strangers
from console.gate import account_link, ended, limited, password_chosen, shown
from models import AccountLink, SignIn, db
from models.account_link import Purpose

PAGE = "console/activation/page.html"


@bp.get("/activation/<token>")
@open_to_strangers
@limited
def activation(token: str) -> Any:
    link = account_link(token, Purpose.activation)
    return shown(PAGE, link=link, errors={}) if link and link.works else _over(link)


@bp.post("/activation/<token>")
@open_to_strangers
@limited
def create_activation(token: str) -> Any:
    """Choose the password and be signed in."""
    link = account_link(token, Purpose.activation)
    unchosen = password_chosen(link, PAGE, _over)
    if link is None or unchosen:
        return unchosen
    if current_user.is_authenticated:
        current_user.sign_in.end()  # whoever was signed in at this screen
    session.clear()
    SignIn.begin(link.staff_member, web.ip())
    db.session.commit()
    login_user(link.staff_member)
    enter(link.staff_member)
    return redirect(home(), 303)


def _over(link: AccountLink | None) -> Any:
    """Used up, too old, replaced or unknown. Who has just used it, in another tab or by a double click, goes on to work."""
    db.session.rollback()
    if link and link.used_at and current_user.is_authenticated and current_user.id == link.staff_member_id:
        enter(current_user)
        return redirect(home(), 303)
    if link and link.used_at:
        sentences = [_("Your account is active: sign in with the password that you chose.")]
        return ended(_("This link was used already"), sentences, again=_("Forgotten your password?"))
    return ended(
        _("This link does not work any more"),
        [
            _("An activation link works once and for seven days, and only the one in the newest e-mail."),
            _("Look for a newer e-mail, or ask an administrator of your shop to send you a new link."),
        ],
    )
