"""What the processes hold, minute by minute."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.reliability.crew import Crew

NAMES = ("web", "worker", "ticker")
SETTLED = 3  # minutes after which a process has loaded what it needs


class Memory:
    def __init__(self, crew: Crew) -> None:
        self.crew = crew
        self.lives: dict[tuple[str, int], list[float]] = {}  # megabytes of a process at each minute of its life

    def note(self, minute: int, **counts: Any) -> None:
        """A line of the table, printed at once."""
        held = {name: self._held(name) for name in NAMES}
        row = {"minute": minute} | {f"{name}_MB": "+".join(f"{mb:.0f}" for mb in found) for name, found in held.items()} | counts
        if minute == 1:
            print("  ".join(row), flush=True)
        print("  ".join(str(value).rjust(len(name)) for name, value in row.items()), flush=True)

    def conclude(self) -> None:
        """How much a process that lived for long grew, from when it had settled to its end."""
        for (name, pid), lived in self.lives.items():
            if len(lived) > SETTLED + 2:
                first, last, minutes = lived[SETTLED - 1], lived[-1], len(lived) - SETTLED
                print(f"{name} {pid}: {first:.1f} MB after {SETTLED} minutes, {last:.1f} MB {minutes} minutes later")

    def _held(self, name: str) -> list[float]:
        """Of each process of this session that lives since the last minute; a fork for a job comes and goes."""
        running, found = self.crew.running.processes.get(name), []  # none while it is being started again
        leader = running.pid if running else -1
        for path in Path("/proc").iterdir():
            if path.name.isdecimal() and _session(path) == leader and (mb := _megabytes(path)):
                self.lives.setdefault((name, int(path.name)), []).append(mb)
                found.append(mb)
        return sorted(found)


def _session(path: Path) -> int:
    with suppress(OSError):
        return int((path / "stat").read_text().rpartition(")")[2].split()[3])
    return 0


def _megabytes(path: Path) -> float:
    """What is its own alone: what it shares with others was loaded before it was forked."""
    with suppress(OSError):
        lines = (path / "smaps_rollup").read_text().splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024
    return 0.0
