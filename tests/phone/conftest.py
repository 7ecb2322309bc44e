"""A phone that runs alone, a receiver in the shop's place that writes down what it is posted, and the provider's own client."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response as TwilioResponse
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from werkzeug.datastructures import MultiDict
from werkzeug.serving import make_server

from jobs.gateways.phone import Alone, install, serve_alone
from settings import Settings

MARIA, HARBOUR, NORTHGATE = "+13125550142", "+13125550100", "+12125550110"


@dataclass
class Posted:
    """One webhook as it came: where, what, and with which signature."""

    path: str
    form: MultiDict[str, str]
    signature: str
    token: str


@dataclass
class Receiver:
    """The shop's side. ``hang_up`` cuts that many connections without an answer before it takes one."""

    url: str = ""
    posted: list[Posted] = field(default_factory=list)
    hang_up: int = 0

    def wait(self, count: int) -> list[Posted]:
        until(lambda: len(self.posted) >= count)
        return self.posted

    def statuses(self) -> list[str]:
        return [each.form["MessageStatus"] for each in self.posted]


def until(truth: Callable[[], object], seconds: float = 60.0) -> None:
    """Waits until something that another thread brings about is so."""
    end = time.monotonic() + seconds
    while not truth():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.01)


class Here(TwilioHttpClient):
    """The provider's HTTP client, with its own address swapped for the phone's."""

    def __init__(self, base: str, timeout: float) -> None:
        super().__init__(timeout=timeout)
        self.base = base

    def request(self, method: str, url: str, *args: object, **kwargs: object) -> TwilioResponse:
        return super().request(method, url.replace("https://api.twilio.com", self.base), *args, **kwargs)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    app, received = Flask("receiver"), Receiver()

    @app.post("/hooks/<path:path>")
    def take(path: str) -> tuple[str, int]:
        if received.hang_up:
            received.hang_up -= 1
            request.environ["werkzeug.socket"].shutdown(2)
        else:
            headers = request.headers
            token = headers["I-Twilio-Idempotency-Token"]
            received.posted.append(Posted(request.full_path.rstrip("?"), request.form, headers["X-Twilio-Signature"], token))
        return "", 204

    server = make_server("127.0.0.1", 0, app, threaded=True)
    received.url = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield received
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def settings(tmp_path: Path, receiver: Receiver) -> Settings:
    return Settings.from_environment({"DATA_DIR": str(tmp_path), "PUBLIC_BASE_URL": receiver.url})


@pytest.fixture
def phone(settings: Settings) -> Iterator[Alone]:
    with serve_alone(settings) as running:
        yield running


@pytest.fixture
def still(settings: Settings) -> Iterator[Alone]:
    """A phone whose carrier is away: it takes texts and sends no webhook."""
    with serve_alone(settings, carrier=False) as running:
        yield running


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Alone]:
    with serve_alone(settings, carrier=False, mail=True) as running:
        yield running


@pytest.fixture
def web(settings: Settings) -> Iterator[FlaskClient]:
    """The phone's pages without a server: for what a request answers."""
    house = Path(__file__).resolve().parents[2]
    app = Flask("phone", root_path=str(house))
    install(app, settings)
    yield app.test_client()
    app.extensions["phone"].store.close()


@pytest.fixture
def client_of(settings: Settings) -> Callable[..., Client]:
    """The provider's client for a phone, with a time-out in seconds."""

    def make(phone: Alone, timeout: float = 30) -> Client:
        http = Here(phone.api_base, timeout)
        return Client(settings.twilio_account_sid, settings.twilio_auth_token, http_client=http)

    return make


@pytest.fixture
def signed(settings: Settings, receiver: Receiver) -> Callable[[Posted], bool]:
    """Whether a webhook carries the signature of its exact address and fields."""
    validator = RequestValidator(settings.twilio_auth_token)
    return lambda posted: bool(validator.validate(receiver.url + posted.path, posted.form, posted.signature))
