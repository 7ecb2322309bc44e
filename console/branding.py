"""How the shop looks to its customers: logo, colour, words; with a preview while choosing."""

from typing import Any

from flask import g, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import again, gone_to
from models import Branding, Refused, db
from models.branding import contrast
from models.picture import LARGEST, Picture

PAGE, FORM, LOGO = (f"console/branding/{name}.html" for name in ("page", "_branding", "_logo"))
WORDS = ("accent", "sender_name", "welcome")


@bp.get("/settings/branding")
@needs("settings")
def branding() -> str:
    return render_template(PAGE, typed=_on_file(), errors={}, **shown(g.shop.branding))


@bp.post("/settings/branding")
@needs("settings")
def update_branding() -> Any:
    try:
        g.shop.branding.change(**{name: request.form.get(name, "") for name in WORDS}, by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again(PAGE, FORM, refused, **shown(g.shop.branding))
    return gone_to(url_for("console.branding"), _("Branding saved. Customers see it at once."))


@bp.post("/settings/branding/logo")
@needs("settings")
def create_logo() -> Any:
    file = request.files.get("logo")
    try:
        if file is None or not file.filename:
            raise Refused(_("Choose a file first."), field="logo")
        g.shop.branding.show_logo(Picture.drawn_anew(file.stream.read(LARGEST + 1)), by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again(PAGE, LOGO, refused, **shown(g.shop.branding))
    return gone_to(url_for("console.branding"), _("This is the logo from now on."))


@bp.post("/settings/branding/logo/removal")
@needs("settings")
def create_logo_removal() -> Response:
    g.shop.branding.hide_logo(by=g.actor)
    db.session.commit()
    return gone_to(url_for("console.branding"), _("The logo is removed."))


@bp.get("/settings/branding/preview")
@needs("settings")
def preview_branding() -> Any:
    """What customers would see of the colour and words that are being typed."""
    try:
        tried = Branding(**{name: request.args.get(name, "") for name in WORDS})
    except Refused as refused:
        return render_template("console/branding/_preview.html", refused=refused, **shown(g.shop.branding)), 422
    return render_template("console/branding/_preview.html", **shown(tried))


@bp.get("/settings/branding/preview.css")
@needs("settings")
def style_of_preview() -> Any:
    """The colours of the preview: our policy allows no style but that of stylesheets."""
    tried = Branding(accent=request.args.get("accent", ""))  # nothing but # and six digits gets past it
    response = make_response(render_template("console/branding/preview.css", branding=tried))
    response.mimetype = "text/css"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@bp.errorhandler(RequestEntityTooLarge)
def too_large(problem: RequestEntityTooLarge) -> Any:
    """The server stopped reading: said before anybody knows which form it was."""
    sentence = _("This file is larger than %(size)s MB.", size=LARGEST // 1024 // 1024)
    if not request.headers.get("HX-Request"):
        return render_template("problem.html", heading=_("Not done"), sentences=[sentence]), 413
    response = make_response(render_template("console/_toast.html", tone="bad", sentence=sentence), 422)
    response.headers.update({"HX-Retarget": "#toasts", "HX-Reswap": "innerHTML"})
    return response


def _on_file() -> dict[str, Any]:
    return {name: getattr(g.shop.branding, name) for name in WORDS}


def shown(branding: Branding) -> dict[str, Any]:
    return {"branding": branding, "logo": g.shop.branding.logo, "contrast": contrast(branding.accent, branding.accent_text)}
