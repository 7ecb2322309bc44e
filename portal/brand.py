"""The look of a shop: the one stylesheet of its pages at an address that changes with it, its logo, and the pages' script."""

import hashlib
from functools import lru_cache
from pathlib import Path

import brotli
from flask import Response, request

from models import Branding, Explanation, NotFound, Shop
from portal import bp

STATIC = Path(__file__).resolve().parent.parent / "static"
# the sheets behind the common one, by the name of what a page shows; a page waits for one stylesheet only
SHEETS = {name: ("explanations/page", f"explanations/{name}") for name in {one.name for one in Explanation.every()} | {"own_video"}}
SHEETS["overview"] = ("portal-overview",)
YEAR = 365 * 24 * 3600  # seconds


@bp.app_template_global("shop_stylesheet")
def stylesheet(shop: Shop, more: str = "") -> str:
    """Its address: another look, or another release of ours, is another address, so that browsers may keep it for ever.

    ``more``: one of ``SHEETS``, whose rules come after it.
    """
    return f"/brand/{shop.slug}-{_version(shop.branding, more)}{'/' if more else ''}{more}.css"


def logo(shop: Shop) -> str | None:
    """Its address; None where the shop has no logo."""
    return f"/brand/{shop.slug}-{shop.branding.version}/logo" if shop.branding.logo else None


@bp.app_template_global()
def logo_address(shop: Shop) -> str:
    """The whole address, as mails need it."""
    return f"{shop.base_url}{logo(shop)}"


def script() -> str:
    return f"/brand/{_script_digest()}.js"


@bp.get("/brand/<slug>-<version>.css")
def show_stylesheet(slug: str, version: str) -> Response:
    branding = Shop.known(slug).branding
    return _kept(Response(_colours(branding) + _sheet(), mimetype="text/css"), current=version == _version(branding))


@bp.get("/brand/<slug>-<version>/<more>.css")
def show_larger_stylesheet(slug: str, version: str, more: str) -> Response:
    """Raises NotFound: no such shop or sheet."""
    branding = Shop.known(slug).branding
    if more not in SHEETS:
        raise NotFound("Stylesheet")
    return _kept(Response(_colours(branding) + _sheet(more), mimetype="text/css"), current=version == _version(branding, more))


@bp.get("/brand/plain.css")
def show_plain_stylesheet() -> Response:
    """For the pages of no shop."""
    return _kept(Response(_sheet(), mimetype="text/css"), current=False)


@bp.get("/brand/<slug>-<version>/logo")
def show_logo(slug: str, version: str) -> Response:
    branding = Shop.known(slug).branding
    if branding.logo is None:
        return Response(status=404)
    answer = Response(branding.logo.read(), mimetype=branding.logo.content_type)
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # mail programs on the web show it too
    return _kept(answer, current=version == branding.version)


@bp.get("/brand/<version>.js")
def show_script(version: str) -> Response:
    """htmx and our own few lines in one file: one request on a slow network, packed once and well."""
    answer = Response(_script(), mimetype="text/javascript")
    if "br" in request.accept_encodings:
        answer = Response(_packed_script(), mimetype="text/javascript", headers={"Content-Encoding": "br"})
    answer.vary.add("Accept-Encoding")
    return _kept(answer, current=version == _script_digest())


def _kept(answer: Response, current: bool) -> Response:
    # a page from before a change may still ask for the old address: it gets what is there today, but must not keep it under that name
    answer.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if current else "no-cache"
    return answer


def _colours(branding: Branding) -> str:
    return (
        f":root{{--brand:{branding.accent};--on-brand:{branding.accent_text};"
        f"--brand-on-light:{branding.accent_on_light};--brand-on-dark:{branding.accent_on_dark}}}\n"
    )


def _version(branding: Branding, more: str = "") -> str:
    return branding.version + _sheet_digest(more)[:6]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


@lru_cache
def _sheet(more: str = "") -> str:
    return "".join((STATIC / f"{name}.css").read_text() for name in ("portal", *SHEETS.get(more, ())))


@lru_cache
def _sheet_digest(more: str) -> str:
    return _digest(_sheet(more).encode())


@lru_cache(maxsize=1)
def _script_digest() -> str:
    return _digest(_script())


@lru_cache(maxsize=1)
def _script() -> bytes:
    return b"\n".join((STATIC / name).read_bytes() for name in ("vendor/htmx-4.0.1.min.js", "portal.js", "portal-overview.js"))


@lru_cache(maxsize=1)
def _packed_script() -> bytes:
    return brotli.compress(_script())
