"""docs/transfer-api.md: every command in it does what is said."""

import json
import re
from pathlib import Path

import pytest

from models import ApiToken, db
from models.api_token import SCOPES
from tests.ground.client import Visitor
from tests.ground.makers import SAM, a_shop

pytestmark = pytest.mark.one_database
GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "transfer-api.md").read_text()
COMMAND = re.compile(
    r"""curl (?:-X (?P<method>\w+) )?"\$WRENCHLINE(?P<path>[^"]+)" -H "Authorization: Bearer \$TOKEN"[^']*?"""
    r"""(?:-d '(?P<body>[^']+)')?\n(?:\n|```)"""
)


def test_the_commands_of_the_guide_work_one_after_another(client: Visitor) -> None:
    secret = ApiToken.make(a_shop(), "Protractor", SCOPES, by=SAM)[1]
    db.session.commit()
    commands = [found.groupdict() for found in COMMAND.finditer(GUIDE)]
    answers = [
        client.open(
            one["path"],
            method=one["method"] or "GET",
            json=json.loads(one["body"]) if one["body"] else None,
            headers={"Authorization": f"Bearer {secret}"},
        )
        for one in commands
    ]
    assert len(commands) == GUIDE.count("curl ") == 6
    assert [answer.status_code for answer in answers] == [200, 201, 201, 201, 200, 200]
    promised = json.loads(GUIDE.partition("```json")[2].partition("```")[0])
    said = answers[-1].get_json()
    assert [{**one, "id": 0} for one in said["results"]] == [{**one, "id": 0} for one in promised["results"]]
