"""The library of explanations: shown at the counter, copied into a message, and the shop's own videos beside them."""

from collections.abc import Sequence

from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from models import Explanation
from web import panel

PAGE, LIST = "console/explanations/page.html", "console/explanations/_explanations.html"


@bp.app_template_global()
def every_explanation() -> Sequence[Explanation]:
    return Explanation.every()


@bp.get("/explanations")
@needs("messages")
def explanations() -> Response:
    return panel(PAGE, LIST, explanations=Explanation.every())
