"""The look of a shop: the one stylesheet of its pages, at an address that changes with it, and its logo."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Response, current_app, url_for

from models import Branding, Shop
from portal import bp

YEAR = 365 * 24 * 3600  # seconds


def stylesheet(shop: Shop) -> str:
    """Its address: another look, or another release of ours, is another address, so that browsers may keep it for ever."""
    return url_for("portal.show_stylesheet", slug=shop.slug, version=_version(shop.branding))


def logo(shop: Shop, external: bool = False) -> str | None:
    """Its address, whole for mails; None where the shop has no logo."""
    if shop.branding.logo is None:
        return None
    path = url_for("portal.show_logo", slug=shop.slug, version=shop.branding.version)
    return f"{current_app.extensions['settings'].public_base_url}{path}" if external else path


@bp.get("/brand/<slug>-<version>.css")
def show_stylesheet(slug: str, version: str) -> Response:
    shop = Shop.known(slug)
    answer = Response(_colours(shop.branding) + _sheet(), mimetype="text/css")
    return _kept(answer, current=version == _version(shop.branding))


@bp.get("/brand/<slug>-<version>/logo")
def show_logo(slug: str, version: str) -> Response:
    shop = Shop.known(slug)
    if shop.branding.logo is None:
        return Response(status=404)
    answer = Response(shop.branding.logo.read(), mimetype=shop.branding.logo.content_type)
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # web mail shows it too
    return _kept(answer, current=version == shop.branding.version)


def _kept(answer: Response, current: bool) -> Response:
    # a page from before the change may still ask for the old address: it gets today's look, but must not keep it under that name
    answer.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if current else "no-cache"
    return answer


def _colours(branding: Branding) -> str:
    return (
        f":root{{--brand:{branding.accent};--on-brand:{branding.accent_text};"
        f"--brand-on-light:{branding.accent_on_light};--brand-on-dark:{branding.accent_on_dark}}}\n"
    )


def _version(branding: Branding) -> str:
    return branding.version + hashlib.sha256(_sheet().encode()).hexdigest()[:6]


@lru_cache(maxsize=1)
def _sheet() -> str:
    return Path(str(current_app.static_folder), "portal.css").read_text()
