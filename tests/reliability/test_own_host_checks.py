"""The look whether a shop's own name leads here: what DNS and whoever answers there may say."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import create_server

import pytest
import trustme
from flask import Flask

from models import OwnHost, SetupCheck, Shop, db
from models.own_host import proof
from models.own_host_setup import OwnHostSetup
from models.setup_check import HOST
from tests.ground import name_server
from tests.ground.makers import SAM, a_shop

pytestmark = pytest.mark.one_database

Work = Callable[[], int]
NAME = "visit.harbour.example"


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def dns(app: Flask) -> Iterator[name_server.NameServer]:
    kept = app.extensions["settings"]
    with name_server.serving() as server:
        server.addresses[NAME] = ["127.0.0.1"]
        app.extensions["settings"] = replace(kept, dns_server=server.address)
        yield server
    app.extensions["settings"] = kept


@contextmanager
def answering(app: Flask, answer: Callable[[str, str], str], certificate: trustme.LeafCert | None = None) -> Iterator[None]:
    """Somebody at the installation's port: ``answer`` is given name and path."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with app.app_context():
                body = answer(self.headers["Host"].partition(":")[0], self.path).encode()
            self.send_response(302 if body.startswith(b"http") else 200)
            self.send_header("Location", body.decode())
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *about: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            certificate.configure_cert(context)
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        scheme = "https" if certificate else "http"
        settings = app.extensions["settings"]
        app.extensions["settings"] = replace(settings, public_base_url=f"{scheme}://localhost:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
            app.extensions["settings"] = settings


def ours(name: str, path: str) -> str:
    return proof(name, path.rpartition("/")[2])


def looked(shop: Shop, work: Work) -> OwnHost:
    own = shop.own_host or OwnHost.name_it(shop, NAME, by=SAM)
    SetupCheck.begin(shop, HOST, by=SAM)
    db.session.commit()
    work()
    return own


def test_where_the_name_leads_here_the_look_says_so(app: Flask, shop: Shop, dns: name_server.NameServer, work: Work) -> None:
    with answering(app, ours):
        assert looked(shop, work).finding == "good"
    assert [item.mark for item in OwnHostSetup(shop).items] == ["good", "good", "waiting"]


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (lambda name, path: ours("localhost", path), "renamed"),
        (lambda name, path: "Welcome to our website", "elsewhere"),
        (lambda name, path: "é" * 4000, "elsewhere"),
        (lambda name, path: "http://127.0.0.1:1/", "elsewhere"),
        (lambda name, path: proof(name, "another code"), "elsewhere"),
    ],
    ids=["another name is passed on", "another's site", "nonsense", "redirect", "an answer that was overheard"],
)
def test_whoever_else_answers_there_is_not_taken_for_us(
    app: Flask, shop: Shop, dns: name_server.NameServer, work: Work, answer: Callable[[str, str], str], found: str
) -> None:
    with answering(app, answer):
        assert looked(shop, work).finding == found


def test_a_name_that_leads_nowhere_and_one_where_nobody_answers(app: Flask, shop: Shop, dns: name_server.NameServer, work: Work) -> None:
    dns.addresses.clear()
    assert looked(shop, work).finding == "nowhere"
    dns.addresses[NAME] = ["127.0.0.1"]
    with create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    app.extensions["settings"] = replace(app.extensions["settings"], public_base_url=f"http://localhost:{port}")
    assert looked(shop, work).finding == "silent"


def test_dns_that_does_not_answer_is_no_finding(
    app: Flask, shop: Shop, dns: name_server.NameServer, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.gateways.domain_names.TIMEOUT", 0.2)
    dns.silent = True
    own = looked(shop, work)
    assert own.finding == ""
    assert OwnHostSetup(shop).items[0].words == "DNS did not answer when we looked."


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "192.168.1.1", "::1", "fd00::1", "::ffff:127.0.0.1"])
def test_our_own_network_is_not_asked_for_whom_a_name_may_lead_to(
    app: Flask, shop: Shop, dns: name_server.NameServer, work: Work, address: str
) -> None:
    dns.addresses[NAME] = [address]
    app.extensions["settings"] = replace(app.extensions["settings"], public_base_url="https://visit.example.com")
    assert looked(shop, work).finding == "inside"
    assert "visit.example.com" in dns.asked


@pytest.mark.parametrize(("certified", "found"), [(NAME, "good"), ("localhost", "certificate")])
def test_the_certificate_must_be_one_for_the_name(
    app: Flask,
    shop: Shop,
    dns: name_server.NameServer,
    work: Work,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    certified: str,
    found: str,
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with answering(app, ours, authority.issue_cert(certified)):
        assert looked(shop, work).finding == found
