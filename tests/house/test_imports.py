"""The rooms of the house and the doors between them, read off the imports of every module."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("portal", "console", "web", "models", "jobs")
ROOT_MODULES = ("settings.py", "wsgi.py")

# Who must not know whom: a room, and the beginnings of names that it may not import.
CLOSED = {
    "portal": ("console", "tests"),
    "console": ("portal", "tests"),
    "models": ("portal", "console", "jobs", "web", "wsgi", "tests"),
    "jobs": ("portal", "console", "tests"),
    "web": ("portal", "console", "jobs", "wsgi", "tests"),
}
# What belongs to one request, and so to no rule of the house.
OF_A_REQUEST = {"flask": {"request", "g", "session", "has_request_context", "request_ctx"}, "flask_login": {"current_user"}}
TO_THE_OUTSIDE = (
    "smtplib",
    "requests",
    "httpx",
    "urllib.request",
    "urllib3",
    "http.client",
    "ftplib",
    "twilio",
    "socket",
    "aiosmtpd",
    "sentry_sdk",
    "dns",
)
# The doors that are open, each with its reason.
DOORS = {
    ("portal/hooks.py", "twilio.request_validator"): "checks a signature, calls nobody",
    ("jobs/data_folder.py", "socket"): "asks whether a port of this machine is free",
    ("jobs/announcement.py", "http.client"): "asks our own /healthz on loopback",
}


def imports(source: str, package: str) -> Iterator[str]:
    """Every module that the source imports, wherever in it, with what it takes from there: ``flask``, ``flask.request``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*parents, *([node.module] if node.module else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def begins(name: str, beginnings: tuple[str, ...]) -> bool:
    return any(name == beginning or name.startswith(beginning + ".") for beginning in beginnings)


def faults(path: str, source: str) -> list[str]:
    """What a module imports that its room may not."""
    room = path.split("/")[0]
    package = ".".join(Path(path).parent.parts)
    names = set(imports(source, package))
    wrong = {name for name in names if begins(name, CLOSED.get(room, ()))}
    if room == "models":
        wrong |= {f"{module}.{name}" for module, taken in OF_A_REQUEST.items() for name in taken} & names
    if not path.startswith("jobs/gateways/"):
        wrong |= {name for name in names if begins(name, TO_THE_OUTSIDE)}
    doors = tuple(name for module, name in DOORS if module == path)
    return sorted(name for name in wrong if not begins(name, doors) and not any(door.startswith(name + ".") for door in doors))


def modules() -> list[str]:
    found = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")] + [
        ROOT / name for name in ROOT_MODULES if (ROOT / name).exists()
    ]
    return sorted(str(path.relative_to(ROOT)) for path in found)


def test_there_are_modules_to_look_at() -> None:
    assert len(modules()) > 10


def test_every_module_imports_only_what_its_room_may() -> None:
    wrong = {path: faults(path, (ROOT / path).read_text()) for path in modules()}
    assert {path: found for path, found in wrong.items() if found} == {}


def test_every_open_door_leads_somewhere() -> None:
    for path, name in DOORS:
        if (ROOT / path).exists():
            assert name in set(imports((ROOT / path).read_text(), "")), f"{path} no longer imports {name}"


@pytest.mark.parametrize(
    ("path", "source", "found"),
    [
        ("portal/visits.py", "import console.board", ["console.board"]),
        ("console/board.py", "def f():\n    from portal import visits", ["portal", "portal.visits"]),
        ("console/board.py", "from ..portal import visits", ["portal", "portal.visits"]),
        ("models/shop.py", "from flask import request, Flask", ["flask.request"]),
        ("models/shop.py", "from jobs import later", ["jobs", "jobs.later"]),
        ("jobs/texts.py", "from console.board import shown", ["console.board", "console.board.shown"]),
        ("jobs/texts.py", "import smtplib", ["smtplib"]),
        ("web/uploads.py", "from urllib.request import urlopen", ["urllib.request", "urllib.request.urlopen"]),
        ("portal/hooks.py", "from twilio.rest import Client", ["twilio.rest", "twilio.rest.Client"]),
    ],
)
def test_a_forbidden_import_is_found(path: str, source: str, found: list[str]) -> None:
    assert faults(path, source) == found


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("portal/visits.py", "from models import Shop\nfrom web import panel\nfrom urllib.parse import quote"),
        ("portal/hooks.py", "from twilio.request_validator import RequestValidator"),
        ("jobs/gateways/mail.py", "import smtplib, socket"),
        ("models/shop.py", "from .base import Base\nfrom flask_sqlalchemy import SQLAlchemy"),
    ],
)
def test_an_allowed_import_is_not(path: str, source: str) -> None:
    assert faults(path, source) == []
