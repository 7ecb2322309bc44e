"""What a device said about an inspection, once: taps and pictures wait in it through a dead spot, and may be sent again.

A device numbers what it says. Of two words about the same thing the one that was said later counts, whichever came first: on one device by
its numbers, between two by the clock (how long ago it was said, since a tablet's own clock may be wrong). These rows are the log of taps:
sixty entries in an order's log for one inspection would bury all others.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from models import clock
from models.actor import Actor
from models.attachment import Attachment
from models.base import Base, db
from models.finding import Finding
from models.finding_items import write_items
from models.handover import touch
from models.inspection import Inspection
from models.owned import ShopOwned
from models.refused import Refused
from models.sent_file import SentFile

_DEVICE = re.compile(r"[A-Za-z0-9_-]{8,40}")
MOST_NUMBER = 2**31 - 1
LONGEST_WAIT = timedelta(days=30)  # older than that is a clock that was wrong


@dataclass(frozen=True, slots=True)
class Word:
    """Which device says something, as its how manieth, and how long ago."""

    device: str
    number: int
    said_at: datetime

    @classmethod
    def read(cls, typed: Mapping[str, Any]) -> "Word":
        """Of ``device``, ``number`` and ``age`` (milliseconds). Raises Refused: no such id."""
        device, number, age = str(typed.get("device", "")), _whole(typed.get("number")), _whole(typed.get("age"))
        if not _DEVICE.fullmatch(device) or number is None or not 1 <= number <= MOST_NUMBER or age is None:
            raise Refused(_("This change has no id. Load the page again."))
        waited = timedelta(milliseconds=min(max(age, 0), LONGEST_WAIT // timedelta(milliseconds=1)))
        return cls(device, number, clock.now() - waited)

    def is_after(self, other: Sequence[Any] | None) -> bool:
        """Whether this was said after what is kept in ``Finding.said``."""
        if not other:
            return True
        device, number, at = other
        return self.number > number if device == self.device else self.said_at >= datetime.fromisoformat(at)

    @property
    def kept(self) -> list[Any]:
        return [self.device, self.number, self.said_at.isoformat()]


class InspectionChange(ShopOwned, Base):
    __tablename__ = "inspection_changes"
    __table_args__ = (UniqueConstraint("inspection_id", "device", "number"),)

    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id"))
    device: Mapped[str]  # the browser that said it
    number: Mapped[int]  # its changes are counted
    said_at: Mapped[datetime]
    taken_at: Mapped[datetime]
    actor_name: Mapped[str]
    kind: Mapped[str]
    facts: Mapped[dict[str, Any]]

    @classmethod
    def take(cls, inspection: Inspection, word: Word, kind: str, facts: Mapping[str, Any], *, by: Actor) -> list[Finding]:
        """Do what was said, once; the findings that it is about. Said again it answers the same and changes nothing.

        ``answers``: a list of {finding, result, value, remark, was}, each but ``finding`` left out where it stays as it is; ``was``: only
        where the result is still that one. ``complete``: {rest: true} for what is left is not checked. ``resume``: not complete after all.
        Raises Refused.
        """
        verbs: dict[str, Callable[[], list[Finding]]] = {
            "answers": lambda: cls._answers(inspection, word, facts.get("answers"), by),
            "complete": lambda: inspection.complete(rest=facts.get("rest") is True, by=by),
            "resume": lambda: inspection.resume(by=by),
        }
        if kind not in verbs:
            raise Refused(_("This change can't be read. Load the page again."))
        if cls._is_known(inspection, word):
            return _meant(inspection, facts)
        inspection.order.must_be_open()
        told = verbs[kind]()
        if inspection.is_complete:
            write_items(inspection, by=by)
        cls._keep(inspection, word, kind, dict(facts), by)
        return told

    @classmethod
    def take_picture(cls, inspection: Inspection, word: Word, finding_id: int | None, sent: SentFile, *, by: Actor) -> list[Finding]:
        """A picture of a point, once. Raises Refused; the file is gone then."""
        try:
            known = cls._is_known(inspection, word)
            finding = _finding(inspection, finding_id)
            if known:
                sent.original.discard()
                return [finding]
            inspection.order.must_be_open()
            picture = Attachment.take(inspection.order, sent, by, finding=finding)
        except Refused:
            sent.original.discard()
            raise
        cls._keep(inspection, word, "picture", {"finding": finding.id, "attachment": picture.id}, by)
        return [finding]

    @classmethod
    def _answers(cls, inspection: Inspection, word: Word, answers: Any, by: Actor) -> list[Finding]:
        readable = isinstance(answers, list) and len(answers) <= len(inspection.findings)
        if not readable or not all(isinstance(answer, dict) for answer in answers):
            raise Refused(_("This change can't be read. Load the page again."))
        told = []
        for answer in answers:
            finding = _finding(inspection, answer.get("finding"))
            fields = {name: answer[name] for name in ("result", "value", "remark") if name in answer}
            if "was" not in answer or answer["was"] == finding.result:
                newer = {name: text for name, text in fields.items() if word.is_after(finding.said.get(name))}
                finding.answer(newer, by=by, at=word.said_at)
                finding.said = finding.said | dict.fromkeys(newer, word.kept)
            told.append(finding)
        return told

    @classmethod
    def _is_known(cls, inspection: Inspection, word: Word) -> bool:
        """Asked while nobody else can change this inspection."""
        inspection.lock()
        same = select(cls.id).where(cls.inspection_id == inspection.id, cls.device == word.device, cls.number == word.number)
        return db.session.scalar(same) is not None

    @classmethod
    def _keep(cls, inspection: Inspection, word: Word, kind: str, facts: dict[str, Any], by: Actor) -> None:
        change = cls(shop_id=inspection.shop_id, inspection_id=inspection.id, device=word.device, number=word.number)
        change.said_at, change.taken_at, change.actor_name, change.kind, change.facts = word.said_at, clock.now(), by.name, kind, facts
        db.session.add(change)
        db.session.flush()
        touch(inspection.shop_id, "findings")


def _finding(inspection: Inspection, id: Any) -> Finding:
    """Raises Refused: this inspection has no such point."""
    found = next((finding for finding in inspection.findings if finding.id == id and type(id) is int), None)
    if found is None:
        raise Refused(_("This point is not part of the inspection."))
    return found


def _meant(inspection: Inspection, facts: Mapping[str, Any]) -> list[Finding]:
    answers = facts.get("answers")
    ids = {_whole(answer.get("finding")) for answer in answers if isinstance(answer, dict)} if isinstance(answers, list) else set()
    return [finding for finding in inspection.findings if finding.id in ids]


def _whole(given: Any) -> int | None:
    """As JSON has it, or a form."""
    if isinstance(given, str) and re.fullmatch(r"-?\d{1,15}", given):
        return int(given)
    return given if type(given) is int else None
