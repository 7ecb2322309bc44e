"""A backup taken while people work, and put back: the same rows, the same files, nobody back who was erased, nothing sent twice."""

import json
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from jobs.erasure_storage import store
from jobs.messages import look_up
from models import Communication, Customer, Entry, Message, Shop, StoredFile, clock, db
from models.erasure import Erasure
from models.link import Link
from settings import Settings
from tests.ground.makers import SAM, a_customer, a_drop_off, a_shop
from tests.ground.overviews import an_inspected_order, answered, rules, sent
from tests.reliability.conftest import sending_to

pytestmark = pytest.mark.both_databases

Flask_ = Callable[..., Result]


@pytest.fixture
def storage(app: Flask, tmp_path: Path) -> Path:
    """A storage of this test's own."""
    usual: Settings = app.extensions["settings"]
    app.extensions["settings"] = replace(usual, storage_url=f"file://{tmp_path / 'files'}", data_dir=tmp_path)
    yield tmp_path / "files"
    app.extensions["settings"] = usual


@pytest.fixture
def flask(app: Flask, storage: Path) -> Flask_:
    def run(*arguments: object) -> Result:
        db.session.commit()
        done = app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])
        db.session.remove()
        return done

    return run


@pytest.fixture
def shop(storage: Path) -> Shop:
    """With a drop-off whose text waits, an overview that was answered, and a file."""
    shop = a_shop()
    rules(shop)
    answered(sent(an_inspected_order(shop)), {"Tyres": "repair"})
    StoredFile.keep(shop.id, b"a picture" * 1000, "image/jpeg")
    db.session.commit()
    return shop


def taken(flask: Flask_, place: Path) -> Path:
    done = flask("backup", place)
    assert done.exit_code == 0, done.output
    (made,) = place.iterdir()
    return made


@pytest.mark.both_databases
def test_what_was_lost_comes_back_as_it_was(flask: Flask_, shop: Shop, storage: Path, tmp_path: Path) -> None:
    counts = {noun: db.session.query(noun).count() for noun in (Customer, Entry, Message, Communication, StoredFile)}
    backup = taken(flask, tmp_path / "backups")
    shutil.rmtree(storage)
    db.session.get_one(Shop, 1).name = "Somebody else's"
    a_drop_off(db.session.get_one(Shop, 1), customer=a_customer(db.session.get_one(Shop, 1), "Late", phones=["+13125550177"]))
    done = flask("restore", backup, "--replace", "--nothing-went")
    assert done.exit_code == 0, done.output
    assert "harbour: communication log verified." in done.output
    assert {noun: db.session.query(noun).count() for noun in counts} == counts
    assert db.session.get_one(Shop, 1).name == "Harbour Street Garage"
    assert [file.read() for file in db.session.query(StoredFile) if file.content_type == "image/jpeg"] == [b"a picture" * 1000]
    a_customer(db.session.get_one(Shop, 1), "Next", phones=["+13125550178"])  # ids go on where they were


@pytest.mark.both_databases
def test_it_is_whole_though_people_work_meanwhile(app: Flask, flask: Flask_, shop: Shop, tmp_path: Path) -> None:
    """Each customer is written with an entry of the log in one transaction: a backup has both or neither."""
    over, begun = threading.Event(), threading.Event()

    def work() -> None:
        with app.app_context():
            for number in range(10_000):
                a_customer(db.session.get_one(Shop, 1), f"Nora{number}", phones=[f"+1312556{number:04}"])
                StoredFile.keep(1, b"%d" % number, "text/plain")
                db.session.commit()
                begun.set()
                if over.is_set():
                    return

    desk = threading.Thread(target=work)
    desk.start()
    begun.wait(60)
    backup = taken(flask, tmp_path / "backups")
    over.set()
    desk.join()
    written = db.session.query(Customer).count()
    done = flask("restore", backup, "--replace")
    assert done.exit_code == 0, done.output  # it looks for each file that the database knows
    customers = db.session.query(Customer).count()
    assert 2 <= customers <= written
    assert customers == db.session.query(Entry).filter_by(verb="customer.added").count()


