"""Trying a partner's server before the first night: a real one, with what can be wrong with it, told in plain words."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trustme
from flask import Flask

from jobs import setup_checks
from models import Partner, Shop, db
from models.export_state import ExportState
from models.export_trial import ExportTrial
from models.setup_check import SetupCheck
from tests.ground.client import Visitor
from tests.ground.exports import NO_ADDRESS, a_service, night_after, switched_on
from tests.ground.ftp_server import PASSWORD, USER, serving
from tests.ground.ftp_server import Partner as Server
from tests.ground.makers import SAM, a_member, a_shop, signed_in
from tests.reliability.test_exports import DAY, authority, context, trusting  # noqa: F401 (fixtures)

pytestmark = pytest.mark.one_database


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


def tried(shop: Shop, ftp: Server, **address: Any) -> list[tuple[str, str, str]]:
    """Step, mark and words of each line."""
    there = {"delivery": "ftp", "server": "127.0.0.1", "port": ftp.port, "user_name": USER, "password": PASSWORD}
    trial = ExportTrial(shop, Partner.carfax)
    trial.setup.set_up("", {**NO_ADDRESS, **there, **address}, by=SAM)
    db.session.commit()
    ExportTrial(shop, Partner.carfax).begin(by=SAM)
    db.session.commit()
    check = SetupCheck.newest(shop, "ftp_carfax")
    assert check
    setup_checks.run(check.id)
    return [(item.key, item.mark.value, item.words) for item in ExportTrial(shop, Partner.carfax).items]


@pytest.mark.parametrize("passive", [True, False], ids=["passive", "active"])
def test_a_small_file_goes_there_and_is_taken_away_again(shop: Shop, tmp_path: Path, passive: bool) -> None:
    (tmp_path / "in").mkdir()
    with serving(tmp_path) as server:
        lines = tried(shop, server, directory="in", passive=passive)
        assert [(key, mark) for key, mark, _words in lines] == [("server", "good"), ("directory", "good"), ("file", "good")]
        assert "unencrypted" in lines[0][2]
        assert server.files == {}
        assert ("PORT" in server.heard or "EPRT" in server.heard) is not passive
        assert "DELE" in server.heard


@pytest.mark.parametrize("passive", [True, False], ids=["passive", "active"])
def test_by_tls_it_says_so_and_a_wrong_certificate_ends_it_before_the_password(
    shop: Shop,
    tmp_path: Path,
    authority: trustme.CA,  # noqa: F811
    trusting: None,  # noqa: F811
    passive: bool,
) -> None:
    with serving(tmp_path, context(authority)) as server:
        lines = tried(shop, server, server="localhost", passive=passive)
        assert [mark for _key, mark, _words in lines] == ["good", "good", "good"], lines
        assert "encrypted" in lines[0][2]
    with serving(tmp_path, context(authority, "elsewhere.example")) as server:
        lines = tried(shop, server, server="localhost")
        assert [(key, mark) for key, mark, _words in lines] == [("server", "wrong")]
        assert "certificate" in lines[0][2]
        assert "USER" not in server.heard


@pytest.mark.parametrize(
    ("trouble", "address", "step", "words"),
    [
        ({}, {"password": "wrong"}, "server", "refused user name or password"),
        ({}, {"directory": "in/tray"}, "directory", "directory is not there"),
        ({"full": True}, {}, "file", "disk is full"),
        ({"renames": False}, {}, "file", "would not rename it"),
        ({}, {"port": 1}, "server", "Nobody answers"),
    ],
    ids=["login", "directory", "full", "rename", "port"],
)
def test_what_is_wrong_is_said_in_plain_words_and_where(
    shop: Shop, tmp_path: Path, trouble: dict[str, Any], address: dict[str, Any], step: str, words: str
) -> None:
    with serving(tmp_path, **trouble) as server:
        lines = tried(shop, server, **address)
    assert (lines[-1][0], lines[-1][1]) == (step, "wrong")
    assert words in lines[-1][2]
    assert all(mark == "good" for _key, mark, _words in lines[:-1])


def test_a_nights_file_goes_in_active_mode_too(shop: Shop, tmp_path: Path) -> None:
    a_service(shop, DAY)
    with serving(tmp_path) as server:
        switched_on(shop, Partner.carfax, DAY, server, passive=False)
        (run,) = night_after(shop, DAY)
        assert run.state is ExportState.delivered, (run.failure, run.said)
        assert list(server.files) == ["harbour-carfax-20250514.csv"]


def test_saving_an_address_tries_it_and_the_button_tries_again(
    client: Visitor, shop: Shop, tmp_path: Path, work: Callable[[], int]
) -> None:
    ada = signed_in(client, a_member(shop, "administrator", name="Ada"))
    place = "/console/settings/exports/carfax"
    assert "no server to try" in ada.get(place).text
    with serving(tmp_path) as server:
        there = {"delivery": "ftp", "server": "127.0.0.1", "port": server.port, "user_name": USER, "password": PASSWORD, "passive": "1"}
        ada.post(place, data=there)
        work()
        page = ada.get(place).text
        assert "Try the connection" in page
        assert "taken away again" in page
        server.full = True
        ada.post(f"{place}/trial")
        work()
        assert "disk is full" in ada.get(f"{place}/trial", headers={"HX-Request": "true"}).text
