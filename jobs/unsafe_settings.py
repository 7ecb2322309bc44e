"""What the operator should change before customers rely on this installation: ``flask --app wsgi check``."""

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models import Communication, Credentials, Shop, db
from models.chain_head import ChainHead
from models.texting_setup import REGISTRATIONS
from settings import DEVELOPMENT_ACCOUNT, DEVELOPMENT_KEY, LOOPBACK, Settings

MUST, SHOULD = "MUST", "SHOULD"


@dataclass(frozen=True, slots=True)
class Fault:
    """``weight``: what must be changed makes the command fail; the rest is advice. ``about`` is a variable's name or a shop's."""

    weight: str
    about: str
    words: str

    def __str__(self) -> str:
        return f"{self.weight:6}  {self.about}: {self.words}"


def faults(settings: Settings) -> list[Fault]:
    """Of the settings, then of each shop. In a demo on this machine what serves a demo is no fault."""
    return [
        *_of_keys(settings),
        *_of_addresses(settings),
        *_of_mail(settings),
        *_of_provider(settings),
        *_of_data(settings),
        *_of_this_machine(settings),
        *_of_shops(),
        *_of_logs(),
    ]


def is_local(url: str) -> bool:
    return urlsplit(url).hostname in LOOPBACK


def _of_keys(settings: Settings) -> Iterator[Fault]:
    weight = SHOULD if settings.demo and is_local(settings.public_base_url) else MUST
    for name, key in (("SECRET_KEY", settings.secret_key), ("DATA_KEY", settings.data_key)):
        if key == DEVELOPMENT_KEY:
            yield Fault(weight, name, "is the development key, which everybody can read. Set one of your own before customers get links.")
    if settings.secret_key == settings.data_key != DEVELOPMENT_KEY:
        yield Fault(SHOULD, "DATA_KEY", "is the same as SECRET_KEY. Two keys can be changed one by one.")
    if settings.data_key_before:
        yield Fault(SHOULD, "DATA_KEY_BEFORE", "is set. Leave it out once every stored secret was saved again.")


def _of_addresses(settings: Settings) -> Iterator[Fault]:
    local = is_local(settings.public_base_url)
    if not settings.secure and not (local and settings.demo):
        yield Fault(MUST, "PUBLIC_BASE_URL", f"{settings.public_base_url} is not https: links, sign-ins and answers travel in the open.")
    if settings.demo and not local:
        yield Fault(MUST, "DEMO", "is on at an address that others reach: nothing leaves the built-in phone. Set DEMO=0.")
    if settings.demo and local:
        yield Fault(SHOULD, "DEMO", "is on: texts and e-mails go to the built-in phone, to nobody else.")
    if settings.secure and not settings.trusted_proxies:
        words = "is 0, and https needs a proxy in front: everybody would seem to come from it, and share one limit of sign-ins."
        yield Fault(SHOULD, "TRUSTED_PROXIES", words)


def _of_mail(settings: Settings) -> Iterator[Fault]:
    parts = urlsplit(settings.smtp_url)
    if not parts.hostname:
        yield Fault(MUST, "SMTP_URL", "is not set: no e-mail goes out, not even the one that lets staff choose a password.")
    elif parts.scheme == "smtp" and parts.hostname not in LOOPBACK:
        yield Fault(MUST, "SMTP_URL", "has no TLS: use smtp+starttls:// or smtps://, so that nobody reads along.")


def _of_provider(settings: Settings) -> Iterator[Fault]:
    base = urlsplit(settings.twilio_api_base)
    if base.scheme != "https" and base.hostname not in LOOPBACK:
        yield Fault(MUST, "TWILIO_API_BASE", "is not https: the auth token and every text travel in the open.")
    if bool(settings.twilio_account_sid) != bool(settings.twilio_auth_token):
        yield Fault(MUST, "TWILIO_AUTH_TOKEN", "and TWILIO_ACCOUNT_SID are needed together.")
    if settings.twilio_account_sid == DEVELOPMENT_ACCOUNT and not settings.demo:
        yield Fault(MUST, "TWILIO_ACCOUNT_SID", "is the demo's.")


