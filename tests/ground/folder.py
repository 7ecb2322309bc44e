"""One folder for a whole run of the tests, shared by its parallel processes; and how they do something once among them."""

import os
import shutil
import tempfile
from collections.abc import Callable
from fcntl import LOCK_EX, flock
from pathlib import Path

VARIABLE = "WL_TEST_FOLDER"
MEMORY = Path("/dev/shm")
ENOUGH = 2 * 1024**3  # bytes


def make() -> None:
    """Make the folder, before the parallel processes are started: they find it by the environment."""
    folder = Path(tempfile.mkdtemp(prefix="wl-", dir=_in_memory()))
    folder.chmod(0o711)  # PostgreSQL runs as another user when we are root
    os.environ[VARIABLE] = str(folder)


def _in_memory() -> Path | None:
    """Where nothing waits for a disk, on machines that have such a place with room; a TMPDIR that somebody chose counts more."""
    roomy = "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH
    return MEMORY if roomy else None


def remove() -> None:
    shutil.rmtree(os.environ.pop(VARIABLE), ignore_errors=True)


def note(leader: int) -> None:
    """Remember a process that leads a session, so that it is ended with the run even if its test never gets to it."""
    with (shared() / "sessions").open("a") as sessions:
        sessions.write(f"{leader}\n")


def noted() -> set[int]:
    sessions = shared() / "sessions"
    return {int(line) for line in sessions.read_text().split()} if sessions.exists() else set()


def shared() -> Path:
    return Path(os.environ[VARIABLE])


def own() -> Path:
    """This process's part of the folder."""
    part = shared() / os.environ.get("PYTEST_XDIST_WORKER", "main")
    part.mkdir(exist_ok=True)
    return part


def once(name: str, make_it: Callable[[Path], None]) -> Path:
    """The path that ``make_it`` makes, made by whichever process asks first while the others wait; it is not tried twice."""
    path, made, failed = shared() / name, shared() / f"{name}.made", shared() / f"{name}.failed"
    with (shared() / f"{name}.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if failed.exists():
            raise RuntimeError(f"{name}: {failed.read_text()}")
        if not made.exists():
            try:
                make_it(path)
            except Exception as error:
                failed.write_text(f"{type(error).__name__}: {error}")
                raise
            made.touch()
    return path
