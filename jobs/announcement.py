"""What ``make run`` says when there is something to see: where it is, who to sign in as, where the demo's messages arrive."""

import json
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException

from settings import Settings

PATIENCE = 300  # seconds, on a machine that has much else to do; a server that ends by itself ends the wait

BANNER = """
  Wrenchline is running:  {address}/

{sign_in}  Ctrl-C ends it; the data stays in {data_dir}.
"""
SIGN_IN = """  Sign in as   ada@harbour.example    administrator
               sam@harbour.example    receptionist
               tess@harbour.example   mechanic
  Password     wrenchline-demo

  The built-in phone, where every text and e-mail arrives:  {address}/phone

"""
SET_UP = """  Nobody can sign in yet. Whoever opens this link sets up the shop, in about ten minutes, and becomes its administrator:

  {link}

  It works once, for seven days; each start prints a new one until somebody has used it.

"""


def until(seconds: float, condition: Callable[[], bool]) -> bool:
    """Wait for the condition, at most so long; whether it was met."""
    end = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < end:
        time.sleep(0.1)
    return met


def _get(settings: Settings, path: str) -> bytes:
    connection = HTTPConnection("127.0.0.1", settings.port, timeout=5)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.read() if response.status == 200 else b""
    except (OSError, HTTPException):
        return b""
    finally:
        connection.close()


def announce(settings: Settings, filled: bool, link: str = "") -> None:
    """Print where to go, once there is something to see there: a freshly filled demo's phone already holds Maria's text.

    ``link``: where the first shop is set up, in an installation that is empty.
    """
    until(PATIENCE, lambda: bool(_get(settings, "/healthz")))
    if filled:
        print("Waiting for the demo's first text to arrive", flush=True)
        until(30, lambda: any(message["to"] == "+13125550142" for message in json.loads(_get(settings, "/phone/messages.json") or "[]")))
    sign_in = SIGN_IN.format(address=settings.public_base_url) if settings.demo else SET_UP.format(link=link) if link else ""
    print(BANNER.format(address=settings.public_base_url, sign_in=sign_in, data_dir=settings.data_dir), flush=True)
