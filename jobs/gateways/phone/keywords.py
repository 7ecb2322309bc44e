"""The words that end and renew the right to text a handset, as the provider reads them: a text of that one word."""

import sqlite3

STOP = {"STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"}
START = {"START", "YES", "UNSTOP"}
HELP = {"HELP", "INFO"}
REPLIES = {
    "STOP": "You are unsubscribed: this number sends you nothing more. Text START to hear from it again.",
    "START": "You are subscribed again. Text HELP for help, STOP to end.",
    "HELP": "Call the shop for help. Text STOP to unsubscribe.",
}


def meaning(body: str) -> str | None:
    """``STOP``, ``START`` or ``HELP`` when the whole text is such a word, else None: "please stop the work" means nothing here."""
    word = body.strip().upper()
    return "STOP" if word in STOP else "START" if word in START else "HELP" if word in HELP else None


def opted_out(db: sqlite3.Connection, party: str, handset: str) -> bool:
    return db.execute("SELECT 1 FROM opt_out WHERE party = ? AND handset = ?", (party, handset)).fetchone() is not None


def obey(db: sqlite3.Connection, word: str, party: str, handset: str) -> bool:
    """Keeps what a word says for this pair of numbers; true when it changed something or, for HELP, asks for an answer."""
    if word == "STOP":
        return db.execute("INSERT INTO opt_out VALUES (?, ?) ON CONFLICT DO NOTHING", (party, handset)).rowcount == 1
    if word == "START":
        return db.execute("DELETE FROM opt_out WHERE party = ? AND handset = ?", (party, handset)).rowcount == 1
    return True
