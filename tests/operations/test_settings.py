"""The environment is read once; what makes no sense is refused by its name, before anything starts."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from settings import DEVELOPMENT_KEY, Misconfigured, Settings

KEY = "k" * 48
SHOP = {"PUBLIC_BASE_URL": "https://visit.example.com", "SECRET_KEY": KEY, "DATA_KEY": KEY}
# What an environment variable can hold: no NUL, and it can be encoded.
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)


def refusal(**environ: str) -> str:
    with pytest.raises(Misconfigured) as refused:
        Settings.from_environment(environ)
    return str(refused.value)


def is_port(text: str) -> bool:
    return text.isdecimal() and int(text) < 65536


@given(words.filter(lambda text: not is_port(text)))
@example("-1")
@example("65536")
@example("8000.5")
@example("²")
@pytest.mark.parametrize("name", ["PORT", "TRUSTED_PROXIES"])
def test_a_number_that_is_none_is_refused(name: str, text: str) -> None:
    assert refusal(**{name: text}).startswith(f"{name}: ")


@given(words.filter(lambda text: not text.lower().startswith(("http://", "https://"))))
@example("visit.example.com")
@example("ftp://visit.example.com")
@example("https://")
@example("https://visit.example.com/shop")
@example("https://visit.example.com?shop=1")
@example("https://[visit")
@example("https://visit.example.com:port")
def test_an_address_that_is_none_is_refused(text: str) -> None:
    assert refusal(PUBLIC_BASE_URL=text).startswith("PUBLIC_BASE_URL: ")


@given(words.filter(lambda text: text.lower() not in {"0", "1", "on", "off"}))
def test_a_switch_that_is_neither_on_nor_off_is_refused(text: str) -> None:
    assert refusal(DEMO=text).startswith("DEMO: ")


@given(words.filter(lambda text: text.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}))
def test_a_log_level_that_is_none_is_refused(text: str) -> None:
    assert refusal(LOG_LEVEL=text).startswith("LOG_LEVEL: ")


@given(words.filter(lambda text: text.split(":", 1)[0] not in {"sqlite", "postgres", "postgresql", "postgresql+psycopg"}))
@example("mysql://localhost/shop")
def test_a_database_that_we_do_not_know_is_refused(text: str) -> None:
    assert refusal(DATABASE_URL=text).startswith("DATABASE_URL: ")


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("REDIS_URL", "http://localhost:6379"),
        ("REDIS_URL", "localhost"),
        ("REDIS_URL", "redis://[localhost"),
        ("STORAGE_URL", "/srv/files"),
        ("STORAGE_URL", "ftp://files.example.com"),
        ("SMTP_URL", "mail.example.com"),
        ("SMTP_URL", "imap://mail.example.com"),
    ],
)
def test_a_scheme_that_we_do_not_speak_is_refused(name: str, url: str) -> None:
    assert refusal(**{name: url}).startswith(f"{name}: ")


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATA_KEY"])
@pytest.mark.parametrize("key", ["", DEVELOPMENT_KEY, "short"])
def test_a_shop_in_business_needs_keys_of_its_own(name: str, key: str) -> None:
    assert refusal(**{**SHOP, name: key}).startswith(f"{name}: ")


@given(st.text(st.characters(codec="ascii", exclude_characters="\0"), min_size=1, max_size=31))
def test_a_short_key_is_refused_even_here_and_is_not_repeated(key: str) -> None:
    said = refusal(SECRET_KEY=key)
    assert said.startswith("SECRET_KEY: ")
    assert said == refusal(SECRET_KEY="another")


def test_a_refusal_says_what_would_do() -> None:
    assert refusal(PORT="eighty") == "PORT: 'eighty' is no whole number from 0 to 65535. Leave it out for 8000"


def test_nothing_set_is_a_demo_on_this_machine() -> None:
    settings = Settings.from_environment({})
    assert (settings.port, settings.public_base_url, settings.demo, settings.secure) == (8000, "http://localhost:8000", True, False)
    assert settings.data_dir == Path("var").resolve()
    assert settings.database_url == f"sqlite:///{Path('var').resolve()}/wrenchline.db"


def test_a_shop_in_business_is_no_demo_and_has_no_pretended_provider() -> None:
    settings = Settings.from_environment(SHOP)
    assert (settings.demo, settings.secure, settings.twilio_account_sid, settings.smtp_url) == (False, True, "", "")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_spoken_to_by_psycopg(scheme: str) -> None:
    settings = Settings.from_environment({"DATABASE_URL": f"{scheme}://u:p@host/shop"})
    assert settings.database_url == "postgresql+psycopg://u:p@host/shop"


def test_the_queue_is_the_operators_or_else_a_socket_in_the_data_folder(tmp_path: Path) -> None:
    assert Settings.from_environment({"REDIS_URL": "redis://cache:6379/0"}).queue_url == "redis://cache:6379/0"
    assert Settings.from_environment({"DATA_DIR": str(tmp_path)}).queue_url == f"unix://{tmp_path}/valkey.sock"


def test_a_data_folder_too_deep_for_a_socket_gets_a_short_one_of_its_own() -> None:
    deep = [Settings.from_environment({"DATA_DIR": f"/srv/{'deep/' * 30}{name}"}).queue_url for name in "ab"]
    assert all(len(url.removeprefix("unix://")) < 100 for url in deep)
    assert deep[0] != deep[1]


@pytest.mark.parametrize(
    "address", ["bounces", "@mail.example.com", "a*b*@mail.example.com", "a@*.example.com", f"{'b' * 22}*@mail.example.com"]
)
def test_a_mailbox_for_what_comes_back_that_can_not_be_is_refused(address: str) -> None:
    assert refusal(BOUNCE_ADDRESS=address).startswith("BOUNCE_ADDRESS")


def test_such_a_mailbox_may_leave_room_for_a_code() -> None:
    assert Settings.from_environment({"BOUNCE_ADDRESS": f"{'b' * 21}*@mail.example.com"}).bounce_address.startswith("bbb")


def test_s3_without_its_package_is_refused_before_the_first_file_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("settings.find_spec", lambda name: None)
    assert refusal(STORAGE_URL="s3://wrenchline-files").startswith("STORAGE_URL: names S3, and s3fs is not installed")


@pytest.mark.parametrize("typed", ["312 555 0199", "+12", "+1 call me", "help@wrench.example"])
def test_a_support_number_without_its_country_is_refused(typed: str) -> None:
    assert refusal(SUPPORT_PHONE=typed).startswith("SUPPORT_PHONE: ")
    assert refusal(SUPPORT_TEXT=typed).startswith("SUPPORT_TEXT: ")


def test_how_to_reach_support_is_kept_as_it_is_dialled_and_may_be_left_out() -> None:
    settings = Settings.from_environment({"SUPPORT_PHONE": "+1 (312) 555-0199", "SUPPORT_EMAIL": "help@wrench.example"})
    assert (settings.support_phone, settings.support_text, settings.support_email) == ("+13125550199", "", "help@wrench.example")
