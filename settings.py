"""The environment, read once, typed, and refused in plain words when it makes no sense."""

import os
import re
from base64 import b64decode
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from tempfile import gettempdir
from urllib.parse import SplitResult, urlsplit

DEVELOPMENT_KEY = "development-only-key-not-for-a-shop-in-business"
DEVELOPMENT_ACCOUNT = "AC" + "0" * 31 + "1"
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Misconfigured(SystemExit):
    """A setting that can't work: the variable's name, what is wrong and what would do."""

    def __init__(self, name: str, problem: str, hint: str) -> None:
        super().__init__(f"{name}: {problem}. {hint}")


@dataclass(frozen=True, slots=True)
class Settings:
    port: int
    data_dir: Path
    public_base_url: str
    secret_key: str
    data_key: str
    data_key_before: str
    database_url: str
    redis_url: str | None
    storage_url: str
    smtp_url: str
    bounce_address: str
    mail_hook_secret: str
    twilio_account_sid: str
    twilio_auth_token: str
    twilio_messaging_service_sid: str
    twilio_api_base: str
    print_api_base: str
    support_phone: str
    support_text: str
    support_email: str
    sentry_dsn: str
    trusted_proxies: int
    log_level: str
    demo: bool
    dns_server: str

    @property
    def secure(self) -> bool:
        """Whether browsers reach us over https, so that cookies can be ``Secure`` and carry ``__Host-``."""
        return self.public_base_url.startswith("https://")

    @property
    def host(self) -> str:
        """The name in ``public_base_url``, where console and webhooks are."""
        return urlsplit(self.public_base_url).hostname or ""

    @property
    def queue_url(self) -> str:
        """Where Redis or Valkey answers: the operator's own, else the embedded server's socket in the data folder."""
        path = self.data_dir / "valkey.sock"
        if len(os.fsencode(path)) > 100:  # the system's limit for a socket's path is 104 or 108 bytes
            path = Path(gettempdir()) / f"wrenchline-{sha256(os.fsencode(path)).hexdigest()[:16]}.sock"
        return self.redis_url or f"unix://{path}"

    @classmethod
    def from_environment(cls, environ: dict[str, str] | None = None) -> "Settings":
        env = dict(os.environ if environ is None else environ)
        port = _whole(env, "PORT", 8000)
        data_dir = Path(env.get("DATA_DIR") or "var").resolve()
        public = (env.get("PUBLIC_BASE_URL") or f"http://localhost:{port}").rstrip("/")
        parts = _parts("PUBLIC_BASE_URL", public)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
            raise Misconfigured("PUBLIC_BASE_URL", f"{public!r} is no address", "Give scheme and host, like https://visit.example.com")
        local = parts.hostname in LOOPBACK
        demo = _switch(env, "DEMO", local)
        return cls(
            port=port,
            data_dir=data_dir,
            public_base_url=public,
            secret_key=_key(env, "SECRET_KEY", local),
            data_key=_key(env, "DATA_KEY", local),
            data_key_before=env.get("DATA_KEY_BEFORE", ""),
            database_url=_database(env.get("DATABASE_URL") or f"sqlite:///{data_dir / 'wrenchline.db'}"),
            redis_url=_scheme(env, "REDIS_URL", ("redis", "rediss", "unix"), "redis://localhost:6379/0") or None,
            storage_url=_storage(env) or f"file://{data_dir / 'files'}",
            smtp_url=_scheme(env, "SMTP_URL", ("smtp", "smtps", "smtp+starttls"), "smtp+starttls://user:password@mail.example.com:587")
            or (f"smtp://127.0.0.1:{port + 25}" if demo else ""),
            bounce_address=_mailbox(env, "BOUNCE_ADDRESS"),
            mail_hook_secret=_signing_secret(env, "MAIL_HOOK_SECRET"),
            twilio_account_sid=env.get("TWILIO_ACCOUNT_SID") or (DEVELOPMENT_ACCOUNT if demo else ""),
            twilio_auth_token=env.get("TWILIO_AUTH_TOKEN") or (DEVELOPMENT_KEY if demo else ""),
            twilio_messaging_service_sid=env.get("TWILIO_MESSAGING_SERVICE_SID", ""),
            twilio_api_base=env.get("TWILIO_API_BASE", "").rstrip("/")
            or (f"http://127.0.0.1:{port}/phone/twilio" if demo else "https://api.twilio.com"),
            print_api_base=_scheme(env, "PRINT_API_BASE", ("https", "http"), "https://api.lob.com").rstrip("/")
            or (f"http://127.0.0.1:{port}/phone/print" if demo else "https://api.lob.com"),
            support_phone=_dialled(env, "SUPPORT_PHONE"),
            support_text=_dialled(env, "SUPPORT_TEXT"),
            support_email=_written_to(env, "SUPPORT_EMAIL"),
            sentry_dsn=env.get("SENTRY_DSN", ""),
            trusted_proxies=_whole(env, "TRUSTED_PROXIES", 0),
            log_level=_level(env),
            demo=demo,
            dns_server=_dns_server(env),
        )


