"""The privacy notice and the messaging terms: ours, or the shop's own words; every version is kept."""

from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _

from console import bp
from console.access import needs
from console.answers import again, gone_to
from models import Notice, Refused, db
from models.customer import LANGUAGES
from models.notice import KINDS

PAGE, FORM = "console/notices/page.html", "console/notices/_notice.html"
ADDRESS = "/settings/notices/<any(privacy,texting):kind>/<any(en,es,nl):language>"


@bp.get("/settings/notices")
@needs("settings")
def notices() -> str:
    found = [[Notice.of(g.shop, kind, language) for language in LANGUAGES] for kind in KINDS]
    return render_template("console/notices/index.html", notices=found)


@bp.get(ADDRESS)
@needs("settings")
def notice(kind: str, language: str) -> str:
    found = Notice.of(g.shop, kind, language)
    return render_template(PAGE, typed={"body": found.body}, errors={}, **_shown(found))


@bp.post(ADDRESS)
@needs("settings")
def update_notice(kind: str, language: str) -> Any:
    body = "" if request.form.get("standard") else request.form.get("body", "")
    try:
        Notice.rewrite(g.shop, kind, language, body, by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again(PAGE, FORM, refused, **_shown(Notice.of(g.shop, kind, language)))
    return gone_to(url_for("console.notices"), _("Saved. Customers read it at once."))


def _shown(found: Notice) -> dict[str, Any]:
    return {"notice": found, "versions": Notice.versions(g.shop, found.kind, found.language)}
