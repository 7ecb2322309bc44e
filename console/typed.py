"""What people type into forms, read as days, clock times and whole numbers."""

from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any, TypeVar

from flask_babel import gettext as _

from models import Refused

Made = TypeVar("Made")


class Faults(dict[str, Any]):
    """What can't be read, by field: a person learns of it together with what the rules say to the rest."""

    def reading(self, read: Callable[[], Made], field: str = "") -> Made | None:
        """What was typed; None where it can't be read: ``field`` says where, if the reader does not."""
        try:
            return read()
        except Refused as refused:
            self.update({field or str(name): words for name, words in refused.errors.items()})
            return None

    def besides(self, verb: Callable[[], Made]) -> Made:
        """Do it, with nothing in place of what can't be read. Raises Refused with all objections; the caller keeps nothing then."""
        try:
            made = verb()
        except Refused as refused:
            refused.errors.update(self)
            if self:
                refused.warnings = frozenset()
            raise
        if self:
            raise Refused.at(**self)
        return made


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


def a_drop_off(form: Mapping[str, str]) -> tuple[date, time | None]:
    """Raises Refused: the day, the time, or both can't be read."""
    faults = Faults()
    day, at = faults.reading(lambda: a_day(form)), faults.reading(lambda: a_time(form))
    if day is None or faults:
        raise Refused.at(**faults)
    return day, at


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


def visit_record(form: Mapping[str, str], faults: Faults) -> dict[str, date | int | str | None]:
    """As ``WorkOrder.close`` takes it."""
    days = {
        name: faults.reading(lambda name=name: a_day(form, name)) if form.get(name, "").strip() else None  # type: ignore[misc]
        for name in ("invoiced_on", "next_visit_on")
    }
    odometer = faults.reading(lambda: a_number(form, "odometer"))
    return {**days, "odometer": odometer, "odometer_sure": is_kept(form, "odometer"), "next_visit": form.get("next_visit", "")}


def is_kept(form: Mapping[str, str], name: str) -> bool:
    """Whether the box "it is so" is ticked for exactly what is typed: one that was ticked for another number says nothing of this one."""
    return bool(form.get(name, "").strip()) and form.get(f"{name}_as_is", "").strip() == form.get(name, "").strip()


def with_vehicle(form: Mapping[str, str], verb: Callable[..., Made]) -> Made:
    """Call it with what ``Vehicle.describe`` takes. Raises Refused: as that does, or the year or the odometer is no number."""
    faults = Faults()
    words = ("make", "model", "submodel", "engine", "plate", "plate_region", "vin", "unit_number")
    numbers = {name: faults.reading(lambda name=name: a_number(form, name)) for name in ("year", "odometer")}  # type: ignore[misc]
    sure_of = {name for name in ("vin", "odometer") if is_kept(form, name)}
    return faults.besides(lambda: verb(**{name: form.get(name, "") for name in words}, **numbers, sure_of=sure_of))
