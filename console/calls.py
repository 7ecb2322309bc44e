"""The call list of follow-ups: whom to call, what came of it in one tap, and taking that back."""

from datetime import date, timedelta

from flask import g, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import done
from models import Call, Customer, Letter, NotFound, clock, db
from models.call_list import PAGE as PAGE_LENGTH
from models.call_list import CallList
from models.call_outcome import Outcome
from models.call_statistics import Called, called_between
from models.letter_forecast import foreseen_letters, senders
from models.letter_list import AHEAD
from web import panel

PAGE, LIST = "console/calls/page.html", "console/calls/_calls.html"


@bp.app_template_global()
def calls_waiting() -> int:
    """How many are to be called now; asked once a request."""
    if "calls_waiting" not in g:
        g.calls_waiting = CallList(g.shop).count
    found: int = g.calls_waiting
    return found


@bp.app_template_global()
def calls_to(customer: Customer) -> list[Call]:
    """About follow-ups, newest first."""
    return Call.to(customer)


@bp.app_template_global()
def calls_between(since: date, until: date) -> list[Called]:
    """What came of them, by kind."""
    return called_between(g.shop, since, until)


@bp.get("/follow-ups/calls")
@needs("customers")
def calls() -> Response:
    after = request.args.get("after", 0, int)
    listed = CallList(g.shop, min(max(after, 0), 1_000_000))
    return panel(PAGE, LIST, listed=listed, outcomes=list(Outcome), limit=PAGE_LENGTH)


@bp.post("/follow-ups/calls")
@needs("customers")
def create_call() -> Response:
    """*Call about it*: a letter that was written, or one that is due."""
    call = Call.wish(_letter(), by=g.actor)
    db.session.commit()
    sentence = _("%(name)s is on the call list.", name=call.customer.mailing_name)
    return done(sentence, url_for("console.calls"), url_for("console.create_call_withdrawal", id=call.id))


@bp.post("/follow-ups/calls/<int:id>/withdrawal")
@needs("customers")
def create_call_withdrawal(id: int) -> Response:
    call = g.shop.call(id)
    call.withdraw(by=g.actor)
    db.session.commit()
    return done(_("%(name)s is off the call list.", name=call.customer.mailing_name), url_for("console.calls"))


@bp.post("/follow-ups/calls/<int:id>/results")
@needs("customers")
def create_call_result(id: int) -> Response:
    call, outcome = g.shop.call(id), request.form.get("outcome", "")
    if outcome not in Outcome.__members__:
        raise NotFound("Outcome")
    result = call.note(Outcome(outcome), after=request.form.get("after", 0, int), by=g.actor)
    db.session.commit()
    return done(_said(call), url_for("console.calls"), url_for("console.create_call_result_removal", id=result.id))


@bp.post("/follow-ups/call-results/<int:id>/removal")
@needs("customers")
def create_call_result_removal(id: int) -> Response:
    """Undo that."""
    result = g.shop.call_result(id)
    result.undo(by=g.actor)
    db.session.commit()
    return done(_("Undone: %(result)s.", result=result.outcome.label), url_for("console.calls"))


def _said(call: Call) -> str:
    name, outcome = call.customer.mailing_name, call.last.outcome
    if call.call_on:
        return _("%(name)s: %(result)s. Comes back on %(day)s.", name=name, result=outcome.label, day=format_date(call.call_on, "EEEE"))
    if outcome is Outcome.no_more:
        return _("%(name)s gets no more calls and letters: Do Not Mail is set.", name=name)
    return f"{name}: {outcome.label}."


def _letter() -> Letter:
    """The one that is meant: by its id if it was written, else by what it will be called. Raises NotFound: there is none."""
    if written := request.form.get("letter", 0, int):
        return g.shop.letter(written)
    customer, what = g.shop.customer(request.form.get("customer", 0, int)), request.form.get("what", "")
    until = clock.now() + timedelta(days=AHEAD)
    for rules in senders(g.shop):
        for one in foreseen_letters(rules, until, of=customer.id):
            if one.message.dedupe_key == what:
                return one.letter
    raise NotFound("Letter")
