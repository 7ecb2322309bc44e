"""What becomes of the postcards: their events happen when they are due, and are posted to the account's webhook, signed."""

import hmac
import json
import logging
import sqlite3
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import urllib3

from jobs.gateways.phone import print_store
from jobs.gateways.phone.line import Phone

log = logging.getLogger("phone.post_office")
LEASE, GIVE_UP = 60.0, 86400.0  # seconds
BATCH = 50
CLAIM = """
UPDATE postcard_event SET claimed_until = (SELECT now FROM clock) + ? WHERE id IN (
    SELECT postcard_event.id FROM postcard_event, clock WHERE outcome IS NULL AND at <= now AND claimed_until <= now ORDER BY at, id LIMIT ?
) RETURNING *
"""
SETTLE = """
UPDATE postcard_event SET attempts = ?, claimed_until = now + ?, outcome = coalesce(?, iif(now - at > ?, 'given up', NULL))
FROM clock WHERE id = ?
"""


class PostOffice:
    """``address`` says where to connect for a webhook's address: to this machine, or nowhere."""

    def __init__(self, phone: Phone, pool: urllib3.PoolManager, address: Callable[[str], str | None]) -> None:
        self.phone, self.pool, self.address = phone, pool, address

    def carry(self) -> int:
        """Lets happen what is due now; returns how much that was."""
        with self.phone.store.writing() as db:
            rows = db.execute(CLAIM, (LEASE, BATCH)).fetchall()
        for row in sorted(rows, key=lambda row: (row["at"], row["id"])):
            outcome = self._happen(row)
            with self.phone.store.writing() as db:
                wait = min(0.25 * 2 ** min(row["attempts"], 6), 5.0)
                db.execute(SETTLE, (row["attempts"] + 1, wait, outcome, GIVE_UP, row["id"]))
        return len(rows)

    def _happen(self, row: sqlite3.Row) -> str | None:
        """What came of it; None: it is to be posted again."""
        with self.phone.store.writing() as db:
            db.execute("UPDATE postcard SET status = ? WHERE id = ? AND status != 'deleted'", (row["type"], row["postcard"]))
            card = print_store.Postcard.from_row(db.execute("SELECT * FROM postcard WHERE id = ?", (row["postcard"],)).fetchone())
            hook = print_store.webhook(db, card.account)
        return self._post(row, card, hook["url"], hook["secret"]) if hook else "no webhook"

    def _post(self, row: sqlite3.Row, card: print_store.Postcard, url: str, secret: str) -> str | None:
        target = self.address(url)
        if target is None:
            return "not posted: the phone speaks to this machine only"
        body, stamp = said(row["event"], row["type"], card), str(int(time.time() * 1000))
        headers = {"Host": urlsplit(url).netloc, "Content-Type": "application/json", **signature(secret, stamp, body)}
        try:
            response = self.pool.request("POST", target, body=body, headers=headers, redirect=False)
        except urllib3.exceptions.HTTPError as fault:
            log.info("an event of %s was not taken: %s", card.id, type(fault).__name__)
            return None
        return str(response.status) if response.status < 500 else None


def said(event: str, kind: str, card: print_store.Postcard) -> bytes:
    """The event as the service tells it."""
    return json.dumps(
        {
            "id": event,
            "body": card.shape,
            "reference_id": card.id,
            "event_type": {"id": f"postcard.{kind}", "resource": "postcards", "enabled_for_test": True, "object": "event_type"},
            "date_created": card.at,
            "object": "event",
        }
    ).encode()


def signature(secret: str, stamp: str, body: bytes) -> dict[str, str]:
    """The headers that prove who tells it, and when (milliseconds)."""
    digest = hmac.digest(secret.encode(), stamp.encode() + b"." + body, "sha256").hex()
    return {"Lob-Signature": digest, "Lob-Signature-Timestamp": stamp}
