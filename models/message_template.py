"""The words of a message: the presets of the house, or what the shop made of them, with merge fields."""

import csv
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from models.actor import Actor
from models.base import Base, db
from models.entry import record
from models.letter_kind import LETTERS, LetterKind
from models.owned import ShopOwned
from models.refused import NotFound, Refused
from models.segments import Segments, segments

if TYPE_CHECKING:
    from models.shop import Shop

FIELDS = {
    "shop": _l("Name of the shop"),
    "phone": _l("Phone of the shop"),
    "first": _l("First name"),
    "mailing": _l("Mailing name"),
    "year": _l("Year"),
    "make": _l("Make"),
    "model": _l("Model"),
    "plate": _l("Plate"),
    "date": _l("Date of the drop-off"),
    "time": _l("Time of the drop-off"),
    "open_time": _l("When the shop opens that day"),
    "link": _l("Link to the customer's page"),
    "status": _l("The status as customers read it"),
    "eta": _l("The promised time; without one, its sentence is left out"),
    "part": _l("A part, asked when the status is set"),
    "reason": _l("Reason of the delay, asked when the status is set"),
    "total": _l("What was authorised, with tax; where no prices are shown, its sentence is left out"),
    "vehicle": _l("Year, make and model, or “your vehicle”"),
    "owner": _l("Contact person of the shop"),
    "reply_email": _l("E-mail address of the shop"),
    "feedback": _l("Where customers say how you did; without it, its sentence is left out"),
    "deferred": _l("What was put off, one a line"),
    "last_service": _l("Date of the last service"),
    "reads": _l("When the shop opens next, so that somebody reads it"),
}
KEYS = {
    "appt_confirm": _l("Appointment made"),
    "appt_remind": _l("Reminder before the drop-off, and Remind"),
    "appt_remind_nt": _l("The same, without a drop-off time"),
    "resched_done": _l("Appointment moved"),
    "appt_cancelled": _l("Appointment cancelled"),
    "ro_pdf": _l("Repair order by text"),
    "approve_rcpt": _l("Answers to the overview received"),
    "consent_reply": _l("Consent by keyword received"),
    "start_reply": _l("START received"),
    "stop_reply": _l("STOP received"),
    "help_reply": _l("HELP received"),
    "after_hours": _l("A text while the shop is closed"),
    **{kind.value: kind.label_later for kind in LetterKind},
}
# to a number: no appointment, maybe no customer
REPLIES = frozenset({"consent_reply", "start_reply", "stop_reply", "help_reply", "after_hours"})
OF_DROP_OFFS = frozenset({"date", "time", "open_time"})
OF_LETTERS = frozenset({"mailing", "first", "vehicle", "year", "make", "model", "plate", "owner", "shop", "phone", "reply_email"})
OF_SOME_LETTERS = {
    **dict.fromkeys(("reminder_1", "reminder_2", "no_show"), frozenset({"date"})),
    "thank_you": frozenset({"feedback", "last_service"}),
    "deferred": frozenset({"deferred"}),
    "inactive": frozenset({"last_service"}),
}
ONLY_ELSEWHERE = frozenset({"reads", "total", "vehicle", "owner", "reply_email", "feedback", "deferred", "last_service"})
OF_STATUSES = frozenset({"status", "eta", "part", "reason"})
STATUS = "st_"  # what the keys of statuses' updates begin with; each shop makes its own
NEED_LINK = frozenset({"appt_confirm", "appt_remind", "appt_remind_nt", "resched_done", "ro_pdf", "approve_rcpt"})
_FIELD = re.compile(r"\{([^{}]*)\}")
LONGEST = 1600  # characters that Twilio takes
LONGEST_CARD = 600  # characters that can be read on a postcard


