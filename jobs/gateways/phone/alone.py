"""The phone without the rest of the house, for tests: the stand-in provider in this very process, on a free port."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from socket import create_server
from urllib.parse import urlencode

import urllib3
from flask import Flask
from werkzeug.serving import BaseWSGIServer, make_server

from jobs.gateways.phone.carrier import Carrier
from jobs.gateways.phone.line import Phone
from jobs.gateways.phone.mail import catcher
from jobs.gateways.phone.store import Store
from settings import Settings

HOUSE = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class Alone:
    """A phone that runs. ``api_base`` is what ``TWILIO_API_BASE`` must be; ``store`` shows what it took (``store.accepted()``)."""

    url: str
    api_base: str
    smtp_port: int | None
    phone: Phone

    @property
    def store(self) -> Store:
        return self.phone.store

    def make_trouble(self, **fields: object) -> None:
        """``POST /phone/trouble``: what the next sends meet. Raises ValueError with the phone's sentence when it can't be made."""
        self._post("/trouble", fields)

    def answer(self, handset: str, party: str, body: str, **fields: object) -> None:
        """``POST /phone/messages``: the customer texts back. Raises ValueError when it can't be."""
        self._post("/messages", {"from": handset, "to": party, "body": body, **fields})

    def _post(self, path: str, fields: dict[str, object]) -> None:
        values = {name: str(value) for name, value in fields.items()}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        response = urllib3.request("POST", self.url + path, body=urlencode(values), headers=headers, timeout=10)
        if response.status != 201:
            raise ValueError(response.data.decode())


@contextmanager
def serve_alone(settings: Settings, port: int = 0, *, carrier: bool = True, mail: bool = False) -> Iterator[Alone]:
    """Runs the phone on 127.0.0.1 in threads of this process until the block ends.

    ``settings`` gives the account, the data folder (``phone.db`` is made there) and ``public_base_url``, where answers of customers
    are posted; ``port`` 0 takes a free one. ``carrier=False`` sends no webhooks, as if the carrier had died; what is due stays due.
    ``mail=True`` also catches mail, on a free port (``smtp_port``). For a phone in a process of its own, run
    ``python -m jobs.gateways.phone --alone PORT`` with the settings in the environment.

        with serve_alone(settings) as phone:
            client = ...                             # a Twilio client against phone.api_base
            phone.make_trouble(fate="timeout", hold=3)
            ...
            assert max(phone.store.accepted().values()) == 1
    """
    with ExitStack() as stack:
        server, phone = server_alone(settings, port)
        stack.callback(phone.store.close)
        if carrier:
            stack.enter_context(_running(Carrier(phone)))
        controller = catcher(phone, port=_free_port()) if mail else None
        if controller:
            controller.start()
            stack.callback(controller.stop)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        stack.callback(thread.join)
        stack.callback(server.server_close)
        stack.callback(server.shutdown)
        url = f"http://127.0.0.1:{server.port}/phone"
        yield Alone(url, f"{url}/twilio", controller.port if controller else None, phone)


def server_alone(settings: Settings, port: int) -> tuple[BaseWSGIServer, Phone]:
    """A small app with nothing but the phone, and its server, bound but not yet serving."""
    from jobs.gateways.phone import install

    app = Flask("phone", root_path=str(HOUSE))
    install(app, settings)
    server = make_server("127.0.0.1", port, app, threaded=True)
    here = replace(settings, twilio_api_base=f"http://127.0.0.1:{server.port}/phone/twilio")  # where it keeps what handsets send
    phone = app.extensions["phone"] = Phone(here, app.extensions["phone"].store)
    return server, phone


@contextmanager
def _running(carrier: Carrier) -> Iterator[None]:
    thread = threading.Thread(target=carrier.run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        carrier.stop()
        thread.join()


def _free_port() -> int:
    with create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
