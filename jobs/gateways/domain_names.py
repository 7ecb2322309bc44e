"""What DNS says about a name, with time-outs; from the system's name server, or the one that the operator named."""

from typing import Any

from flask import current_app

TIMEOUT = 4.0  # seconds for one name


class Silent(Exception):
    """Nobody answered, or nobody who could."""


def texts_of(name: str) -> list[str]:
    """The TXT records of a name, each put together; none if it has none. Raises Silent."""
    from dns.exception import DNSException
    from dns.resolver import NXDOMAIN, NoAnswer

    try:
        answer = _resolver().resolve(name, "TXT", search=False)
    except (NXDOMAIN, NoAnswer):
        return []
    except (DNSException, OSError) as problem:
        raise Silent from problem
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]


def addresses_of(name: str) -> list[str]:
    """The IP addresses that a name leads to, in the end; none if it leads nowhere. Raises Silent."""
    from dns.exception import DNSException
    from dns.resolver import NXDOMAIN, NoAnswer

    if name == "localhost" or name.endswith(".localhost"):  # by agreement this machine, which no name server is asked about
        return ["127.0.0.1"]
    try:
        return list(_resolver().resolve_name(name, search=False).addresses())
    except (NXDOMAIN, NoAnswer):
        return []
    except (DNSException, OSError) as problem:
        raise Silent from problem


def _resolver() -> Any:
    from dns.resolver import Resolver

    server = current_app.extensions["settings"].dns_server
    resolver = Resolver(configure=not server)
    resolver.timeout, resolver.lifetime = TIMEOUT / 2, TIMEOUT
    if server:
        host, _colon, port = server.rpartition(":")
        resolver.nameservers, resolver.port = [host.strip("[]")], int(port)
    return resolver
