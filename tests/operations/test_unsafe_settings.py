"""``flask --app wsgi check``: what must be changed before customers rely on an installation, and what should be."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from jobs.unsafe_settings import MUST, faults
from models import Communication, ProviderAccount, Shop, db
from settings import DEVELOPMENT_ACCOUNT, DEVELOPMENT_KEY, Settings
from tests.ground.each import each
from tests.ground.makers import SAM, a_shop, a_work_order

pytestmark = pytest.mark.one_database

KEYS = {"secret_key": "s" * 40, "data_key": "d" * 40}
SAFE: dict[str, Any] = {
    **KEYS,
    "public_base_url": "https://visit.example.com",
    "demo": False,
    "trusted_proxies": 1,
    "smtp_url": "smtp+starttls://u:p@mail.example.com:587",
    "twilio_account_sid": "AC" + "a" * 32,
    "twilio_auth_token": "f" * 32,
    "twilio_api_base": "https://api.twilio.com",
    "database_url": "postgresql+psycopg://u:p@db.example.com/shop?sslmode=verify-full",
    "redis_url": "rediss://:p@queue.example.com/0",
    "storage_url": "s3://wrenchline-files",
}


@pytest.fixture
def safe(app: Flask, settings: Settings, tmp_path: Path) -> Settings:
    """A shop in business, with nothing to change."""
    tmp_path.chmod(0o700)
    shop = a_shop()
    shop.location.registration = "10dlc"
    db.session.commit()
    return replace(settings, **SAFE, data_dir=tmp_path)


def found(settings: Settings) -> list[tuple[str, str]]:
    return [(fault.weight, fault.about) for fault in faults(settings)]


def test_a_safe_installation_has_nothing_to_change(safe: Settings) -> None:
    assert found(safe) == []


@each(
    ("change", "fault"),
    [
        ({"secret_key": DEVELOPMENT_KEY}, ("MUST", "SECRET_KEY")),
        ({"data_key": DEVELOPMENT_KEY}, ("MUST", "DATA_KEY")),
        ({"data_key": "s" * 40}, ("SHOULD", "DATA_KEY")),
        ({"data_key_before": "b" * 40}, ("SHOULD", "DATA_KEY_BEFORE")),
        ({"public_base_url": "http://visit.example.com"}, ("MUST", "PUBLIC_BASE_URL")),
        ({"public_base_url": "http://localhost:8000"}, ("MUST", "PUBLIC_BASE_URL")),
        ({"demo": True}, ("MUST", "DEMO")),
        ({"trusted_proxies": 0}, ("SHOULD", "TRUSTED_PROXIES")),
        ({"smtp_url": ""}, ("MUST", "SMTP_URL")),
        ({"smtp_url": "smtp://u:p@mail.example.com"}, ("MUST", "SMTP_URL")),
        ({"twilio_api_base": "http://api.example.com"}, ("MUST", "TWILIO_API_BASE")),
        ({"twilio_auth_token": ""}, ("MUST", "TWILIO_AUTH_TOKEN")),
        ({"twilio_auth_token": "", "twilio_account_sid": ""}, ("MUST", "harbour")),
        ({"database_url": "postgresql+psycopg://u:p@db.example.com/shop"}, ("SHOULD", "DATABASE_URL")),
        ({"redis_url": "redis://queue.example.com/0"}, ("SHOULD", "REDIS_URL")),
        ({"data_dir": Path("/var/lib/w"), "storage_url": "file:///var/lib/w/files"}, ("SHOULD", "STORAGE_URL")),
        ({"database_url": "sqlite:////srv/wrenchline.db"}, ("MUST", "DATABASE_URL")),
        ({"twilio_account_sid": DEVELOPMENT_ACCOUNT}, ("MUST", "TWILIO_ACCOUNT_SID")),
        ({"log_level": "DEBUG"}, ("SHOULD", "LOG_LEVEL")),
    ],
)
def test_an_unsafe_setting_is_named(app: Flask, safe: Settings, change: dict[str, Any], fault: tuple[str, str]) -> None:
    usual, app.extensions["settings"] = app.extensions["settings"], replace(safe, **change)
    try:
        assert fault in found(app.extensions["settings"])
    finally:
        app.extensions["settings"] = usual


def test_what_every_user_of_the_machine_can_read_is_named(app: Flask, safe: Settings) -> None:
    file = safe.data_dir / "wrenchline.db"
    file.touch(mode=0o644)
    file.chmod(0o644)
    usual, app.extensions["settings"] = app.extensions["settings"], replace(safe, database_url=f"sqlite:///{file}", redis_url=None)
    try:
        assert found(app.extensions["settings"]) == [("SHOULD", "DATABASE_URL")]
        file.chmod(0o600)
        assert found(app.extensions["settings"]) == []
        safe.data_dir.chmod(0o755)
        assert found(app.extensions["settings"]) == [("SHOULD", "DATA_DIR")]
    finally:
        app.extensions["settings"] = usual


def test_a_debugger_is_named(app: Flask, safe: Settings) -> None:
    app.debug = True
    try:
        assert found(safe) == [("MUST", "FLASK_DEBUG")]
    finally:
        app.debug = False


def test_a_data_folder_that_is_made_is_for_us_alone(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    make_app(DATA_DIR=str(tmp_path / "new"))
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0


def test_a_number_that_nobody_said_is_registered_is_named(safe: Settings) -> None:
    a_shop("northgate", texting_number="+12125550110")
    assert found(safe) == [("SHOULD", "northgate")]


def test_a_stored_token_that_the_key_does_not_open_is_named(app: Flask, safe: Settings) -> None:
    shop = Shop.with_slug("harbour")
    assert shop
    ProviderAccount.keep(shop, "AC" + "a" * 32, "f" * 32, "", by=SAM)
    usual, app.extensions["settings"] = app.extensions["settings"], safe
    try:
        assert found(safe) == [("MUST", "harbour")]
    finally:
        app.extensions["settings"] = usual


def test_the_command_ends_with_1_only_where_something_must_be_changed(app: Flask, settings: Settings, safe: Settings) -> None:
    try:
        for its, code, said in (
            (settings, 0, "SHOULD  SECRET_KEY"),
            (safe, 0, "Nothing to change."),
            (replace(safe, smtp_url=""), 1, "MUST    SMTP_URL"),
        ):
            app.extensions["settings"] = its
            answer = app.test_cli_runner().invoke(args=["check"])
            assert (answer.exit_code, said in answer.output) == (code, True), answer.output
    finally:
        app.extensions["settings"] = settings


def test_no_secret_is_repeated(safe: Settings) -> None:
    said = " ".join(str(fault) for fault in faults(replace(safe, smtp_url="smtp://user:hush-hush@mail.example.com", secret_key="k" * 41)))
    assert "hush-hush" not in said
    assert MUST in said


def test_a_communication_log_that_was_changed_is_named_in_plain_words(app: Flask, safe: Settings) -> None:
    shop = Shop.with_slug("harbour")
    assert shop
    usual, app.extensions["settings"] = app.extensions["settings"], safe
    try:
        order = a_work_order(shop)
        for version in (1, 2, 3):
            Communication.write(order, "sent", facts={"version": version}, personal={"name": "Maria Lopez"})
        db.session.commit()
        assert found(safe) == []
        db.session.execute(update(Communication).where(Communication.seq == 2).values(facts={"version": 3}))
        db.session.commit()
        answer = app.test_cli_runner().invoke(args=["check"])
        assert answer.exit_code == 1
        assert "MUST    harbour: its communication log is not as it was written. Record 2: what it says was changed." in answer.output
    finally:
        app.extensions["settings"] = usual


def test_after_a_new_key_the_logs_are_sealed_with_it(app: Flask, safe: Settings) -> None:
    shop = Shop.with_slug("harbour")
    assert shop
    usual = app.extensions["settings"]
    try:
        app.extensions["settings"] = safe
        Communication.write(a_work_order(shop), "sent", facts={})
        db.session.commit()
        app.extensions["settings"] = changed = replace(safe, data_key="n" * 40, data_key_before=safe.data_key)
        assert ("SHOULD", "harbour") in found(changed)
        assert "harbour: sealed." in app.test_cli_runner().invoke(args=["seal-logs"]).output
        app.extensions["settings"] = replace(changed, data_key_before="")
        assert found(app.extensions["settings"]) == []
        app.extensions["settings"] = safe
        assert ("MUST", "harbour") in found(safe), "a key that nobody sealed it with"
    finally:
        app.extensions["settings"] = usual
