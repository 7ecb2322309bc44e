"""Debian's Chromium, driven by Playwright: phones and desktops that fail a test when a page breaks its own rules."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from jobs.machine import chromium
from tests.ground.absent import cannot_run
from tests.ground.makers import PASSWORD

AXE = (Path(__file__).resolve().parents[1] / "vendor" / "axe-4.14.1.min.js").read_text()
ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
    # Of two switches the last one counts, so the first lines are Playwright's own. What the others name is drawn anew, in a process of its
    # own, for each window's address bar, which nobody sees: half of what a window costs.
    "--disable-features="
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,LensOverlay,"
    "MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch,"
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup",
]
DESKTOP: dict[str, Any] = {"viewport": {"width": 1366, "height": 768}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Mobile Safari/537.36",
}
PATIENCE = 30_000  # milliseconds: what comes comes at once, except on a machine that has much else to do
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Chromium reports each answer of 4xx as an error of the page; those are the test's business, while 5xx is nobody's wish.
EXPECTED = "Failed to load resource: the server responded with a status of 4"


@contextmanager
def chromium_running() -> Iterator[Browser]:
    program = shutil.which("chromium-headless-shell") or chromium()  # its windows, which it need not draw, cost half
    if program is None:
        cannot_run("Chromium is not installed (Debian: chromium)")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


class Windows:
    """Opens windows, each a person of their own: no cookies are shared between two.

    ``errors`` collects what the pages complained of (scripts that failed, what the content security policy blocked).
    """

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address
        self.contexts: list[BrowserContext] = []
        self.errors: list[str] = []

    def phone(self, **options: Any) -> Page:
        """A customer's phone: 390 × 844, touch. ``java_script_enabled=False``, ``locale="es"`` and the like pass through."""
        return self._open({**PHONE, **options})

    def desktop(self, **options: Any) -> Page:
        """A receptionist's screen: 1366 × 768."""
        return self._open({**DESKTOP, **options})

    def close(self) -> None:
        for context in self.contexts:
            context.close()

    def _open(self, options: dict[str, Any]) -> Page:
        context = self.browser.new_context(base_url=self.address, reduced_motion="reduce", **options)
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._heard)
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED):
            self.errors.append(message.text)


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """By the form at the front door, sent without being drawn; tests/console/test_journeys.py has it drawn."""
    form = page.request.get("/console/sign-in").text()
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert token
    answer = page.request.post("/console/sign-in", form={"csrf_token": token[1], "email": email, "password": password}, max_redirects=0)
    assert answer.status == 303, f"{email} is not let in"


def opened(page: Page, email: str, path: str = "/console/") -> Page:
    """What this member of the staff sees at a path of the console, its scripts loaded and its stream open."""
    sign_in(page, email)
    page.goto(path)
    expect(page.locator("#live-state")).to_contain_text("Live")
    return page


def violations(page: Page, *, dark: bool = False, **options: Any) -> list[str]:
    """What axe-core finds on the page as it stands, one line each: rule, what is wrong, where.

    With ``dark`` the page is looked at again in the dark, for its colours: nothing else differs there.
    axe-core is evaluated by the debugger, since the page's own policy lets no script in.
    """
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE)
    with _shown_whole(page):
        found = _ask_axe(page, {"runOnly": WCAG, **options})
        if dark:
            page.emulate_media(color_scheme="dark")
            found += [f"dark: {line}" for line in _ask_axe(page, {"runOnly": ["color-contrast"]})]
            page.emulate_media(color_scheme="light")
    return found


@contextmanager
def _shown_whole(page: Page) -> Iterator[None]:
    """In a window as high as the page, so that no bar at an edge of the window happens to lie over half a button."""
    size, height = page.viewport_size, page.evaluate("document.documentElement.scrollHeight")
    assert size
    page.set_viewport_size({"width": size["width"], "height": max(height, size["height"])})
    yield
    page.set_viewport_size(size)


def _ask_axe(page: Page, options: dict[str, Any]) -> list[str]:
    usual = {"preload": {"assets": ["media"]}, "resultTypes": ["violations"]}  # the style sheets it would fetch anew serve no rule of these
    found = page.evaluate("options => axe.run(document, options).then(answer => answer.violations)", {**usual, **options})
    return [f"{rule['id']}: {rule['help']}: {node['target']} {node['html'][:120]}" for rule in found for node in rule["nodes"]]
