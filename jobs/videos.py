"""Make of videos what every browser plays, with a picture to show before."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from flask import current_app

from jobs.each import each
from jobs.gateways import video
from models import Attachment, OwnVideo, StoredFile, db
from models.photo import Drawn, Unusable, drawn_anew

POSTER = ("large", "image/jpeg")  # all that a page with one video on it needs
PIECE = 1024 * 1024  # bytes in memory at a time


def convert(attachment_id: int) -> None:
    """What a mechanic filmed."""
    _convert(db.session.get(Attachment, attachment_id))


def convert_own(own_video_id: int) -> None:
    """What a shop shows to its customers."""
    _convert(db.session.get(OwnVideo, own_video_id))


def _convert(film: Attachment | OwnVideo | None) -> None:
    """Claim it, convert it, keep that and drop what was sent. Killed anywhere, it is begun again by whoever comes next."""
    if film is None or not film.claim() or film.original is None:
        return
    original = film.original
    db.session.commit()  # no transaction is open for as long as this takes
    try:
        with workbench(f"{film.__tablename__}-{film.id}") as folder:
            fetch(original, folder / "original")
            pictures, made, seconds = converted(film, folder)
            wanted = pictures if isinstance(film, Attachment) else [one for one in pictures if (one.shape, one.content_type) == POSTER]
            film.ready(wanted, made, seconds)
    except Unusable as problem:
        film.refuse(problem.reason)
    except video.Abandoned:
        return
    each(type(film), [film.id], type(film).tidy)


class Film(Protocol):
    """What is being converted: whose it is, and whether somebody still wants it."""

    @property
    def shop_id(self) -> int: ...

    def reached(self, percent: int) -> bool: ...


def converted(film: Film, folder: Path) -> tuple[list[Drawn], StoredFile, int]:
    """Pictures to show before it, the film itself, and how many seconds it lasts. Raises Unusable, or Abandoned."""
    made, poster = folder / "video.mp4", folder / "poster.png"
    video.convert(folder / "original", made, video.look(folder / "original"), film.reached)
    result = video.look(made)
    video.poster(made, poster, result.seconds)
    with poster.open("rb") as picture, made.open("rb") as content:
        pictures = drawn_anew(picture)
        stored = StoredFile.written(film.shop_id, content, "video/mp4", result.width, result.height)
    return pictures, stored, max(1, round(result.seconds))


@contextmanager
def workbench(name: str) -> Iterator[Path]:
    """A folder of this film's own; what a worker that died left in it is gone."""
    folder = Path(current_app.extensions["settings"].data_dir, "converting", name)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fetch(original: StoredFile, into: Path) -> None:
    """ffmpeg seeks to and fro in its file, so it gets one on this machine."""
    with original.open() as file, into.open("wb") as copy:
        shutil.copyfileobj(file, copy, PIECE)
