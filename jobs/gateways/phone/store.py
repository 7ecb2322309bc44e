"""The phone's own memory: one SQLite file that the web process and the carrier's process share.

The phone is an outsider, so nothing here knows the shop's tables. Every event (a text taken, a mail caught, an answer typed) is
one row of ``message``; what the carrier still has to tell us waits in ``due``, so that a restart loses none of it.
"""

import json
import os
import secrets
import sqlite3
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from jobs.gateways.phone import print_tables

SCHEMA = """
CREATE TABLE message (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, sid TEXT NOT NULL UNIQUE, channel TEXT NOT NULL, origin TEXT NOT NULL,
    handset TEXT NOT NULL, party TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, html TEXT NOT NULL, media TEXT NOT NULL,
    at TEXT NOT NULL, sent_at TEXT, status TEXT NOT NULL, error_code INTEGER, arrived INTEGER NOT NULL,
    service_sid TEXT NOT NULL, segments INTEGER NOT NULL, name TEXT NOT NULL, reference TEXT NOT NULL, letter INTEGER
);
CREATE INDEX message_thread ON message (channel, handset, party, seq);
CREATE TABLE letter (id INTEGER PRIMARY KEY, raw BLOB NOT NULL);
CREATE TABLE due (
    id INTEGER PRIMARY KEY, at REAL NOT NULL, sid TEXT NOT NULL, url TEXT NOT NULL, fields TEXT NOT NULL, status TEXT NOT NULL,
    error_code INTEGER, token TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, claimed_until REAL NOT NULL DEFAULT 0, outcome TEXT
);
CREATE INDEX due_next ON due (at) WHERE outcome IS NULL;
CREATE INDEX due_message ON due (sid);
CREATE TABLE opt_out (party TEXT NOT NULL, handset TEXT NOT NULL, PRIMARY KEY (party, handset)) WITHOUT ROWID;
CREATE TABLE trouble (
    id INTEGER PRIMARY KEY, channel TEXT NOT NULL, handset TEXT NOT NULL, remaining INTEGER NOT NULL, what TEXT NOT NULL
);
-- SQLite's clock, not Python's: a test that freezes time must still get its callbacks.
CREATE VIEW clock AS SELECT (julianday('now') - 2440587.5) * 86400.0 AS now;
CREATE TABLE switch (name TEXT PRIMARY KEY, is_on INTEGER NOT NULL) WITHOUT ROWID;
"""
# asked for each time the file is opened: those of before files could be enclosed lack it
ENCLOSURES = """
CREATE TABLE IF NOT EXISTS enclosure (
    sid TEXT NOT NULL, place INTEGER NOT NULL, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, content BLOB NOT NULL, deleted INTEGER NOT NULL,
    PRIMARY KEY (sid, place)
)
"""
FORGOTTEN = "CREATE TABLE IF NOT EXISTS forgotten (sid TEXT PRIMARY KEY) WITHOUT ROWID"  # deleted through the API


def now() -> str:
    """This moment in UTC, ISO 8601 with milliseconds: sorts as text."""
    return stamp(datetime.now(UTC))


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(slots=True)
class Message:
    """One text or mail. ``handset`` is always the customer's number or address, ``party`` the other side's.

    ``origin``: ``api`` (a text taken over HTTP), ``provider`` (the provider's own answer to STOP, START, HELP), ``smtp``, ``handset``.
    ``arrived``: whether it shows on the customer's screen; a text that the carrier could not deliver does not.
    """

    channel: str
    origin: str
    handset: str
    party: str
    body: str
    sid: str
    at: str
    status: str
    subject: str = ""
    html: str = ""
    media: tuple[str, ...] = ()
    sent_at: str | None = None
    error_code: int | None = None
    arrived: bool = True
    service_sid: str = ""
    segments: int = 1
    name: str = ""
    reference: str = ""
    letter: int | None = None
    seq: int = 0
    outcome: str | None = None

    @property
    def from_customer(self) -> bool:
        return self.origin == "handset"

    @property
    def sender(self) -> str:
        return self.handset if self.from_customer else self.party

    @property
    def recipient(self) -> str:
        return self.party if self.from_customer else self.handset

    @property
    def when(self) -> datetime:
        return datetime.fromisoformat(self.at)

    @classmethod
    def from_row(cls, row: sqlite3.Row) -> "Message":
        values = {key: row[key] for key in row.keys() if key in COLUMNS or key in {"seq", "outcome"}}
        return cls(**{**values, "media": tuple(json.loads(row["media"])), "arrived": bool(row["arrived"])})


