"""A disk that can really be full: a small file system of its own where we may mount one, else a limit on what processes may write."""

import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

from tests.ground import folder

MEGABYTES = 64
UNLIMITED = resource.RLIM_INFINITY


class Disk:
    """``fill()`` leaves no room, ``make_room()`` ends that; ``processes`` names who writes on it, for the limit."""

    def __init__(self, place: Path, *, is_mounted: bool) -> None:
        self.place, self.is_mounted = place, is_mounted
        self.processes: Callable[[], list[int]] = list

    @contextmanager
    def full(self) -> Iterator[None]:
        self.fill()
        try:
            yield
        finally:
            self.make_room()

    def fill(self) -> None:
        if not self.is_mounted:
            self._limit(0)
            return
        with (self.place / "filler").open("ab", buffering=0) as filler:
            for size in (1024 * 1024, 4096):
                with suppress(OSError):
                    while filler.write(b"\0" * size) == size:
                        pass

    def make_room(self) -> None:
        if not self.is_mounted:
            self._limit(UNLIMITED)
        (self.place / "filler").unlink(missing_ok=True)

    def _limit(self, most: int) -> None:
        for pid in self.processes():
            with suppress(ProcessLookupError):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, UNLIMITED))


@contextmanager
def small_disk() -> Iterator[Disk]:
    place = Path(mkdtemp(prefix="disk-", dir=folder.own()))
    disk = Disk(place, is_mounted=_mounted(place))
    try:
        yield disk
    finally:
        if disk.is_mounted:
            subprocess.run(["umount", "--lazy", str(place)], check=False)


def _mounted(place: Path) -> bool:
    """Only root may, and not in every container."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(place)]
    return os.geteuid() == 0 and subprocess.run(command, capture_output=True, check=False).returncode == 0
