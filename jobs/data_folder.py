"""The data folder and the ports, held by one ``make run`` at a time."""

import os
import shutil
import socket
import sys
from fcntl import LOCK_EX, LOCK_NB, flock
from urllib.parse import urlsplit

from settings import Settings

ROOM = 100  # megabytes for the demo with its pictures, and a little to work in


def claim(settings: Settings) -> None:
    """Hold the data folder and see that the ports are free, or say in one sentence why we can't start."""
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(settings.data_dir / "running.lock", os.O_CREAT | os.O_RDWR)  # held until the process ends
        free = shutil.disk_usage(settings.data_dir).free // 1_000_000
    except OSError as problem:
        sys.exit(f"The data folder {settings.data_dir} can't be used: {problem.strerror}. Name another: make run DATA_DIR=/path/to/folder")
    if free < ROOM:
        place = f"where the data is kept, in {settings.data_dir}"
        sys.exit(f"Only {free} MB are free {place}; {ROOM} are needed. Make room, or name another DATA_DIR.")
    try:
        flock(lock, LOCK_EX | LOCK_NB)
    except OSError:
        sys.exit(f"Wrenchline is running in {settings.data_dir} already. End that one first, or give this one another DATA_DIR.")
    mail = urlsplit(settings.smtp_url).port if settings.demo else None
    for port, name in ((settings.port, "PORT"), (mail, "PORT + 25, the built-in phone's mail")):
        if port and not _free(port):
            sys.exit(f"Port {port} ({name}) is in use by another program. Choose another: make run PORT={settings.port + 1}")


def _free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True
