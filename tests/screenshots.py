"""``make screenshots``: the main pages of a fresh demo, phone and desktop, light and dark, into docs/screenshots/.

With them come the pictures of the console's own page *Getting started*, smaller, into static/training/;
``python -m tests.screenshots training`` makes these alone.
"""

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Literal
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import FloatRect, Page
from sqlalchemy import func, select

from models import Communication, Letter, Message, Overview, Shop, StopAlarm, Thread, WorkOrder, db
from tests.ground import browser as browsers
from tests.ground import folder
from tests.ground.running import Running

ROOT = Path(__file__).resolve().parents[1]
INTO, INTO_TRAINING = ROOT / "docs" / "screenshots", ROOT / "static" / "training"
MARIA = "+13125550142"
PASSWORD = "wrenchline-demo"
SAM, ADA, TESS = "sam@harbour.example", "ada@harbour.example", "tess@harbour.example"
# name: who looks (None: nobody is signed in), address, on a phone?
PAGES = {
    "visit": (None, "{visit}", True),
    "visit-spanish": (None, "{visit}?lang=es", True),
    "visit-unknown": (None, "/v/nobody-has-this-link-x", True),
    "visit-in-the-shop": (None, "{overview}", True),
    "overview": (None, "{overview}/overview", True),
    "sign-in": (None, "/", False),
    "built-in-phone": (None, "/phone/", False),
    "today": (SAM, "/console/?day={day}", False),
    "today-phone": (SAM, "/console/?day={day}", True),
    "board": (SAM, "/console/board", False),
    "work-order": (SAM, "/console/work-orders/{order}", False),
    "work-order-phone": (TESS, "/console/work-orders/{order}", True),
    "overview-window": (SAM, "/console/work-orders/{order}/overviews/new", False),
    "overview-version": (SAM, "/console/work-orders/{answered}/overviews/1", False),
    "communication-log": (SAM, "/console/work-orders/{answered}/communications", False),
    "technician-priority": (SAM, "/console/technician-priority", False),
    "statuses": (ADA, "/console/settings/statuses", False),
    "calendar-month": (SAM, "/console/calendar?date={day}", False),
    "calendar-week": (SAM, "/console/calendar?view=week&date={day}", False),
    "new-appointment": (SAM, "/console/appointments/new?date={day}&time=09:00", False),
    "estimates": (SAM, "/console/estimates", False),
    "follow-ups": (SAM, "/console/follow-ups", False),
    "calls": (SAM, "/console/follow-ups/calls", False),
    "calls-phone": (SAM, "/console/follow-ups/calls", True),
    "postcards": (SAM, "/console/follow-ups/postcards", False),
    "letter-statistics": (SAM, "/console/follow-ups/statistics", False),
    "letter": (SAM, "/console/follow-ups/letters/{letter}", False),
    "letter-words": (ADA, "/console/settings/messages/thank_you/email/en", False),
    "letter-setup": (ADA, "/console/settings/follow-ups", False),
    "exports": (SAM, "/console/exports", False),
    "export-setup": (ADA, "/console/settings/exports/carfax", False),
    "export-preview": (SAM, "/console/exports/carfax/preview", False),
    "plate-service": (ADA, "/console/settings/plates", False),
    "print-service": (ADA, "/console/settings/print-service", False),
    "retention": (ADA, "/console/settings/retention", False),
    "deferred-work": (SAM, "/console/deferred-items", False),
    "passed-on": (None, "{visit}/data", True),
    "messages": (SAM, "/console/messages", False),
    "thread": (SAM, "/console/threads/{thread}", False),
    "explanations": (SAM, "/console/explanations", False),
    "explanation": (None, "/x/harbour/brake-pads", True),
    "settings": (ADA, "/console/settings", False),
    "administrators": (ADA, "/console/administrators", False),
    "inspection": (TESS, "/console/inspections/{inspection}#section-4", True),
    "queue": (TESS, "/console/queue", True),
}
# For Getting started: name, who looks, address, on a phone?
TRAINING = {
    "today": (SAM, "/console/?day={day}", False),
    "new-appointment": (SAM, "/console/appointments/new?date={day}&time=09:00", False),
    "overview": (SAM, "/console/work-orders/{order}/overviews/new", False),
    "answer": (SAM, "/console/work-orders/{answered}/overviews/1", False),
    "thread": (SAM, "/console/threads/{thread}", False),
    "board": (SAM, "/console/board", False),
    "queue": (TESS, "/console/queue", True),
    "work-order": (TESS, "/console/work-orders/{order}", True),
    "inspection": (TESS, "/console/inspections/{inspection}#section-4", True),
    "settings": (ADA, "/console/settings", False),
    "administrators": (ADA, "/console/administrators", False),
    "statuses": (ADA, "/console/settings/statuses", False),
    "words": (ADA, "/console/settings/messages/thank_you/email/en", False),
    "follow-ups": (SAM, "/console/follow-ups", False),
}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WINDOW = {"viewport": {"width": 1280, "height": 659}}
PAGE_IN_WINDOW: FloatRect = {"x": 208, "y": 56, "width": 1072, "height": 603}  # without the menu and the bar
TABLET = {"viewport": {"width": 390, "height": 760}, "device_scale_factor": 1.5}
PAGE_ON_TABLET: FloatRect = {"x": 0, "y": 0, "width": 390, "height": 600}  # without the menu at its foot


@contextmanager
def demo() -> Iterator[Running]:
    """The demo as on its first day, in a folder that is gone afterwards."""
    folder.make()
    running = Running("screenshots")
    try:
        running.fill()
        yield running
    finally:
        running.stop()
        folder.remove()


