"""What the machine must have beside Python, for ``make run`` and ``make test``: found, installed where we may, else named.

It runs before our packages are installed, so it knows the standard library alone.
"""

import ctypes.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from glob import glob
from importlib.util import find_spec
from pathlib import Path

LOG = Path(".venv/system.log")


@dataclass(frozen=True)
class Part:
    """Something of the system's that we use: how to see it, what for, and how Debian calls it."""

    name: str
    needed_for: str
    present: Callable[[], object]
    packages: tuple[str, ...]


def chromium() -> str | None:
    """A browser of Chromium's family; last the one that can't draw windows, which tests/ground/browser.py asks for first."""
    names = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
    return next(filter(None, map(shutil.which, names)), None)


def _browser() -> str:
    release = Path("/etc/os-release")
    is_debian = release.exists() and "\nID=debian\n" in f"\n{release.read_text()}\n"
    return "chromium-headless-shell" if is_debian else "chromium"


def postgresql() -> Path | None:
    """The folder of PostgreSQL's own programs; Debian keeps them off the path. The newest version wins."""
    found = sorted(glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: int(path.split("/")[4]))
    initdb = found[-1] if found else shutil.which("initdb")
    return Path(initdb).parent if initdb else None


def _pango() -> bool:
    return all(ctypes.util.find_library(name) for name in ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset"))


def _fonts() -> bool:
    return sys.platform != "linux" or bool(glob("/usr/share/fonts/**/DejaVuSans.ttf", recursive=True))


PARTS = {
    "packages": (Part("Python's venv", "our Python packages", lambda: find_spec("ensurepip"), ("python3-venv",)),),
    "run": (
        Part("Pango", "PDF documents", _pango, ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")),
        Part("ffmpeg", "videos", lambda: shutil.which("ffmpeg") and shutil.which("ffprobe"), ("ffmpeg",)),
        Part("DejaVu fonts", "PDF documents", _fonts, ("fonts-dejavu-core",)),
    ),
    "test": (
        Part("Chromium", "tests in a browser", chromium, (_browser(),)),
        Part("PostgreSQL", "tests on PostgreSQL", postgresql, ("postgresql",)),
        Part("Poppler", "tests that read PDF documents", lambda: shutil.which("pdftotext"), ("poppler-utils",)),
    ),
}


def missing(*purposes: str) -> list[Part]:
    return [part for purpose in purposes for part in PARTS[purpose] if not part.present()]


def install(parts: list[Part]) -> None:
    """Install Debian's packages as root; their chatter goes to a file."""
    packages = [package for part in parts for package in part.packages]
    print("Installing from the system's packages:", " ".join(packages), flush=True)
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("a") as log:
        for command in (["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", *packages]):
            subprocess.run(command, env=quiet, stdout=log, stderr=subprocess.STDOUT, check=False)


def _advice(parts: list[Part]) -> str:
    packages = " ".join(package for part in parts for package in part.packages)
    if shutil.which("apt-get"):
        return f"Install them with: sudo apt-get install {packages}"
    return f"Install them with your system's package manager; Debian calls them: {packages}"


def main(*purposes: str) -> int:
    """Leave the machine complete, or say what is missing. Only what we can't begin without is a failure, and with CI=true everything is."""
    absent = missing(*purposes)
    if absent and shutil.which("apt-get") and os.geteuid() == 0:
        install(absent)
        absent = missing(*purposes)
    if not absent:
        return 0
    for part in absent:
        print(f"{part.name} is missing: {part.needed_for} need it.")
    print(_advice(absent), flush=True)
    return 1 if "packages" in purposes or os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
