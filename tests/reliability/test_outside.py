"""Addresses that a shop typed: what a name led to when it was looked at is what is called, and nobody there holds a worker for long."""

import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import trustme
from flask import Flask

from jobs.gateways import FateUnknown, Undelivered, ftp, outside, own_hosts, plates, print_service
from jobs.gateways.ftp import NotTaken, Parcel, Place
from jobs.gateways.plates import Sought
from models.plate_lookup import Outcome
from models.print_service import PrintAccount
from tests.ground import name_server, scripted
from tests.ground.name_server import NameServer
from tests.ground.scripted import Scripted

pytestmark = pytest.mark.one_database

NAME, KEY = "print.partner.example", "test_0123456789abcdef0123"
NONE = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"data":[]}'


@pytest.fixture
def dns(app: Flask) -> Iterator[NameServer]:
    """The name leads to this machine."""
    usual = app.extensions["settings"]
    with name_server.serving() as server:
        server.addresses[NAME] = ["127.0.0.1"]
        app.extensions["settings"] = replace(usual, dns_server=server.address)
        yield server
        print_service.hang_up()
    app.extensions["settings"] = usual


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return authority


def certified(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def in_business(app: Flask) -> None:
    """The installation is on the internet, not on this machine."""
    app.extensions["settings"] = replace(app.extensions["settings"], public_base_url="https://visit.example.com")


def at(it: Scripted, scheme: str = "http") -> PrintAccount:
    return PrintAccount(f"{scheme}://{NAME}:{it.port}", KEY, is_own_address=True)


def test_what_was_looked_up_is_what_is_called_and_the_certificate_is_that_of_the_name(
    app: Flask, dns: NameServer, authority: trustme.CA
) -> None:
    with scripted.serving(scripted.says(NONE), certified(authority, NAME)) as it:
        assert [print_service.find(at(it, "https"), "uid") for _time in range(2)] == [None, None]
    assert it.callers == 1, "the connection is kept"
    assert f"Host: {NAME}:{it.port}".encode() in it.heard[0]
    assert dns.asked.count(NAME) == 2, "A and AAAA, once"


def test_a_certificate_for_another_name_is_not_taken(app: Flask, dns: NameServer, authority: trustme.CA) -> None:
    with scripted.serving(scripted.says(NONE), certified(authority, "localhost")) as it, pytest.raises(Undelivered) as refused:
        print_service.find(at(it, "https"), "uid")
    assert (refused.value.code, it.heard) == ("certificate", [])


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_name_that_leads_inside_is_not_called(app: Flask, dns: NameServer, scheme: str) -> None:
    in_business(app)
    with scripted.serving(scripted.says(NONE)) as it:
        with pytest.raises(Undelivered) as refused:
            print_service.find(at(it, scheme), "uid")
        assert plates.look_up(Sought(f"{scheme}://{NAME}:{it.port}/", KEY, "A", "IL", "US", "x"))[0] is Outcome.silent
        with pytest.raises(NotTaken) as not_taken:
            list(ftp.hand_over(Place(NAME, it.port, "u", "p"), Parcel(b"", "a.csv", "a.part")))
    assert (refused.value.code, not_taken.value.code, it.callers) == ("print_setup", "inside", 0)


def test_a_partners_files_do_not_go_to_the_installations_own_network_either(app: Flask, dns: NameServer) -> None:
    in_business(app)
    dns.addresses["visit.example.com"] = dns.addresses[NAME] = ["10.0.0.7"]
    with pytest.raises(NotTaken) as not_taken:
        list(ftp.hand_over(Place(NAME, 21, "u", "p"), Parcel(b"", "a.csv", "a.part")))
    assert not_taken.value.code == "inside"
    assert own_hosts.allowed(["10.0.0.7"]) == ["10.0.0.7"], "a name that leads here is looked at here"


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.7", "100.64.0.1", "169.254.169.254", "172.16.0.1", "192.168.1.1", "224.0.0.1", "0.0.0.0"),
        *("::1", "::", "fd00::1", "fe80::1", "fec0::1", "ff02::1", "::ffff:10.0.0.7", "::10.0.0.7"),
        *("64:ff9b::a00:7", "64:ff9b:1::5db8:d822", "2002:a00:7::1"),
    ],
)
def test_no_spelling_of_an_inner_address_is_taken_for_one_outside(address: str) -> None:
    assert not outside.is_outside(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_addresses_on_the_internet_are(address: str) -> None:
    assert outside.is_outside(address)


def _head(it: Scripted, line: socket.socket) -> None:
    line.recv(65536)
    it.drip(line, b"HTTP/1.1 200 OK\r\nX-")


def _body(it: Scripted, line: socket.socket) -> None:
    line.recv(65536)
    it.drip(line, b"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n")


def _handshake(it: Scripted, line: socket.socket) -> None:
    line.recv(65536)
    it.drip(line, b"\x16\x03\x03\x40\x00\x02")  # the head of a long TLS record


@pytest.mark.parametrize(("script", "scheme"), [(_head, "http"), (_body, "http"), (_handshake, "https")])
def test_who_answers_a_byte_at_a_time_does_not_hold_a_worker(
    app: Flask, dns: NameServer, monkeypatch: pytest.MonkeyPatch, script: Callable[[Scripted, socket.socket], None], scheme: str
) -> None:
    monkeypatch.setattr(print_service, "LONGEST", 0.5)
    monkeypatch.setattr(plates, "TIMEOUT", 0.5)
    with scripted.serving(script) as it:
        with pytest.raises((FateUnknown, Undelivered)):
            print_service.find(at(it, scheme), "uid")
        with pytest.raises((FateUnknown, Undelivered)):
            print_service.find(replace(at(it, scheme), address=f"{scheme}://127.0.0.1:{it.port}", is_own_address=False), "uid")
        assert plates.look_up(Sought(f"{scheme}://{NAME}:{it.port}/", KEY, "A", "IL", "US", "x"))[0] is Outcome.silent


def test_a_kept_connection_is_cut_in_its_second_call_too(app: Flask, dns: NameServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def at_first_well(it: Scripted, line: socket.socket) -> None:
        line.recv(65536)
        line.sendall(NONE)
        _head(it, line)

    with scripted.serving(at_first_well) as it:
        assert print_service.find(at(it), "uid") is None
        monkeypatch.setattr(print_service, "LONGEST", 0.5)
        with pytest.raises(FateUnknown):
            print_service.find(at(it), "uid")
    assert it.callers == 1


@pytest.mark.parametrize("begin", [b"220-welcome\r\n", b""])
def test_a_partners_server_that_never_ends_its_sentence_is_left(
    app: Flask, dns: NameServer, monkeypatch: pytest.MonkeyPatch, begin: bytes
) -> None:
    monkeypatch.setattr(ftp, "LONGEST", 0.5)
    with scripted.serving(lambda it, line: it.drip(line, begin)) as it, pytest.raises(NotTaken):
        list(ftp.hand_over(Place(NAME, it.port, "u", "p"), Parcel(b"", "a.csv", "a.part")))


def test_an_own_name_that_leads_to_a_slow_talker_is_found_silent(app: Flask, dns: NameServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_hosts, "LONGEST", 0.5)
    with scripted.serving(_body) as it:
        app.extensions["settings"] = replace(app.extensions["settings"], public_base_url=f"http://localhost:{it.port}")
        assert [finding.code for finding in own_hosts.look(NAME)] == ["good", "silent"]
