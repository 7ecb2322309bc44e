"""``make run`` as a person meets it: what it prints, what it refuses, and that Ctrl-C leaves nothing running."""

import os
import re
import select
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import pytest

from jobs.start import end_sessions, forget, last_words
from settings import Settings
from tests.ground.running import free_port

ROOT = Path(__file__).resolve().parents[2]
RUNNING = "Ctrl-C ends it"


class Start:
    """One ``make run`` in a terminal of its own."""

    def __init__(self, environ: dict[str, str], *arguments: str) -> None:
        self.environ = environ
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jobs.start", *arguments],
            cwd=ROOT,
            env={**os.environ, **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell switches Ctrl-C off for what it runs behind it
        )
        self.said = ""

    def until(self, words: str) -> None:
        """Read until the words are said."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.said += line
            if words in line:
                return
        raise AssertionError(f"never said {words!r}:\n{self.said}")

    def end(self, sign: signal.Signals = signal.SIGINT) -> None:
        """Ctrl-C, which the terminal sends to everything in it; everything has ended when it returns."""
        os.killpg(self.process.pid, sign)
        rest, _ = self.process.communicate(timeout=300)
        self.said += rest

    def left(self) -> list[str]:
        """The processes that still run with this start's data folder in their environment."""
        mine = f"DATA_DIR={self.environ['DATA_DIR']}"
        if not Path("/proc/self").exists():
            listed = subprocess.run(["ps", "axeww", "-o", "pid=,command="], capture_output=True, text=True, check=True).stdout
            return [line for line in listed.splitlines() if mine in line]
        found = []
        for environ in Path("/proc").glob("[0-9]*/environ"):
            with suppress(OSError):
                if mine in environ.read_text(errors="replace").split("\0"):
                    found.append(environ.parent.name)
        return found


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    port = str(free_port())
    return {"PORT": port, "DATA_DIR": str(tmp_path / "var"), "PUBLIC_BASE_URL": f"http://localhost:{port}"}


@pytest.fixture
def start(environ: dict[str, str]) -> Iterator[Callable[..., Start]]:
    started: list[Start] = []

    def begin(*arguments: str, **changes: str) -> Start:
        started.append(Start({**environ, **changes}, *arguments))
        return started[-1]

    yield begin
    for one in started:
        if one.process.poll() is None:
            one.end(signal.SIGTERM)
        if one.process.stdout:
            one.process.stdout.close()


def shops(environ: dict[str, str]) -> int:
    with sqlite3.connect(f"{environ['DATA_DIR']}/wrenchline.db") as database:
        count: int = database.execute("SELECT count(*) FROM shops").fetchone()[0]
    database.close()
    return count


@pytest.mark.long
def test_a_first_start_ends_with_the_way_in_and_a_second_one_keeps_the_data(start: Callable[..., Start], environ: dict[str, str]) -> None:
    first = start()
    first.until(RUNNING)
    address = f"http://localhost:{environ['PORT']}"
    for words in (
        f"{address}/",
        "ada@harbour.example",
        "sam@harbour.example",
        "tess@harbour.example",
        "wrenchline-demo",
        f"{address}/phone",
    ):
        assert words in first.said
    assert len(first.left()) > 5
    first.end()
    assert first.process.returncode == 0
    assert first.left() == []
    assert "Traceback" not in first.said
    assert shops(environ) == 4
    with sqlite3.connect(f"{environ['DATA_DIR']}/wrenchline.db") as database:
        database.execute("UPDATE shops SET name = 'Renamed'")
    database.close()
    second = start()
    second.until(RUNNING)
    assert "Filling in" not in second.said
    second.end(signal.SIGTERM)
    assert second.left() == []
    with sqlite3.connect(f"{environ['DATA_DIR']}/wrenchline.db") as database:
        assert database.execute("SELECT DISTINCT name FROM shops").fetchall() == [("Renamed",)]
    database.close()