COLUMNS = [field.name for field in fields(Message) if field.name not in {"seq", "outcome"}]
SELECT = "SELECT message.*, (SELECT outcome FROM due WHERE due.sid = message.sid ORDER BY due.id DESC LIMIT 1) AS outcome FROM message "


def new_sid(prefix: str) -> str:
    """An identifier of Twilio's form: two letters and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


class Store:
    """The file, opened on first use and made when it is missing. Safe from many threads and several processes.

    A crash test asks ``accepted()``: how many times each (To, Body) was accepted from the API. More than one is a text sent twice.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        # Idle connections are kept: the last one to close in WAL mode would checkpoint the file, which costs more than the write.
        self._idle: deque[sqlite3.Connection] = deque()

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        try:
            db = self._idle.pop()
        except IndexError:
            db = self._open()
        try:
            yield db
        finally:
            self._idle.append(db)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction that holds the write lock from its start, so that what it reads is still true when it writes."""
        with self.reading() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")

    def _open(self) -> sqlite3.Connection:
        if not self.path.exists():
            self._make()
        db = sqlite3.connect(self.path, timeout=10, isolation_level=None, check_same_thread=False)
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA synchronous=NORMAL")
        for statement in (ENCLOSURES, FORGOTTEN, *print_tables.TABLES):
            db.execute(statement)
        return db

    def _make(self) -> None:
        """Makes the file aside and puts it in place whole: web and carrier start together, and the second finds it ready."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix="phone-", dir=self.path.parent) as aside:
            made = Path(aside) / self.path.name
            with closing(sqlite3.connect(made)) as db:
                db.execute("PRAGMA journal_mode=WAL")
                db.executescript(SCHEMA)
            with suppress(FileExistsError):
                os.link(made, self.path)

    def messages(self, where: str = "1", values: tuple[object, ...] = (), *, limit: int = -1) -> list[Message]:
        """Messages that meet an SQL condition of ours (never of a caller outside the phone), newest first."""
        with self.reading() as db:
            rows = db.execute(f"{SELECT} WHERE {where} ORDER BY seq DESC LIMIT ?", (*values, limit))
            return [Message.from_row(row) for row in rows]

    def conversations(self, search: str = "", *, limit: int = 100) -> list[Message]:
        """The newest message of each conversation, newest first; ``search`` finds numbers, addresses and words."""
        found = "instr(lower(handset || ' ' || party || ' ' || subject || ' ' || body), lower(?)) > 0"
        newest = "seq IN (SELECT max(seq) FROM message WHERE " + found + " GROUP BY channel, handset, party)"
        return self.messages(newest, (search,), limit=limit)

    def accepted(self) -> Counter[tuple[str, str]]:
        """How many texts were accepted from the API, counted by (To, Body)."""
        return self._count("SELECT handset, body FROM message WHERE origin = 'api'")

    def accepted_mails(self) -> Counter[tuple[str, str]]:
        """How many mails were accepted over SMTP, counted by (recipient, Message-ID)."""
        return self._count("SELECT handset, reference FROM message WHERE origin = 'smtp'")

    def _count(self, query: str) -> Counter[tuple[str, str]]:
        with self.reading() as db:
            return Counter((row[0], row[1]) for row in db.execute(query))


def add(db: sqlite3.Connection, message: Message) -> None:
    """Puts a message into the transaction ``db`` and gives it its place in the order of things."""
    values = asdict(message) | {"media": json.dumps(message.media)}
    marks = ", ".join(f":{name}" for name in COLUMNS)
    message.seq = db.execute(f"INSERT INTO message ({', '.join(COLUMNS)}) VALUES ({marks})", values).lastrowid or 0


def new_id() -> str:
    """Of an enclosure, in Twilio's form."""
    return new_sid("ME")


def enclose(db: sqlite3.Connection, sid: str, place: int, id: str, kind: str, content: bytes) -> None:
    """Keeps a file that goes with a text; what is there already stays."""
    db.execute("INSERT INTO enclosure VALUES (?, ?, ?, ?, ?, 0) ON CONFLICT DO NOTHING", (sid, place, id, kind[:100], content))
