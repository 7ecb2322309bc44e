"""A row of a file as the records that the transfer takes, each field with the column that it stands in."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from models import load_dates
from models.customer_key import compact, fold
from models.load_fields import BOTH
from models.load_file import UNREADABLE
from models.refused import Refused
from models.transfer_fields import KEY
from models.transfer_mark import mark

SEVERAL = {"customers.phones": r"[;/|\n]+", "customers.emails": r"[;,/|\s]+"}
ADDRESS = ("street", "city", "region", "postal_code", "country")
NUMBERS = frozenset({"year", "odometer", "number"})
WORDS = {"canceled": "cancelled", "e-mail": "email", "english": "en", "spanish": "es", "dutch": "nl"}
ITEMS = {"done": "scheduled", "recommended": "recommended"}


@dataclass
class Made:
    """A record as it will be pushed."""

    noun: str
    raw: dict[str, Any] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)  # the column of what a pointer points at
    faults: list[tuple[int, str]] = field(default_factory=list)  # column, sentence

    def column(self, pointer: str) -> int | None:
        """Of what it points at, or of what that is a part of."""
        while pointer:
            if pointer in self.places:
                return self.places[pointer]
            pointer = pointer.rpartition("/")[0]
        return None


@dataclass(frozen=True)
class Reader:
    kind: str
    columns: list[str]  # a field's name for each column, or none
    order: str  # of the parts of a day

    def made(self, cells: list[str]) -> list[Made]:
        """The records of a row, in the order in which they need each other. A cell without words says nothing."""
        nouns = ("customers", "vehicles") if self.kind == BOTH else (self.kind,)
        made = {noun: Made(noun) for noun in nouns}
        for at, (name, cell) in enumerate(zip(self.columns, cells, strict=False)):
            noun, _dot, about = name.partition(".")
            if name and (text := cell.strip()):
                self._say(made[noun], about, text, at)
        for noun, one in made.items():
            if self.kind == BOTH and noun == "vehicles" and one.raw:
                _give_owner(made["customers"], one)
            _FINISH[noun](one, f"{noun}.external_id" in self.columns)
        said = [one for one in made.values() if one.places]
        return said or [made[nouns[0]]]

    def column_of(self, made: Made, pointer: str) -> int | None:
        """The column that a fault is about, also where nothing stands in it."""
        at = made.column(pointer)
        name = made.noun + pointer.replace("/", ".")
        return self.columns.index(name) if at is None and name in self.columns else at

    def _say(self, made: Made, about: str, text: str, at: int) -> None:
        made.places[f"/{about}"] = at
        if UNREADABLE in text:
            made.faults.append((at, str(_("There are bytes in it that are no letters. Choose how the file's letters are written."))))
            return
        try:
            self._keep(made, about, text, at)
        except Refused as refused:
            made.faults += [(at, str(sentence)) for sentence in refused.errors.values()]

    def _keep(self, made: Made, about: str, text: str, at: int) -> None:
        if split := SEVERAL.get(f"{made.noun}.{about}"):
            listed = made.raw.setdefault(about, [])
            for part in filter(None, (piece.strip() for piece in re.split(split, text))):
                made.places[f"/{about}/{len(listed)}"] = at
                listed.append(part)
        elif about in ADDRESS and made.noun == "customers":
            made.raw.setdefault("addresses", [{}])[0][about] = text
            made.places[f"/addresses/0/{about}"] = at
        elif about in ITEMS and made.noun == "work_orders":
            _add_items(made, ITEMS[about], text, at)
        else:
            made.raw[about] = self._read(about, text)

    def _read(self, about: str, text: str) -> Any:
        if about in {"starts_at", "opened_at"}:
            return load_dates.moment(text, self.order)
        if about in {"closed_on", "next_visit_on"}:
            return load_dates.day(text, self.order)
        if about in {"external_id", "customer", "vehicle"}:
            return _key(text)
        if about in NUMBERS:
            return re.sub(r"(?<=\d)[,.' ](?=\d{3}\b)", "", re.sub(r"(?i)\s*(mi|miles|km)\.?$|\.0+$", "", text))
        return WORDS.get(text.casefold(), text.casefold()) if about in {"status", "preference", "language"} else text


def _key(text: str) -> str:
    """As the transfer takes ids; other signs by their number."""
    text = " ".join(text.split())
    return text if re.fullmatch(KEY, text) else "id:" + re.sub(r"[^A-Za-z0-9._:@+(){}=-]", lambda sign: f"~{ord(sign[0]):02x}", text)


def _add_items(made: Made, category: str, text: str, at: int) -> None:
    items = made.raw.setdefault("items", [])
    for title in filter(None, (piece.strip() for piece in re.split(r"[;\n]+", text))):
        made.places[f"/items/{len(items)}"] = at
        items.append({"id": str(len(items) + 1), "title": title, "category": category})


# what a row says as a whole


def _customer(made: Made, has_id: bool) -> None:
    raw = made.raw
    if "name" in raw:
        name, at = raw.pop("name"), made.places["/name"]
        last, comma, first = name.partition(",")
        if not comma:
            first, _space, last = name.rpartition(" ")
        for about, words in (("first_name", first.strip()), ("last_name", last.strip())):
            if words and about not in raw:
                raw[about], made.places[f"/{about}"] = words, at
    if (addresses := raw.get("addresses")) and not addresses[0].get("street"):
        del raw["addresses"]  # a city alone is no address to send to
    if raw and not has_id:
        called = [fold(str(raw.get(name, ""))) for name in ("first_name", "last_name", "company_name")]
        reached = sorted(compact(one) for one in (*raw.get("phones", ()), *raw.get("emails", ())))
        raw["external_id"] = f"name:{mark(' '.join([*called, *reached]))}"


def _vehicle(made: Made, has_id: bool) -> None:
    raw = made.raw
    if raw.get("year") == "0":
        del raw["year"]  # not known
    if raw and not has_id:
        if known := next((name for name in ("vin", "plate") if name in raw), None):
            raw["external_id"] = _key(f"{known}:{compact(raw[known])}")
        else:
            about = [str(raw.get(name, "")) for name in ("customer", "year", "make", "model", "unit_number")]
            raw["external_id"] = f"car:{mark(fold(' '.join(about)))}"


def _appointment(made: Made, has_id: bool) -> None:
    raw = made.raw
    if at := raw.pop("time", None):
        try:
            time, _offset = load_dates.clock(at)
            raw["starts_at"] = f"{raw.get('starts_at', '')[:10]}T{time:%H:%M}"
        except Refused as refused:
            made.faults += [(made.places["/time"], str(sentence)) for sentence in refused.errors.values()]
    raw["notify"] = False


def _work_order(made: Made, has_id: bool) -> None:
    if "number" in made.raw and not has_id:
        made.raw["external_id"], made.places["/external_id"] = _key(made.raw["number"]), made.places["/number"]
    made.raw["notify"] = False


_FINISH: Mapping[str, Callable[[Made, bool], None]] = {
    "customers": _customer,
    "vehicles": _vehicle,
    "appointments": _appointment,
    "work_orders": _work_order,
}


def _give_owner(customer: Made, vehicle: Made) -> None:
    """Of one line."""
    vehicle.raw["customer"] = customer.raw.get("external_id")
    vehicle.places["/customer"] = customer.places.get("/external_id", 0)
