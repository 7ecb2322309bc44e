"""CRM Setup as one form: the signature of the letters, and the numbers of days by e-mail and by postcard."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from models import clock
from models.actor import Actor
from models.base import db
from models.entry import record
from models.letter_forecast import ForeseenLetter, foreseen_letters
from models.letter_kind import CHANNELS
from models.letter_rules import LetterRules
from models.refused import Refused

if TYPE_CHECKING:
    from models.shop import Shop


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of one channel, as typed. ``days`` by the name of ``LetterRules``' columns."""

    on: bool
    never_stop: bool
    days: Mapping[str, int]


def set_up_letters(
    shop: "Shop", owner_name: str, feedback: str, wanted: Mapping[str, Wanted], *, by: Actor, postcard_size: str = ""
) -> list[LetterRules]:
    """Raises Refused with every fault at once, those of a channel as ``email_dead``; nothing is changed then."""
    faults = _faults(wanted)
    with db.session.no_autoflush:
        for name, value in (("owner_name", owner_name), ("feedback", feedback), ("postcard_size", postcard_size)):
            try:
                setattr(shop.location, name, value)
            except Refused as refused:
                faults.update({str(field): words for field, words in refused.errors.items()})
        if faults:
            db.session.refresh(shop.location)
            raise Refused.at(**faults)
    record(shop.location, "location.changed", by)
    return [
        LetterRules.change(shop, channel, wanted[channel].days, on=wanted[channel].on, never_stop=wanted[channel].never_stop, by=by)
        for channel in CHANNELS
    ]


def dry_run(shop: "Shop", wanted: Mapping[str, Wanted], days: int) -> list[ForeseenLetter]:
    """What would go in so many days with these settings, in order; nothing is kept. Raises Refused: as ``set_up_letters``."""
    if faults := _faults(wanted):
        raise Refused.at(**faults)
    until, tried = clock.now() + timedelta(days=days), {}
    for channel in CHANNELS:
        rules = LetterRules(shop_id=shop.id, channel=channel, on=wanted[channel].on, never_stop=wanted[channel].never_stop)
        for name, value in wanted[channel].days.items():
            setattr(rules, name, value)
        known = LetterRules.of(shop, channel)
        rules.shop, rules.inactive_through = shop, known.inactive_through or shop.today() - timedelta(days=1)
        tried[channel] = rules
    found = [letter for rules in tried.values() if rules.sends for letter in foreseen_letters(rules, until, both=tried)]
    return sorted(found, key=lambda one: (one.at, one.message.dedupe_key))


def _faults(wanted: Mapping[str, Wanted]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for channel in CHANNELS:
        faults = LetterRules.faults(channel, wanted[channel].days, wanted[channel].never_stop)
        found.update({f"{channel}_{name}": words for name, words in faults.items()})
    return found
