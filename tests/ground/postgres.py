"""A private PostgreSQL for one run of the tests: one server, one database a process, nothing of it survives.

It is as careless as it can be (no fsync), and its own time zone is far from everybody's, so that a forgotten conversion shows.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg

from jobs.machine import postgresql
from tests.ground import folder
from tests.ground.absent import cannot_run

OWNER = "postgres"
OPTIONS = {
    "listen_addresses": "",
    "max_connections": "400",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_size": "64MB",
    "dynamic_shared_memory_type": "mmap",  # in the cluster's own folder, where it is removed with it
    "max_wal_senders": "0",
    "autovacuum": "off",
    "jit": "off",
    "timezone": "Asia/Kathmandu",
}


def _program(name: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; it refuses to be root, so root hands it to its own user."""
    home = postgresql()
    if home is None:
        cannot_run("PostgreSQL is not installed (Debian: postgresql)")
    become = ["runuser", "-u", OWNER, "--"] if os.geteuid() == 0 else []
    subprocess.run([*become, str(home / name), *arguments], cwd="/", check=True, stdout=subprocess.DEVNULL)


def _start(place: Path) -> None:
    place.mkdir()
    if os.geteuid() == 0:
        shutil.chown(place, OWNER)
    locale = "C.UTF-8" if sys.platform == "linux" else "C"
    cluster = str(place / "cluster")
    _program("initdb", "--no-sync", "--auth=trust", f"--username={OWNER}", "--encoding=UTF8", f"--locale={locale}", cluster)
    options = " ".join(f"-c {name}={value or chr(39) * 2}" for name, value in OPTIONS.items())
    _program("pg_ctl", "start", "-w", "-D", cluster, "-l", str(place / "log"), "-o", f"{options} -k {place}")


def url(name: str) -> str:
    """The address of a database in the server that is running."""
    return f"postgresql://{OWNER}@/{name}?host={folder.shared() / 'pg'}"


def start() -> None:
    """Start the server, once in a run."""
    folder.once("pg", _start)


def stop() -> None:
    """Stop the server if one was started; the first process calls it at the end."""
    if (folder.shared() / "pg.made").exists():
        _program("pg_ctl", "stop", "-m", "immediate", "-D", str(folder.shared() / "pg" / "cluster"))


def create(name: str, template: str = "template1") -> str:
    """Make a database, as a copy of another one if asked; returns its address."""
    with psycopg.connect(url("postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')  # type: ignore[call-overload]
    return url(name)


def drop(name: str) -> None:
    with psycopg.connect(url("postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # type: ignore[call-overload]