def _of_data(settings: Settings) -> Iterator[Fault]:
    database = urlsplit(settings.database_url)
    if database.scheme.startswith("sqlite"):
        file = settings.database_url.removeprefix("sqlite:///")
        if (settings.data_dir / file).exists() and (settings.data_dir / file).stat().st_mode & stat.S_IROTH and not settings.demo:
            yield Fault(SHOULD, "DATABASE_URL", f"{file} can be read by every user of this machine. chmod o= it.")
        if settings.redis_url and not settings.redis_url.startswith("unix:") and not is_local(settings.redis_url):
            yield Fault(MUST, "DATABASE_URL", "is SQLite, and REDIS_URL is on another machine: only one machine can use a SQLite file.")
    elif database.hostname and database.hostname not in LOOPBACK and "sslmode" not in database.query:
        yield Fault(SHOULD, "DATABASE_URL", "names another machine without sslmode=verify-full: customers' data may travel in the open.")
    queue = urlsplit(settings.redis_url or "")
    if queue.hostname and queue.hostname not in LOOPBACK and settings.storage_url == f"file://{settings.data_dir / 'files'}":
        words = "is this machine's own folder: with several machines the others find no file in it. Use s3://, or a folder that all share."
        yield Fault(SHOULD, "STORAGE_URL", words)
    if queue.scheme == "redis" and queue.hostname not in LOOPBACK and not queue.password:
        yield Fault(SHOULD, "REDIS_URL", "names another machine without a password: who reaches it can give our workers work.")


def _of_this_machine(settings: Settings) -> Iterator[Fault]:
    if current_app.debug:
        yield Fault(MUST, "FLASK_DEBUG", "is on: whoever makes a page fail is shown our code, and may run their own.")
    if settings.log_level == "DEBUG" and not settings.demo:
        yield Fault(SHOULD, "LOG_LEVEL", "is DEBUG: what libraries tell then was not looked through for customers' data.")
    if settings.data_dir.exists() and settings.data_dir.stat().st_mode & (stat.S_IROTH | stat.S_IXOTH) and not settings.demo:
        words = f"{settings.data_dir} can be entered by every user of this machine: photos, exports and the queue are in it. chmod o= it."
        yield Fault(SHOULD, "DATA_DIR", words)


def _of_shops() -> Iterator[Fault]:
    shops = db.session.scalars(select(Shop).options(joinedload(Shop.provider_account)).order_by(Shop.slug)).all()
    if not shops:
        yield Fault(SHOULD, "shops", "there is none yet. Open the link that this prints: flask --app wsgi set-up")
    for shop in shops:
        if shop.provider_account and not shop.provider_account.is_readable:
            yield Fault(
                MUST, shop.slug, "its provider's token can't be opened with this DATA_KEY. Set DATA_KEY_BEFORE, or type the token again."
            )
        elif shop.texting_number and not Credentials.of(shop).complete:
            yield Fault(
                MUST, shop.slug, "has a number for texts and no account at a provider: set TWILIO_…, or its own in Settings, Texting."
            )
        if shop.texting_number and shop.location.registration not in REGISTRATIONS:
            yield Fault(SHOULD, shop.slug, f"nobody has said that {shop.texting_number} is registered: US carriers block what is not.")
        if not shop.email:
            yield Fault(SHOULD, shop.slug, "has no e-mail address: none of its mails can go out.")


def _of_logs() -> Iterator[Fault]:
    """Every record of every shop's communication log is read: a minute for a million of them."""
    old = {head.shop_id for head in ChainHead.sealed_before()}
    for shop in db.session.scalars(select(Shop).order_by(Shop.slug)):
        if broken := Communication.verify(shop):
            yield Fault(MUST, shop.slug, f"its communication log is not as it was written. Record {broken.seq}: {broken}.")
        elif shop.id in old:
            yield Fault(SHOULD, shop.slug, "its communication log is sealed with DATA_KEY_BEFORE. Run: flask --app wsgi seal-logs")
