"""The settings' tabs; each tab is a module of its own noun: locations, opening_hours, closing_days, branding, message_templates, shops."""

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from console import bp


@bp.context_processor
def _tabs() -> dict[str, Any]:
    return {"settings_tabs": tabs}


def tabs() -> list[dict[str, Any]]:
    """Address, word and whether it is the one that is shown."""
    words = (
        ("settings", "/settings", _("Location")),
        ("opening_hours", "/settings/hours", _("Hours")),
        ("closing_days", "/settings/closed-dates", _("Closed dates")),
        ("branding", "/settings/branding", _("Branding")),
        ("message_templates", "/settings/messages", _("Messages")),
        ("quick_replies", "/settings/quick-replies", _("Quick replies")),
        ("notices", "/settings/notices", _("Privacy and texting")),
        ("retention", "/settings/retention", _("Retention")),
        ("statuses", "/settings/statuses", _("Statuses")),
        ("inspection_sheets", "/settings/inspection-sheets", _("Inspection sheets")),
        ("overview_rules", "/settings/overviews", _("Overviews")),
        ("letter_setup", "/settings/follow-ups", _("Follow-up letters")),
        ("print_service", "/settings/print-service", _("Print service")),
        ("export_setup", "/settings/exports", _("Exports")),
        ("prices", "/settings/prices", _("Prices and taxes")),
        ("jobs", "/settings/jobs", _("Jobs")),
        ("plate_service_setup", "/settings/plates", _("Plate service")),
        ("texting_setup", "/settings/texting", _("Texting")),
        ("mail_setup", "/settings/e-mail", _("E-mail")),
        ("own_host", "/settings/own-name", _("Own name")),
        ("api_tokens", "/settings/transfer", _("Transfer")),
        ("shop_details", "/settings/shop", _("Shop")),
    )
    here = request.path.removeprefix(bp.url_prefix or "")
    return [
        {"url": url_for(f"console.{name}"), "word": word, "here": here == path or (path != "/settings" and here.startswith(path))}
        for name, path, word in words
    ]
