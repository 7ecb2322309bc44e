"""Work on what came back, from a mailbox or by webhook."""

import json
from collections.abc import Iterator
from datetime import datetime

from jobs.each import each
from jobs.gateways.returned_mail import UID, Return, returns
from models import MailEvent, ReturnedMail, returned_mail

USELESS = ("foreign", "not_sure")
OF_EVENTS = {"bounce": "failed", "complaint": "complained", "delivered": "delivered", "opened": "opened", "delayed": "delayed"}


def drain() -> None:
    """Work on all that wait."""
    each(ReturnedMail, ReturnedMail.waiting_ids(), work)


def work(mail: ReturnedMail) -> None:
    """Say what it says to the messages that it is about."""
    if mail.begin():
        mail.end(_outcome(mail))


def believe(mail: ReturnedMail) -> str:
    """A person has looked at it and takes its word, by the address alone. What became of it: as it was where that is of no use."""
    outcome = _outcome(mail, by_address=True)
    if outcome not in (*USELESS, "not_understood"):
        mail.end(outcome)
    return outcome


def _outcome(mail: ReturnedMail, *, by_address: bool = False) -> str:
    """The last of what was found that is of use; else why nothing was."""
    if mail.form == returned_mail.EVENT:
        return _event(mail.raw)
    try:
        found = returns(mail.raw)
    except (RecursionError, ValueError, LookupError):  # parts in parts in parts, or letters that no encoding knows
        found = None
    if found is None:
        return "not_understood"
    outcomes = [_apply(one, by_address=by_address) for one in found]
    return next((outcome for outcome in outcomes if outcome not in USELESS), outcomes[0]) if outcomes else "no_report"


def _event(raw: bytes) -> str:
    event = json.loads(raw)
    ours = UID.fullmatch(event["message_id"])
    said = Return(
        OF_EVENTS[event["type"]], event["address"], event["status"], event["said"], ours.group(1) if ours else "", bool(event["message_id"])
    )
    return _apply(said, datetime.fromisoformat(event["at"]), by_address=True)  # the provider signed it


def _apply(said: Return, at: datetime | None = None, *, by_address: bool) -> str:
    """Anybody can send a mail that looks like a report: by the address alone it is only believed ``by_address``."""
    whose = returned_mail.about(said.uid, said.address) if said.uid or (by_address and not said.is_named) else None
    if whose is None:
        return "foreign" if said.is_named else "not_sure"
    shop, message = whose
    if said.kind == "failed":
        MailEvent.came_back(shop, said.address, message, said.status, said.said, at)
    elif said.kind == "complained":
        MailEvent.complained(shop, said.address, message, said.said, at)
    else:
        MailEvent.heard(shop, said.address, message, said.kind, said.said, at)
    return said.kind


def words(counts: dict[str, int]) -> Iterator[str]:
    """What became of so many mails, for the operator."""
    sentences = {
        "failed": "came back",
        "delayed": "only late so far",
        "delivered": "arrived",
        "opened": "opened",
        "complained": "complained of",
        "known": "known already",
        "no_report": "no report of a mail server, left alone",
        "foreign": "about other mail than ours, left alone",
        "not_sure": "without proof that a mail of ours is meant: kept for a person",
        "not_understood": "not understood: kept for a person",
    }
    return (f"{counts[outcome]} {sentence}" for outcome, sentence in sentences.items() if counts.get(outcome))
