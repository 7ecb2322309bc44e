"""A picture, PDF or video that went with a text: for whoever holds its link, and for the provider that carries it, for a while."""

from werkzeug.wrappers import Response

from models import media_link
from portal import bp
from portal.doorkeeper import belongs_here
from web import media_answer


@bp.get("/m/<code>")
def message_media(code: str) -> Response:
    media = media_link.found(code)
    belongs_here(media.shop_id)
    response = media_answer(media)
    response.headers.update({"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex, nofollow, noarchive"})
    return response
