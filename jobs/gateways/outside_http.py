"""``outside`` for whoever speaks through requests: its connections, kept alive, each call of them watched."""

import socket
import ssl
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NewConnectionError

from jobs.gateways import domain_names, outside

CONNECTING = 5.0  # seconds for one address


class _Watched(HTTPConnection):
    """Ends with the present time, also when it was opened in an earlier one."""

    def _new_conn(self) -> socket.socket:
        line = super()._new_conn()
        outside.watch(line)
        return line

    def request(self, *arguments: Any, **named: Any) -> None:
        if self.sock is not None:
            outside.watch(self.sock)
        super().request(*arguments, **named)


class _Pinned(_Watched):
    """Leads where ``outside`` allows; name and certificate are looked at as ever."""

    def _new_conn(self) -> socket.socket:
        try:
            return outside.connected(self.host, self.port or self.default_port, CONNECTING)
        except (OSError, domain_names.Silent) as problem:
            raise NewConnectionError(self, type(problem).__name__) from problem


class _WatchedTls(_Watched, HTTPSConnection):
    pass


class _PinnedTls(_Pinned, HTTPSConnection):
    pass


def _pools(plain: type[HTTPConnection], secured: type[HTTPConnection]) -> dict[str, Any]:
    return {
        "http": type("Pool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("Pool", (HTTPSConnectionPool,), {"ConnectionCls": secured}),
    }


class _Adapter(HTTPAdapter):
    def __init__(self, pools: dict[str, Any]) -> None:
        self._pools = pools
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        super().init_poolmanager(*arguments, ssl_context=ssl.create_default_context(), **named)  # this machine's authorities, as elsewhere
        self.poolmanager.pool_classes_by_scheme = self._pools


_WATCHED, _PINNED = _pools(_Watched, _WatchedTls), _pools(_Pinned, _PinnedTls)


def session(*, anywhere: bool) -> requests.Session:
    """To be used ``outside.within`` a time. ``anywhere``: the operator's own address, which may be inside; else a call raises Inside."""
    made = requests.Session()
    made.trust_env = False  # no proxy of the machine's, and no .netrc before the key that is given
    for scheme in ("http://", "https://"):
        made.mount(scheme, _Adapter(_WATCHED if anywhere else _PINNED))
    return made
