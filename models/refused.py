"""What a rule says no with: a sentence for a person, beside the field that it is about."""

from collections.abc import Callable
from typing import Any


class Refused(Exception):
    """A verb won't be done. ``errors`` maps a field's name (None: the whole form) to one sentence.

    ``warnings`` names the fields whose objection a person may overrule (by the shop's setting).
    """

    def __init__(self, sentence: Any = "", field: str | None = None, *, warnings: frozenset[str] = frozenset(), **fields: Any) -> None:
        self.errors: dict[str | None, Any] = {}
        self.errors.update(fields)
        if sentence:
            self.errors[field] = sentence
        self.warnings = warnings
        super().__init__("; ".join(str(text) for text in self.errors.values()))

    @classmethod
    def at(cls, **fields: Any) -> "Refused":
        return cls(**fields)

    @property
    def only_warnings(self) -> bool:
        """Whether all of it may be overruled by a person."""
        return set(self.errors) <= self.warnings


def all_at_once(*checks: Callable[[], None]) -> None:
    """Try every check, so that a person learns of all objections together. Raises Refused with what any of them said."""
    refusals = [refusal for check in checks if (refusal := _refusal(check))]
    if refusals:
        errors = {field: words for refusal in refusals for field, words in refusal.errors.items()}
        if len(refusals) == 1:
            raise refusals[0]
        together = Refused()
        together.errors.update(errors)
        raise together


def _refusal(check: Callable[[], None]) -> Refused | None:
    try:
        check()
    except Refused as refusal:
        return refusal
    return None


class NotFound(LookupError):
    """There is no such thing here: it isn't this shop's, or it never was."""
