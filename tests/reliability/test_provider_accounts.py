"""A shop's own account at the text provider: its credentials win, its webhooks are proved by its token alone, its secrets stay secrets."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from jobs.gateways import texts
from jobs.gateways.phone import Alone
from models import Credentials, DeliveryReport, IncomingText, Message, ProviderAccount, Refused, Shop, clock, db, sealed
from models.provider_account import ROTATION
from settings import Settings
from tests.ground.client import Visitor
from tests.ground.makers import MARIA, SAM, a_drop_off, a_shop
from tests.reliability.conftest import sending_to

OWN, TOKEN, SERVICE = "AC" + "a" * 32, "0123456789abcdef0123456789abcdef", "MG" + "b" * 32
Hook = Callable[..., TestResponse]
Work = Callable[[], int]


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop()


@pytest.fixture
def hook(settings: Settings, client: Visitor) -> Hook:
    """What a provider posts for a number, signed with this token."""

    def post(
        path: str, shop: Shop, account: str = OWN, token: str = TOKEN, algorithm: str = "HMAC_SHA1", headers: dict[str, str] | None = None
    ) -> TestResponse:
        path = f"/hooks/twilio{path}"
        fields = {"AccountSid": account, "MessageSid": "SM1", "From": MARIA, "To": shop.texting_number or "", "Body": "Is it ready?"}
        fields["MessageStatus"] = "delivered"
        signature = RequestValidator(token).compute_signature(settings.public_base_url + path, fields, algorithm)
        return client.post(path, data=fields, headers={"X-Twilio-Signature": signature, **(headers or {})})

    return post


def with_account(shop: Shop, token: str = TOKEN, account: str = OWN, service: str = "") -> ProviderAccount:
    kept = ProviderAccount.keep(shop, account, token, service, by=SAM)
    db.session.commit()
    return kept


def count(noun: type) -> int:
    return db.session.scalar(select(func.count()).select_from(noun)) or 0


@pytest.fixture
def own_provider(app: Flask, settings: Settings, tmp_path: Path) -> Iterator[Alone]:
    """A provider that knows the shop's own account and no other."""
    its = replace(settings, data_dir=tmp_path, twilio_account_sid=OWN, twilio_auth_token=TOKEN)
    usual = app.extensions["settings"]
    with sending_to(app, its, carrier=False) as phone:
        app.extensions["settings"] = replace(usual, twilio_api_base=phone.api_base)
        yield phone


# sending


def test_a_text_goes_by_the_shops_own_account(shop: Shop, own_provider: Alone, work: Work) -> None:
    with_account(shop)
    message = a_drop_off(shop).messages[0]
    work()
    assert (message.state, own_provider.store.accepted().total()) == ("sent", 1)


def test_without_one_it_goes_by_the_installations(shop: Shop, own_provider: Alone, work: Work) -> None:
    message = a_drop_off(shop).messages[0]
    work()
    assert (message.state, message.failure) == ("failed", "20003"), "this provider does not know the installation's account"
    assert "credentials" in message.failure_words


def test_two_shops_in_one_drain_each_go_by_their_own(shop: Shop, own_provider: Alone, work: Work) -> None:
    with_account(shop)
    mine, other = a_drop_off(shop).messages[0], a_drop_off(a_shop("northgate", texting_number="+12125550110")).messages[0]
    work()
    assert (mine.state, other.state) == ("sent", "failed")


def test_the_shops_own_messaging_service_sends(shop: Shop, own_provider: Alone, work: Work) -> None:
    with_account(shop, service=SERVICE)
    a_drop_off(shop)
    work()
    assert [text.service_sid for text in own_provider.store.messages()] == [SERVICE]


def test_a_lost_text_is_looked_for_in_the_shops_own_account(shop: Shop, own_provider: Alone, work: Work) -> None:
    with_account(shop)
    message = a_drop_off(shop).messages[0]
    work()
    assert list(texts.find(texts.outgoing(message), clock.now())) == [message.provider_id]


def test_without_any_account_a_text_waits_until_there_is_one(app: Flask, shop: Shop, settings: Settings, work: Work) -> None:
    app.extensions["settings"] = replace(settings, twilio_account_sid="", twilio_auth_token="")
    message = a_drop_off(shop).messages[0]
    work()
    app.extensions["settings"] = settings
    assert (message.state, message.failure) == ("queued", "text_setup")
    assert "text provider" in message.failure_words


