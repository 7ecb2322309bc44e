"""What was handed over about a car to other companies: to whom, when, and exactly what, for the customer whose it was."""

from flask import g, make_response, render_template
from werkzeug.wrappers import Response

from models import ExportRecord, NotFound
from portal import bp
from portal.brand import logo, stylesheet
from portal.page import Page


@bp.get("/v/<token>/data")
def show_exports(token: str) -> Response:
    """Raises NotFound: the shop does not show it, or the link is the calendar's, which gets shared."""
    page = Page(g.link)
    if not page.tells_exports:
        raise NotFound("ExportRecord")
    look = {"stylesheet": stylesheet(page.shop, "overview"), "logo": logo(page.shop), "language": g.locale.language}
    told = ExportRecord.about(page.visit)
    return make_response(render_template("portal/exports/page.html", view=page, shop=page.shop, told=told, **look))
