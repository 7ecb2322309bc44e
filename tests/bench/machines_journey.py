"""The customer's way in Chromium, over https and the proxy, with the receptionist's screen beside it."""

from io import BytesIO
from typing import Any

from playwright.sync_api import Page, expect

from models import Category, Shop, db
from tests.bench.machines_people import CONFIRM, Trial
from tests.ground.browser import Windows, chromium_running
from tests.ground.films import a_photo
from tests.ground.makers import PASSWORD, a_customer, a_work_order, consenting
from tests.ground.overviews import an_item, rules, sent

PATIENCE = 60_000  # milliseconds


def a_customer_s_way(trial: Trial) -> list[dict[str, Any]]:
    """Confirm, answer the overview with a picture and a signature; the receptionist sees both without touching anything, also after the
    machine that her screen listens to was killed."""
    order, link = _overview(trial)
    with chromium_running() as chromium:
        windows = Windows(chromium, trial.wrenchline.address)
        desk, phone = windows.desktop(ignore_https_errors=True), windows.phone(ignore_https_errors=True)
        for page in (desk, phone):
            page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        _signed_in(desk)
        for machine in ("", "a", "b"):
            _confirmed(trial, desk, phone, machine)
        desk.goto(f"/console/work-orders/{order}")
        expect(desk.locator("#live-state")).to_have_text("Live")
        _answered(phone, link)
        expect(desk.locator("#remarks img").first).to_be_visible()
        pictures = [
            address for address in desk.eval_on_selector_all("#remarks img", "all => all.map(one => one.src)") if "/console/" in address
        ]
        seen = [_seen(trial, machine, address) for machine in ("a", "b") for address in pictures]
        windows.close()
    note = f"and a screen that hears of them after each machine was killed; {windows.errors or 'no page complained'}"
    return [
        {"step": "3 confirm, 1 answers with a picture and a signature, in Chromium over https", "asked": 4, "failed": 0, "note": note},
        {"step": "its picture through both webs", "asked": len(seen), "failed": seen.count(False), "note": "made by a worker, kept in S3"},
    ]


def _overview(trial: Trial) -> tuple[int, str]:
    with trial.wrenchline.data():
        shop = db.session.get_one(Shop, trial.shop_id)
        rules(shop)
        order = a_work_order(shop, consenting(a_customer(shop)))
        an_item(order, "Front brake pads", Category.necessary, 30000)
        sent(order, "The front brakes can't wait.")
        db.session.commit()
        return order.number, order.visit.link.path


def _signed_in(desk: Page) -> None:
    desk.goto("/")
    desk.get_by_label("Email").fill("sam@harbour.example")
    desk.get_by_label("Password").fill(PASSWORD)
    desk.get_by_role("button", name="Sign in", exact=True).click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Today")


def _confirmed(trial: Trial, desk: Page, phone: Page, killed: str) -> None:
    """A drop-off is confirmed, after a machine was killed; the desk's page says so by itself."""
    path, id = next(iter(trial.book(1).items()))
    desk.goto(f"/console/appointments/{id}")
    expect(desk.locator("#live-state")).to_have_text("Live")
    if killed:
        trial.wrenchline.kill(killed, "web")
    phone.goto(path)
    phone.get_by_role("button", name=CONFIRM).click()
    expect(phone.get_by_text("Your appointment is confirmed")).to_be_visible()
    assert trial.confirmed([id])[id] == 1
    expect(desk.locator("#appointment")).to_contain_text("Confirmed")
    expect(desk.locator("#live-state")).to_have_text("Live")
    if killed:
        trial.wrenchline.start(killed, "web")


def _answered(phone: Page, link: str) -> None:
    phone.goto(f"{link}/overview")
    phone.get_by_role("radio", name="Repair").check()
    phone.get_by_label("Comments and questions").fill("It squeals, as you see.")
    phone.get_by_label("Pictures or video").set_input_files(
        {"name": "brake.jpg", "mimeType": "image/jpeg", "buffer": BytesIO(a_photo()).getvalue()}
    )
    phone.get_by_label("Your name").fill("Maria Lopez")
    phone.get_by_text("Draw your signature").click()
    box = phone.locator("canvas").bounding_box()
    assert box
    phone.mouse.move(box["x"] + 40, box["y"] + 40)
    phone.mouse.down()
    phone.mouse.move(box["x"] + 200, box["y"] + 90, steps=6)
    phone.mouse.up()
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.get_by_role("heading", name="Thank you, we have your answers")).to_be_visible()


def _seen(trial: Trial, machine: str, address: str) -> bool:
    path = address.removeprefix(trial.wrenchline.address)
    answer = trial.staff(machine).get(path)
    return answer.status == 200 and answer.headers["Content-Type"].startswith("image/")
