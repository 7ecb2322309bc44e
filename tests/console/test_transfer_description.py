"""The transfer API does what its description says: schemathesis tries every door of it, with good records and with bad ones."""

import json
import os
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings, strategies

from console.api import access
from models import ApiToken, db
from models.api_token import SCOPES
from tests.ground.client import Visitor
from tests.ground.makers import SAM, a_shop

pytestmark = pytest.mark.one_database
ROUNDS = int(os.environ.get("WL_ROUNDS", "3"))  # of each door; most of the time goes into making up what is sent

# what a schema can't say: which numbers people have been given
schemathesis.openapi.format("phone", strategies.sampled_from(["+1 312 555 0142", "(312) 555-0143", "+31 20 794 0800"]))
schemathesis.openapi.format("email", strategies.sampled_from(["maria@mail.example", "sam.o+cars@garage.example"]))


def test_the_description_is_open_to_all_and_names_every_door(app: Flask, client: Visitor) -> None:
    described = client.get("/api/v1/openapi.json").get_json()
    doors = {
        (method, rule.rule.removeprefix("/api/v1").replace("<external_id>", "{external_id}"))
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.") and rule.endpoint != "api.describe"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    told = {(method.upper(), path) for path, about in described["paths"].items() for method in about if method != "parameters"}
    assert (described["openapi"], told) == ("3.1.0", doors)
    assert "wrenchline_" not in json.dumps(described["components"]["schemas"])


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: mode.value)
def test_every_door_does_what_is_described_of_it(app: Flask, mode: schemathesis.GenerationMode, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "OFTEN", "100000/minute")
    secret = ApiToken.make(a_shop(), "Protractor", SCOPES, by=SAM)[1]
    db.session.commit()
    config = schemathesis.Config.from_dict({"auth": {"openapi": {"token": {"bearer": secret}}}})
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", from_somewhere(app), config=config)
    for found in described.get_all_operations():
        if (
            mode is schemathesis.GenerationMode.POSITIVE or found.ok().path != "/shop"
        ):  # where nothing is asked nothing can be asked wrongly
            knock(found.ok(), mode)


def from_somewhere(app: Flask) -> Any:
    """A request has an address that it comes from; those that are made up here have none."""
    return lambda environ, start: app.wsgi_app({"REMOTE_ADDR": "127.0.0.1", **environ}, start)


def knock(operation: Any, mode: schemathesis.GenerationMode) -> None:
    @settings(
        max_examples=ROUNDS,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def tried(case: schemathesis.Case) -> None:
        case.call_and_validate(headers={"Accept-Encoding": "identity"})

    tried()