class MessageTemplate(ShopOwned, Base):
    __tablename__ = "message_templates"
    __table_args__ = (UniqueConstraint("shop_id", "key", "channel", "language"),)

    key: Mapped[str]
    channel: Mapped[str]
    language: Mapped[str]
    subject: Mapped[str] = mapped_column(default="")
    body: Mapped[str]

    @property
    def label(self) -> str:
        from models.status import Status

        return str(KEYS[self.key]) if self.key in KEYS else Status.with_key(self.shop_id, self.key).name

    @property
    def is_of_status(self) -> bool:
        """Whether it is what a status sends."""
        return self.key.startswith(STATUS)

    @property
    def is_letter(self) -> bool:
        """Whether it is a follow-up letter's."""
        return self.key in LETTERS

    @property
    def is_preset(self) -> bool:
        return self.id is None

    @property
    def fields(self) -> dict[str, str]:
        """The merge fields that can be filled in here, with what they stand for."""
        if self.is_letter:
            known = OF_LETTERS | OF_SOME_LETTERS.get(self.key, frozenset())
            return {name: str(label) for name, label in FIELDS.items() if name in known}
        of_work = self.key in {"ro_pdf", "approve_rcpt"}
        others = OF_DROP_OFFS if self.is_of_status else OF_STATUSES | OF_DROP_OFFS if of_work else OF_STATUSES
        fit = {"shop", "phone"} if self.key in REPLIES else FIELDS.keys() - others - ONLY_ELSEWHERE
        fit = fit | {"total"} if self.key == "approve_rcpt" else fit
        fit = fit | {"reads"} if self.key == "after_hours" else fit
        return {name: str(label) for name, label in FIELDS.items() if name in fit}

    @classmethod
    def of(cls, shop: "Shop", key: str, channel: str, language: str, lock: bool = False) -> "MessageTemplate":
        """The shop's own words, else the preset; ``lock`` lets nobody else change them meanwhile. Raises NotFound: there is none."""
        if lock:
            shop.lock()
        query = select(cls).where(cls.shop_id == shop.id, cls.key == key, cls.channel == channel, cls.language == language)
        own = db.session.scalars(query).first()
        if own:
            return own
        preset = presets().get((key, channel, language))
        if preset is None and key.startswith(STATUS):
            preset = presets().get((f"{STATUS}update", channel, language))
        if preset is None:
            raise NotFound("MessageTemplate")
        subject, body = preset
        return cls(shop_id=shop.id, key=key, channel=channel, language=language, subject=subject, body=body)

    @classmethod
    def all_of(cls, shop: "Shop", language: str) -> list["MessageTemplate"]:
        """Every template in that language but those of statuses, in the order of ``KEYS``, texts first."""
        rows = db.session.scalars(select(cls).where(cls.shop_id == shop.id, cls.language == language))
        own = {(row.key, row.channel): row for row in rows}
        return [
            own.get((key, channel)) or cls(shop_id=shop.id, key=key, channel=channel, language=language, subject=subject, body=body)
            for name in KEYS
            for (key, channel, preset_language), (subject, body) in presets().items()
            if (key, preset_language) == (name, language)
        ]

    def save(self, subject: str, body: str, *, by: Actor) -> None:
        """Keep the shop's own words. Raises Refused: empty, an unknown field, a link missing, too long."""
        self.subject, self.body = self.read(subject, body)
        db.session.add(self)
        db.session.flush()
        record(self, "template.saved", by, key=self.key, channel=self.channel, language=self.language)

    def read(self, subject: str, body: str) -> tuple[str, str]:
        """Both as they would be kept. Raises Refused: as ``save``."""
        subject = " ".join(subject.split()) if self.channel == "email" else ""
        body = body.replace("\r\n", "\n").strip()
        faults = {"subject": self._fault(subject, "subject"), "body": self._fault(body, "body")}
        errors = {name: words for name, words in faults.items() if words}
        if errors:
            raise Refused.at(**errors)
        return subject, body

    def written(self, subject: str, body: str) -> "MessageTemplate":
        """One like this with other words, which nobody keeps. Raises Refused: as ``save``."""
        subject, body = self.read(subject, body)
        return MessageTemplate(key=self.key, channel=self.channel, language=self.language, subject=subject, body=body)

    def reset(self, *, by: Actor) -> None:
        """Back to the preset; doing it twice does it once."""
        if not self.is_preset:
            record(self, "template.reset", by, key=self.key, channel=self.channel, language=self.language)
            db.session.delete(self)

    def _fault(self, text: str, part: str) -> str | None:
        if part == "subject" and self.channel != "email":
            return None
        if not text:
            return _("Write something.")
        unknown = [name for name in _FIELD.findall(text) if name not in self.fields]
        if unknown:
            return _("There is no field {%(name)s}. Use one of the list.", name=unknown[0])
        if text.count("{") != text.count("}") or "{" in _FIELD.sub("", text):
            return _("A brace is left open. Write fields like {first}.")
        if part == "body" and self.channel == "text" and self.key in NEED_LINK and "{link}" not in text:
            return _("This text needs {link}: the customer answers on the page.")
        longest = LONGEST_CARD if self.channel == "postcard" else LONGEST
        return _("Please keep it under %(count)s characters.", count=longest) if len(text) > longest else None

    @staticmethod
    def count(text: str) -> Segments:
        return segments(text)


@cache
def presets() -> dict[tuple[str, str, str], tuple[str, str]]:
    """(key, channel, language) to (subject, body), as the house ships them."""
    found: dict[tuple[str, str, str], tuple[str, str]] = {}
    for name in ("templates.csv", "letters.csv"):
        with (Path(__file__).parent / "presets" / name).open(encoding="utf-8", newline="") as file:
            found |= {(row["key"], row["channel"], row["language"]): (row["subject"], row["body"]) for row in csv.DictReader(file)}
    return found
