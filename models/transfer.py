"""Customers, vehicles, appointments and work orders from another system: taken by its own ids, again and again, each record by itself."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from pydantic import ValidationError
from pydantic_core import to_json

from models.actor import Actor
from models.ahead import attempt, learn, settle
from models.appointment_record import AppointmentRecord
from models.customer_record import CustomerRecord
from models.external_id import ExternalId
from models.refused import NotFound, Refused
from models.transfer_record import Fault, Outcome, Record
from models.transfer_source import Source
from models.vehicle_record import VehicleRecord
from models.work_order_record import WorkOrderRecord

if TYPE_CHECKING:
    from models.shop import Shop

# in the order in which they need each other
RECORDS: dict[str, type[Record]] = {one.noun: one for one in (CustomerRecord, VehicleRecord, AppointmentRecord, WorkOrderRecord)}

_SENTENCES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "missing": lambda about: _("This is needed."),
    "extra_forbidden": lambda about: _("There is no field of this name."),
    "string_too_long": lambda about: _("At most %(count)s characters.", count=about["max_length"]),
    "string_too_short": lambda about: _("This must not be empty."),
    "too_long": lambda about: _("At most %(count)s of them.", count=about["max_length"]),
    "greater_than": lambda about: _("More than %(least)s is needed.", least=about["gt"]),
    "greater_than_equal": lambda about: _("At least %(least)s.", least=about["ge"]),
    "less_than": lambda about: _("Less than %(most)s is needed.", most=about["lt"]),
    "less_than_equal": lambda about: _("At most %(most)s.", most=about["le"]),
    "int_type": lambda about: _("A whole number is needed here."),
    "int_parsing": lambda about: _("A whole number is needed here."),
    "int_from_float": lambda about: _("A whole number is needed here."),
    "bool_type": lambda about: _("Yes or no is needed here: true or false."),
    "bool_parsing": lambda about: _("Yes or no is needed here: true or false."),
    "string_type": lambda about: _("Text is needed here."),
    "list_type": lambda about: _("A list is needed here."),
    "literal_error": lambda about: _("It is one of these: %(words)s.", words=about["expected"].replace("'", "").replace(" or ", ", ")),
    "string_pattern_mismatch": lambda about: _("This is not written as it has to be; see the description of the field."),
    "wrong": lambda about: str(about["sentence"]),
}


class Transfer:
    """One system's into one shop. Nothing is committed here: whoever pushes commits after each record, so that none waits for another."""

    def __init__(self, shop: "Shop", system: str, by: Actor) -> None:
        self.shop, self.system, self.by = shop, system, by

    def push(self, noun: str, raw: Mapping[str, Any], *, strict: bool = True) -> Outcome:
        """Take one record: make ours, or change it, or leave it as it is. A refused one changes nothing.

        ``strict``: numbers are numbers and text is text, as JSON has them; else text that looks like one is one, as files have them.
        """
        record = self.read(noun, raw, strict=strict)
        return record if isinstance(record, Outcome) else self.take(record)

    def take(self, record: Record) -> Outcome:
        """The same for a record that was read before."""
        source = Source(self.shop, self.system, self.by)
        outcome = Outcome(record.external_id, "unchanged", warnings=source.warnings)
        try:
            with attempt():
                outcome.result, outcome.id = self._upsert(record, source)
        except Refused as refused:
            outcome.result, outcome.id, outcome.errors = "refused", None, list(_faults(record, refused))
        return outcome

    def foresee(self, noun: str, raw: Mapping[str, Any], *, strict: bool = True) -> Outcome:
        """What ``push`` would say, as far as that can be known without writing: whether the record is right by itself, and new or not."""
        record = self.read(noun, raw, strict=strict)
        if isinstance(record, Outcome):
            return record
        known = ExternalId.find(self.shop, self.system, noun, record.external_id)
        if known is None:
            return Outcome(record.external_id, "created")
        return Outcome(record.external_id, "updated" if changed(record, known) else "unchanged", known.our_id)

    def held(self, noun: str, external_id: str) -> tuple[Any, dict[str, Any]]:
        """Ours, and what we hold of it in the words of the record. Raises NotFound: that system never pushed it here."""
        source = Source(self.shop, self.system, self.by)
        row = source.find(noun, external_id)
        if row is None:
            raise NotFound(noun)
        return row, {"external_id": external_id, **RECORDS[noun].held(row, source)}

    def read(self, noun: str, raw: Mapping[str, Any], *, strict: bool = True) -> Record | Outcome:
        """The record, or what is wrong with it by itself."""
        try:
            kind, context = RECORDS[noun], {"shop": self.shop}
            if strict:  # only JSON's own reader knows that a day is written as text
                return kind.model_validate_json(to_json(raw), strict=True, context=context)
            return kind.model_validate(raw, context=context)
        except ValidationError as problem:
            given = raw.get("external_id")
            return Outcome(given if isinstance(given, str) else "", "refused", errors=list(_flaws(problem)), malformed=True)

    def _upsert(self, record: Record, source: Source) -> tuple[Any, int]:
        known = ExternalId.claim(self.shop, self.system, record.noun, record.external_id)
        said = changed(record, known)
        row, result = (source.load(record.noun, known.our_id), "unchanged") if known.our_id else (record.match(source), "unchanged")
        if row is None:
            row, result = record.create(source), "created"
        elif said and record.update(row, said, known.marks, source):
            result = "updated"
        if known.our_id is None or said:
            known.means(self.shop, row.id, {**known.marks, **record.marks})
            learn(source.asking(record.noun, row.id), row)
            settle(row)
        return result, row.id

    def changes_nothing(self, record: Record) -> bool:
        """Whether nothing that is on file would be otherwise: it is new to us, or says nothing new. Many of these are taken together."""
        known = ExternalId.find(self.shop, self.system, record.noun, record.external_id)
        if known and known.our_id:
            return not changed(record, known)
        return record.gathers and record.match(Source(self.shop, self.system, self.by)) is None


def changed(record: Record, known: ExternalId) -> set[str]:
    """The fields of which it says something else than the last time: what the shop has corrected since is not written over by a repeat."""
    return {name for name, now in record.marks.items() if name not in known.marks or known.marks[name] != now}


def _flaws(problem: ValidationError) -> Any:
    for error in problem.errors(include_url=False):
        say = _SENTENCES.get(error["type"])
        yield Fault(pointer(error["loc"]), say(error.get("ctx", {})) if say else f"{error['msg']}.")


def _faults(record: Record, refused: Refused) -> Any:
    for field, sentence in refused.errors.items():
        name = record.renamed.get(field or "", field or "")
        known = name.partition("/")[0] in type(record).model_fields
        yield Fault(f"/{name}" if known else "", str(sentence))


def pointer(place: tuple[int | str, ...]) -> str:
    """Into the record (RFC 6901)."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in place)
