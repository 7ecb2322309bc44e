"""Words in the texts, found in an index that the database keeps itself: FTS5 on SQLite, GIN on PostgreSQL.

Case and accents don't matter, every word must be in the text, and of the last one the beginning is enough: it may still be typed.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Integer, column, func, literal_column, select, table, text

from models.base import db
from models.customer_key import fold
from models.message import Message

if TYPE_CHECKING:
    from models.shop import Shop

MOST_WORDS = 8
BEFORE, AROUND = 40, 140  # characters of a snippet before the first hit, and in all
INDEX = "message_words"  # FTS5's tables begin with it, PostgreSQL's function is called so
PG_INDEX = "ix_messages_words"
OPTIMISE = text("INSERT INTO message_words (message_words) VALUES ('optimize')")
_WORD = re.compile(r"[^\W_]+")

Parts = list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Found:
    """The newest text with a number that has all the words."""

    message: Message
    words: Sequence[str]

    @property
    def snippet(self) -> Parts:
        """What stands around the first hit, in parts, each with whether it is one."""
        body = " ".join(self.message.body.split())
        hits = [(match.start(), match.end()) for match in _WORD.finditer(body) if self._is_hit(match.group())]
        begin = max(hits[0][0] - BEFORE, 0) if hits else 0
        begin = body.rfind(" ", 0, begin) + 1 if begin else 0
        end = begin + AROUND
        parts: Parts = [("…", False)] if begin else []
        for start, stop in hits:
            if stop <= end:
                parts += [(body[begin:start], False), (body[start:stop], True)]
                begin = stop
        return [part for part in (*parts, (body[begin:end], False), ("…" if end < len(body) else "", False)) if part[0]]

    def _is_hit(self, word: str) -> bool:
        whole = fold(word)
        return whole in self.words or whole.startswith(self.words[-1])


@dataclass(frozen=True, slots=True)
class MessageSearch:
    """``since`` and ``until``: instants between which it was written."""

    shop: "Shop"
    typed: str
    since: datetime | None = None
    until: datetime | None = None

    @property
    def words(self) -> list[str]:
        return [fold(word) for word in self._typed_words]

    def newest(self, limit: int = 50) -> dict[str, Found]:
        """Of each number the newest text that is found, newest first; nothing is found by less than two letters."""
        if sum(map(len, self._typed_words)) < 2:
            return {}
        # spelled out, so that PostgreSQL sees that the index, which has only texts, will do
        texts = [Message.shop_id == self.shop.id, Message.channel == literal_column("'text'"), *self._when()]
        ids = select(func.max(Message.id).label("id")).where(*texts, self._matches()).group_by(Message.address)
        found = db.session.scalars(select(Message).where(Message.id.in_(ids)).order_by(Message.id.desc()).limit(limit))
        return {message.address: Found(message, self.words) for message in found}

    @property
    def _typed_words(self) -> list[str]:
        return _WORD.findall(unicodedata.normalize("NFC", self.typed))[:MOST_WORDS]

    def _when(self) -> list[ColumnElement[bool]]:
        begun = [Message.created_at >= self.since] if self.since else []
        return begun + ([Message.created_at < self.until] if self.until else [])

    def _matches(self) -> ColumnElement[bool]:
        if db.engine.dialect.name == "sqlite":
            *whole, last = (f'"{word}"' for word in self._typed_words)  # the index folds them as it folded the texts
            words: Any = table(INDEX, column("rowid", Integer), column(INDEX))
            return Message.id.in_(select(words.c.rowid).where(words.c[INDEX].op("MATCH")(" ".join([*whole, f"{last}*"]))))
        *whole, last = self.words
        asked = " & ".join([*(f"'{word}'" for word in whole), f"'{last}':*"])
        return func.message_words(Message.body).op("@@")(func.to_tsquery(text("'simple'"), asked))


def is_declared(thing: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:
    """For Alembic: everything but this index, which SQLAlchemy has no words for."""
    return not (name or "").startswith(INDEX) and name != PG_INDEX


def restore(connection: Connection) -> None:
    """After migrations: where one rebuilt SQLite's table of messages, what kept the index up to date went with the old one."""
    kept = text("SELECT count(*) FROM sqlite_master WHERE name = :name").bindparams(name=INDEX)
    if connection.dialect.name == "sqlite" and connection.scalar(kept):
        for trigger in TRIGGERS:
            connection.execute(text(trigger))


TRIGGERS = (
    "CREATE TRIGGER IF NOT EXISTS message_words_added AFTER INSERT ON messages WHEN new.channel = 'text' BEGIN"
    " INSERT INTO message_words (rowid, body) VALUES (new.id, new.body); END",
    "CREATE TRIGGER IF NOT EXISTS message_words_removed AFTER DELETE ON messages WHEN old.channel = 'text' BEGIN"
    " INSERT INTO message_words (message_words, rowid, body) VALUES ('delete', old.id, old.body); END",
    "CREATE TRIGGER IF NOT EXISTS message_words_changed AFTER UPDATE OF body ON messages WHEN new.channel = 'text' BEGIN"
    " INSERT INTO message_words (message_words, rowid, body) VALUES ('delete', old.id, old.body);"
    " INSERT INTO message_words (rowid, body) VALUES (new.id, new.body); END",
)


def forget_deleted_words() -> None:
    """SQLite's index marks words as deleted and keeps them until it is put in order: after an erasure or a night of tidying, now."""
    if db.session.get_bind().dialect.name == "sqlite":
        db.session.execute(OPTIMISE)
