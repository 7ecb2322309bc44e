"""What a running process and all that it started take of the machine."""

import os
from contextlib import suppress
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def cpu(leader: int) -> float:
    """Seconds of a core that this session's living processes, and those of theirs that ended, have taken so far."""
    return sum(sum(int(part) for part in _stat(path)[11:15]) for path in _of(leader)) / TICKS


def memory(leader: int) -> int:
    """Kilobytes that this session's processes hold; what they share is counted once, by parts."""
    return sum(int(line.split()[1]) for path in _of(leader) for line in _lines(path / "smaps_rollup") if line.startswith("Pss:"))


def _of(leader: int) -> list[Path]:
    processes = [path for path in Path("/proc").iterdir() if path.name.isdecimal()]
    return [path for path in processes if (stat := _stat(path)) and int(stat[3]) == leader]


def _stat(path: Path) -> list[str]:
    """From the state on: the name before it may hold anything."""
    lines = _lines(path / "stat")
    return lines[0].rpartition(")")[2].split() if lines else []


def _lines(path: Path) -> list[str]:
    with suppress(OSError):
        return path.read_text().splitlines()
    return []
