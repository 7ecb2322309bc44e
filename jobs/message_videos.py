"""Make of videos that go with texts, or came with one, what every telephone plays."""

from dataclasses import dataclass

from jobs import videos
from jobs.gateways import video
from models import MessageMedia, StoredFile, db
from models.photo import Drawn, Unusable


@dataclass(frozen=True, slots=True)
class _Film:
    """What the converter asks of what it converts: whose it is, and whether somebody still wants it."""

    shop_id: int

    def reached(self, _percent: int) -> bool:
        return True


def convert(media_id: int) -> None:
    """Claim it, convert it, keep that and drop what was sent. Killed anywhere, it is begun again by whoever comes next."""
    media = db.session.get(MessageMedia, media_id)
    if media is None or media.original is None or not media.claim():
        return
    original, attempt, film = media.original, media.attempts, _Film(media.shop_id)
    try:
        with videos.workbench(f"text-{media.id}") as folder:
            videos.fetch(original, folder / "original")
            pictures, made, _seconds = videos.converted(film, folder)
        _keep(media, attempt, made, pictures)
    except Unusable as problem:
        if media.is_mine(attempt):
            media.refuse(problem.reason)
        db.session.commit()
    except video.Abandoned:
        return


def _keep(media: MessageMedia, attempt: int, made: StoredFile, pictures: list[Drawn]) -> None:
    small = next(one for one in pictures if one.shape == "small" and one.content_type == "image/jpeg")
    poster = StoredFile.written(media.shop_id, small.file, small.content_type, small.width, small.height)
    if media.is_mine(attempt):
        media.ready(made, poster)
    else:
        made.discard()
        poster.discard()
    db.session.commit()
