"""What a part of the car does and how it wears, on the owner's phone: pages in the shop's look that hold nothing of anybody's own."""

from typing import Any

from flask import Response, g, make_response, render_template
from werkzeug.wrappers import Response as AnyResponse

from models import Explanation, OwnVideo, Shop
from portal import bp
from portal.brand import logo, stylesheet
from portal.language import locale, spoken
from web import file_answer


@bp.get("/x/<slug>/<key>")
def show_explanation(slug: str, key: str) -> Response:
    """Raises NotFound: no such shop or explanation."""
    shop, explanation = Shop.known(slug), Explanation.known(key)
    answer = _page(shop, "portal/explanations/page.html", explanation.name, here=f"/x/{slug}/{key}", view=explanation)
    answer.headers["Cache-Control"] = "private, max-age=600"
    answer.vary.add("Accept-Language")
    return answer


@bp.get("/x/<slug>/v/<code>")
def show_own_video(slug: str, code: str) -> Response:
    """Raises NotFound: no such shop, or no video of its own that is ready."""
    shop = Shop.known(slug)
    video = OwnVideo.known(shop, code)
    answer = _page(shop, "portal/explanations/own_video.html", "own_video", here=video.path, view=video)
    answer.headers["Cache-Control"] = "no-store"  # it can be removed
    return answer


@bp.get("/x/<slug>/v/<code>/<any('poster.jpg', 'film.mp4'):name>")
def show_own_video_file(slug: str, code: str, name: str) -> AnyResponse:
    file = OwnVideo.known(Shop.known(slug), code).file(name.partition(".")[0])
    return file_answer(file, name)


def _page(shop: Shop, template: str, drawing: str, **context: Any) -> Response:
    """In the language that the link or the reader asks for, else the shop's. Search engines shall find the shop's own pages, not these."""
    g.locale = locale(spoken(shops=shop.language), shop.country)
    look = {"stylesheet": stylesheet(shop, drawing), "logo": logo(shop), "language": g.locale.language}
    answer = make_response(render_template(template, shop=shop, **look, **context))
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer
