"""The Python packages of ``requirements.lock`` in ``.venv``, for ``make``: says what it does, and what to do where it can't.

It runs before there are any packages, so it knows the standard library alone.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

VENV, LOCK = Path(".venv"), Path("requirements.lock")
LOG, DONE = VENV / "packages.log", VENV / "installed"
ROOM = 1_200  # megabytes that the packages need while they are installed
BREATH = 15  # seconds between two lines of a wait

# What pip's log shows, and what a person makes of it.
_REASONS = (
    (r"No space left on device|Disk quota exceeded", f"The disk is full. Make room ({ROOM} MB are needed), then run make again."),
    (
        r"Permission denied|Read-only file system",
        "This folder can't be written to. Move the checkout to one that is yours, then run make again.",
    ),
    (
        r"DO NOT MATCH THE HASHES",
        "A package that came is not the one that was checked; a mirror or a proxy may have changed it. Nothing of it is used.",
    ),
    (
        r"NewConnectionError|ProxyError|ConnectTimeout|ReadTimeout|ConnectionReset|not known|Temporary failure in name|SSLError",
        "The package index could not be reached. Look at the network, and at https_proxy if there is a proxy, then run make again.",
    ),
    (
        r"No matching distribution|Requires-Python",
        f"A package has no version for Python {sys.version_info[0]}.{sys.version_info[1]}. Name another: make PYTHON=/path/to/python3.12",
    ),
)


def main() -> int:
    """Leave ``.venv`` complete; 0 if it is."""
    with LOCK.open() as lock:
        _alone(lock.fileno())
        if DONE.exists() and DONE.stat().st_mtime >= LOCK.stat().st_mtime and not _moved():
            return 0  # the other one did it
        free = shutil.disk_usage(".").free // 1_000_000
        if free < ROOM:
            print(f"Only {free} MB are free on this disk; the Python packages need {ROOM}. Make room, then run make again.")
            return 1
        return _venv() or _packages()


def _alone(lock: int) -> None:
    """Wait for another make that installs here; the hold ends with the process."""
    try:
        flock(lock, LOCK_EX | LOCK_NB)
    except OSError:
        print("Another make is installing the Python packages here: waiting for it", flush=True)
        flock(lock, LOCK_EX)


def _venv() -> int:
    if (VENV / "bin" / "python").exists() and not _moved():
        return 0
    command = [sys.executable, "-m", "venv", *(["--clear"] if _moved() else []), str(VENV)]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode:
        print(f"{made.stdout}{made.stderr}".strip())
        print("The folder .venv could not be made; the reason is above.")
    return made.returncode


def _moved() -> bool:
    """Whether the checkout has another name than when ``.venv`` was made: the programs in it begin with its old one."""
    pip = VENV / "bin" / "pip"
    return pip.exists() and f"{VENV.resolve()}/" not in pip.read_text(errors="replace")[:500]


def _packages() -> int:
    count = len(re.findall(r"^\S+==", LOCK.read_text(), re.MULTILINE))
    print(f"Installing the {count} Python packages of {LOCK} into {VENV} (a minute or two, once)", flush=True)
    command = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check", "--require-hashes", "-r", str(LOCK)]
    with LOG.open("w") as log:
        running = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env={**os.environ, "PIP_PROGRESS_BAR": "off"})
        _tell(running)
    if running.returncode:
        print(_why(LOG.read_text(errors="replace")))
        return 1
    DONE.touch()
    return 0


def _tell(running: "subprocess.Popen[bytes]") -> None:
    """A line now and then of how far it is."""
    said = time.monotonic()
    while running.poll() is None:
        with suppress(subprocess.TimeoutExpired):
            running.wait(timeout=1)
        if running.poll() is None and time.monotonic() - said >= BREATH:
            said = time.monotonic()
            print(f"  {_stage(LOG.read_text(errors='replace'))}", flush=True)


def _stage(log: str) -> str:
    if "Installing collected packages" in log:
        return "all are here, unpacking them"
    if "Retrying" in log.rpartition("Collecting")[2]:
        return "the package index does not answer, trying again"
    return f"{len(re.findall('^Collecting ', log, re.MULTILINE))} looked up and fetched so far"


def _why(log: str) -> str:
    """The reason in words, after pip's own last ones where there are none of ours; addresses stay in the log."""
    for pattern, words in _REASONS:
        if re.search(pattern, log):
            return f"{words} (pip's own words are in {LOG}.)"
    last = [line for line in log.splitlines() if "://" not in line][-8:]
    return "\n".join([*last, f"The packages could not be installed; all of it is in {LOG}"])


if __name__ == "__main__":
    sys.exit(main())
