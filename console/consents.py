"""Permission to text at the counter: noted by staff, on paper, on the shop's tablet, and by the code that customers scan."""

from collections.abc import Mapping
from typing import Any

from flask import g, make_response, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import done
from models import Consent, Customer, NotFound, Refused, counter_code, db, phone
from models.consent import MARKETING, SCOPES, SCRIPT, SCRIPT_VERSION, SERVICE
from models.consent_wording import agreement, version
from models.customer import LANGUAGES
from models.opt_out import opt_in, opt_out
from models.wording import locale_of

LONGEST_REMARK = 200  # characters
PAPER = "console/consents/paper"


@bp.app_template_global()
def may_be_texted(number: str) -> bool:
    """For the icon that stands beside a number; asked once a request."""
    known: dict[str, bool] = g.setdefault("may_be_texted", {})
    if number not in known:
        known[number] = Consent.may_text(g.shop, number)
    return known[number]


@bp.post("/customers/<int:id>/consent")
@needs("customers")
def create_consent(id: int) -> Response:
    """Keep what the customer said about texts to one of their numbers."""
    customer = g.shop.customer(id)
    number = customer.number(request.form.get("number", ""))
    given = request.form.get("given") == "yes"
    with force_locale(_locale(customer.language or g.shop.language)):  # what they read is what is kept
        _keep(number, given, request.form.getlist("scope") or [SERVICE], request.form)
    db.session.commit()
    words = _("Noted: %(number)s may be texted.") if given else _("Noted: no texts to %(number)s.")
    return done(words % {"number": phone.shown(number, g.shop.country)}, url_for("console.customer", id=id))


@bp.get("/counter-code")
@needs("customers")
def counter_page() -> Response:
    """To print and to put on the counter."""
    if not g.shop.texting_number:
        raise Refused(_("The shop has no number for texts yet."))
    code = {"picture": counter_code.counter_picture(g.shop), "text": counter_code.counter_text(g.shop)}
    return _paper("counter", g.shop.language, code=code, words=counter_code.counter_words)


@bp.get("/customers/<int:id>/consent-form")
@needs("customers")
def consent_form(id: int) -> Response:
    """To print and to have signed."""
    customer = g.shop.customer(id)
    number = customer.number(request.args.get("number", ""))
    return _paper("form", customer.language or g.shop.language, customer=customer, number=number, agreement=agreement, scopes=SCOPES)


@bp.get("/customers/<int:id>/tablet")
@needs("customers")
def consent_tablet(id: int) -> Response:
    """For the customer's own hands: they type their number, read, and tap."""
    return _tablet(g.shop.customer(id), request.args.get("number", ""))


@bp.post("/customers/<int:id>/tablet")
@needs("customers")
def create_consent_on_tablet(id: int) -> Response:
    customer, scope = g.shop.customer(id), request.form.get("scope", SERVICE)
    number = customer.number(request.form.get("number", ""))
    if scope not in SCOPES:
        raise NotFound("scope")
    try:
        if phone.normalised(request.form.get("typed", ""), g.shop.country, field="typed") != number:
            raise Refused(_("This is not the number that we have. Please look again, or tell us your new number."), field="typed")
    except Refused as refused:
        return _tablet(customer, number, 422, errors=refused.errors)
    asked = request.args.get("language", "")
    with force_locale(_locale(asked if asked in LANGUAGES else customer.language or g.shop.language)):
        said = {"wording": agreement(g.shop, scope), "version": version(g.shop)}
    opt_in(g.shop, number, source="tablet", scope=scope, by=g.actor, **said)
    db.session.commit()
    return _tablet(customer, number)


def _keep(number: str, given: bool, scopes: list[str], form: Mapping[str, str]) -> None:
    """Raises Refused: not said how, no such kind of texts, a remark that is too long."""
    source, remark = form.get("source", ""), form.get("remark", "").strip()
    if len(remark) > LONGEST_REMARK:
        raise Refused(_("Please keep it under %(count)s characters.", count=LONGEST_REMARK), field="remark")
    if not SCOPES.keys() >= set(scopes) or (MARKETING in scopes and given and source == "spoken"):
        raise Refused(_("Offers need the customer's agreement in writing."))
    if not given:
        opt_out(g.shop, number, source=source, wording="", by=g.actor, scopes=scopes)
    for scope in scopes if given else ():
        said = {"wording": str(SCRIPT), "version": SCRIPT_VERSION}
        if source == "written":
            said = {"wording": agreement(g.shop, scope, number), "version": version(g.shop)}
        opt_in(g.shop, number, source=source, scope=scope, by=g.actor, remark=remark, **said)


def _tablet(customer: Customer, number: str, status: int = 200, errors: Mapping[str | None, Any] | None = None) -> Response:
    number = customer.number(number)
    may = {scope: Consent.may_text(g.shop, number, scope) for scope in SCOPES}
    shown = {"customer": customer, "number": number, "may": may, "agreement": agreement, "errors": errors or {}, "status": status}
    return _paper("tablet", customer.language or g.shop.language, **shown)


def _paper(name: str, language: str, status: int = 200, **shown: Any) -> Response:
    """A page for a customer's eyes: in the shop's look and their language, or the one that is asked for."""
    asked = request.args.get("language", "")
    language = asked if asked in LANGUAGES else language
    with force_locale(_locale(language)):
        page = render_template(f"{PAPER}/{name}.html", shop=g.shop, language=language, typed=request.form, **shown)
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _locale(language: str) -> str:
    return locale_of(g.shop, language)
