"""Changing one's own password."""

from typing import Any

from flask import g, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

import web
from console import bp
from console.access import home, open_to_members
from console.answers import again, gone_to
from models import Refused, db

PAGE = "console/passwords/page.html"
TRIES = "10 per 5 minutes"  # refused ones: a screen that was left open must not be a place to guess at


def _account() -> str:
    return f"password:{current_user.id if current_user.is_authenticated else web.ip()}"


@bp.get("/password")
@open_to_members
def password() -> str:
    return render_template(PAGE, typed={}, errors={})


@bp.post("/password")
@open_to_members
@web.limiter.limit(TRIES, key_func=_account, deduct_when=lambda response: response.status_code == 422)
def update_password() -> Any:
    try:
        g.me.change_password(request.form.get("current", ""), request.form.get("password", ""), by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again(PAGE, PAGE, refused)
    return gone_to(home(), _("Your password is changed. You are signed out everywhere else."))
