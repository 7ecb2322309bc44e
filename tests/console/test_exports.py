"""Exports on the console: the switch with its terms, the address, the columns, the nights, what waits, the dry run; and the command."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask

from models import ExportOptOut, ExportRun, ExportSetup, HeldRow, Partner, Shop, clock, db
from tests.ground.client import Visitor
from tests.ground.each import each
from tests.ground.exports import BRAKES, NO_ADDRESS, WRONG_VIN, a_service, night_after, switched_on
from tests.ground.makers import SAM, a_member, a_shop, signed_in
from tests.ground.queries import counted

pytestmark = pytest.mark.one_database

HTMX = {"HX-Request": "true"}
SETTINGS = "/console/settings/exports/customerlink"
ADDRESS = {
    "code": "4711",
    "delivery": "ftp",
    "server": "ftp.example.com",
    "port": "21",
    "user_name": "harbour",
    "password": "night-shift-7",
    "directory": "",
    "passive": "1",
}


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def ada(client: Visitor, shop: Shop) -> Visitor:
    return signed_in(client, a_member(shop, "administrator"))


@pytest.fixture
def yesterday(shop: Shop) -> date:
    return shop.today() - timedelta(days=1)


def profile_of(page: str) -> dict[str, str]:
    """The form of the columns as a browser would send it."""
    found = dict(re.findall(r'<input id="((?:place|heading)_\w+)" name="\1"[^>]*?value="([^"]*)"', page))
    return {**found, "file_name": "{month}{day}.csv", "delimiter": "comma", "encoding": "utf-8", "line_end": "crlf", "header": "1"} | {
        "date_format": "%Y-%m-%d",
        "empty": "skip",
    }


def test_the_warning_comes_first_then_the_switch(ada: Visitor, shop: Shop) -> None:
    ada.post(SETTINGS, data=ADDRESS)
    page = ada.get(SETTINGS).text
    assert "own request" in page
    assert 'value="21"' in page
    assert ada.post(f"{SETTINGS}/switch", headers=HTMX).status_code == 422
    assert not ExportSetup.of(shop, Partner.customerlink).is_on
    assert ada.post(f"{SETTINGS}/switch", data={"agreed": "1"}).status_code == 303
    page = ada.get(SETTINGS).text
    assert "Agreed to by Sam Ortiz" in page
    ada.post(f"{SETTINGS}/switch/removal")
    assert not ExportSetup.of(shop, Partner.customerlink).is_on


def test_the_password_is_kept_sealed_and_never_shown_again(ada: Visitor, shop: Shop) -> None:
    ada.post(SETTINGS, data=ADDRESS)
    setup = ExportSetup.of(shop, Partner.customerlink)
    assert setup.password == "night-shift-7"
    assert "night-shift" not in setup.sealed_password
    ada.post(SETTINGS, data={**ADDRESS, "password": "", "directory": "in"})
    assert (setup.password, setup.directory) == ("night-shift-7", "in")
    pages = [ada.get(address).text for address in (SETTINGS, "/console/exports", "/console/settings/exports")]
    pages.append(ada.post(SETTINGS, data={**ADDRESS, "port": "0"}, headers=HTMX).text)
    assert [page for page in pages if "night-shift" in page or setup.sealed_password in page] == []


@pytest.mark.parametrize("elsewhere", [{"server": "ftp.elsewhere.example"}, {"port": "2121"}])
def test_the_password_goes_to_no_other_server_than_the_one_it_was_typed_for(ada: Visitor, shop: Shop, elsewhere: dict[str, str]) -> None:
    ada.post(SETTINGS, data=ADDRESS)
    answer = ada.post(SETTINGS, data={**ADDRESS, **elsewhere, "password": ""}, headers=HTMX)
    assert (answer.status_code, 'id="password-error"' in answer.text) == (422, True)
    assert ExportSetup.of(shop, Partner.customerlink).server == ADDRESS["server"]
    ada.post(SETTINGS, data={**ADDRESS, "server": "", "password": ""})
    assert ExportSetup.of(shop, Partner.customerlink).password == "", "it is forgotten with its server"


@each(
    ("typed", "field"),
    [
        ({"server": "ftp://example.com/in"}, "server"),
        ({"server": "two words"}, "server"),
        ({"port": "70000"}, "port"),
        ({"port": "x"}, "port"),
        ({"user_name": "a\r\nDELE x"}, "user_name"),
        ({"directory": "x" * 201}, "directory"),
        ({"delivery": "pigeon"}, "delivery"),
        ({"code": "9" * 41}, "code"),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field_and_nothing_is_kept(
    ada: Visitor, shop: Shop, typed: dict[str, str], field: str
) -> None:
    answer = ada.post(SETTINGS, data={**ADDRESS, **typed}, headers=HTMX)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert db.session.query(ExportSetup).count() == 0


def test_columns_are_moved_and_seen_before_they_are_kept(ada: Visitor, shop: Shop, yesterday: date) -> None:
    a_service(shop, yesterday)
    place = "/console/settings/exports/carfax"
    form = profile_of(ada.get(place).text) | {"place_service": "1", "place_vin": "", "place_plate": "7"}
    form = {name: "" if name.startswith("place_") and name not in {"place_service", "place_plate"} else text for name, text in form.items()}
    sample = ada.post(f"{place}/profile/sample", data=form, headers=HTMX)
    assert f"Service,Plate\n{BRAKES},DEMO 101" in sample.text
    assert db.session.query(ExportSetup).count() == 0
    assert ada.post(f"{place}/profile", data=form).status_code == 303
    assert [name for name, _heading in ExportSetup.of(shop, Partner.carfax).profile.columns] == ["service", "plate"]
    wrong = ada.post(f"{place}/profile", data={**form, "place_service": "first", "file_name": "x"}, headers=HTMX)
    assert wrong.status_code == 422
    assert 'id="place_service-error"' in wrong.text
    ada.post(f"{place}/profile/preset")
    assert len(ExportSetup.of(shop, Partner.carfax).profile.columns) > 10


def test_a_strangers_field_in_the_form_is_not_taken(ada: Visitor, shop: Shop) -> None:
    place = "/console/settings/exports/carfax"
    form = profile_of(ada.get(place).text) | {"place_last_name": "1", "heading_last_name": "Name"}
    ada.post(f"{place}/profile", data=form)
    assert "last_name" not in dict(ExportSetup.of(shop, Partner.carfax).profile.columns)


def test_the_dry_run_shows_the_exact_rows_what_waits_and_what_is_never_sent_and_keeps_nothing(ada: Visitor, shop: Shop) -> None:
    a_service(shop, shop.today())
    a_service(shop, shop.today(), "Wiper blades", vin=WRONG_VIN)
    page = ada.get("/console/exports/carfax/preview").text
    assert "CARFAX is off: nothing of this is sent" in page
    assert page.count(BRAKES) == 1
    assert "The VIN&#39;s check digit does not fit." in page
    assert "Never sent" in page
    assert "Lopez" not in page[page.index('id="export-preview"') :]
    file = ada.get("/console/exports/carfax/preview/file")
    assert BRAKES in file.text
    assert "attachment; filename=dry-run-harbour-carfax-" in file.headers["Content-Disposition"]
    assert (db.session.query(ExportRun).count(), db.session.query(HeldRow).count()) == (0, 0)


def test_the_nights_are_listed_and_each_file_can_be_looked_into(ada: Visitor, shop: Shop, yesterday: date) -> None:
    a_service(shop, yesterday, "=SUM(A1)")
    switched_on(shop, Partner.carfax, yesterday)
    (run,) = night_after(shop, yesterday)
    page = ada.get("/console/exports").text
    assert "Kept for download" in page
    assert run.digest[:12] in page
    assert run.digest in ada.get(f"/console/exports/runs/{run.id}").text
    exact = ada.get(f"/console/exports/runs/{run.id}/file")
    assert ",=SUM(A1)\r\n" in exact.text
    assert '"\'=SUM(A1)"' in ada.get(f"/console/exports/runs/{run.id}/file?for=spreadsheet").text
    answer = ada.post(f"/console/exports/runs/{run.id}/again", headers=HTMX)
    assert "It goes again" in answer.text
    assert db.session.query(ExportRun).count() == 2


def test_a_row_that_waits_is_released_left_out_and_left_waiting_again(client: Visitor, shop: Shop, yesterday: date) -> None:
    sam = signed_in(client, a_member(shop))
    a_service(shop, yesterday, vin=WRONG_VIN)
    switched_on(shop, Partner.carfax, yesterday)
    night_after(shop, yesterday)
    assert "/console/exports/carfax/tonight" in sam.get("/console/exports").text
    page = sam.get("/console/exports/carfax/tonight").text
    assert "1 waits for a person" in page
    (release,) = re.findall(r'action="(\S+/release)"', page)
    answer = sam.post(release, headers=HTMX)
    assert "It goes to CARFAX with the next file." in answer.text
    assert db.session.query(HeldRow).one().verdict == "released"
    sam.post(release.replace("release", "wait"))
    sam.post(release.replace("release", "omission"))
    assert db.session.query(HeldRow).one().verdict == "left_out"
    assert sam.post(release.replace(release.split("/")[-3], "99999")).status_code == 404


def test_a_vehicle_is_left_out_and_taken_in_again_on_its_page(client: Visitor, shop: Shop) -> None:
    sam = signed_in(client, a_member(shop))
    vehicle = a_service(shop, shop.today() - timedelta(days=1)).visit.vehicle
    sam.post(f"/console/vehicles/{vehicle.id}/export-opt-out")
    assert ExportOptOut.of(vehicle)
    assert "In no file for other companies since" in sam.get(f"/console/vehicles/{vehicle.id}").text
    sam.post(f"/console/vehicles/{vehicle.id}/export-opt-out/removal")
    assert ExportOptOut.of(vehicle) is None


def test_receptionists_see_the_nights_and_neither_set_up_nor_send_nor_take_files_away(client: Visitor, shop: Shop, yesterday: date) -> None:
    a_service(shop, yesterday)
    switched_on(shop, Partner.carfax, yesterday)
    (run,) = night_after(shop, yesterday)
    sam = signed_in(client, a_member(shop))
    assert "Send again" not in sam.get(f"/console/exports/runs/{run.id}").text
    refused = [sam.get(SETTINGS), sam.get(f"/console/exports/runs/{run.id}/file"), sam.post(f"/console/exports/runs/{run.id}/again")]
    assert [answer.status_code for answer in refused] == [403, 403, 403]


def test_another_shops_nights_are_not_there(ada: Visitor, shop: Shop, yesterday: date) -> None:
    elm = a_shop("elm")
    order = a_service(elm, yesterday, vin=WRONG_VIN)
    a_service(elm, yesterday)
    switched_on(elm, Partner.carfax, yesterday)
    run = night_after(elm, yesterday)[0]
    place, row = f"/console/exports/runs/{run.id}", f"/console/exports/carfax/rows/{order.closings[0].id}/0/release"
    answers = [ada.get(place), ada.get(f"{place}/file"), ada.post(f"{place}/again"), ada.post(row)]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert "DEMO 101" not in ada.get("/console/exports/carfax/preview").text


@pytest.mark.parametrize("rows", [2, 9])
def test_the_pages_ask_little_however_many_rows_there_are(client: Visitor, shop: Shop, yesterday: date, rows: int) -> None:
    for partner in Partner:
        switched_on(shop, partner, yesterday)
    for number in range(rows):
        a_service(shop, yesterday, vin=WRONG_VIN)
        a_service(shop, shop.today(), f"Service {number}", vin=WRONG_VIN if number % 2 else "")
    run = night_after(shop, yesterday)[0]
    sam = signed_in(client, a_member(shop))
    pages = ["", "/carfax/tonight", "/customerlink/tonight", "/mechanicnet/preview", "/carfax/preview", f"/runs/{run.id}"]
    for page in pages:
        sam.get(f"/console/exports{page}")
        with counted() as asked:
            assert sam.get(f"/console/exports{page}").status_code == 200
        assert len(asked) <= 12, (page, asked)


# the command


def test_the_command_prints_the_file_or_hands_it_over_once(app: Flask, shop: Shop, yesterday: date) -> None:
    a_service(shop, yesterday)
    runner = app.test_cli_runner()
    ask = ["export", "carfax", "--shop", "harbour", "--date", yesterday.isoformat()]
    dry = runner.invoke(args=[*ask, "--dry-run"])
    assert (dry.exit_code, BRAKES in dry.stdout) == (0, True)
    assert "off in this shop" in runner.invoke(args=ask).stderr
    switched_on(shop, Partner.carfax, yesterday)
    first, second = runner.invoke(args=ask), runner.invoke(args=ask)
    assert (first.exit_code, first.stdout) == (0, second.stdout)
    assert "Kept for download, 1 records, harbour-carfax-" in first.stdout
    assert db.session.query(ExportRun).count() == 1
    assert "not over yet" in runner.invoke(args=[*ask[:-1], shop.today().isoformat()]).stderr
    assert runner.invoke(args=["export", "carfax", "--shop", "nobody", "--date", "2025-05-14"]).exit_code == 2


def test_a_tick_as_if_it_were_tomorrow_makes_tonights_file(app: Flask, shop: Shop) -> None:
    a_service(shop, shop.today())
    setup = ExportSetup.of(shop, Partner.carfax)
    setup.set_up("", NO_ADDRESS, by=SAM)
    setup.switch_on(True, by=SAM)
    db.session.commit()
    moment = clock.now() + timedelta(days=1, hours=3)
    assert app.test_cli_runner().invoke(args=["tick", "--at", moment.isoformat()]).exit_code == 0
    assert next((run.day, run.records) for run in db.session.query(ExportRun)) == (shop.today(), 1)
