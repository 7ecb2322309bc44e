"""What the stand-in of a print service keeps: accounts with their webhook, cards with their pictures, and events that are due."""

import json
import secrets
import sqlite3
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from jobs.gateways.phone.store import Store, now

EVENTS = ("created", "rendered_pdf", "mailed", "in_transit", "delivered", "returned_to_sender", "failed", "deleted")
# seconds after it was taken; until it is mailed it may be withdrawn
USUALLY = {"created": 0.2, "rendered_pdf": 1.0, "mailed": 120.0, "in_transit": 180.0, "delivered": 240.0}
DELIVERED_IN = timedelta(days=5)  # what it promises, not what it does
IN_PRODUCTION = ("created", "rendered_pdf")


@dataclass(frozen=True, slots=True)
class Postcard:
    id: str
    account: str
    key: str
    at: str
    fields: dict[str, str]
    status: str
    asked: int  # how often it was asked for under its key

    @classmethod
    def from_row(cls, row: sqlite3.Row) -> "Postcard":
        return cls(row["id"], row["account"], row["key"], row["at"], json.loads(row["fields"]), row["status"], row["asked"])

    @property
    def when(self) -> datetime:
        return datetime.fromisoformat(self.at)

    def part(self, name: str) -> dict[str, str]:
        """``to``, ``from`` or ``metadata``: what came as ``to[name]`` and so on."""
        return {key[len(name) + 1 : -1]: value for key, value in self.fields.items() if key.startswith(f"{name}[")}

    @property
    def shape(self) -> dict[str, Any]:
        """As the API shows it."""
        return {
            "id": self.id,
            "description": self.fields.get("description"),
            "to": self.part("to"),
            "from": self.part("from"),
            "metadata": self.part("metadata"),
            "size": self.fields.get("size", "4x6"),
            "use_type": self.fields.get("use_type"),
            "mail_type": self.fields.get("mail_type", "usps_first_class"),
            "date_created": self.at,
            "expected_delivery_date": (self.when + DELIVERED_IN).date().isoformat(),
            "price": "0.79",
            "currency": "USD",
            "status": self.status,
            **({"deleted": True} if self.status == "deleted" else {}),
            "object": "postcard",
        }


def account_of(key: str) -> str:
    return sha256(key.encode()).hexdigest()[:16]


def cards(store: Store, where: str = "1", values: tuple[object, ...] = (), *, limit: int = -1) -> list[Postcard]:
    """Cards that meet an SQL condition of ours, newest first."""
    with store.reading() as db:
        rows = db.execute(f"SELECT * FROM postcard WHERE {where} ORDER BY seq DESC LIMIT ?", (*values, limit))
        return [Postcard.from_row(row) for row in rows]


def taken(store: Store) -> Counter[str]:
    """How many cards were made, by our id for them (``metadata[message]``): more than one is a card too many."""
    return Counter(card.part("metadata").get("message", "") for card in cards(store))


def side(store: Store, id: str, name: str) -> bytes:
    """The PDF of ``front`` or ``back``; nothing where there is no such card."""
    with store.reading() as db:
        row = db.execute(f"SELECT {'front' if name == 'front' else 'back'} AS pdf FROM postcard WHERE id = ?", (id,)).fetchone()
    return bytes(row["pdf"]) if row else b""


def known(db: sqlite3.Connection, account: str, key: str) -> Postcard | None:
    """What was made under that key already; it counts as asked for once more."""
    row = db.execute("UPDATE postcard SET asked = asked + 1 WHERE account = ? AND key = ? RETURNING *", (account, key)).fetchone()
    return Postcard.from_row(row) if row else None


def keep(db: sqlite3.Connection, account: str, key: str, fields: dict[str, str], front: bytes, back: bytes) -> Postcard:
    """A card is taken for printing; its events come due."""
    card = Postcard(f"psc_{secrets.token_hex(8)}", account, key or secrets.token_hex(8), now(), fields, "created", 1)
    values = (card.id, card.account, card.key, card.at, json.dumps(fields), front, back, card.status)
    db.execute("INSERT INTO postcard (id, account, key, at, fields, front, back, status) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
    return card


def due(db: sqlite3.Connection, card: str, event: str, seconds: float, copies: int = 1) -> None:
    """An event of the card happens in so many seconds; ``copies`` of its webhook are posted, all of them the same event."""
    row = (seconds, f"evt_{secrets.token_hex(8)}", card, event)
    insert = "INSERT INTO postcard_event (at, event, postcard, type) SELECT now + ?, ?, ?, ? FROM clock"
    db.executemany(insert, [row] * copies)


def delete(db: sqlite3.Connection, account: str, id: str) -> bool:
    """Out of production, if it is in it still; what would have come of it does not."""
    marks = ", ".join("?" * len(IN_PRODUCTION))
    ended = f"UPDATE postcard SET status = 'deleted' WHERE id = ? AND account = ? AND status IN ({marks})"
    if db.execute(ended, (id, account, *IN_PRODUCTION)).rowcount != 1:
        return False
    db.execute("UPDATE postcard_event SET outcome = 'deleted' WHERE postcard = ? AND outcome IS NULL", (id,))
    due(db, id, "deleted", 0.2)
    return True


def webhook(db: sqlite3.Connection, account: str) -> sqlite3.Row | None:
    found: sqlite3.Row | None = db.execute("SELECT * FROM print_webhook WHERE account = ?", (account,)).fetchone()
    return found


def tell_at(db: sqlite3.Connection, account: str, url: str, secret: str) -> None:
    """From now on this account's events are posted there, signed with that."""
    db.execute("INSERT OR REPLACE INTO print_webhook (account, url, secret) VALUES (?, ?, ?)", (account, url, secret))
