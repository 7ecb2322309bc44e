"""Privacy notice and messaging terms of a shop, for everybody: registration with the carriers and every consent point to them."""

from flask import Response, g, make_response, render_template, request

from models import Notice, Shop
from portal import bp
from portal.brand import logo, stylesheet
from portal.language import locale, spoken


def path(shop: Shop, kind: str, language: str = "") -> str:
    return f"/p/{shop.slug}/{kind}{f'?lang={language}' if language else ''}"


@bp.app_template_global()
def notice_path(shop: Shop, kind: str, language: str = "") -> str:
    return path(shop, kind, language)


@bp.app_template_global()
def notice_address(shop: Shop, kind: str, language: str = "") -> str:
    """The whole address, as mails and paper need it."""
    return f"{shop.base_url}{path(shop, kind, language)}"


@bp.get("/p/<slug>/<any(privacy,texting):kind>")
def show_notice(slug: str, kind: str) -> Response:
    shop = Shop.known(slug)
    g.locale = locale(spoken(shops=shop.language), shop.country)
    language = g.locale.language
    notice = Notice.of(shop, kind, language)
    look = {"stylesheet": stylesheet(shop), "logo": logo(shop), "language": language, "here": request.path}
    return make_response(render_template("portal/notices/page.html", shop=shop, notice=notice, **look))
