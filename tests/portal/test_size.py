"""What a page costs on a slow network: bytes as they were sent and requests, counted in Chromium."""

import pytest
from playwright.sync_api import Page, Request, expect

from tests.ground.browser import Windows
from tests.ground.running import Running
from tests.portal.test_visit_in_browser import Booked

pytestmark = pytest.mark.browser
TO_READ = 14_000  # bytes: the first round trip of a new connection
ALL = 40_000


class Meter:
    """Counts what a page fetches while it is open."""

    def __init__(self, page: Page) -> None:
        self.finished: list[Request] = []
        page.on("requestfinished", lambda request: self.finished.append(request))
        self._debugger = page.context.new_cdp_session(page)

    def begin_anew(self) -> None:
        """As a phone that was never here."""
        self._debugger.send("Network.clearBrowserCache")
        self._debugger.send("Network.clearBrowserCookies")
        self.finished.clear()

    @property
    def kinds(self) -> list[str]:
        return [request.resource_type for request in self.finished]

    def sent(self, *kinds: str) -> int:
        """Bytes of the bodies of these kinds, packed as they came over the wire."""
        return sum(request.sizes()["responseBodySize"] for request in self.finished if not kinds or request.resource_type in kinds)


@pytest.mark.parametrize("said", ["", "Confirm appointment", "Request reschedule"], ids=["asking", "confirmed", "requested"])
def test_a_page_fits_the_first_round_trip_and_blocks_on_one_stylesheet(windows: Windows, running: Running, said: str) -> None:
    booked = Booked(running, logo=True)
    page = windows.phone(extra_http_headers={"Accept-Encoding": "gzip, br"})
    if said:
        page.goto(booked.link)
        page.get_by_role("button", name=said).click()
        expect(page.get_by_role("status").get_by_role("heading")).to_be_focused()
    page.goto("about:blank")
    meter = Meter(page)
    for language in ("en", "es", "nl"):
        meter.begin_anew()
        page.goto(f"{booked.link}?lang={language}", wait_until="load")
        assert sorted(meter.kinds) == ["document", "image", "script", "stylesheet"]
        assert all(meter.sent(kind) for kind in meter.kinds), "nothing was kept from before"
        assert meter.sent("document", "stylesheet") <= TO_READ
        assert meter.sent("document", "stylesheet", "script") <= ALL
        assert page.locator("script:not([defer])").count() == 0
        assert page.evaluate("performance.getEntriesByType('resource').filter(e => e.renderBlockingStatus === 'blocking').length") == 1


def test_an_answer_sends_a_few_kilobytes_and_nothing_else(phone: Page, running: Running) -> None:
    phone.goto(Booked(running).link, wait_until="load")
    meter = Meter(phone)
    phone.get_by_role("button", name="Confirm appointment").click()
    expect(phone.get_by_role("heading", name="Your appointment is confirmed")).to_be_visible()
    answers = [
        request for request in meter.finished if request.method == "POST" and request.url.partition("?")[0].endswith("/confirmation")
    ]
    assert len(answers) == 1
    assert answers[0].sizes()["responseBodySize"] <= 3_000


def test_the_second_visit_fetches_the_page_alone(windows: Windows, running: Running) -> None:
    page = windows.phone()
    booked = Booked(running, logo=True)
    page.goto(booked.link, wait_until="load")
    page.goto("about:blank")
    page.goto(booked.link, wait_until="load")
    over_the_wire = page.evaluate("performance.getEntriesByType('resource').filter(entry => entry.transferSize).map(entry => entry.name)")
    assert over_the_wire == []
