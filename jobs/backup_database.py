"""A database into a file and back, as it was at one moment: SQLite by its own backup, PostgreSQL by pg_dump and psql."""

import gzip
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import Any

import click
from sqlalchemy import URL, inspect, make_url, text

from jobs.machine import postgresql
from models import db, reading
from settings import Settings

PATIENCE = 60.0  # seconds that SQLite waits for somebody who writes

# All of ours goes, and a dump comes in its place, in one transaction: what fails half way leaves everything as it was.
CLEAR = """
DO $$ DECLARE one record; BEGIN
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('DROP TABLE public.%I CASCADE', one.tablename);
    END LOOP;
    FOR one IN SELECT oid::regprocedure AS name FROM pg_proc
            WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'message_words%' LOOP
        EXECUTE format('DROP FUNCTION %s CASCADE', one.name);
    END LOOP;
END $$;
"""


def dialect(url: str) -> str:
    return make_url(url).get_backend_name()


def dump(url: str, path: Path) -> None:
    """Raises ClickException: PostgreSQL's program is missing, or says no. Raises OSError: there is no room."""
    if dialect(url) == "sqlite":
        with closing(sqlite3.connect(_file(url), timeout=PATIENCE)) as source, closing(sqlite3.connect(path)) as copy:
            _copied(source, copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # a backup is one file
        return
    with gzip.open(path, "wb", compresslevel=6) as compressed:
        _run("pg_dump", url, "--no-owner", "--no-privileges", into=compressed)


def load(path: Path, url: str) -> None:
    """In place of all that is there, whole or not at all."""
    if dialect(url) == "sqlite":
        Path(_file(url)).parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(_file(url), timeout=PATIENCE)) as target:
            _copied(source, target)
        return
    with gzip.open(path, "rb") as dumped:
        _run("psql", url, "--quiet", "--no-psqlrc", "--single-transaction", "--set", "ON_ERROR_STOP=1", out_of=dumped, first=CLEAR.encode())


def holds_data() -> bool:
    """Whether a business is kept in the database that the settings name."""
    with reading():
        found = inspect(db.engine).has_table("businesses") and db.session.execute(text("SELECT 1 FROM businesses LIMIT 1")).first()
        db.session.rollback()
    return bool(found)


def others(settings: Settings) -> str:
    """Who uses the database meanwhile, as far as it can be seen; empty: nobody."""
    if dialect(settings.database_url) == "postgresql":
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"
        with reading():
            count = db.session.execute(text(f"{query} AND pid <> pg_backend_pid()")).scalar_one()
            db.session.rollback()
        return f"{count} others are connected to the database." if count else ""
    with (settings.data_dir / "running.lock").open("a") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except OSError:
            return f"Wrenchline is running in {settings.data_dir}."
    return ""


def _copied(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    try:
        source.backup(target)
        sound = target.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.OperationalError as problem:
        raise click.ClickException(f"SQLite says: {problem}. Nothing was changed.") from problem
    if sound != "ok":
        raise click.ClickException(f"The database is damaged: {sound}")


def _file(url: str) -> str:
    return make_url(url).database or ""


def _run(name: str, url: str, *options: str, into: Any = None, out_of: Any = None, first: bytes = b"") -> None:
    """Run PostgreSQL's program; the password goes by the environment, where other users can't read it."""
    home, address = postgresql(), make_url(url)
    program = shutil.which(name, path=str(home)) if home else None
    program = program or shutil.which(name)
    if not program:
        raise click.ClickException(f"{name} is missing. Debian has it in postgresql-client.")
    place = URL.create("postgresql", address.username, None, address.host, address.port, address.database, address.query)
    environ = {**os.environ, **({"PGPASSWORD": str(address.password)} if address.password else {})}
    command = [program, f"--dbname={place.render_as_string()}", *options]
    out = subprocess.PIPE if into else subprocess.DEVNULL
    with subprocess.Popen(command, env=environ, stdin=subprocess.PIPE, stdout=out, stderr=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stderr
        try:
            if out_of:
                process.stdin.write(first)
                shutil.copyfileobj(out_of, process.stdin)
            process.stdin.close()
            if into and process.stdout:
                shutil.copyfileobj(process.stdout, into)
        except BrokenPipeError:
            pass  # it ended before it had read all; why, it says below
        except BaseException:
            process.kill()
            raise
        said = process.stderr.read().decode(errors="replace").strip()
    if process.returncode:
        raise click.ClickException(f"{name} ended with {process.returncode}: {said}")
