"""Make the file with a customer's own data: a page for people, JSON for programs, every file, and the log with its chain."""

import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import structlog
from flask import current_app, render_template
from flask_babel import force_locale
from redis.exceptions import RedisError

from jobs.queues import TIMEOUT
from models import DataExport, Shop, StoredFile, clock, db
from models.communication_export import write_lines
from models.moments import moment
from models.own_data import CHAPTERS, Noun, files, nouns, readable, work_orders_of
from models.personal_rows import Person
from models.personal_tables import HELD

LOG_METHOD = Path(__file__).resolve().parents[1] / "docs" / "communication-log.md"
log = structlog.get_logger()


def make(export_id: int) -> None:
    """Begun again from the start where a worker died: only what is whole is kept."""
    export = db.session.get(DataExport, export_id)
    if export is None or not export.is_under_way or not _is_ours(export_id):
        return
    try:
        with TemporaryFile(dir=current_app.extensions["settings"].data_dir) as archive:
            _write(export, archive)
            archive.seek(0)
            db.session.commit()
            file = StoredFile.written(export.shop_id, archive, "application/zip")
        export.ready(file)
    except Exception:  # whatever it is: the person who waits is told, and may ask again
        log.exception("own data not exported", export=export_id)
        db.session.rollback()
        export.failed()
    db.session.commit()


def _is_ours(export_id: int) -> bool:
    """Whether no other worker is at it: the ticker hands it over again and again until it is made. Of one that died it is free some
    minutes after its last step."""
    with suppress(RedisError):
        return bool(current_app.extensions["queues"].redis.set(f"data-export:{export_id}", 1, nx=True, ex=TIMEOUT))
    return True


def _stays_ours(export_id: int) -> None:
    with suppress(RedisError):
        current_app.extensions["queues"].redis.expire(f"data-export:{export_id}", TIMEOUT)


def _write(export: DataExport, archive: IO[bytes]) -> None:
    person, steps = Person.of(export.customer), len(HELD) + 2
    tables: dict[str, Noun] = {}
    with ZipFile(archive, "w", ZIP_DEFLATED) as zipped:
        for done, noun in enumerate(nouns(person), 1):
            tables[noun.name] = noun
            zipped.writestr(f"data/{noun.name}.json", json.dumps(noun.rows, ensure_ascii=False, indent=2))
            if done % 10 == 0:
                _tell(export, done, 2 * steps)
        listed = list(files(person))
        db.session.commit()  # packing takes a while: no transaction is open meanwhile
        for done, (path, file) in enumerate(listed):
            if done % 20 == 0:
                _tell(export, len(listed) + done, 2 * len(listed) + 2)
            with zipped.open(_entry(path), "w", force_zip64=True) as within, file.open() as content:
                shutil.copyfileobj(content, within, 1024 * 1024)
        _tell(export, 95, 100)
        for order in work_orders_of(person):
            _stays_ours(export.id)
            with zipped.open(f"log/work-order-{order.number}.jsonl", "w") as within:
                write_lines(within, export.shop, order)
        zipped.write(LOG_METHOD, "log/how-to-verify.md")
        zipped.writestr("index.html", _page(export, tables))
        zipped.write(Path(current_app.static_folder or "static") / "own-data.css", "style.css")


def _entry(path: str) -> Any:
    """Pictures and videos are packed already."""
    from zipfile import ZipInfo

    info = ZipInfo(path, clock.now().timetuple()[:6])
    info.compress_type = ZIP_DEFLATED if path.endswith((".bin", ".txt")) else ZIP_STORED
    return info


def _tell(export: DataExport, done: int, steps: int) -> None:
    export.step(done, steps)
    db.session.commit()
    _stays_ours(export.id)


def _page(export: DataExport, tables: dict[str, Noun]) -> str:
    """In the customer's language."""
    language = export.customer.language or export.shop.language
    empty = [str(words) for _heading, parts in CHAPTERS for name, words in parts.items() if not tables[name].rows]
    with force_locale(language):
        return render_template(
            "own_data/index.html",
            shop=export.shop,
            language=language,
            name=export.customer.name,
            made_at=clock.now().isoformat(),
            chapters=list(_chapters(tables)),
            empty=empty,
            readable=readable,
            said=lambda text: said(text, export.shop),
        )


def _chapters(tables: dict[str, Noun]) -> Iterator[dict[str, Any]]:
    for number, (heading, parts) in enumerate(CHAPTERS, 1):
        filled = [{"heading": words, "noun": tables[name]} for name, words in parts.items() if tables[name].rows]
        if filled:
            yield {"id": f"chapter-{number}", "heading": heading, "parts": filled, "count": sum(len(one["noun"].rows) for one in filled)}


def said(text: str, shop: Shop) -> str:
    """Words as they are; an instant as people of the shop read it."""
    if len(text) > 18 and text[4:5] == "-" and text[10:11] == "T":
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            return text
        return moment(at, shop) if at.tzinfo else text
    return text
