"""What the machine lacks is named before anything else fails for want of it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def check(environ: dict[str, str], *purposes: str) -> subprocess.CompletedProcess[str]:
    """The check as the Makefile calls it, on a machine whose programs are those of ``environ`` alone."""
    command = [sys.executable, "-P", str(ROOT / "jobs" / "machine.py"), *purposes]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    return {"PATH": str(tmp_path)}


def test_what_is_missing_is_named_with_what_it_is_for_and_how_to_get_it(bare: dict[str, str]) -> None:
    done = check(bare, "test")
    assert "Chromium is missing: tests in a browser need it." in done.stdout
    assert "Install them with your system's package manager; Debian calls them: chromium" in done.stdout
    assert done.returncode == 0


def test_where_all_must_run_what_is_missing_is_a_failure(bare: dict[str, str]) -> None:
    assert check({**bare, "CI": "true"}, "test").returncode == 1


def test_it_knows_the_standard_library_alone() -> None:
    command = [sys.executable, "-I", "-S", str(ROOT / "jobs" / "machine.py"), "packages"]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stderr == ""
