"""What people type into forms, read as days, clock times and whole numbers."""

from collections.abc import Mapping
from datetime import date, time

from flask_babel import gettext as _

from models import Refused


def a_day(form: Mapping[str, str], name: str = "date") -> date:
    """Raises Refused for what is no date."""
    try:
        return date.fromisoformat(form.get(name, "").strip())
    except ValueError as problem:
        raise Refused(_("Choose a day."), field=name) from problem


def a_time(form: Mapping[str, str], name: str = "time") -> time | None:
    """None where nothing was typed. Raises Refused for what is no clock time."""
    text = form.get(name, "").strip()
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None) if text else None
    except ValueError as problem:
        raise Refused(_("Give the time as hours and minutes, like 08:30, or leave it empty."), field=name) from problem


def a_number(form: Mapping[str, str], name: str) -> int | None:
    """None where nothing was typed. Raises Refused for what is no whole number."""
    text = form.get(name, "").strip().replace(",", "").replace(".", "").replace(" ", "")
    if text and not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Refused(_("Give a whole number."), field=name)
    return int(text) if text else None


def an_id(form: Mapping[str, str], name: str) -> int | None:
    """Of what was chosen from a list; None for nobody, or for what no list of ours offers."""
    text = form.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def visit_record(form: Mapping[str, str]) -> dict[str, date | int | str | None]:
    """As ``WorkOrder.close`` takes it. Raises Refused: a date or the odometer can't be read."""
    days = {name: a_day(form, name) if form.get(name, "").strip() else None for name in ("invoiced_on", "next_visit_on")}
    return {**days, "odometer": a_number(form, "odometer"), "next_visit": form.get("next_visit", "")}


def vehicle_details(form: Mapping[str, str]) -> dict[str, str | int | None]:
    """As ``Vehicle.describe`` takes them. Raises Refused: the year or the odometer is no number."""
    words = ("make", "model", "submodel", "engine", "plate", "plate_region", "vin", "unit_number")
    return {name: form.get(name, "") for name in words} | {name: a_number(form, name) for name in ("year", "odometer")}
