"""Films of telephones become what every browser plays: upright, without the place, with a picture; what is made to hurt is refused."""

import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from jobs.gateways import video
from models import Attachment, WorkOrder, db
from models.photo import Unusable
from models.sent_file import SentFile
from settings import Settings
from tests.ground.films import PLACE, a_film, facts, ffmpeg
from tests.ground.makers import SAM, a_shop, a_work_order

pytestmark = pytest.mark.one_database

Work = Callable[[], int]


@pytest.fixture
def order(app: Flask) -> WorkOrder:
    return a_work_order(a_shop())


@pytest.fixture(scope="module")
def a_slow_one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some seconds of work."""
    film = tmp_path_factory.mktemp("film") / "slow.mp4"
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=1280x720:r=30:d=20", "-c:v", "mpeg4", str(film))
    return film


def sent(order: WorkOrder, content: bytes, name: str = "IMG_2.MOV") -> Attachment:
    attachment = Attachment.take(order, SentFile.stored(order.shop_id, BytesIO(content), name, "form"), by=SAM)
    db.session.commit()
    return attachment


def corner(content: bytes) -> Any:
    with Image.open(BytesIO(content)) as image:
        return image.convert("RGB").getpixel((image.width // 10, image.height // 10))


def test_a_telephones_film_becomes_h264_upright_with_a_poster_and_without_the_place(
    order: WorkOrder, work: Work, settings: Settings
) -> None:
    original = a_film()
    assert 'codec_name="hevc"' in facts(original)
    assert "rotation=-90" in facts(original)
    assert PLACE in facts(original)
    film = sent(order, original)
    work()
    assert (film.reason, film.is_ready, film.original_id, film.seconds, film.width, film.height) == ("", True, None, 1, 240, 320)
    made = film.rendition("video").read()
    known = facts(made)
    assert 'codec_name="h264"' in known
    assert 'codec_name="aac"' in known
    assert 'pix_fmt="yuv420p"' in known
    assert "width=240" in known
    assert "height=320" in known
    assert "rotation" not in known
    for secret in (PLACE, "Secret", "location", "ISO6709"):
        assert secret not in known
        assert secret.encode() not in made
    assert made.index(b"moov") < made.index(b"mdat")  # plays before all of it is there
    red, _green, blue = corner(film.rendition("large", ["image/jpeg"]).read())
    assert red > 180 > 100 > blue
    assert not any((settings.data_dir / "converting").iterdir())


@pytest.mark.parametrize(
    ("name", "codec"), [("film.mp4", "libx264"), ("film.webm", "libvpx"), ("film.3gp", "mpeg4")], ids=["h264", "webm", "mpeg4 in 3gp"]
)
def test_other_cameras_films_are_taken_too(order: WorkOrder, work: Work, name: str, codec: str) -> None:
    film = sent(order, a_film(name, codec, turned=False))
    work()
    assert (film.reason, film.width, film.height) == ("", 320, 240)


def test_a_large_film_becomes_smaller_and_keeps_its_shape(order: WorkOrder, work: Work) -> None:
    film = sent(order, a_film("large.mp4", "libx264", size="1920x1088", turned=False))
    work()
    assert (film.width, film.height) == (1280, 724)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + b"\0" * 4000, "broken"),
        (b"\x1a\x45\xdf\xa3" + b"\0" * 4000, "broken"),
        (b"\0\0\0\x14ftypisom\0\0\0\0isom\n#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/secret\n", "broken"),
    ],
    ids=["nothing behind the head", "no film behind the head", "a playlist behind the head"],
)
def test_what_only_begins_like_a_film_is_refused(order: WorkOrder, work: Work, content: bytes, reason: str) -> None:
    film = sent(order, content)
    work()
    assert (film.reason, film.original_id) == (reason, None)


def test_a_film_that_was_cut_off_on_its_way_is_refused(order: WorkOrder, work: Work) -> None:
    whole = a_film("cut.mp4", "libx264", turned=False)  # its table of contents is at the end
    film = sent(order, whole[: len(whole) // 2])
    work()
    assert film.reason == "broken"


def test_a_song_and_a_film_without_picture_are_refused(order: WorkOrder, work: Work, tmp_path: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac", "-f", "mp4", str(tmp_path / "song.mp4"))
    film = sent(order, (tmp_path / "song.mp4").read_bytes())
    work()
    assert (film.reason, "no moving picture" in film.why_refused) == ("no_picture", True)


def test_a_film_of_more_than_five_minutes_is_refused_before_it_is_converted(order: WorkOrder, work: Work, tmp_path: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", "color=s=64x64:r=1:d=310", "-c:v", "libx264", str(tmp_path / "long.mp4"))
    film = sent(order, (tmp_path / "long.mp4").read_bytes())
    work()
    assert (film.reason, "longer than 5 minutes" in film.why_refused) == ("length", True)


def test_a_film_of_a_kind_that_no_camera_makes_is_not_even_opened(order: WorkOrder, work: Work, tmp_path: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", "testsrc=s=64x64:d=1", "-c:v", "ffv1", str(tmp_path / "odd.mkv"))
    film = sent(order, (tmp_path / "odd.mkv").read_bytes())
    work()
    assert film.reason in {"codec", "broken"}


@pytest.mark.parametrize(
    "content",
    ["ffconcat version 1.0\nfile '{secret}'\n", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{secret}\n#EXT-X-ENDLIST\n"],
    ids=["list of files", "playlist"],
)
def test_no_other_file_is_opened_on_the_word_of_one(tmp_path: Path, content: str) -> None:
    secret, hostile = tmp_path / "secret.mp4", tmp_path / "hostile"
    secret.write_bytes(a_film("secret.mp4", "libx264", turned=False))
    hostile.write_text(content.format(secret=secret))
    bare = subprocess.run(["ffprobe", "-v", "error", "-safe", "0", str(hostile)], capture_output=True, check=False)
    with pytest.raises(Unusable):
        video.look(hostile)
    film = video.Film(0, "h264", 320, 240, 1.0, "")
    with pytest.raises(Unusable):
        video.convert(hostile, tmp_path / "made.mp4", film, lambda _percent: True)
    assert bare.returncode == 0 or content.startswith("#EXTM3U")  # else this test would show nothing


def test_how_far_it_is_is_told_once_a_second_and_it_ends_when_nobody_wants_it(tmp_path: Path, a_slow_one: Path) -> None:
    told: list[int] = []

    def tell(percent: int) -> bool:
        told.append(percent)
        return len(told) < 2

    with pytest.raises(video.Abandoned):
        video.convert(a_slow_one, tmp_path / "made.mp4", video.look(a_slow_one), tell)
    assert 0 <= told[0] <= told[1] < 100


def test_without_ffmpeg_it_is_said_and_can_be_tried_again(order: WorkOrder, work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    film = sent(order, a_film())
    monkeypatch.setenv("PATH", "/nowhere")
    work()
    assert (film.reason, film.can_be_tried_again, "ffmpeg is missing" in film.why_refused) == ("no_program", True, True)
    monkeypatch.undo()
    film.try_again(by=SAM)
    work()
    assert film.is_ready


def test_one_that_takes_too_long_is_ended(tmp_path: Path, a_slow_one: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    film = video.look(a_slow_one)
    monkeypatch.setattr(video, "TIME_LIMIT", 1)
    with pytest.raises(Unusable) as refused:
        video.convert(a_slow_one, tmp_path / "made.mp4", film, lambda _percent: True)
    assert refused.value.reason == "too_slow"
