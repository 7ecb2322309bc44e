"""``make screenshots``: the main pages of a fresh demo, phone and desktop, light and dark, into docs/screenshots/."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Page

from tests.ground import browser as browsers
from tests.ground import folder
from tests.ground.running import Running

INTO = Path(__file__).resolve().parents[1] / "docs" / "screenshots"
MARIA = "+13125550142"
PASSWORD = "wrenchline-demo"
# name: who looks (None: nobody is signed in), address, on a phone?
PAGES = {
    "visit": (None, "{visit}", True),
    "sign-in": (None, "/", False),
    "built-in-phone": (None, "/phone/", False),
    "today": ("sam@harbour.example", "/console/", False),
    "new-appointment": ("sam@harbour.example", "/console/appointments/new", False),
    "queue": ("tess@harbour.example", "/console/queue", True),
}


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


def main() -> None:
    INTO.mkdir(parents=True, exist_ok=True)
    with demo() as running, browsers.chromium_running() as browser:
        for scheme in ("light", "dark"):
            windows = browsers.Windows(browser, running.address)
            for name, (who, address, on_phone) in PAGES.items():
                page = windows.phone(color_scheme=scheme) if on_phone else windows.desktop(color_scheme=scheme)
                if who:
                    sign_in(page, who)
                page.goto(marias_link(page, running) if address == "{visit}" else address)
                page.wait_for_timeout(500)  # the live stream never falls silent, so there is no "idle" to wait for
                page.screenshot(path=INTO / f"{name}-{scheme}.png")
            windows.close()
            for error in windows.errors:
                print(error)
    print(f"{2 * len(PAGES)} pictures in {INTO}")


if __name__ == "__main__":
    main()
