"""Getting started: what each role does in a day, with pictures, on one page that can be printed; and where help is."""

from typing import Any

from flask import abort, current_app, g, render_template
from flask_babel import gettext as _

from console import bp
from console.access import open_to_members
from models import Role, phone

PAGE = "console/training/page.html"


@bp.get("/getting-started")
@open_to_members
def training() -> str:
    return render_template(PAGE, role=g.role, roles=list(Role))


@bp.get("/getting-started/<role>")
@open_to_members
def training_of_role(role: str) -> str:
    if role not in list(Role):
        abort(404)
    return render_template(PAGE, role=Role(role), roles=list(Role))


@bp.context_processor
def _support() -> dict[str, Any]:
    return {"support": support}


def support() -> list[tuple[str, str, str, str]]:
    """How to reach who helps with this installation: icon, words, what is shown, and the link; nothing where the operator named nothing."""
    settings = current_app.extensions["settings"]
    country = g.shop.country
    ways = (
        ("phone", _("Call support"), "tel:", settings.support_phone),
        ("text", _("Text support"), "sms:", settings.support_text),
        ("mail", _("E-mail support"), "mailto:", settings.support_email),
    )
    return [
        (icon, words, phone.shown(to, country) if to.startswith("+") else to, f"{scheme}{to}") for icon, words, scheme, to in ways if to
    ]