# secrets


def test_the_token_is_sealed_in_the_database(shop: Shop) -> None:
    account = with_account(shop)
    row = db.session.execute(text("SELECT * FROM provider_accounts")).mappings().one()
    assert not any(TOKEN in str(value) for value in row.values())
    assert (account.token, account.token_end) == (TOKEN, TOKEN[-4:])
    assert TOKEN not in repr(Credentials.of(shop))


def test_a_key_that_was_changed_opens_with_the_one_before_and_nothing_opens_without(app: Flask, shop: Shop, settings: Settings) -> None:
    account = with_account(shop)
    try:
        app.extensions["settings"] = replace(settings, data_key="n" * 40)
        assert (account.token, account.is_readable, Credentials.of(shop).complete) == ("", False, False)
        app.extensions["settings"] = replace(settings, data_key="n" * 40, data_key_before=settings.data_key)
        assert account.token == TOKEN
        again = sealed.seal(TOKEN)
        app.extensions["settings"] = replace(settings, data_key="n" * 40)
        assert sealed.opened(again) == TOKEN, "what is sealed now is sealed under the new key"
    finally:
        app.extensions["settings"] = settings


def test_what_was_tampered_with_does_not_open(app: Flask) -> None:
    one = sealed.seal("secret")
    with pytest.raises(sealed.Unreadable):
        sealed.opened(one[:-4] + "AAA=")


