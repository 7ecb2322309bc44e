"""A queue server for one process of the tests."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import redis

from jobs.valkey import arguments, server
from settings import Settings
from tests.ground import folder
from tests.ground.absent import cannot_run


@contextmanager
def serving(settings: Settings) -> Iterator[redis.Redis]:
    """Run the server at the settings' queue address; yields a client of it."""
    program = server()
    if program is None:
        cannot_run("no Valkey or Redis server was found (Debian: redis-server)")
    process = subprocess.Popen([program, *arguments(settings)], start_new_session=True)
    folder.note(process.pid)
    client = redis.Redis.from_url(settings.queue_url)
    try:
        for _ in range(3000):
            with suppress(redis.ConnectionError):
                client.ping()
                break
            time.sleep(0.02)
        yield client
    finally:
        client.close()
        process.kill()  # it keeps nothing
        process.wait()