def _parts(name: str, url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # read only when asked for, and only then refused
    except ValueError as error:
        raise Misconfigured(name, f"is no address: {error}", "Look at its brackets and its port") from None
    return parts


def _whole(env: dict[str, str], name: str, default: int) -> int:
    text = env.get(name) or str(default)
    if not text.isdecimal() or int(text) > 65535:
        raise Misconfigured(name, f"{text!r} is no whole number from 0 to 65535", f"Leave it out for {default}")
    return int(text)


def _switch(env: dict[str, str], name: str, default: bool) -> bool:
    text = (env.get(name) or "").lower()
    if text not in {"", "0", "1", "on", "off"}:
        raise Misconfigured(name, f"{text!r} is neither on nor off", "Use 1 or 0")
    return text in {"1", "on"} if text else default


def _key(env: dict[str, str], name: str, local: bool) -> str:
    key = env.get(name) or DEVELOPMENT_KEY
    hint = "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
    if not local and key == DEVELOPMENT_KEY:
        raise Misconfigured(name, "is not set, and PUBLIC_BASE_URL is not this machine", hint)
    if len(key) < 32:
        raise Misconfigured(name, "is shorter than 32 characters", hint)
    return key


def _mailbox(env: dict[str, str], name: str) -> str:
    """Perhaps with a ``*`` before the @, in the place of which each mail gets a code of its own, 43 letters long."""
    address = env.get(name, "").strip()
    hint = "Write it like bounces@mail.example.com or bounces+*@mail.example.com, or leave it out for each shop's own"
    if address and not re.fullmatch(r"(?!@)[^@\s<>*]*\*?[^@\s<>*]*@[^@\s<>*]+", address):
        raise Misconfigured(name, f"{address!r} is no e-mail address", hint)
    if "*" in address and len(address.partition("@")[0]) > 22:
        raise Misconfigured(name, f"{address!r} leaves no room for the code in place of *", "Keep it under 22 letters before the @")
    return address


def _written_to(env: dict[str, str], name: str) -> str:
    """An e-mail address, or nothing."""
    address = env.get(name, "").strip()
    if address and not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", address):
        raise Misconfigured(name, f"{address!r} is no e-mail address", "Write it like support@mail.example.com, or leave it out")
    return address


def _dialled(env: dict[str, str], name: str) -> str:
    """A telephone number with its country, as it is dialled from anywhere, or nothing."""
    number = re.sub(r"[ ().-]", "", env.get(name, ""))
    if number and not re.fullmatch(r"\+[1-9]\d{6,14}", number):
        raise Misconfigured(name, f"{env[name]!r} is no telephone number with its country", "Write it like +13125550199, or leave it out")
    return number


def _signing_secret(env: dict[str, str], name: str) -> str:
    """Base64 behind ``whsec_``, as Standard Webhooks has it, or nothing."""
    secret = env.get(name, "")
    hint = "Make one with: python3 -c 'import base64, secrets; print(\"whsec_\" + base64.b64encode(secrets.token_bytes(32)).decode())'"
    try:
        length = len(b64decode(secret.removeprefix("whsec_"), validate=True))
    except ValueError:
        raise Misconfigured(name, "is not base64", hint) from None
    if secret and length < 24:
        raise Misconfigured(name, "is shorter than 24 bytes", hint)
    return secret


def _dns_server(env: dict[str, str]) -> str:
    """Host and port of a name server to ask instead of the system's, or nothing."""
    text = env.get("DNS_SERVER", "")
    host, _, port = text.rpartition(":")
    try:
        known = not text or (ip_address(host.strip("[]")) is not None and 0 < int(port) < 65536)
    except ValueError:
        known = False
    if not known:
        raise Misconfigured(
            "DNS_SERVER", f"{text!r} is no address with a port", "Write it like 127.0.0.1:53, or leave it out for the system's"
        )
    return text


def _database(url: str) -> str:
    scheme = url.split(":", 1)[0]
    if scheme in {"postgres", "postgresql", "postgresql+psycopg"}:
        return "postgresql+psycopg:" + url.split(":", 1)[1]
    if scheme != "sqlite":
        raise Misconfigured(
            "DATABASE_URL", f"{scheme!r} is no database we know", "Use sqlite:///path or postgresql://user:password@host/name"
        )
    return url


def _scheme(env: dict[str, str], name: str, allowed: tuple[str, ...], example: str) -> str:
    url = env.get(name, "")
    if url and _parts(name, url).scheme not in allowed:
        raise Misconfigured(name, "has a scheme that we don't speak", f"Use one of {', '.join(allowed)}, like {example}")
    return url


def _storage(env: dict[str, str]) -> str:
    url = _scheme(env, "STORAGE_URL", ("file", "s3"), "file:///srv/wrenchline/files")
    if url.startswith("s3:") and find_spec("s3fs") is None:
        raise Misconfigured("STORAGE_URL", "names S3, and s3fs is not installed", "Install it: .venv/bin/python -m pip install s3fs")
    return url


def _level(env: dict[str, str]) -> str:
    level = (env.get("LOG_LEVEL") or "INFO").upper()
    if level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise Misconfigured("LOG_LEVEL", f"{level!r} is no level", "Use DEBUG, INFO, WARNING or ERROR")
    return level
