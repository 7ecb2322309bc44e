"""Who does a verb: kept with every fact and log entry."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Actor:
    kind: Literal["staff", "customer", "rule", "provider", "operator", "system"]  # system: another one that transfers to us
    name: str
    id: int | None = None
    ip: str = ""

    @classmethod
    def rule(cls, name: str) -> "Actor":
        """The clock or a rule acts by itself."""
        return cls("rule", name)
