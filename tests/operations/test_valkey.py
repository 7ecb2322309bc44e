"""The embedded queue server as its process: private, forgetful, gone when told."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import redis

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "jobs.valkey"]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def server(place: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(COMMAND, cwd=ROOT, env={**os.environ, "DATA_DIR": str(place)})
    yield process
    process.kill()
    process.wait()


def ask(place: Path) -> redis.Redis:
    """A client, once the server answers."""
    from settings import Settings

    client = redis.Redis.from_url(Settings.from_environment({"DATA_DIR": str(place)}).queue_url, decode_responses=True)
    for _ in range(3000):
        with suppress(redis.ConnectionError):
            client.ping()
            break
        time.sleep(0.02)
    return client


def test_it_answers_on_the_socket_alone_and_never_drops_or_keeps_a_key(server: subprocess.Popen[bytes], place: Path) -> None:
    with ask(place) as client:
        kept = {name: client.config_get(name)[name] for name in ("port", "save", "appendonly", "maxmemory-policy")}
    assert kept == {"port": "0", "save": "", "appendonly": "no", "maxmemory-policy": "noeviction"}


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT], ids=lambda sign: sign.name)
def test_it_ends_at_once_when_told_and_leaves_nothing_behind(server: subprocess.Popen[bytes], place: Path, sign: signal.Signals) -> None:
    with ask(place) as client:
        client.set("a", "1")
    server.send_signal(sign)
    assert server.wait(timeout=60) == 0
    assert [path.name for path in place.iterdir()] == ["valkey.log"]


def test_it_is_not_started_beside_a_server_of_the_operators(place: Path) -> None:
    environ = {**os.environ, "DATA_DIR": str(place), "REDIS_URL": "redis://localhost:6379/0"}
    done = subprocess.run(COMMAND, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "REDIS_URL names a server already: there is nothing to start.\n")
