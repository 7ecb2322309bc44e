"""One line of the table: what was measured, what it must be, and what it was measured against in the same run."""

from dataclasses import asdict, dataclass
from typing import Any

Row = dict[str, Any]  # what a measure found on its way, as it is printed


@dataclass(frozen=True, slots=True)
class Figure:
    what: str
    measured: float
    must: float
    unit: str = ""
    at_least: bool = False
    beside: str = ""  # the ceiling, or what else tells how to read it

    @property
    def holds(self) -> bool:
        return self.measured >= self.must if self.at_least else self.measured <= self.must

    def as_row(self) -> Row:
        return {**asdict(self), "holds": self.holds}

    def __str__(self) -> str:
        must = f"{'≥' if self.at_least else '≤'} {self.must:g}"
        unit = f" {self.unit}" if self.unit else ""
        return f"{'yes' if self.holds else 'NO ':3}  {self.what:<62} {self.measured:>10g}{unit:<5} {must:>8}   {self.beside}"


def of_all(found: list[float], part: float) -> float:
    """The value that this part of all stay under: 0.5 the median, 0.99 all but one in a hundred."""
    return sorted(found)[min(int(len(found) * part), len(found) - 1)]
