"""Somebody at a browser without a screen, over the network: cookies, and the forms of a page."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import urllib3

from tests.portal.forms import Reading

PATIENCE = urllib3.Timeout(connect=20, read=60)
Answer = urllib3.BaseHTTPResponse


@dataclass
class Person:
    """``address`` is where the person goes; ``headers`` what is said with every request."""

    address: str
    pool: urllib3.PoolManager
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    origin: str = ""  # where the pages think that they are, if that is elsewhere

    def get(self, path: str, **more: Any) -> Answer:
        return self.ask("GET", path, **more)

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any) -> Answer:
        """Raises ``urllib3.exceptions.HTTPError`` when there is no answer."""
        said = {**self.headers, **(headers or {})}
        if self.cookies:
            said["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.pool.request(method, self.address + path, headers=said, retries=False, redirect=False, timeout=PATIENCE, **more)
        for cookie in answer.headers.getlist("Set-Cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def press(self, page: str, button: str, headers: dict[str, str] | None = None) -> Answer:
        """Open the page and press the button."""
        form = Reading(self.get(page).data.decode()).forms[button]
        own = {"Origin": self.origin or self.address, "Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", form.action, headers={**own, **(headers or {})}, body=urlencode(form.fields))
