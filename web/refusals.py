"""What is answered where something can't be done: not allowed, not there, too large, no room, or our mistake."""

from contextlib import suppress

import structlog
from flask import Flask, current_app, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import DataError, DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from models import NotFound, Refused, db
from models.strain import Strain, strain

log = structlog.get_logger()


def install(app: Flask) -> None:
    app.register_error_handler(Refused, _refuse)
    app.register_error_handler(NotFound, _missing)
    app.register_error_handler(404, _missing)
    app.register_error_handler(DataError, _unstorable)
    app.register_error_handler(OverflowError, _unstorable)
    app.register_error_handler(413, _too_large)
    for nobodys_mistake in (DBAPIError, NoFreeConnection, OSError):
        app.register_error_handler(nobodys_mistake, _strained)
    app.register_error_handler(500, _broken)


def _refuse(refusal: Refused) -> tuple[str, int]:
    db.session.rollback()
    return render_template("problem.html", heading=_("Not done"), sentences=list(refusal.errors.values())), 422


def _missing(problem: Exception) -> tuple[str, int]:
    return render_template(
        "problem.html", heading=_("There is nothing here"), sentences=[_("The address is wrong, or what was here is gone.")]
    ), 404


def _unstorable(problem: Exception) -> tuple[str, int]:
    """What no keyboard types and no database takes: a zero character, a number of thirty digits. Nothing can be found under it."""
    if request.method in {"GET", "HEAD"}:
        db.session.rollback()
        return _missing(problem)
    return _refuse(Refused(_("There is a character or a number in it that can't be kept. Please type it again.")))


def _too_large(problem: Exception) -> tuple[str, int]:
    sentences = [_("What was sent is too large. Nothing was changed.")]
    return render_template("problem.html", heading=_("Not done"), sentences=sentences), 413


def _strained(problem: Exception) -> tuple[str, int, dict[str, str]]:
    """No room on the disk, or the database is busy or away: said in plain words, without asking it. What is else amiss is ours (500)."""
    found = strain(problem)
    if found is None:
        raise problem
    with suppress(SQLAlchemyError):
        db.session.rollback()
    log.warning("nothing kept", strain=found, path=request.path, problem=type(problem).__name__)
    heading, words, status, seconds = STRAINS[found]
    sentences = [_("Nothing you typed was kept. Please try again in a few minutes, or call us.")]
    if request.blueprint == "console":
        sentences = [words, _("Nothing you typed was kept.")]
    return _without_database(heading, sentences), status, {"Retry-After": str(seconds)}


def _without_database(heading: str, sentences: list[str]) -> str:
    """A page that asks nobody: ``render_template`` would look up who is signed in."""
    return current_app.jinja_env.get_template("problem.html").render(heading=heading, sentences=sentences)


STRAINS = {
    Strain.full: (
        _l("This can't be saved at the moment"),
        _l("The server's disk is full. Tell whoever runs Wrenchline; what is there can still be read."),
        507,
        60,
    ),
    Strain.busy: (_l("Just a moment, please"), _l("The database is busy or restarting. Please try again in a moment."), 503, 5),
}


def _broken(problem: Exception) -> tuple[str, int]:
    """Of our making; it is in the log. Says so without the database, which may be what broke."""
    sentences = [_("That is our mistake, and it has been noted. Nothing you typed was kept. Please try again in a moment.")]
    return _without_database(_("Something went wrong"), sentences), 500
