"""Whose name a request comes by: the installation's, a shop's own, where only that shop's customers find anything, or none of ours."""

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from flask import Flask, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response
from werkzeug.wsgi import get_host

from models import NotFound, OwnHost, reading
from settings import LOOPBACK, Settings
from web import security_headers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = structlog.get_logger()

HERE = "portal.host"  # in a request's environment: the shop's whose name it came by
FRESH, SOON = 10.0, 1.0  # seconds that names are kept, and until they are looked up for one that is not among them
SIGNED = "/hooks/"  # a webhook proves by its signature that it is meant for us: what a customer wrote is not lost by a proxy's carelessness
ANYWHERE = re.compile(r"/healthz(?:/[^/]*)?")  # whoever watches over us asks by an IP address


@dataclass(frozen=True, slots=True)
class OwnPlace:
    name: str
    shop_id: int
    slug: str


class Doorkeeper:
    """Stands before everything, files included: nobody gets an answer under a name that is not ours, or one without the headers of ours.

    The shops' names are kept for a moment in each process, all of them, so that strange names, of which anybody may send any number,
    cost a look into the database once in a while and no memory.
    """

    def __init__(self, app: Flask, inside: "WSGIApplication") -> None:
        self._app, self._inside = app, inside
        self._places: dict[str, OwnPlace] = {}
        self._looked = float("-inf")

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        begin = partial(_begun, start, security_headers(self._app.extensions["settings"]))
        name = named(environ)
        if not self._is_main(name) and not ANYWHERE.fullmatch(environ["PATH_INFO"]):
            place = self._own(name)
            if place:
                environ[HERE] = place
            elif not environ["PATH_INFO"].startswith(SIGNED):
                return _refused(environ, begin)
        return self._inside(environ, begin)

    def forget(self) -> None:
        self._looked = float("-inf")

    def _is_main(self, name: str) -> bool:
        settings: Settings = self._app.extensions["settings"]
        # on a developer's machine it goes by all of its names; in the demo the built-in phone posts to one of them
        return name == settings.host or (name in LOOPBACK and (settings.host in LOOPBACK or settings.demo))

    def _own(self, name: str) -> OwnPlace | None:
        age = time.monotonic() - self._looked
        if age > FRESH or (age > SOON and name not in self._places):
            self._look()
        return self._places.get(name)

    def _look(self) -> None:
        self._looked = time.monotonic()  # before: while one looks, the others make do with what is known
        try:
            with self._app.app_context(), reading():
                self._places = {place[0]: OwnPlace(*place) for place in OwnHost.answering()}
        except SQLAlchemyError:
            log.warning("names of shops not read anew, those that were known still count")


def named(environ: "WSGIEnvironment") -> str:
    """The name that the client asked for, as it is kept; empty where that is no name. A proxy's word counts by TRUSTED_PROXIES alone."""
    host = get_host(environ).lower()
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    return name.removesuffix(".")


def here() -> OwnPlace | None:
    """The shop by whose own name this request came; None at the installation's."""
    place: OwnPlace | None = request.environ.get(HERE)
    return place


def belongs_here(shop_id: int) -> None:
    """Raises NotFound: under a shop's own name nothing of another's is found."""
    place = here()
    if place and place.shop_id != shop_id:
        raise NotFound("Shop")


def _begun(
    start: "StartResponse", ours: dict[str, str], status: str, headers: list[tuple[str, str]], *mistake: Any
) -> "Callable[[bytes], object]":
    """Begin the answer, with those of our headers that it has not got of its own."""
    given = {name.lower() for name, _value in headers}
    return start(status, [*headers, *(one for one in ours.items() if one[0].lower() not in given)], *mistake)


def _refused(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
    return Response("There is nothing at this address.\n", 421, mimetype="text/plain")(environ, start)
