"""A night's file on its way to a partner's server: plain, by TLS, cut, refused, twice, killed. The server is a real one."""

import ssl
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from flask import Flask

from jobs import exports
from jobs.gateways import ftp
from jobs.tick import sweep, tick
from models import Customer, Erasure, ExportRun, ExportSetup, Partner, Shop, clock, db
from models.export_run import STUCK
from models.export_state import ExportState
from tests.ground.exports import NO_ADDRESS, a_service, night_after, switched_on, text_of
from tests.ground.ftp_server import PASSWORD, USER, serving
from tests.ground.ftp_server import Partner as Server
from tests.ground.makers import SAM, a_shop

pytestmark = pytest.mark.one_database

DAY = date(2025, 5, 14)


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path) as server:
        yield server


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def context(authority: trustme.CA, name: str = "localhost") -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(made)
    return made


@pytest.fixture
def trusting(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine trusts that authority alone."""
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))


def retried(run: ExportRun) -> ExportRun:
    """As the worker does it when its time has come."""
    assert run.next_at
    with clock.at(run.next_at + timedelta(seconds=1)):
        exports.drain()
    return run


def test_the_file_arrives_whole_under_its_name_and_what_went_where_is_on_record(shop: Shop, server: Server) -> None:
    a_service(shop, DAY)
    switched_on(shop, Partner.carfax, DAY, server)
    (run,) = night_after(shop, DAY)
    assert run.state is ExportState.delivered, (run.failure, run.said)
    assert server.files == {"harbour-carfax-20250514.csv": text_of(run).encode()}
    assert (run.records, run.day, run.secured, run.where) == (1, DAY, False, f"127.0.0.1:{server.port}")
    assert len(run.digest) == 64


def test_a_server_that_speaks_tls_is_spoken_to_in_tls(shop: Shop, tmp_path: Path, authority: trustme.CA, trusting: None) -> None:
    a_service(shop, DAY)
    with serving(tmp_path, context(authority)) as server:
        setup = switched_on(shop, Partner.carfax, DAY, server, server="localhost")
        (run,) = night_after(shop, DAY)
        assert run.state is ExportState.delivered, (run.failure, run.said)
        assert run.secured is True
        assert server.files["harbour-carfax-20250514.csv"] == text_of(run).encode()
        assert server.heard.index("AUTH") < server.heard.index("USER")
        assert "PROT" in server.heard
        # and from then on nothing goes there in the clear
        server.tls, server.heard = None, []
        again = retried(run.send_again(by=SAM))
        assert (again.failure, "USER" in server.heard) == ("no_tls", False)
    assert setup.tls_seen_at is not None


@pytest.mark.parametrize("kind", ["another name", "another authority"])
def test_a_wrong_certificate_ends_it_before_the_password(
    shop: Shop, tmp_path: Path, authority: trustme.CA, trusting: None, kind: str
) -> None:
    a_service(shop, DAY)
    wrong = context(authority, "elsewhere.example") if kind == "another name" else context(trustme.CA())
    with serving(tmp_path, wrong) as server:
        switched_on(shop, Partner.carfax, DAY, server, server="localhost")
        (run,) = night_after(shop, DAY)
        assert (run.state, run.failure) == (ExportState.ready, "certificate")
        assert "the password was not sent" in run.failure_words
        assert not {"USER", "PASS"} & set(server.heard)


@pytest.mark.parametrize("secured", [False, True])
def test_a_connection_that_breaks_half_way_is_taken_up_where_it_broke(
    shop: Shop, tmp_path: Path, authority: trustme.CA, trusting: None, secured: bool
) -> None:
    a_service(shop, DAY, *(f"Service number {number} of many" for number in range(60)))
    with serving(tmp_path, context(authority) if secured else None, cut_after=3000) as server:
        switched_on(shop, Partner.carfax, DAY, server, server="localhost")
        (run,) = night_after(shop, DAY)
        assert (run.state, run.failure) == (ExportState.ready, "cut")
        assert list(server.files) == [run.temporary], "nothing lies under the final name"
        half = len(server.files[run.temporary])
        retried(run)
        assert run.state is ExportState.delivered, (run.failure, run.said)
        assert f"REST {half}" in server.heard
        assert server.files == {run.file_name: text_of(run).encode()}


def test_what_has_changed_since_is_not_glued_to_the_first_half(shop: Shop, tmp_path: Path) -> None:
    order = a_service(shop, DAY, *(f"Service number {number} of many" for number in range(60)))
    with serving(tmp_path, cut_after=3000) as server:
        switched_on(shop, Partner.carfax, DAY, server)
        (run,) = night_after(shop, DAY)
        order.visit.vehicle.plate = "DEMO 999"
        db.session.commit()
        retried(run)
        assert server.files == {run.file_name: text_of(run).encode()}
        assert "DEMO 999" in text_of(run)


def test_a_full_disk_is_said_in_plain_words_and_tried_again_later_and_later(shop: Shop, server: Server) -> None:
    a_service(shop, DAY)
    switched_on(shop, Partner.carfax, DAY, server)
    server.full = True
    (run,) = night_after(shop, DAY)
    assert (run.failure, run.said) == ("full", "552 Quota exceeded.")
    assert "disk is full" in run.failure_words
    waits = []
    for _try in range(3):
        before = run.next_at
        retried(run)
        assert before
        assert run.next_at
        waits.append(run.next_at - before)
    assert waits == sorted(waits)
    assert waits[0] < waits[-1]
    server.full = False
    assert retried(run).state is ExportState.delivered


def test_a_wrong_password_is_not_tried_until_the_account_is_locked_and_goes_once_it_is_put_right(shop: Shop, server: Server) -> None:
    a_service(shop, DAY)
    setup = switched_on(shop, Partner.carfax, DAY, server, password="wrong")
    (run,) = night_after(shop, DAY)
    while run.state is ExportState.ready:
        retried(run)
    assert (run.state, run.failure, run.attempts) == (ExportState.failed, "login", 3)
    right = {**NO_ADDRESS, "delivery": "ftp", "server": "127.0.0.1", "port": server.port, "user_name": USER, "password": PASSWORD}
    setup.set_up("", right, by=SAM)
    db.session.commit()
    assert retried(run).state is ExportState.delivered


@pytest.mark.parametrize(
    ("address", "failure"),
    [({"directory": "in/tray"}, "directory"), ({"port": 1}, "refused"), ({"server": "nobody.invalid"}, "no_such_host")],
)
def test_what_else_is_wrong_with_the_address_has_words_of_its_own(
    shop: Shop, server: Server, address: dict[str, Any], failure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.gateways.domain_names.addresses_of", lambda name: [])
    a_service(shop, DAY)
    switched_on(shop, Partner.carfax, DAY, server, **address)
    (run,) = night_after(shop, DAY)
    assert run.failure == failure


def test_the_same_night_goes_once_however_often_the_clock_ticks(shop: Shop, server: Server, together: Callable[..., list[Any]]) -> None:
    a_service(shop, DAY)
    switched_on(shop, Partner.carfax, DAY, server)
    with clock.at(clock.instant(DAY + timedelta(days=1), time(1, 1), shop.tz)):
        tick()
        tick()
        db.session.commit()
        (run,) = db.session.query(ExportRun).all()

        def work(run_id: int = run.id, moment: Any = clock.now()) -> None:  # noqa: B008
            with clock.at(moment):
                exports.run(run_id)

        together(work, work)
        exports.run(run.id)
    assert run.state is ExportState.delivered
    assert server.stored() == 1


def test_a_worker_that_dies_after_the_file_got_its_name_has_it_sent_no_second_time(shop: Shop, server: Server) -> None:
    """The partner has taken it away already: what tells is that the temporary name is gone."""
    a_service(shop, DAY)
    setup = switched_on(shop, Partner.carfax, DAY, server)
    moment = clock.instant(DAY + timedelta(days=1), time(1, 1), shop.tz)
    with clock.at(moment):
        run = ExportRun.plan(shop, Partner.carfax, DAY)
        assert run
        assert exports.make(run.id)
        db.session.commit()
        assert run.claim("x.part", setup.where)
        for step in ftp.hand_over(exports.place_of(setup), exports._parcel(run, "")):
            run.note(step)
            db.session.commit()
    (server.folder / run.file_name).unlink()
    with clock.at(moment + STUCK + timedelta(minutes=1)):
        sweep()
        db.session.commit()
        exports.drain()
    assert run.state is ExportState.delivered
    assert (server.stored(), server.files) == (1, {})


def test_a_worker_that_dies_before_the_file_has_its_name_has_it_named(shop: Shop, server: Server) -> None:
    a_service(shop, DAY)
    setup = switched_on(shop, Partner.carfax, DAY, server)
    moment = clock.instant(DAY + timedelta(days=1), time(1, 1), shop.tz)
    with clock.at(moment):
        run = ExportRun.plan(shop, Partner.carfax, DAY)
        assert run
        assert exports.make(run.id)
        db.session.commit()
        assert run.claim("x.part", setup.where)
        steps = ftp.hand_over(exports.place_of(setup), exports._parcel(run, ""))
        while next(steps) != ftp.UPLOADED:
            pass
        run.note(ftp.UPLOADED)
        db.session.commit()
        steps.close()  # type: ignore[attr-defined]
    with clock.at(moment + STUCK + timedelta(minutes=1)):
        sweep()
        db.session.commit()
        exports.drain()
    assert run.state is ExportState.delivered
    assert (server.stored(), list(server.files)) == (1, [run.file_name])


def test_sent_again_it_takes_the_place_of_the_first_also_where_the_server_replaces_nothing(shop: Shop, tmp_path: Path) -> None:
    order = a_service(shop, DAY)
    with serving(tmp_path, keeps_names=True) as server:
        switched_on(shop, Partner.carfax, DAY, server)
        (run,) = night_after(shop, DAY)
        order.visit.vehicle.plate = "DEMO 777"
        again = run.send_again(by=SAM)
        assert run.send_again(by=SAM) is again, "two clicks are one"
        db.session.commit()
        retried(again)
        assert (again.state, again.edition, again.asked_by) == (ExportState.delivered, 2, "Sam Ortiz")
        assert "DEMO 777" in server.files[run.file_name].decode()
        assert "DEMO 777" not in text_of(run), "what went before stays on record as it was"


def test_switched_off_nothing_of_what_waits_goes(shop: Shop, server: Server) -> None:
    a_service(shop, DAY)
    setup = switched_on(shop, Partner.carfax, DAY, server)
    server.full = True
    (run,) = night_after(shop, DAY)
    setup.switch_off(by=SAM)
    db.session.commit()
    server.full = False
    night_after(shop, DAY + timedelta(days=3))
    assert (run.state, server.files) == (ExportState.cancelled, {})
    assert ExportSetup.of(shop, Partner.carfax).next_at is None


def test_what_failed_on_its_way_while_it_was_switched_off_goes_no_second_time(shop: Shop, tmp_path: Path) -> None:
    a_service(shop, DAY)
    with serving(tmp_path) as server:
        setup = switched_on(shop, Partner.carfax, DAY, server)
        moment = clock.instant(DAY + timedelta(days=1), time(1, 1), shop.tz)
        with clock.at(moment):
            run = ExportRun.plan(shop, Partner.carfax, DAY)
            assert run
            assert exports.make(run.id)
            assert run.claim("x.part", setup.where)
            setup.switch_off(by=SAM)
            run.not_delivered("cut", "")
            db.session.commit()
        with clock.at(moment + timedelta(hours=1)):
            exports.drain()
        assert (run.state, server.files) == (ExportState.cancelled, {})


def test_a_server_that_renames_nothing_has_not_got_the_file_however_often_it_is_tried(shop: Shop, tmp_path: Path) -> None:
    a_service(shop, DAY)
    with serving(tmp_path, renames=False) as server:
        switched_on(shop, Partner.carfax, DAY, server)
        (run,) = night_after(shop, DAY)
        assert (run.state, run.failure) == (ExportState.ready, "rename")
        assert (retried(run).state, run.failure) == (ExportState.ready, "rename")
        server.renames = True
        assert retried(run).state is ExportState.delivered
        assert (server.stored(), list(server.files)) == (1, [run.file_name])


def test_what_lies_whole_at_one_server_is_sent_anew_to_another(shop: Shop, tmp_path: Path) -> None:
    a_service(shop, DAY)
    (tmp_path / "new").mkdir()
    (tmp_path / "old").mkdir()
    with serving(tmp_path / "old") as old, serving(tmp_path / "new") as new:
        setup = switched_on(shop, Partner.carfax, DAY, old)
        moment = clock.instant(DAY + timedelta(days=1), time(1, 1), shop.tz)
        with clock.at(moment):
            run = ExportRun.plan(shop, Partner.carfax, DAY)
            assert run
            assert exports.make(run.id)
            assert run.claim("x.part", setup.where)
            run.note(ftp.UPLOADED)
            moved = {**NO_ADDRESS, "delivery": "ftp", "server": "127.0.0.1", "port": new.port, "user_name": USER, "password": PASSWORD}
            setup.set_up("", moved, by=SAM)
            run.not_delivered("cut", "")
            db.session.commit()
        assert retried(run).state is ExportState.delivered
        assert list(new.files) == [run.file_name]


@pytest.mark.parametrize("when", ["STOR", "RNTO"])
def test_who_is_erased_while_a_file_is_under_way_is_in_no_copy_of_ours_and_in_none_of_theirs_that_can_be_stopped(
    app: Flask, shop: Shop, server: Server, when: str
) -> None:
    maria, other = a_service(shop, DAY).visit.customer, a_service(shop, DAY, plate="DEMO 202")
    switched_on(shop, Partner.customerlink, DAY, server)

    def erase() -> None:
        with app.app_context():
            customer = db.session.get_one(Customer, maria.id)
            Erasure.ask(customer, customer.name, by=SAM).carry_out()
            db.session.commit()

    server.meanwhile[when] = erase
    (run,) = night_after(shop, DAY)
    db.session.expire_all()
    assert run.file is None
    if when == "RNTO":
        assert (run.state, run.records) == (ExportState.delivered, 2), "too late: it got its name that moment, and is on record"
        return
    assert (run.state, run.failure, [name.endswith(".part") for name in server.files]) == (ExportState.ready, "erased", [True])
    assert (retried(run).state, run.records) == (ExportState.delivered, 1)
    assert list(server.files) == [run.file_name], "what lay there half is gone"
    assert "DEMO101" not in text_of(run).replace(" ", "")
    assert other.visit.customer.erased_at is None
