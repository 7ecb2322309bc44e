"""Customers: found as one types, added, changed, and what they agreed to."""

from collections.abc import Mapping
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import again, done, gone_to
from models import Consent, Customer, Refused, Visit, db, phone
from models.consent import SCRIPT, SCRIPT_VERSION
from web import panel

ADDRESS = ("street", "city", "region", "postal_code", "country")


@bp.get("/customers")
@needs("customers")
def customers() -> Response:
    words = request.args.get("q", "").strip()
    found = Customer.search(g.shop, words, limit=50) if words else Customer.newest(g.shop)
    return panel("console/customers/index.html", "console/customers/_customers.html", customers=found, words=words)


@bp.get("/customers/find")
@needs("customers")
def find_customers() -> str:
    words = request.args.get("q", "").strip()
    return render_template("console/customers/_found.html", customers=Customer.search(g.shop, words, limit=8), words=words)


@bp.get("/customers/pick")
@needs("book")
def find_customer_for_booking() -> str:
    words = request.args.get("who", "").strip()
    return render_template("console/appointments/_found.html", customers=Customer.search(g.shop, words, limit=6), words=words)


@bp.get("/customers/new")
@needs("customers")
def new_customer() -> str:
    return render_template("console/customers/form.html", customer=None, typed=MultiDict({"kind": "person"}), errors={})


@bp.post("/customers")
@needs("customers")
def create_customer() -> Any:
    try:
        customer = Customer.add(g.shop, by=g.actor, **_names(request.form), **_reach(request.form))
        customer.change(by=g.actor, **_names(request.form), **_reach(request.form), addresses=_addresses(request.form))
        db.session.commit()
    except Refused as refused:
        return again("console/customers/form.html", "console/customers/_form.html", refused, customer=None)
    return gone_to(url_for("console.customer", id=customer.id), _("%(name)s is on file.", name=customer.name))


@bp.get("/customers/<int:id>")
@needs("customers")
def customer(id: int) -> Response:
    customer = g.shop.customer(id)
    facts = Consent.histories(g.shop, [row.number for row in customer.phones])
    return panel(
        "console/customers/page.html",
        "console/customers/_customer.html",
        customer=customer,
        facts=facts,
        visits=Visit.of(customer),
        script=SCRIPT,
    )


@bp.get("/customers/<int:id>/edit")
@needs("customers")
def edit_customer(id: int) -> str:
    customer = g.shop.customer(id)
    return render_template("console/customers/form.html", customer=customer, typed=_on_file(customer), errors={})


@bp.post("/customers/<int:id>")
@needs("customers")
def update_customer(id: int) -> Any:
    customer = g.shop.customer(id)
    try:
        customer.change(by=g.actor, **_names(request.form), **_reach(request.form), addresses=_addresses(request.form))
        db.session.commit()
    except Refused as refused:
        return again("console/customers/form.html", "console/customers/_form.html", refused, customer=customer)
    return gone_to(url_for("console.customer", id=id), _("Saved."))


@bp.post("/customers/<int:id>/consent")
@needs("customers")
def create_consent(id: int) -> Response:
    """Keep what the customer said about texts to one of their numbers."""
    customer = g.shop.customer(id)
    number = customer.number(request.form.get("number", ""))
    given = request.form.get("given") == "yes"
    source = request.form.get("source", "")
    Consent.note(g.shop, number, given=given, source=source, by=g.actor, wording=str(SCRIPT), version=SCRIPT_VERSION)
    db.session.commit()
    words = _("Noted: %(number)s may be texted.") if given else _("Noted: no texts to %(number)s.")
    return done(words % {"number": phone.shown(number, g.shop.country)}, url_for("console.customer", id=id))


@bp.post("/customers/<int:id>/first-phone")
@needs("customers")
def create_first_phone(id: int) -> Response:
    """Texts go to the first number: make it this one."""
    customer = g.shop.customer(id)
    customer.put_first(request.form.get("number", ""), by=g.actor)
    db.session.commit()
    return done(_("Texts go to this number now."), url_for("console.customer", id=id))


# what was typed, as Customer takes it


def _names(form: Mapping[str, str]) -> dict[str, Any]:
    company = form.get("company_name", "") if form.get("kind") == "company" else ""
    names = {name: form.get(name, "") for name in ("first_name", "last_name")}
    return {**names, "company_name": company, "language": form.get("language") or None}


def _reach(form: "MultiDict[str, str]") -> dict[str, list[str]]:
    return {"phones": form.getlist("phones"), "emails": form.getlist("emails")}


def _addresses(form: "MultiDict[str, str]") -> list[dict[str, str]]:
    columns = [form.getlist(name) for name in ADDRESS]
    return [dict(zip(ADDRESS, row, strict=True)) for row in zip(*columns, strict=False) if row[0].strip()]


def _on_file(customer: Customer) -> "MultiDict[str, Any]":
    names = ("kind", "first_name", "last_name", "company_name", "language")
    on_file: MultiDict[str, Any] = MultiDict({name: getattr(customer, name) or "" for name in names})
    on_file.setlist("phones", [row.number for row in customer.phones])
    on_file.setlist("emails", [row.address for row in customer.emails])
    for name in ADDRESS:
        on_file.setlist(name, [getattr(row, name) for row in customer.addresses])
    return on_file