def test_a_port_in_use_is_told_in_one_sentence(start: Callable[..., Start], environ: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", int(environ["PORT"]))):
        begun = start()
        assert begun.process.wait(timeout=300) == 1
    said, _ = begun.process.communicate()
    assert re.fullmatch(rf"Port {environ['PORT']} \(PORT\) is in use by another program\. .*PORT=\d+\n", said)


def test_in_the_middle_of_the_first_start_a_second_one_is_refused_and_ctrl_c_leaves_nothing_running(
    start: Callable[..., Start], environ: dict[str, str]
) -> None:
    first = start()
    first.until("Preparing the database")
    port = str(free_port())
    second = start(PORT=port, PUBLIC_BASE_URL=f"http://localhost:{port}")
    assert second.process.wait(timeout=300) == 1
    said, _ = second.process.communicate()
    assert said.startswith(f"Wrenchline is running in {environ['DATA_DIR']} already.")
    first.end()
    assert first.left() == []
    assert "Traceback" not in first.said


def test_a_data_folder_that_can_not_be_one_is_told_in_one_sentence(start: Callable[..., Start], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    begun = start(DATA_DIR=str(tmp_path / "file" / "var"))
    said, _ = begun.process.communicate(timeout=60)
    assert re.fullmatch(r"The data folder \S+ can't be used: Not a directory\. Name another: make run DATA_DIR=\S+\n", said)


def test_of_a_step_that_fails_the_error_is_said_and_not_the_way_to_it() -> None:
    said = (
        "Traceback (most recent call last):\n  File wsgi.py\nsqlalchemy.exc.OperationalError: (OperationalError) database or disk is full\n"
    )
    assert last_words(f"{said}(Background on this error at: e3q8)\n") == said.splitlines()[-1]
    assert last_words("LOG_LEVEL: 'LOUD' is no level.\n") == "LOG_LEVEL: 'LOUD' is no level."


@pytest.mark.long
def test_an_empty_installation_begins_with_the_link_that_sets_it_up(start: Callable[..., Start]) -> None:
    begun = start(DEMO="0")
    begun.until(RUNNING)
    link = re.search(r"http://\S+/console/first-start/[\w-]{22}", begun.said)
    assert link
    with urlopen(link[0]) as page:
        assert "Set up your shop" in page.read().decode()
    assert "wrenchline-demo" not in begun.said
    begun.end()


@pytest.mark.parametrize("change", [{"DATABASE_URL": "postgresql://localhost/shop"}, {"DEMO": "0"}], ids=["database", "no demo"])
def test_fresh_never_touches_a_database_that_is_not_the_demos(
    start: Callable[..., Start], environ: dict[str, str], change: dict[str, str]
) -> None:
    data_dir = Path(environ["DATA_DIR"])
    data_dir.mkdir()
    (data_dir / "wrenchline.db").write_text("a shop's own")
    begun = start("--fresh", **change)
    assert begun.process.wait(timeout=300) == 1
    said, _ = begun.process.communicate()
    assert said.startswith("make fresh renews the demo in its own database only.")
    assert (data_dir / "wrenchline.db").read_text() == "a shop's own"


def test_fresh_removes_the_demos_files_and_leaves_those_that_lie_elsewhere(tmp_path: Path) -> None:
    for folder, environ in (("files", {}), ("elsewhere", {"STORAGE_URL": f"file://{tmp_path / 'elsewhere'}"})):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "logo").write_text("a picture")
        forget(Settings.from_environment({"DATA_DIR": str(tmp_path), **environ}))
    assert [folder.name for folder in tmp_path.iterdir()] == ["elsewhere"]
    assert (tmp_path / "elsewhere" / "logo").exists()


def test_a_setting_that_makes_no_sense_ends_it_before_anything_is_made(start: Callable[..., Start], environ: dict[str, str]) -> None:
    begun = start(LOG_LEVEL="LOUD")
    said, _ = begun.process.communicate(timeout=300)
    assert (begun.process.returncode, said) == (1, "LOG_LEVEL: 'LOUD' is no level. Use DEBUG, INFO, WARNING or ERROR\n")
    assert not Path(environ["DATA_DIR"]).exists()


def test_a_fork_in_a_group_of_its_own_is_ended_with_its_session() -> None:
    script = "import os, time; os.fork() or os.setpgrp(); os.write(1, b'%d\\n' % os.getpid()); time.sleep(60)"
    leader = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, start_new_session=True)
    with leader:
        assert leader.stdout
        pids = {int(leader.stdout.readline()), int(leader.stdout.readline())}
        os.killpg(leader.pid, signal.SIGKILL)
        leader.wait()
        (fork,) = pids - {leader.pid}
        os.kill(fork, 0)  # it is there
        end_sessions({leader.pid})
        assert select.select([leader.stdout], [], [], 60)[0]  # its end is to be read: nobody holds the other side any more
