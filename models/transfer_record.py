"""What all records of a transfer have in common, and what became of one.

The transfer API and the import of files take the same records. A field that is left out says nothing; one that is null or empty says that
there is nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from models.transfer_fields import Key
from models.transfer_mark import mark

if TYPE_CHECKING:
    from models.base import Base
    from models.transfer_source import Source

Result = Literal["created", "updated", "unchanged", "refused"]


@dataclass(frozen=True, slots=True)
class Fault:
    pointer: str  # into the record (RFC 6901)
    detail: str  # a sentence


@dataclass(slots=True)
class Outcome:
    """What became of a record."""

    external_id: str
    result: Result
    id: int | None = None
    errors: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    malformed: bool = False  # it is wrong by itself, whatever is on file


class Record(BaseModel):
    """``noun`` is what its ids are kept under; ``manner`` names the fields that say how it is taken, and are nothing to keep."""

    model_config = ConfigDict(extra="forbid")
    noun: ClassVar[str]
    manner: ClassVar[frozenset[str]] = frozenset()
    # what a verb calls its fields, where the record calls them otherwise
    renamed: ClassVar[Mapping[str, str]] = {}
    # whether new ones are made without a question to the database that is not asked ahead
    gathers: ClassVar[bool] = False

    external_id: Key

    @property
    def said(self) -> set[str]:
        """The fields that it says something about."""
        return set(self.model_fields_set) - {"external_id"} - self.manner

    @cached_property
    def marks(self) -> dict[str, Any]:
        """What stands for each of them, to see whether it says something else the next time."""
        return {name: mark(getattr(self, name)) for name in self.said}

    def match(self, source: "Source") -> "Base | None":
        """What the shop has already and this surely is; None: it is new to us."""
        return None

    def create(self, source: "Source") -> "Base":
        """Raises Refused."""
        raise NotImplementedError

    def update(self, row: Any, changed: set[str], marks: Mapping[str, Any], source: "Source") -> bool:
        """Write what has changed since it was said last (``marks``). Returns whether anything is otherwise now. Raises Refused."""
        raise NotImplementedError

    @classmethod
    def held(cls, row: Any, source: "Source") -> dict[str, Any]:
        """What we hold, in the words of the record."""
        raise NotImplementedError

    @property
    def references(self) -> list[tuple[str, str, str]]:
        """Noun, external id and field of what has to be there before it."""
        return []
