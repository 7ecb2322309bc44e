"""Which language a customer's page speaks: the one picked on it, else the customer's own, else the browser's, else the shop's."""

from babel import Locale, UnknownLocaleError
from flask import request

LANGUAGES = ("en", "es", "nl")


def picked() -> str | None:
    """What the customer chose by the links at the foot of the page; it travels in the address, as there is no cookie."""
    code = request.args.get("lang")
    return code if code in LANGUAGES else None


def spoken(customers: str | None = None, shops: str = "en") -> str:
    return picked() or customers or _browsers() or shops


def _browsers() -> str | None:
    # not best_match: to it, English as a last resort suits better than the Dutch of Belgium
    wanted = (code.replace("_", "-").partition("-")[0].lower() for code in request.accept_languages.values())
    return next((code for code in wanted if code in LANGUAGES), None)


def locale(language: str, country: str = "US") -> Locale:
    """The language as it is written in that country, where there is such a thing: dates and clocks differ."""
    try:
        return Locale(language, country)
    except UnknownLocaleError:
        return Locale(language)
