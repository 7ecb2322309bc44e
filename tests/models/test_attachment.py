"""Photos and videos of a work order: kept once, converted once whoever dies on the way, removed with a way back."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask

from jobs.tick import tick
from models import Attachment, Entry, Refused, Shop, StoredFile, WorkOrder, clock, db
from models.attachment_conversion import MOST_ATTEMPTS, SILENCE
from models.attachment_removal import UNDO
from models.media_kind import MediaKind
from models.sent_file import LARGEST, SentFile
from settings import Settings
from tests.ground.films import a_photo, place_and_turn
from tests.ground.makers import SAM, a_shop, a_work_order

Work = Callable[[], int]


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def order(shop: Shop) -> WorkOrder:
    return a_work_order(shop)


def sent(order: WorkOrder, content: bytes = b"", name: str = "IMG_1.JPG", form: str = "form") -> Attachment:
    content = content or a_photo(exif=place_and_turn())
    attachment = Attachment.take(order, SentFile.stored(order.shop_id, BytesIO(content), name, form), by=SAM)
    db.session.commit()
    return attachment


def files(settings: Settings) -> list[Path]:
    return [path for path in Path(urlsplit(settings.storage_url).path).rglob("*") if path.is_file()]


def test_a_photo_is_ready_when_a_worker_has_drawn_it_and_what_was_sent_is_gone(order: WorkOrder, settings: Settings, work: Work) -> None:
    before = len(files(settings))
    photo = sent(order)
    assert not photo.is_settled
    assert len(files(settings)) == before + 1
    work()
    assert (photo.is_ready, photo.original_id, photo.width, photo.height) == (True, None, 200, 400)
    assert len(files(settings)) == before + 4
    assert not any(b"SecretCamera" in path.read_bytes() for path in files(settings))


def test_the_browser_gets_webp_if_it_says_so_else_jpeg(order: WorkOrder, work: Work) -> None:
    photo = sent(order)
    work()
    assert photo.rendition("small", ["image/webp"]).content_type == "image/webp"
    assert photo.rendition("small", ["image/jpeg"]).content_type == "image/jpeg"
    assert photo.rendition("large").read()
    with pytest.raises(LookupError):
        photo.rendition("video")


def test_the_same_file_sent_again_in_the_same_form_is_kept_once(order: WorkOrder, settings: Settings) -> None:
    before = len(files(settings))
    one, other = sent(order), sent(order)
    assert one.id == other.id
    assert len(files(settings)) == before + 1
    assert sent(order, a_photo("PNG")).id != one.id
    assert sent(order, form="another form").id != one.id


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "nothing in this file"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no photo or video"),
        (b"\0" * 500, "no photo or video"),
    ],
)
def test_what_is_neither_photo_nor_video_is_not_even_kept(shop: Shop, settings: Settings, content: bytes, words: str) -> None:
    before = files(settings)
    with pytest.raises(Refused, match=words):
        SentFile.stored(shop.id, BytesIO(content), "photo.jpg", "form")
    assert files(settings) == before


def test_a_photo_of_too_many_bytes_is_refused(shop: Shop) -> None:
    with pytest.raises(Refused, match="larger than 40 MB"):
        SentFile.stored(shop.id, BytesIO(a_photo() + b"\0" * LARGEST[MediaKind.photo]), "photo.jpg", "form")


def test_a_files_name_is_shown_without_folders_and_nonsense(order: WorkOrder) -> None:
    assert sent(order, name="C:\\fakepath\\\x00IMG\r\n_7.JPG" + "x" * 200).name == ("IMG_7.JPG" + "x" * 200)[:120]


def test_a_broken_photo_is_refused_in_words_and_not_kept(order: WorkOrder, settings: Settings, work: Work) -> None:
    before = len(files(settings))
    photo = sent(order, a_photo("PNG", (300, 300))[:150])
    work()
    assert (photo.reason, photo.original_id, len(files(settings))) == ("broken", None, before)
    assert "broken or was cut off" in photo.why_refused


def test_it_is_claimed_by_one_worker_only(order: WorkOrder) -> None:
    photo = sent(order)
    assert photo.claim()
    assert not photo.claim()
    assert photo.is_at_work


def test_what_a_dead_worker_left_is_picked_up_and_after_some_attempts_given_up_in_words(order: WorkOrder, work: Work) -> None:
    photo = sent(order)
    now = clock.now()
    for attempt in range(MOST_ATTEMPTS):
        with clock.at(now + attempt * SILENCE * 1.1):
            assert photo in Attachment.waiting()
            assert photo.claim()
            assert Attachment.waiting() == []  # as long as the worker may be alive
    with clock.at(now + MOST_ATTEMPTS * SILENCE * 1.1):
        assert (Attachment.waiting(), list(Attachment.given_up())) == ([], [photo])
        photo.refuse("gave_up")
    assert (photo.can_be_tried_again, "it may be our fault" in photo.why_refused) == (True, True)
    photo.try_again(by=SAM)
    work()
    assert photo.is_ready


def test_the_ticker_hands_over_what_a_lost_queue_forgot(order: WorkOrder, queue, work: Work) -> None:  # type: ignore[no-untyped-def]
    photo = sent(order)
    queue.flushall()
    assert work() == 0
    tick()
    work()
    assert photo.is_ready


def test_a_worker_that_comes_back_from_the_dead_changes_nothing(order: WorkOrder, settings: Settings) -> None:
    photo = sent(order)
    photo.claim()
    before = len(files(settings))
    db.session.execute(db.text("UPDATE attachments SET attempts = 2"))  # another worker has it by now
    assert not photo.reached(50)
    assert not photo.ready(_drawn())
    photo.refuse("broken")
    db.session.refresh(photo)
    assert (photo.is_settled, photo.attempts, len(files(settings))) == (False, 2, before)


def _drawn():  # type: ignore[no-untyped-def]
    from models.photo import drawn_anew

    return drawn_anew(BytesIO(a_photo()))


def test_what_was_removed_comes_back_as_it_was(order: WorkOrder, work: Work) -> None:
    photo = sent(order)
    work()
    photo.remove(by=SAM)
    photo.remove(by=SAM)
    assert Attachment.of_and_removed(order) == ([], [photo])
    with pytest.raises(LookupError):
        photo.rendition("small")
    photo.restore(by=SAM)
    assert list(Attachment.of(order)) == [photo]
    assert photo.rendition("small").read()
    verbs = [entry.verb for entry in db.session.query(Entry).filter(Entry.verb.like("attachment.%")).order_by(Entry.id)]
    assert verbs == ["attachment.added", "attachment.removed", "attachment.restored"]
    assert [entry.sentence for entry in db.session.query(Entry).filter_by(verb="attachment.removed")] == ["Photo removed"]


def test_a_day_after_its_removal_nothing_of_it_is_left(order: WorkOrder, settings: Settings, work: Work) -> None:
    photo, kept = sent(order), sent(order, a_photo("WEBP"))
    work()
    photo.remove(by=SAM)
    db.session.commit()
    for moment, left in ((clock.now() + UNDO / 2, 8), (clock.now() + UNDO + timedelta(minutes=1), 4)):
        with clock.at(moment):
            for id in Attachment.to_tidy():
                db.session.get_one(Attachment, id).tidy()
            db.session.commit()
        assert db.session.query(StoredFile).count() == left
    assert list(Attachment.of(order)) == [kept]
    assert all(stored.read() for stored in db.session.query(StoredFile))


def test_removed_while_it_waited_it_is_not_converted_until_it_is_back(order: WorkOrder, work: Work) -> None:
    photo = sent(order)
    photo.remove(by=SAM)
    work()
    assert not photo.is_settled
    photo.restore(by=SAM)
    work()
    assert photo.is_ready


def test_the_board_counts_what_can_be_seen_in_one_question(order: WorkOrder, work: Work) -> None:
    other = a_work_order(a_shop("northgate"))
    sent(order), sent(order, a_photo("PNG")), sent(order, a_photo("WEBP")).remove(by=SAM)
    work()
    sent(order, a_photo("HEIF"))
    assert Attachment.counted([order.id, other.id]) == {order.id: {MediaKind.photo: 2}}


def test_a_caption_is_one_line(order: WorkOrder) -> None:
    photo = sent(order)
    assert photo.spoken == "Photo by Sam Ortiz"
    photo.say("  Worn   brake pad ", by=SAM)
    assert photo.spoken == "Worn brake pad"
    for caption in ("x" * 141, "zero\x00"):
        with pytest.raises(Refused):
            photo.say(caption, by=SAM)


def test_another_shop_does_not_have_it(order: WorkOrder) -> None:
    photo = sent(order)
    with pytest.raises(LookupError):
        a_shop("northgate").attachment(photo.id)
