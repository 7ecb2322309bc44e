"""``flask --app wsgi restore BACKUP``: the database and files as they were; who was erased since is erased again, nothing goes twice."""

import json
from pathlib import Path

import click
import fsspec
from flask import current_app
from sqlalchemy import select

from jobs import backup_database
from jobs.backups import ABOUT, DATABASE, FILES, About, digest_of, fingerprint, stored
from jobs.erasure_storage import store
from models import Communication, Shop, StoredFile, db
from models.erasure_again import brought_back
from models.restored import doubt
from settings import Settings


@click.command("restore")
@click.argument("source", metavar="BACKUP", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Although the database holds a business: all that is in it now is lost.")
@click.option("--other-key", is_flag=True, help="Although DATA_KEY is not the one of then: what it sealed stays closed, and links end.")
@click.option("--nothing-went", is_flag=True, help="Nothing ran since the backup was made, as in a move: what it has queued goes out.")
def restore(source: Path, replace: bool, other_key: bool, nothing_went: bool) -> None:
    """Put a backup back. Stop Wrenchline first; it may be started again when this says that it is done."""
    import flask_migrate  # here: no page needs it

    settings: Settings = current_app.extensions["settings"]
    about = _read(source)
    db.session.remove()
    db.engine.dispose()  # our own connection is nobody else's
    for objection in _objections(source, about, settings, replace, other_key):
        raise click.ClickException(objection)
    db.session.remove()
    db.engine.dispose()
    backup_database.load(source / DATABASE, settings.database_url)
    flask_migrate.upgrade()
    _put_files(source / FILES, settings.storage_url)
    erased = erase_who_came_back()
    unsure = 0 if nothing_went else doubt(about.moment)
    click.echo(f"The database is as it was at {about.taken_at}, with {about.files} files.")
    click.echo(f"{erased} customers who were erased since were erased again.")
    if unsure:
        click.echo(
            f"{unsure} messages may have gone since, and are unknown now: the provider is asked about texts, people decide on the rest."
        )
    _verify(settings)


def _read(source: Path) -> About:
    try:
        return About(**json.loads((source / ABOUT).read_text()))
    except (OSError, ValueError, TypeError) as problem:
        raise click.ClickException(f"{source} is no whole backup: {ABOUT} is missing or not ours.") from problem


def _objections(source: Path, about: About, settings: Settings, replace: bool, other_key: bool) -> list[str]:
    """Why it can't be put back here."""
    here = backup_database.dialect(settings.database_url)
    if about.dialect != here:
        return [f"This backup is of {about.dialect}, and DATABASE_URL names {here}."]
    if digest_of(source / DATABASE) != about.digest:
        return [f"{source / DATABASE} is not as it was written: it is damaged."]
    if about.revision not in _known_revisions():
        return [f"This backup was made by a newer Wrenchline (tables {about.revision}). Install that one first."]
    keys = {fingerprint(key) for key in (settings.data_key, settings.data_key_before) if key}
    if about.key not in keys and not other_key:
        return [
            "It was made under another DATA_KEY. Set that one, or DATA_KEY_BEFORE; --other-key goes without: links end, passwords are lost."
        ]
    if using := backup_database.others(settings):
        return [f"{using} Stop it first: it would go on with what is no longer there."]
    if backup_database.holds_data() and not replace:
        return ["The database holds a business already. With --replace all that is in it now is lost; make a backup of it first."]
    return []


def _known_revisions() -> set[str]:
    from alembic.script import ScriptDirectory  # here: no page needs it

    scripts = ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())
    return {script.revision for script in scripts.walk_revisions()}


def _put_files(source: Path, storage_url: str) -> None:
    """What is not there. Nothing is removed: names are never used twice, and whoever was erased since is noted there."""
    known = dict(stored(storage_url))
    for path in source.rglob("*"):
        name = path.relative_to(source).as_posix()
        if path.is_file() and known.get(name) != path.stat().st_size:
            with fsspec.open(f"{storage_url.rstrip('/')}/{name}", "wb", auto_mkdir=True) as file, path.open("rb") as kept:
                while piece := kept.read(1024 * 1024):
                    file.write(piece)


def erase_who_came_back() -> int:
    """Whoever was erased after the backup was made; says how many. Doing it twice does it once."""
    count = 0
    for erasure in brought_back():
        erasure.carry_out(whatever=True)
        db.session.commit()
        store(erasure)
        count += 1
    return count


def _verify(settings: Settings) -> None:
    """That all fits together. Ends with 1 where it does not."""
    there, wrong = dict(stored(settings.storage_url)), False
    missing = [key for key, size in db.session.execute(select(StoredFile.key, StoredFile.size)) if there.get(key) != size]
    if missing:
        wrong = True
        click.echo(f"{len(missing)} files that the database knows are not in the storage, such as {missing[0]}.")
    for shop in db.session.scalars(select(Shop).order_by(Shop.id)):
        broken = Communication.verify(shop)
        wrong = wrong or broken is not None
        said = f"its communication log is broken at record {broken.seq}: {broken}" if broken else "communication log verified"
        click.echo(f"{shop.slug}: {said}.")
    db.session.rollback()
    if wrong:
        raise SystemExit(1)
    click.echo("Done: start Wrenchline.")
