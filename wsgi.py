"""The application, put together: one place knows all rooms."""

import hashlib
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import click
from flask import Flask, g
from flask.cli import AppGroup
from flask_babel import Babel
from flask_compress import Compress
from flask_login import LoginManager
from htmx_flask import Htmx
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

import console
import portal
import web
from console import api, calendar_file
from jobs import commands, logs
from jobs.queues import Queues
from models import SignIn, db, handover
from portal import hooks, mail_hooks, own_hosts, print_hooks
from portal.doorkeeper import Doorkeeper
from settings import Settings
from web import csrf

ROOT = Path(__file__).resolve().parent
STATIC = ROOT / "static"
YEAR = 365 * 24 * 3600


class MigrateWhenAsked:
    """Stands where ``flask db`` looks for Flask-Migrate, and makes room for it then: no page needs Alembic, which takes a while to load."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __getattr__(self, name: str) -> Any:
        from flask_migrate import Migrate

        Migrate(self._app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
        return getattr(self._app.extensions["migrate"], name)


class Commands(AppGroup):
    """The commands of ``flask``; for ``flask db`` Flask-Migrate moves in when it is asked for."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted({*super().list_commands(context), "db"})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name == "db":
            from flask_migrate.cli import db as commands

            return commands
        return super().get_command(context, name)


def create_app(settings: Settings | None = None) -> Flask:
    settings = settings or Settings.from_environment()
    logs.configure(settings.log_level)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    app = Flask(__name__, template_folder="templates", static_folder=None)
    app.cli = Commands(app.name)
    app.config.update(_config(settings))
    app.extensions["settings"] = settings
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.bytecode_cache = _compiled_templates(settings)

    db.init_app(app)
    app.extensions["migrate"] = MigrateWhenAsked(app)
    Babel(app, locale_selector=lambda: g.get("locale"), default_translation_directories=str(ROOT / "translations"))
    Htmx(app)
    Compress(app)
    own_hosts.install(app)  # first: who comes by a shop's own name is told nothing of what lies behind others
    web.install(app)

    app.extensions["queues"] = queues = Queues(settings.queue_url)
    app.extensions["nudges"] = nudges = web.Nudges(settings.queue_url)
    handover.connect(enqueue=queues.enqueue, publish=nudges.publish)

    login = LoginManager(app)
    login.session_protection = None  # sign-ins are rows that can be ended; a changing address must not end one
    login.user_loader(SignIn.current)
    app.register_blueprint(portal.bp)
    app.register_blueprint(hooks.bp)
    app.register_blueprint(mail_hooks.bp)
    app.register_blueprint(print_hooks.bp)
    csrf.exempt(hooks.bp)
    csrf.exempt(mail_hooks.bp)
    csrf.exempt(print_hooks.bp)
    app.register_blueprint(console.bp)
    app.register_blueprint(calendar_file.bp)
    app.register_blueprint(api.bp)
    csrf.exempt(api.bp)  # a token in a header, which no page can make somebody's browser send
    commands.install(app)
    if settings.demo:
        from jobs.gateways import phone

        phone.install(app, settings)

    app.url_defaults(_name_the_version)
    files = WhiteNoise(app.wsgi_app, root=str(STATIC), prefix="static/", max_age=YEAR, allow_all_origins=False)
    app.extensions["doorkeeper"] = door = Doorkeeper(app, files)
    app.wsgi_app = ProxyFix(door, *[settings.trusted_proxies] * 4) if settings.trusted_proxies else door  # type: ignore[method-assign]
    app.add_url_rule("/static/<path:filename>", endpoint="static", build_only=True)
    return app


def _compiled_templates(settings: Settings) -> FileSystemBytecodeCache:
    """Templates are compiled once for all processes: a worker's fork would do it anew for each mail. One that changed is noticed."""
    folder = settings.data_dir / "templates"
    folder.mkdir(mode=0o700, exist_ok=True)
    return Compiled(str(folder))


class Compiled(FileSystemBytecodeCache):
    """A page that can't be kept compiled is shown all the same: on a full disk it is the page that says so."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def _name_the_version(endpoint: str, values: dict[str, Any]) -> None:
    """A file's address changes with its content, so that browsers may keep it for a year."""
    if endpoint == "static":
        values["v"] = _digest(values["filename"])


@cache
def _digest(filename: str) -> str:
    return hashlib.sha256((STATIC / filename).read_bytes()).hexdigest()[:10]


def _config(settings: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        # many threads hold a stream, few work at once
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_size": 10,
            "max_overflow": 20,
            "pool_pre_ping": not settings.database_url.startswith("sqlite"),
            "hide_parameters": True,  # a mistake that is logged tells nobody's name or number
        },
        "SESSION_COOKIE_NAME": "__Host-session" if settings.secure else "session",
        "SESSION_COOKIE_SECURE": settings.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,  # the console stays open for days; the token ends with the session
        "RATELIMIT_STORAGE_URI": settings.queue_url.replace("unix://", "redis+unix://"),
        "RATELIMIT_SWALLOW_ERRORS": True,
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
        "MAX_CONTENT_LENGTH": 6 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 512 * 1024,
        "COMPRESS_MIMETYPES": ["text/html", "text/css", "application/javascript", "application/json", "image/svg+xml"],
        "COMPRESS_STREAMS": False,
        "COMPRESS_ALGORITHM": ["br", "gzip"],
    }


def __getattr__(name: str) -> Flask:
    """``wsgi:app`` is made when a server asks for it, not when a test imports this module."""
    if name == "app":
        globals()["app"] = create_app()
        application: Flask = globals()["app"]
        return application
    raise AttributeError(name)
