"""The inspection on a tablet in Chromium: through a dead spot, in order, once; live for the desk and for the other mechanic."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from models import Attachment, Inspection, InspectionChange, InspectionSheet, Result, Shop, WorkItem, db
from models.inspection_sheet import preset
from tests.ground import browser
from tests.ground.browser import Windows
from tests.ground.films import a_photo
from tests.ground.makers import SAM, a_member, a_shop, a_work_order
from tests.ground.running import Running

pytestmark = pytest.mark.browser
serial = itertools.count(1)
TABLET = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}


@dataclass
class Bay:
    slug: str
    running: Running

    def opened(self, page: Page, who: str, path: str) -> Page:
        return browser.opened(page, f"{who}@{self.slug}.example", f"/console/{path}")

    def said(self) -> dict[str, tuple[Result | None, str]]:
        with self.running.data():
            inspection = db.session.query(Inspection).join(Shop, Shop.id == Inspection.shop_id).filter(Shop.slug == self.slug).one()
            return {finding.name: (finding.result, finding.value) for finding in inspection.findings}


@pytest.fixture
def bay(running: Running) -> Bay:
    slug = f"tablet{next(serial)}"
    with running.data():
        shop = a_shop(slug, texting_number=None)
        a_member(shop, "mechanic", email=f"tess@{slug}.example", name="Tess Park")
        a_member(shop, "mechanic", email=f"ray@{slug}.example", name="Ray Cole")
        a_member(shop, "receptionist", email=f"sam@{slug}.example")
        sheet = InspectionSheet.make(shop, "Courtesy inspection", preset(), by=SAM)
        Inspection.begin(a_work_order(shop), sheet, by=SAM)
        db.session.commit()
    return Bay(slug, running)


def point(page: Page, name: str) -> Locator:
    return page.locator("[data-point]").filter(has=page.get_by_role("heading", name=name))


def tap(page: Page, name: str, answer: str) -> None:
    point(page, name).locator(f"[data-result={answer}]").click()


def test_through_a_dead_spot_nothing_is_lost_doubled_or_out_of_order(
    windows: Windows, bay: Bay, tmp_path: Path, axe: Callable[..., list[str]]
) -> None:
    photo = tmp_path / "pads.jpg"
    photo.write_bytes(a_photo())
    tablet = bay.opened(windows.desktop(**TABLET), "tess", "inspections/1001")
    tap(tablet, "Horn", "ok")
    state = tablet.locator("#outbox-words")
    expect(state).to_have_text("All saved")
    tablet.evaluate("navigator.serviceWorker.ready")
    tablet.context.set_offline(True)
    tap(tablet, "Wiper blades", "necessary")
    tap(tablet, "Wiper blades", "recommended")
    pads = point(tablet, "Front pads")
    pads.get_by_label("Reading").fill("2,5")
    expect(pads.locator("[data-suggested]")).to_contain_text("Necessary")
    tap(tablet, "Front pads", "necessary")
    with tablet.expect_file_chooser() as chooser:
        pads.get_by_role("button", name="Photo").click()
    chooser.value.set_files(photo)
    expect(pads.locator(".picture")).to_contain_text("Waits for the network")
    expect(pads.locator(".picture img")).to_be_visible()
    tablet.locator("[data-section='2'] [data-all]").click()
    expect(state).to_contain_text("waiting, sent when the network is back")
    expect(tablet.locator("#progress-words")).to_have_text("10 of 63")
    assert bay.said()["Wiper blades"] == (None, "")
    assert axe(tablet, dark=True) == []

    bay.running.kill("web")  # the page is loaded again while there is nothing to load it from
    tablet.context.set_offline(False)
    tablet.reload()
    expect(tablet.locator("#progress-words")).to_have_text("10 of 63")
    expect(point(tablet, "Wiper blades").locator("[data-result=recommended]")).to_have_attribute("aria-pressed", "true")
    expect(point(tablet, "Front pads").locator(".picture img")).to_be_visible()
    tap(tablet, "Road test", "not_checked")
    bay.running.start("web")
    tablet.evaluate("window.dispatchEvent(new Event('online'))")
    expect(state).to_have_text("All saved")
    said = bay.said()
    assert said["Wiper blades"] == (Result.recommended, "")
    assert said["Front pads, thinnest"] == (Result.necessary, "2.5")
    assert said["Road test"] == (Result.not_checked, "")
    with bay.running.data():
        inspection = db.session.query(Inspection).join(Shop, Shop.id == Inspection.shop_id).filter(Shop.slug == bay.slug).one()
        changes = db.session.query(InspectionChange).filter_by(inspection_id=inspection.id).order_by(InspectionChange.id).all()
        assert [change.number for change in changes] == sorted({change.number for change in changes})
        assert [change.kind for change in changes].count("picture") == 1
        assert db.session.query(Attachment).filter_by(work_order_id=inspection.work_order_id).count() == 1
    expect(point(tablet, "Front pads").locator(".picture img[src*='small']")).to_be_visible(timeout=60_000)
    windows.errors.clear()  # what could not be loaded without a network is written there, as it should be


def test_two_mechanics_see_each_others_answers_and_the_desk_hears_at_once(
    windows: Windows, bay: Bay, axe: Callable[..., list[str]]
) -> None:
    tess, ray = bay.opened(windows.desktop(**TABLET), "tess", "inspections/1001"), bay.opened(windows.phone(), "ray", "inspections/1001")
    desk, order = bay.opened(windows.desktop(), "sam", ""), bay.opened(windows.desktop(), "sam", "work-orders/1001")
    tap(tess, "Battery state", "recommended")
    expect(point(ray, "Battery state").locator("[data-result=recommended]")).to_have_attribute("aria-pressed", "true")
    tap(ray, "Battery state", "necessary")
    expect(point(tess, "Battery state").locator("[data-result=necessary]")).to_have_attribute("aria-pressed", "true")
    expect(order.locator("#order-inspection")).to_contain_text("1 of 63")
    section = ray.locator("[data-section='9']")
    section.get_by_role("button", name="All OK").click()
    section.get_by_role("button", name="Undo").click()
    expect(ray.locator("#progress-words")).to_have_text("1 of 63")
    assert axe(ray, dark=True) == []
    ray.get_by_role("button", name="Complete").click()
    expect(ray.locator("#rest-words")).to_have_text("62 points have no answer yet.")
    ray.get_by_role("button", name="The rest is not checked").click()
    expect(ray.locator("#complete-note")).to_contain_text("Ray Cole")
    expect(desk.locator("#inspected")).to_contain_text("1 necessary")
    expect(order.locator("#order-inspection")).to_contain_text("Inspection complete: 1 necessary")
    expect(order.locator("#work-items")).to_contain_text("Battery")
    assert axe(desk) == []
    assert axe(order, dark=True) == []
    order.get_by_role("button", name="Mark as seen").click()
    expect(desk.locator("#inspected")).to_have_count(0)
    with bay.running.data():
        assert db.session.query(WorkItem).join(Shop, Shop.id == WorkItem.shop_id).filter(Shop.slug == bay.slug).count() == 1


def test_two_tabs_send_each_change_once_and_a_session_that_ended_loses_nothing(windows: Windows, bay: Bay) -> None:
    first = bay.opened(windows.desktop(**TABLET), "tess", "inspections/1001")
    second = first.context.new_page()
    second.goto("/console/inspections/1001")
    first.context.set_offline(True)
    tap(first, "Horn", "ok")
    tap(second, "Horn", "necessary")
    expect(first.locator("#outbox-words")).to_contain_text("2 waiting")
    first.context.set_offline(False)
    for page in (first, second):
        expect(page.locator("#outbox-words")).to_have_text("All saved")
        expect(point(page, "Horn").locator("[data-result=necessary]")).to_have_attribute("aria-pressed", "true")
    with bay.running.data():
        assert db.session.query(InspectionChange).join(Shop, Shop.id == InspectionChange.shop_id).filter(Shop.slug == bay.slug).count() == 2
    first.goto("/console/queue")
    first.context.set_offline(True)
    tap(second, "Washer jets", "ok")
    expect(first.locator("[data-outbox]")).to_contain_text("1 change of an inspection waits on this device")
    second.close()
    first.context.set_offline(False)
    expect(first.locator("[data-outbox]")).to_be_hidden()
    assert bay.said()["Washer jets and level"] == (Result.ok, "")
    first.goto("/console/inspections/1001")
    first.context.clear_cookies()
    tap(first, "Mirrors", "ok")
    expect(first.get_by_text("You are signed out.")).to_be_visible()
    assert bay.said()["Mirrors and camera view"] == (None, "")
    browser.sign_in(first, f"ray@{bay.slug}.example")
    first.goto("/console/inspections/1001")
    expect(first.locator("#outbox-words")).to_contain_text("1 from somebody else wait")
    assert bay.said()["Mirrors and camera view"] == (None, "")
    first.context.clear_cookies()
    browser.sign_in(first, f"tess@{bay.slug}.example")
    first.goto("/console/inspections/1001")
    expect(first.locator("#outbox-words")).to_have_text("All saved")
    assert bay.said()["Mirrors and camera view"] == (Result.ok, "")
    windows.errors.clear()
