"""Settings, Transfer: a token is made, shown once, revoked; an administrator sees what came with it."""

import pytest
from flask import Flask
from sqlalchemy import select

from models import ApiToken, Entry, Shop, db
from models.api_token import SCOPES
from tests.ground.client import Visitor
from tests.ground.makers import SAM, a_member, a_shop, signed_in

pytestmark = pytest.mark.one_database
TICKED = {"system": "Protractor", "note": "Front desk", "scopes": ["customers:write", "vehicles:write"]}


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def ada(client: Visitor, shop: Shop) -> Visitor:
    return signed_in(client, a_member(shop, "administrator"))


def the_token() -> ApiToken:
    return db.session.scalars(select(ApiToken)).one()


def test_a_token_is_shown_once_and_only_its_hash_is_kept(ada: Visitor) -> None:
    made = ada.post("/console/settings/transfer/tokens", data=TICKED)
    token = the_token()
    secret = made.text.partition('value="wrenchline_')[2].partition('"')[0]
    assert (made.status_code, made.headers["Cache-Control"], len(secret)) == (201, "no-store", 43)
    assert (token.system, token.note, token.scopes, secret[-4:]) == ("Protractor", "Front desk", TICKED["scopes"], token.tail)
    assert ApiToken.found(f"wrenchline_{secret}").id == token.id
    kept = [*vars(token).values(), *(entry.details for entry in db.session.scalars(select(Entry)))]
    later = ada.get("/console/settings/transfer")
    assert secret not in str(kept) + later.text
    assert f"…{token.tail}" in later.text


def test_a_revoked_token_opens_nothing_from_now_on(ada: Visitor, visitors: object, shop: Shop) -> None:
    token, secret = ApiToken.make(shop, "Claire", SCOPES, by=SAM)
    headers = {"Authorization": f"Bearer {secret}"}
    assert ada.get("/api/v1/shop", headers=headers).status_code == 200
    ada.post(f"/console/settings/transfer/tokens/{token.id}/revocation")
    assert ada.get("/api/v1/shop", headers=headers).status_code == 401
    assert [entry.verb for entry in db.session.scalars(select(Entry).where(Entry.subject == "api_tokens"))] == [
        "api_token.made",
        "api_token.revoked",
    ]


def test_another_shops_token_is_not_found(ada: Visitor) -> None:
    token = ApiToken.make(a_shop("northgate"), "Claire", SCOPES, by=SAM)[0]
    assert ada.post(f"/console/settings/transfer/tokens/{token.id}/revocation").status_code == 404
    assert not token.is_revoked


def test_what_is_wrong_stands_beside_its_field_and_what_was_ticked_stays(ada: Visitor) -> None:
    page = ada.post("/console/settings/transfer/tokens", data={"system": " ", "note": "x" * 81})
    assert page.status_code == 422
    assert all(words in page.text for words in ("Name the other system", "Please keep it under 80", "Tick at least one"))
    assert "checked" not in page.text.partition('class="scopes"')[2].partition("</table>")[0]


def test_a_second_token_of_a_system_keeps_its_ids_whatever_its_spelling(shop: Shop) -> None:
    ApiToken.make(shop, "R.O. Writer", SCOPES, by=SAM)
    assert ApiToken.make(shop, " r.o.  writer", SCOPES, by=SAM)[0].system == "R.O. Writer"
