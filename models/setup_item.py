"""One line of a set-up's checklist: what is there, what is missing, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    good = "good"
    missing = "missing"  # nothing works without it
    wrong = "wrong"
    advised = "advised"  # it works, and could be better
    unchecked = "unchecked"
    waiting = "waiting"  # for somebody to switch it on


@dataclass(frozen=True, slots=True)
class SetupItem:
    key: str
    mark: Mark
    title: str
    words: str  # what is so
    todo: str = ""  # what to do, as long as something is to be done
    exact: str = ""  # to be read letter by letter, or copied: an address, a DNS record

    @property
    def is_ready(self) -> bool:
        return self.mark in {Mark.good, Mark.advised}
