"""The settings' menu, in groups; each page is a module of its own noun: locations, opening_hours, closing_days, branding, and so on."""

from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext as _l

from console import bp

GROUPS = (  # of each its word and its pages: view, address below the console's, word
    (
        _l("The shop"),
        (
            ("settings", "/settings", _l("Location")),
            ("opening_hours", "/settings/hours", _l("Hours")),
            ("closing_days", "/settings/closed-dates", _l("Closed dates")),
            ("branding", "/settings/branding", _l("Branding")),
            ("own_host", "/settings/own-name", _l("Own name")),
            ("shop_details", "/settings/shop", _l("Shop")),
        ),
    ),
    (
        _l("Work"),
        (
            ("statuses", "/settings/statuses", _l("Statuses")),
            ("inspection_sheets", "/settings/inspection-sheets", _l("Inspection sheets")),
            ("overview_rules", "/settings/overviews", _l("Overviews")),
            ("jobs", "/settings/jobs", _l("Jobs")),
            ("prices", "/settings/prices", _l("Prices and taxes")),
        ),
    ),
    (
        _l("Words"),
        (
            ("message_templates", "/settings/messages", _l("Messages")),
            ("quick_replies", "/settings/quick-replies", _l("Quick replies")),
            ("notices", "/settings/notices", _l("Privacy and texting")),
        ),
    ),
    (
        _l("Follow-ups"),
        (
            ("letter_setup", "/settings/follow-ups", _l("Follow-up letters")),
            ("print_service", "/settings/print-service", _l("Print service")),
        ),
    ),
    (
        _l("Connections"),
        (
            ("texting_setup", "/settings/texting", _l("Texting")),
            ("mail_setup", "/settings/e-mail", _l("E-mail")),
            ("plate_service_setup", "/settings/plates", _l("Plate service")),
        ),
    ),
    (
        _l("Data"),
        (
            ("api_tokens", "/settings/transfer", _l("Transfer")),
            ("export_setup", "/settings/exports", _l("Exports")),
            ("retention", "/settings/retention", _l("Retention")),
        ),
    ),
)


@bp.context_processor
def _menu() -> dict[str, Any]:
    return {"settings_menu": menu}


def menu() -> list[dict[str, Any]]:
    """Of each group its word and its pages: address, word and whether it is the one that is shown."""
    return [{"word": word, "pages": [_page(*page) for page in pages]} for word, pages in GROUPS]


def _page(name: str, path: str, word: str) -> dict[str, Any]:
    here = request.path.removeprefix(bp.url_prefix or "")
    shown = here == path or (path != "/settings" and here.startswith(path))
    return {"url": url_for(f"console.{name}"), "word": word, "here": shown}
