"""Follow-ups for mail merge: one letter a line, all that the list holds. Who is on Do Not Mail is left out unless asked for."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from flask_babel import gettext as _

from models.base import db
from models.letter import Letter
from models.letter_forecast import foresee
from models.letter_kind import LetterKind
from models.letter_list import LetterList
from models.list_file import Cell, ListFile
from models.merge_fields import AMOUNT, CUSTOMER, TOGETHER, VEHICLE, MergeFields, parts
from models.message import Message
from models.rule_sentences import sentence

COLUMNS = ("kind", "channel", "day", "state", "reason", *CUSTOMER, *VEHICLE, "deferred items", *AMOUNT)


class Line(NamedTuple):
    kind: LetterKind
    channel: str
    day: date
    state: str
    reason: str  # that holds it back, if any
    customer_id: int
    vehicle_id: int | None


def letter_file(listed: LetterList, *, barred_too: bool = False) -> ListFile:
    lines = _due(listed) if listed.wanted.state == "due" else _written(listed)
    return ListFile(f"follow-ups {listed.wanted.state}", COLUMNS, _rows(listed, lines, barred_too))


def _rows(listed: LetterList, lines: Iterable[Line], barred_too: bool) -> Iterator[tuple[Cell, ...]]:
    for part in parts(lines):
        fields = MergeFields(listed.shop, {line.customer_id for line in part}, {line.vehicle_id for line in part})
        for line in part:
            if barred_too or line.customer_id not in fields.barred:
                about = (line.kind.label, line.channel, line.day, line.state, line.reason)
                items = "; ".join(fields.items.get(line.vehicle_id or 0, ()))
                amount = fields.amount(fields.of_vehicles, line.vehicle_id)
                yield *about, *fields.customer(line.customer_id), *fields.vehicle(line.vehicle_id), items, *amount


def _due(listed: LetterList) -> Iterator[Line]:
    for one in (one for part in parts(listed.all_due) for one in foresee(part, listed.both, appointments=False)):
        letter, day = one.letter, listed.shop.local(one.at).date()
        yield Line(letter.kind, one.message.channel, day, str(_("due")), one.stopped_by, letter.customer_id, letter.vehicle_id)


def _written(listed: LetterList) -> Iterator[Line]:
    """Newest first, a part at a time."""
    columns = (Letter.id, Letter.kind, Message.channel, Letter.on, Message.state, Message.trace, Letter.customer_id, Letter.vehicle_id)
    query, newest = listed.query.with_only_columns(*columns).order_by(Letter.id.desc()).limit(TOGETHER), None
    while found := db.session.execute(query if newest is None else query.where(Letter.id < newest)).all():
        for _id, kind, channel, on, state, trace, customer_id, vehicle_id in found:
            yield Line(kind, channel, on, state.label, _held_by(trace, listed.shop.country), customer_id, vehicle_id)
        newest = found[-1].id


def _held_by(trace: list[Any], country: str) -> str:
    return next((sentence(rule, passed, note, country) for rule, passed, note in reversed(trace) if not passed), "")