@pytest.mark.parametrize(
    ("account", "token", "service", "field"),
    [
        ("", TOKEN, "", "account_sid"),
        ("AC123", TOKEN, "", "account_sid"),
        ("SK" + "a" * 32, TOKEN, "", "account_sid"),
        (OWN, "", "", "auth_token"),
        (OWN, "short", "", "auth_token"),
        (OWN, "with a space in it and long", "", "auth_token"),
        (OWN, "x" * 20_000, "", "auth_token"),
        (OWN, TOKEN, "MG1", "service_sid"),
    ],
)
def test_credentials_that_can_not_be_are_refused_beside_their_field(shop: Shop, account: str, token: str, service: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        ProviderAccount.keep(shop, account, token, service, by=SAM)
    assert list(refused.value.errors) == [field]
    assert shop.provider_account is None


def test_the_token_stays_when_only_the_service_changes_but_not_for_another_account(shop: Shop) -> None:
    with_account(shop)
    assert with_account(shop, token="", service=SERVICE).credentials == Credentials(OWN, TOKEN, SERVICE)
    with pytest.raises(Refused):
        ProviderAccount.keep(shop, "AC" + "c" * 32, "", "", by=SAM)


# webhooks


def test_a_webhook_is_proved_by_the_token_of_the_shop_whose_number_it_names(shop: Shop, hook: Hook) -> None:
    with_account(shop)
    assert hook("/message", shop).status_code == 200
    assert count(IncomingText) == 1


def test_the_installations_token_proves_nothing_for_a_shop_with_its_own_account(shop: Shop, hook: Hook, settings: Settings) -> None:
    with_account(shop)
    assert hook("/message", shop, settings.twilio_account_sid, settings.twilio_auth_token).status_code == 403
    assert hook("/message", shop, OWN, settings.twilio_auth_token).status_code == 403
    assert count(IncomingText) == 0


def test_one_shops_account_proves_nothing_for_another_shops_number(shop: Shop, hook: Hook, settings: Settings) -> None:
    with_account(shop)
    other = a_shop("northgate", texting_number="+12125550110")
    assert hook("/message", other).status_code == 403, "of a shop without an account"
    with_account(other, token="f" * 32, account="AC" + "d" * 32)
    assert hook("/message", other).status_code == 403, "of a shop with another account"
    assert hook("/message", other, "AC" + "d" * 32, TOKEN).status_code == 403
    assert count(IncomingText) == 0


def test_who_claims_anothers_account_with_a_token_of_their_own_is_heard_for_their_own_number_alone(shop: Shop, hook: Hook) -> None:
    with_account(shop)
    thief = a_shop("northgate", texting_number="+12125550110")
    with_account(thief, token="f" * 32)
    assert hook("/message", shop, OWN, "f" * 32).status_code == 403
    assert hook("/message", thief, OWN, "f" * 32).status_code == 200


def test_a_report_is_proved_by_the_shop_whose_text_it_is_about(shop: Shop, hook: Hook, settings: Settings) -> None:
    message = a_drop_off(shop).messages[0]
    with_account(shop)
    address = f"/status/{message.uid}"
    assert hook(address, shop, OWN, "f" * 32).status_code == 403
    assert hook(address, shop).status_code == 200
    assert count(DeliveryReport) == 1
    assert hook(address, shop, settings.twilio_account_sid, settings.twilio_auth_token).status_code == 200, (
        "sent before the shop had its own"
    )


@pytest.mark.parametrize("path", ["/message", "/status/{uid}"])
def test_a_replay_is_kept_once(shop: Shop, hook: Hook, path: str) -> None:
    message: Message = a_drop_off(shop).messages[0]
    with_account(shop)
    assert [hook(path.format(uid=message.uid), shop).status_code for _ in range(3)] == [200] * 3
    assert count(IncomingText) + count(DeliveryReport) == 1


def test_the_header_chooses_the_algorithm_and_no_key(shop: Shop, hook: Hook) -> None:
    with_account(shop)
    named = {"X-Twilio-Webhooks-Signature-Settings": "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"}
    assert hook("/message", shop, algorithm="HMAC_SHA256", headers=named).status_code == 200
    assert hook("/message", shop, algorithm="HMAC_SHA256").status_code == 403
    assert hook("/message", shop, headers=named).status_code == 403
    assert hook("/message", shop, token="webhooks_sharedkey_1", algorithm="HMAC_SHA256", headers=named).status_code == 403
    nonsense = {"X-Twilio-Webhooks-Signature-Settings": "algorithm=NONE"}
    assert hook("/message", shop, headers=nonsense).status_code == 403


def test_after_a_rotation_the_token_before_counts_for_a_day(shop: Shop, hook: Hook) -> None:
    with_account(shop)
    account = with_account(shop, token="9" * 32)
    assert [hook("/message", shop, token=token).status_code for token in (TOKEN, "9" * 32)] == [200, 200]
    account.token_since = clock.now() - ROTATION
    assert [hook("/message", shop, token=token).status_code for token in (TOKEN, "9" * 32)] == [403, 200]


def test_the_token_of_an_account_that_was_left_counts_no_more(shop: Shop, hook: Hook) -> None:
    with_account(shop)
    with_account(shop, token="9" * 32, account="AC" + "e" * 32)
    assert hook("/message", shop, OWN, TOKEN).status_code == 403
    assert hook("/message", shop, "AC" + "e" * 32, TOKEN).status_code == 403


def test_behind_a_proxy_the_public_address_is_what_was_signed(make_app: Callable[..., Flask], shop: Shop) -> None:
    with_account(shop)
    app = make_app(PUBLIC_BASE_URL="https://visit.example.com", TRUSTED_PROXIES="1", SECRET_KEY="k" * 40, DATA_KEY="d" * 40)
    fields = {"AccountSid": OWN, "MessageSid": "SM1", "From": MARIA, "To": shop.texting_number or "", "Body": "hi"}
    with app.app_context():
        found = db.session.get(Shop, shop.id)
        assert found
        ProviderAccount.keep(found, OWN, TOKEN, "", by=SAM)  # under this app's own key
        db.session.commit()
    signed = RequestValidator(TOKEN).compute_signature("https://visit.example.com/hooks/twilio/message", fields)
    inside = {"Host": "10.0.0.7:8000", "X-Forwarded-Host": "elsewhere.example", "X-Forwarded-Proto": "http", "X-Twilio-Signature": signed}
    visitor = Visitor(app, app.response_class)
    assert visitor.post("/hooks/twilio/message", data=fields, headers=inside).status_code == 200
    wrong = RequestValidator(TOKEN).compute_signature("http://10.0.0.7:8000/hooks/twilio/message", fields)
    assert visitor.post("/hooks/twilio/message", data=fields, headers={**inside, "X-Twilio-Signature": wrong}).status_code == 403
