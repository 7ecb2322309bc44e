"""Every address of the app that a request can reach, for tests that knock at all of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter, Rule

NOBODYS = 987_654_321  # an id that no test's row has


@dataclass(frozen=True)
class Door:
    """One method at one address; ``policy`` is what the view declares, None if it declares nothing."""

    method: str
    url: str
    endpoint: str
    policy: str | None

    @property
    def room(self) -> str:
        """The blueprint, or nothing for what the app itself serves."""
        return self.endpoint.rpartition(".")[0]

    def __str__(self) -> str:
        return f"{self.method} {self.url}"


def _value(converter: BaseConverter, id: int) -> int | str:
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return id if isinstance(converter, IntegerConverter) else "A" * 22


def _url(rule: Rule, id: int) -> str:
    values = {name: _value(converter, id) for name, converter in rule._converters.items()}
    built = rule.build({**values, **(rule.defaults or {})})
    assert built
    return built[1]


def doors(app: Flask, id: int = NOBODYS) -> Iterator[Door]:
    """Every method of every rule, with ``id`` for the numbers in its address and nonsense for its words."""
    for rule in app.url_map.iter_rules():
        if not rule.build_only:
            view = app.view_functions[rule.endpoint]
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield Door(method, _url(rule, id), rule.endpoint, getattr(view, "policy", None))
