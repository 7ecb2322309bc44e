"""What the shop is called, where it is found and which numbers it has."""

from typing import Any
from zoneinfo import available_timezones

from flask import g, render_template, request, url_for
from flask_babel import gettext as _

from console import bp
from console.access import needs
from console.answers import again, gone_to
from models import Refused, db, phone
from models.shop_details import change_shop

PAGE, FORM = "console/shops/page.html", "console/shops/_shop.html"
WORDS = ("name", "street", "city", "region", "postal_code", "country", "email", "zone", "language")
NUMBERS = ("voice_phone", "texting_number")


@bp.get("/settings/shop")
@needs("settings")
def shop_details() -> str:
    return render_template(PAGE, typed=on_file(), errors={}, zones=zones())


@bp.post("/settings/shop")
@needs("settings")
def update_shop_details() -> Any:
    try:
        change_shop(g.shop, {name: request.form.get(name, "") for name in (*WORDS, *NUMBERS)}, by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again(PAGE, FORM, refused, zones=zones())
    return gone_to(url_for("console.shop_details"), _("Saved. Customers see it at once."))


def on_file() -> dict[str, Any]:
    numbers = {name: getattr(g.shop, name) for name in NUMBERS}
    shown = {name: phone.shown(number, g.shop.country) if number else "" for name, number in numbers.items()}
    return {name: getattr(g.shop, name) for name in WORDS} | shown


def zones() -> list[str]:
    """Places with a clock; the rest are old names and offsets that nobody looks for."""
    return sorted(
        zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/", "posix/", "right/"))
    )
