"""The carrier: posts the webhooks that are due, signed as the provider signs them, and moves each text's status on."""

import json
import logging
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from urllib.parse import urlencode, urlsplit, urlunsplit

import urllib3
from twilio.request_validator import RequestValidator

from jobs.gateways.phone.enclosures import places
from jobs.gateways.phone.line import Phone
from jobs.gateways.phone.post_office import PostOffice
from jobs.gateways.phone.store import enclose, new_id, now
from settings import LOOPBACK

log = logging.getLogger("phone.carrier")

RANK = {"accepted": 0, "queued": 1, "sending": 2, "sent": 3, "delivered": 4, "undelivered": 4, "failed": 4, "received": 4}
BATCH = 100
LEASE = 60.0  # seconds after which a row that a dead carrier had claimed is due again
ANSWER_WITHIN = urllib3.Timeout(connect=5, read=15)  # the provider waits fifteen seconds for a webhook's answer
GIVE_UP = 86400.0  # a web server that stays away for a day is not coming back for this text
IDLE = 0.1
CLAIM = """
UPDATE due SET claimed_until = (SELECT now FROM clock) + ? WHERE id IN (
    SELECT id FROM due, clock WHERE outcome IS NULL AND at <= now AND claimed_until <= now ORDER BY at, id LIMIT ?
) RETURNING *
"""
SETTLE = """
UPDATE due SET attempts = ?, claimed_until = now + ?, outcome = coalesce(?, iif(now - at > ?, 'given up: nobody listened', NULL))
FROM clock WHERE id = ?
"""


class Carrier:
    """Takes due rows in batches. Rows of one text are posted one after the other, different texts side by side."""

    def __init__(self, phone: Phone, *, hands: int = 4) -> None:
        self.phone = phone
        self.validator = RequestValidator(phone.settings.twilio_auth_token)
        self.pool = urllib3.PoolManager(maxsize=hands, timeout=ANSWER_WITHIN, retries=False)
        self.hands = ThreadPoolExecutor(hands, thread_name_prefix="carrier")
        self.post_office = PostOffice(phone, self.pool, self._address)
        self.stopping = threading.Event()

    def run(self) -> None:
        """Carries until ``stop()``. A fault with one batch is logged and the next is taken: a carrier that died would lose callbacks."""
        while not self.stopping.is_set():
            try:
                idle = self.carry() + self.post_office.carry() == 0
            except sqlite3.Error:
                log.exception("the phone's file could not be used; trying again")
                idle = True
            if idle:
                self.stopping.wait(IDLE)
        self.hands.shutdown()
        self.pool.clear()

    def stop(self) -> None:
        self.stopping.set()

    def carry(self) -> int:
        """Posts one batch of what is due now; returns how many rows it took."""
        with self.phone.store.writing() as db:
            rows = db.execute(CLAIM, (LEASE, BATCH)).fetchall()
        rows.sort(key=lambda row: (row["at"], row["id"]))
        rows.sort(key=lambda row: row["sid"])
        list(self.hands.map(self._carry_text, [list(group) for _, group in groupby(rows, key=lambda row: row["sid"])]))
        return len(rows)

    def _carry_text(self, rows: list[sqlite3.Row]) -> None:
        for row in rows:
            if row["status"] != "received":
                self._fetch(row["sid"])
                self._move(row)
            self._settle(row, self._post(row) if row["url"] else "no callback")

    def _move(self, row: sqlite3.Row) -> None:
        """Moves the text's own status up, never down: what the API's list shows does not depend on the order of the callbacks."""
        with self.phone.store.writing() as db:
            status = db.execute("SELECT status FROM message WHERE sid = ?", (row["sid"],)).fetchone()["status"]
            if RANK[row["status"]] > RANK[status]:
                values = (row["status"], row["error_code"], now(), row["sid"])
                db.execute("UPDATE message SET status = ?, error_code = ?, sent_at = coalesce(sent_at, ?) WHERE sid = ?", values)

    def _fetch(self, sid: str) -> None:
        """Fetches what goes with a text for the handset, as the provider does while it sends: without credentials."""
        with self.phone.store.reading() as db:
            media = json.loads(db.execute("SELECT media FROM message WHERE sid = ?", (sid,)).fetchone()["media"])
            here = places(db, sid) if media else {}
        for place, url in enumerate(media):
            if place not in here and (target := self._address(url)):
                try:
                    answer = self.pool.request("GET", target, headers={"Host": urlsplit(url).netloc, "User-Agent": "TwilioProxy/1.1"})
                except urllib3.exceptions.HTTPError as fault:
                    log.warning("enclosure %s of %s could not be fetched: %s", place, sid, type(fault).__name__)
                    continue
                if answer.status == 200:
                    with self.phone.store.writing() as db:
                        enclose(db, sid, place, new_id(), answer.headers.get("Content-Type", "").partition(";")[0], answer.data)

    def _post(self, row: sqlite3.Row) -> str | None:
        """Posts one webhook. Returns what came of it, or None when it is to be tried again."""
        target = self._address(row["url"])
        if target is None:
            return "not posted: the phone speaks to this machine only"
        fields: dict[str, str] = json.loads(row["fields"])
        headers = {
            "Host": urlsplit(row["url"]).netloc,
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "User-Agent": "TwilioProxy/1.1",
            "I-Twilio-Idempotency-Token": row["token"],
            "X-Twilio-Signature": self.validator.compute_signature(row["url"], fields),
        }
        try:
            response = self.pool.request("POST", target, body=urlencode(fields), headers=headers, redirect=False)
        except urllib3.exceptions.NewConnectionError:
            return None  # nobody listens: the web server isn't up yet, or restarts
        except urllib3.exceptions.HTTPError as fault:
            return None if row["attempts"] == 0 else f"no answer: {type(fault).__name__}"  # the provider tries once more
        return str(response.status)

    def _settle(self, row: sqlite3.Row, outcome: str | None) -> None:
        with self.phone.store.writing() as db:
            attempts = row["attempts"] + 1
            wait = min(0.25 * 2 ** min(row["attempts"], 6), 5.0)
            db.execute(SETTLE, (attempts, wait, outcome, GIVE_UP, row["id"]))

    def _address(self, url: str) -> str | None:
        """Where to connect for a webhook's address: always this machine, whatever public name the address carries."""
        parts, settings = urlsplit(url), self.phone.settings
        if parts.hostname in LOOPBACK:
            host = "[::1]" if parts.hostname == "::1" else "127.0.0.1"
            return urlunsplit(parts._replace(netloc=f"{host}:{parts.port or (443 if parts.scheme == 'https' else 80)}", fragment=""))
        if url.startswith(settings.public_base_url + "/"):
            return urlunsplit(("http", f"127.0.0.1:{settings.port}", parts.path, parts.query, ""))
        return None
