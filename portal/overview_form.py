"""What the form of an overview sends, kept as it was typed, so that nobody has to say anything twice."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from secrets import token_hex

from flask import request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from models import Overview, Refused
from models.answer import Choices, Chosen
from models.answering import Said
from models.attachment_reason import VIDEO_MB, words_for
from models.overview import carried
from models.sent_file import MEGABYTE
from portal import agents
from web import to_disk

LIMIT = (VIDEO_MB + 1) * MEGABYTE  # bytes, of all that comes in one form
LONGEST_DRAFT = 20_000  # characters of a comment that are kept until it is sent, or cut to what may be sent
_ITEM, _RISK, _KEY = re.compile(r"item-(\d{1,9})"), re.compile(r"risk-(\d{1,9})"), re.compile(r"[0-9a-zA-Z]{8,32}")


@dataclass(frozen=True)
class Typed:
    version: int
    fields: Mapping[str, str] = field(default_factory=dict)  # everything, as ``read_choices`` wants it
    words: Mapping[int, str] = field(default_factory=dict)  # what is chosen, by the id of the overview's item
    acknowledged: frozenset[int] = frozenset()
    comment: str = ""
    name: str = ""
    statement: str = ""
    signature: str = ""
    key: str = ""
    had_files: bool = False  # which no page can give back: they have to be chosen again

    @classmethod
    def kept(cls, overview: Overview) -> "Typed":
        """What was chosen when the page was last left, on a page that has a key of its own."""
        words = {int(item_id): str(word) for item_id, word in overview.draft.items()}
        return cls(overview.version, words=words, comment=overview.draft_comment, key=token_hex(8))

    @classmethod
    def received(cls) -> "tuple[Typed, list[FileStorage]]":
        """The form in hand, and the files with it. Raises Refused: they are too large together."""
        try:
            with to_disk(LIMIT):
                form = {name: value.replace("\0", "") for name, value in request.form.items()}
                files = [file for file in request.files.getlist("files") if file.filename]
        except RequestEntityTooLarge as problem:
            raise Refused(words_for("video_size"), field="files") from problem
        words = {int(name[1]): value for name, value in ((_ITEM.fullmatch(field), value) for field, value in form.items()) if name}
        risks = frozenset(int(name[1]) for name in map(_RISK.fullmatch, form) if name)
        version = form.get("version", "")
        texts = {name: form.get(name, "") for name in ("comment", "name", "statement", "signature", "key")}
        return cls(int(version) if re.fullmatch(r"\d{1,6}", version) else 0, form, words, risks, **texts, had_files=bool(files)), files

    @property
    def is_whole(self) -> bool:
        """Whether it has the key of the page that it comes from, by which two taps are one."""
        return _KEY.fullmatch(self.key) is not None

    def carried_to(self, overview: Overview) -> "Typed":
        """For the newest version, after an older one was answered: what was chosen for items that have not changed."""
        before = next((one for one in Overview.of(overview.work_order_id) if one.version == self.version), None)
        words = carried(self.words, before, overview) if before else {}
        fields = {f"item-{item_id}": word for item_id, word in words.items()}
        return replace(self, version=overview.version, fields=fields, words=words, acknowledged=frozenset())

    def said(self, choices: Choices) -> Said:
        texts = {name: getattr(self, name) for name in ("name", "comment", "statement", "signature", "key")}
        return Said(choices, **texts, acknowledged=self.acknowledged, agent=agents.name())

    def chosen(self, overview: Overview) -> dict[int, Chosen]:
        """As far as it can be counted: what is wrong with the rest is said beside it."""
        found = {}
        for item in overview.open_items:
            try:
                chosen = Chosen.read(self.words.get(item.id, ""))
            except Refused:
                continue
            if chosen and chosen.choice in overview.choices_for(item):
                found[item.id] = chosen
        return found
