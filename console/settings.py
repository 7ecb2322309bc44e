"""The settings' menu, in groups; each page is a module of its own noun: locations, opening_hours, closing_days, branding, and so on."""

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from console import bp


@bp.context_processor
def _menu() -> dict[str, Any]:
    return {"settings_menu": menu}


def menu() -> list[dict[str, Any]]:
    """Of each group its word and its pages: address, word and whether it is the one that is shown."""
    return [{"word": word, "pages": [_page(*page) for page in pages]} for word, pages in _groups()]


def _page(name: str, path: str, word: str) -> dict[str, Any]:
    here = request.path.removeprefix(bp.url_prefix or "")
    shown = here == path or (path != "/settings" and here.startswith(path))
    return {"url": url_for(f"console.{name}"), "word": word, "here": shown}


def _groups() -> tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]:
    return (
        (
            _("The shop"),
            (
                ("settings", "/settings", _("Location")),
                ("opening_hours", "/settings/hours", _("Hours")),
                ("closing_days", "/settings/closed-dates", _("Closed dates")),
                ("branding", "/settings/branding", _("Branding")),
                ("own_host", "/settings/own-name", _("Own name")),
                ("shop_details", "/settings/shop", _("Shop")),
            ),
        ),
        (
            _("Work"),
            (
                ("statuses", "/settings/statuses", _("Statuses")),
                ("inspection_sheets", "/settings/inspection-sheets", _("Inspection sheets")),
                ("overview_rules", "/settings/overviews", _("Overviews")),
                ("jobs", "/settings/jobs", _("Jobs")),
                ("prices", "/settings/prices", _("Prices and taxes")),
            ),
        ),
        (
            _("Words"),
            (
                ("message_templates", "/settings/messages", _("Messages")),
                ("quick_replies", "/settings/quick-replies", _("Quick replies")),
                ("notices", "/settings/notices", _("Privacy and texting")),
            ),
        ),
        (
            _("Follow-ups"),
            (
                ("letter_setup", "/settings/follow-ups", _("Follow-up letters")),
                ("print_service", "/settings/print-service", _("Print service")),
            ),
        ),
        (
            _("Connections"),
            (
                ("texting_setup", "/settings/texting", _("Texting")),
                ("mail_setup", "/settings/e-mail", _("E-mail")),
                ("plate_service_setup", "/settings/plates", _("Plate service")),
            ),
        ),
        (
            _("Data"),
            (
                ("api_tokens", "/settings/transfer", _("Transfer")),
                ("export_setup", "/settings/exports", _("Exports")),
                ("retention", "/settings/retention", _("Retention")),
            ),
        ),
    )
