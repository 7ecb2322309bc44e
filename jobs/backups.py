"""``flask --app wsgi backup PLACE``: the database as it is at one moment, then the stored files, while everything runs.

Bytes are written before their row and never change, so that files copied after the database hold all that its rows lead to.
"""

import hmac
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import click
import fsspec
from flask import current_app
from sqlalchemy import text

from jobs import backup_database
from models import clock, db, reading
from models.chain import instant
from settings import Settings

ABOUT, DATABASE, FILES = "about.json", "database", "files"


@dataclass(frozen=True, slots=True)
class About:
    """What a backup says of itself, so that it is put back where it fits and nowhere else."""

    taken_at: str
    dialect: str  # sqlite or postgresql
    revision: str  # of the database's tables
    digest: str  # SHA-256 of the database's file
    key: str  # a fingerprint of DATA_KEY, which is not in the backup
    files: int = 0
    bytes: int = 0

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.taken_at)


@dataclass(slots=True)
class Copied:
    count: int = 0
    bytes: int = 0
    linked: int = 0  # of them, from an earlier backup
    gone: list[str] = field(default_factory=list)  # thrown away while the backup was made


@click.command("backup")
@click.argument("place", type=click.Path(file_okay=False, path_type=Path))
def backup(place: Path) -> None:
    """Copy the database and the stored files into a new folder in PLACE. Nothing needs to be stopped meanwhile.

    Files that the last backup in PLACE has are linked, not copied: each backup is whole, and yet a day's costs only what is new.
    """
    made = place / f"wrenchline-{clock.now():%Y%m%dT%H%M%SZ}"
    part, before = made.with_suffix(".part"), max(place.glob(f"wrenchline-*Z/{FILES}"), default=None)
    part.mkdir(mode=0o700, parents=True)
    try:
        copied = _make(part, before)
        part.rename(made)
    except OSError as problem:
        shutil.rmtree(part, ignore_errors=True)
        raise click.ClickException(
            f"No backup was made: {problem.strerror or problem}. What had been copied is removed again."
        ) from problem
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    size = (made / DATABASE).stat().st_size + copied.bytes
    click.echo(f"{made}: the database, {copied.count} files ({copied.linked} of them linked), {size / 1e6:.1f} MB.")
    click.echo("Keep DATA_KEY elsewhere: it is not in it, and without it stored passwords can't be read and links that were sent end.")


def _make(place: Path, before: Path | None) -> Copied:
    settings: Settings = current_app.extensions["settings"]
    taken_at = instant(clock.now())  # a little before, so that nothing that went since is thought to be in it
    with reading():
        revision = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        db.session.rollback()
    backup_database.dump(settings.database_url, place / DATABASE)
    copied = _copy_files(settings.storage_url, place / FILES, before)
    digest, dialect = digest_of(place / DATABASE), backup_database.dialect(settings.database_url)
    about = About(taken_at, dialect, revision, digest, fingerprint(settings.data_key), copied.count, copied.bytes)
    (place / ABOUT).write_text(json.dumps(asdict(about), indent=2))
    return copied


def _copy_files(storage_url: str, place: Path, before: Path | None) -> Copied:
    copied = Copied()
    place.mkdir()
    for name, size in stored(storage_url):
        target, known = place / name, before / name if before else None
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            if known and known.is_file() and known.stat().st_size == size:
                os.link(known, target)
                copied.linked += 1
            else:
                with fsspec.open(f"{storage_url.rstrip('/')}/{name}", "rb") as file, target.open("wb") as copy:
                    shutil.copyfileobj(file, copy)
        except FileNotFoundError:
            copied.gone.append(name)
            continue
        copied.count += 1
        copied.bytes += target.stat().st_size
    return copied


def stored(storage_url: str) -> Iterator[tuple[str, int]]:
    """Name and size of each file in the storage."""
    filesystem, root = fsspec.core.url_to_fs(storage_url)
    with suppress(FileNotFoundError):
        for path, facts in filesystem.find(root, detail=True).items():
            yield str(path).removeprefix(root.rstrip("/") + "/"), int(facts["size"])


def digest_of(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while piece := file.read(1024 * 1024):
            digest.update(piece)
    return digest.hexdigest()


def fingerprint(key: str) -> str:
    """By which a key is known again and never found out."""
    return hmac.new(key.encode(), b"backup", sha256).hexdigest()[:16]
