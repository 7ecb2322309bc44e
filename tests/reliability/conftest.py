"""Outside parties that a test can make trouble with: the built-in phone as the text provider and mail server, and its webhooks.

| fixture | gives |
| --- | --- |
| ``provider`` | the phone in this process, which the app of this test sends to; it calls nobody back (``.make_trouble(…)``, ``.store``) |
| ``taken`` | ``taken()``: how often the provider took each (number, words); twice is once too often |
| ``calls_back`` | a phone whose webhooks reach the app of this test over HTTP |
| ``together`` | ``together(work, other_work)``: at the same moment, each in a context of its own |
| ``webhook`` | ``webhook("/message", Body="STOP", …)`` posts what Twilio would, signed; ``signature=`` forges it |
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from twilio.request_validator import RequestValidator
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from jobs.gateways import mail, texts
from jobs.gateways.phone import Alone, serve_alone
from models import Refused, db
from settings import Settings
from tests.ground.client import Visitor


@contextmanager
def sending_to(app: Flask, settings: Settings, **phone: Any) -> Iterator[Alone]:
    """The app sends to a phone of its own as long as the block lasts."""
    usual = app.extensions["settings"]
    try:
        with serve_alone(settings, mail=True, **phone) as alone:
            app.extensions["settings"] = replace(settings, twilio_api_base=alone.api_base, smtp_url=f"smtp://127.0.0.1:{alone.smtp_port}")
            yield alone
            db.session.rollback()  # what the test looked at last must not lock out those who still knock
            for gateway in (texts, mail):
                gateway.hang_up()
    finally:
        app.extensions["settings"] = usual


@pytest.fixture
def provider(app: Flask, tmp_path: Path) -> Iterator[Alone]:
    with sending_to(app, replace(app.extensions["settings"], data_dir=tmp_path), carrier=False) as phone:
        yield phone


@pytest.fixture
def calls_back(app: Flask, tmp_path: Path) -> Iterator[Alone]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    settings = replace(app.extensions["settings"], data_dir=tmp_path, port=server.port, public_base_url=f"http://127.0.0.1:{server.port}")
    with sending_to(app, settings) as phone:
        yield phone
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def taken(provider: Alone) -> Callable[[], Counter[tuple[str, str]]]:
    return provider.store.accepted


@pytest.fixture
def webhook(app: Flask, client: Visitor) -> Callable[..., TestResponse]:
    settings: Settings = app.extensions["settings"]

    def post(path: str, *, signature: str | None = None, headers: dict[str, str] | None = None, **fields: str) -> TestResponse:
        path = f"/hooks/twilio{path}"
        fields = {"AccountSid": settings.twilio_account_sid, **fields}
        right = RequestValidator(settings.twilio_auth_token).compute_signature(settings.public_base_url + path, fields)
        sign = {"X-Twilio-Signature": right if signature is None else signature}
        return client.post(path, data=fields, headers={**({} if signature == "none" else sign), **(headers or {})})

    return post


@pytest.fixture
def together(app: Flask) -> Callable[..., list[Any]]:
    """Let these run at the same moment, each in a context of its own; returns what they returned, or the Refused that they met."""

    def run(*works: Callable[[], Any]) -> list[Any]:
        db.session.commit()
        barrier = threading.Barrier(len(works))

        def one(work: Callable[[], Any]) -> Any:
            with app.app_context():
                barrier.wait()
                try:
                    result = work()
                except Refused as refused:
                    return refused
                db.session.commit()
                return result

        with ThreadPoolExecutor(len(works)) as pool:
            results = list(pool.map(one, works))
        db.session.expire_all()
        return results

    return run