def marias_link(page: Page, running: Running) -> str:
    """The address in the newest text that Maria got."""
    for _ in range(100):
        messages = json.load(urlopen(f"{running.address}/phone/messages.json"))
        found = [re.search(r"/v/\S+", message["body"]) for message in messages if message["to"] == MARIA]
        if found and found[0]:
            return found[0][0]
        page.wait_for_timeout(200)
    raise SystemExit("Maria got no text.")


def sign_in(page: Page, email: str) -> None:
    page.goto("/console/sign-in")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/console/**")


def next_open_day(running: Running) -> date:
    """When Maria comes, and the demo has most to show."""
    with running.data():
        shop = Shop.known("harbour")
        day = shop.today() + timedelta(days=1)
        while not shop.is_open(day):
            day += timedelta(days=1)
        return day


def an_order(running: Running) -> int:
    """The number of the open work order that shows most."""
    with running.data():
        return max(WorkOrder.open_in(Shop.known("harbour")), key=lambda order: len(order.stays)).number


def an_answered_order(running: Running) -> int:
    """The number of the one whose customer said most."""
    with running.data():
        said = select(WorkOrder.number).join(Communication, Communication.work_order_id == WorkOrder.id)
        said = said.where(WorkOrder.shop_id == Shop.known("harbour").id).group_by(WorkOrder.number)
        return db.session.scalars(said.order_by(func.count().desc()).limit(1)).one()


def an_overview(running: Running) -> str:
    """The page of the customer who has most to decide, and has not answered if there is one."""
    with running.data():
        orders = WorkOrder.open_in(Shop.known("harbour"))
        found = [overview for order in orders if (overview := Overview.newest(order.id))]
        return max(found, key=lambda overview: (not overview.replies, len(overview.asked))).order.visit.link.path


def an_inspection(running: Running) -> int:
    """The number of the order that is on the lift, or of any that was."""
    with running.data():
        orders = [order for order in WorkOrder.open_in(Shop.known("harbour")) if order.inspection]
        return min(orders, key=lambda order: bool(order.inspection and order.inspection.is_complete)).number


def a_thread(running: Running) -> int:
    """The thread with which somebody has to deal."""
    with running.data():
        shop = Shop.known("harbour")
        return Thread.at(shop, db.session.scalars(select(StopAlarm.number).where(StopAlarm.shop_id == shop.id)).first() or MARIA).id


def a_letter(running: Running) -> int:
    """The newest that went by e-mail."""
    with running.data():
        mailed = select(Letter.id).join(Message, Letter.message_id == Message.id)
        mailed = mailed.where(Letter.shop_id == Shop.known("harbour").id, Message.channel == "email", Message.sent_at.is_not(None))
        return db.session.scalars(mailed.order_by(Letter.id.desc()).limit(1)).one()


def take(page: Page, name: str, scheme: str) -> None:
    page.wait_for_timeout(500)  # the live stream never falls silent, so there is no "idle" to wait for
    page.screenshot(path=INTO / f"{name}-{scheme}.png")


def take_training(windows: browsers.Windows, places: dict[str, object]) -> None:
    """A piece of each page, as WebP: the page that shows them all weighs less than one photo."""
    pages: dict[tuple[str, bool], Page] = {}
    for name, (who, address, on_phone) in TRAINING.items():
        if (who, on_phone) not in pages:
            pages[who, on_phone] = windows.phone(**TABLET) if on_phone else windows.desktop(**WINDOW)
            sign_in(pages[who, on_phone], who)
        page = pages[who, on_phone]
        page.goto(address.format(**places))
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.wait_for_timeout(500)
            shot = page.screenshot(clip=PAGE_ON_TABLET if on_phone else PAGE_IN_WINDOW)
            Image.open(BytesIO(shot)).save(INTO_TRAINING / f"{name}-{scheme}.webp", quality=60, method=6)


def take_pages(windows: browsers.Windows, places: dict[str, object]) -> None:
    for scheme in ("light", "dark"):
        for name, (who, address, on_phone) in PAGES.items():
            page = windows.phone(color_scheme=scheme) if on_phone else windows.desktop(color_scheme=scheme)
            if who:
                sign_in(page, who)
            page.goto(address.format(**places))
            take(page, name, scheme)
    for scheme in ("light", "dark"):
        page = windows.phone(color_scheme=scheme)
        page.goto(str(places["visit"]))
        if scheme == "light":
            page.get_by_role("button", name="Confirm appointment").tap()
        take(page, "visit-confirmed", scheme)


def main(*only: str) -> None:
    INTO.mkdir(parents=True, exist_ok=True)
    with demo() as running, browsers.chromium_running() as browser:
        windows = browsers.Windows(browser, running.address)
        places: dict[str, object] = {
            "visit": marias_link(windows.phone(), running),
            "day": next_open_day(running),
            "order": an_order(running),
        }
        places |= {"thread": a_thread(running), "answered": an_answered_order(running), "inspection": an_inspection(running)}
        places |= {"letter": a_letter(running), "overview": an_overview(running)}
        take_training(windows, places)
        if "training" not in only:
            take_pages(windows, places)
        windows.close()
        for error in windows.errors:
            print(error)
    print(f"Pictures in {INTO_TRAINING}" + ("" if "training" in only else f" and {2 * len(PAGES) + 2} in {INTO}"))


if __name__ == "__main__":
    main(*sys.argv[1:])