@pytest.mark.both_databases
def test_data_is_not_replaced_by_itself_nor_under_another_key_nor_by_a_damaged_backup(
    app: Flask, flask: Flask_, shop: Shop, tmp_path: Path
) -> None:
    backup = taken(flask, tmp_path / "backups")
    assert "With --replace all that is in it now is lost" in flask("restore", backup).output
    usual = app.extensions["settings"]
    app.extensions["settings"] = replace(usual, data_key="k" * 40)
    assert "It was made under another DATA_KEY" in flask("restore", backup, "--replace").output
    app.extensions["settings"] = replace(usual, data_key="k" * 40, data_key_before=usual.data_key)
    assert "With --replace" in flask("restore", backup).output, "the key of before will do"
    app.extensions["settings"] = usual
    about = json.loads((backup / "about.json").read_text())
    for changed, said in (({"revision": "9999"}, "a newer Wrenchline"), ({"dialect": "oracle"}, "This backup is of oracle")):
        (backup / "about.json").write_text(json.dumps({**about, **changed}))
        assert said in flask("restore", backup, "--replace").output
    (backup / "about.json").write_text(json.dumps(about))
    with (backup / "database").open("r+b") as file:
        file.seek(100)
        file.write(b"?")
    assert "it is damaged" in flask("restore", backup, "--replace").output
    assert "is no whole backup" in flask("restore", tmp_path, "--replace").output
    assert db.session.get_one(Shop, 1).name == "Harbour Street Garage"


def test_whoever_was_erased_since_is_erased_again(flask: Flask_, shop: Shop, work: Callable[[], int], tmp_path: Path) -> None:
    nora = a_customer(shop, "Nora", phones=["+13125550155"]).id
    backup = taken(flask, tmp_path / "backups")
    erasure = Erasure.ask(db.session.get_one(Customer, nora), db.session.get_one(Customer, nora).name, by=SAM)
    erasure.carry_out(whatever=True)
    db.session.commit()
    assert store(erasure)
    done = flask("restore", backup, "--replace")
    assert "1 customers who were erased since were erased again." in done.output
    assert db.session.get_one(Customer, nora).erased_at
    assert "Nora" not in db.session.get_one(Customer, nora).name


@pytest.mark.both_databases
def test_what_went_after_the_backup_is_not_sent_again_and_what_cannot_be_known_is_unknown(
    app: Flask, flask: Flask_, shop: Shop, work: Callable[[], int], tmp_path: Path
) -> None:
    with sending_to(app, replace(app.extensions["settings"], data_dir=tmp_path), carrier=False) as provider:
        went = a_drop_off(shop, customer=a_customer(shop, phones=["+13125550161"])).messages[0].id
        backup = taken(flask, tmp_path / "backups")
        work()
        before = provider.store.accepted()
        assert db.session.get_one(Message, went).state == "sent"
        done = flask("restore", backup, "--replace")
        assert "messages may have gone since" in done.output
        assert db.session.get_one(Message, went).state == "unknown"
        work()
        with clock.at(clock.now() + timedelta(minutes=2)):
            look_up()
        assert db.session.get_one(Message, went).state == "sent", "the provider's list proves it"
        assert provider.store.accepted() == before


def test_links_that_were_sent_still_open_the_visit(flask: Flask_, shop: Shop, tmp_path: Path) -> None:
    path = a_drop_off(shop, customer=a_customer(shop, phones=["+13125550162"])).visit.link.token
    backup = taken(flask, tmp_path / "backups")
    flask("restore", backup, "--replace")
    assert Link.found(path).visit.customer.phones[0].number == "+13125550162"


@pytest.mark.one_database
def test_files_that_the_last_backup_has_cost_nothing_more(flask: Flask_, shop: Shop, tmp_path: Path, at: Callable[..., None]) -> None:
    at("2026-06-01 03:00")
    flask("backup", tmp_path / "backups")
    at("2026-06-02 03:00")
    done = flask("backup", tmp_path / "backups")
    count = db.session.scalar(select(func.count()).select_from(StoredFile))
    assert f"{count} files ({count} of them linked)" in done.output
    assert sorted(made.name for made in (tmp_path / "backups").iterdir()) == ["wrenchline-20260601T030000Z", "wrenchline-20260602T030000Z"]


@pytest.mark.one_database
def test_a_backup_that_was_not_finished_is_none(flask: Flask_, shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("jobs.backups._copy_files", full)
    done = flask("backup", tmp_path / "backups")
    assert (done.exit_code, list((tmp_path / "backups").iterdir())) == (1, [])
    assert "No backup was made: No space left on device" in done.output
