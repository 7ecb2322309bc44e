"""Customers: found as one types, added, changed, and what they agreed to."""

from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import again, done, gone_to
from console.list_files import AS_FILE, taken
from console.looking import Looking
from console.typed import an_id
from models import Consent, Customer, CustomerMerge, Refused, Visit, db, phone
from models.consent import SCRIPT, SERVICE
from models.customer_duplicates import duplicates
from models.customer_list import customer_list
from models.customer_search import find, with_visits
from models.opt_out import still_stopped
from web import panel

ADDRESS = ("street", "city", "region", "postal_code", "country")
CONTACT = ("id", "name", "phone", "email", "role")


@bp.get("/customers")
@needs("customers")
def customers() -> Response:
    words = request.args.get("q", "").strip()
    hits = find(g.shop, words, limit=50) if words else with_visits(g.shop, Customer.newest(g.shop))
    return panel("console/customers/index.html", "console/customers/_customers.html", hits=hits, words=words)


@bp.get(f"/customers{AS_FILE}")
@needs("customers")
def customers_file(form: str) -> Response:
    """For mail merge: all whom the words find."""
    return taken(customer_list(g.shop, request.args.get("q", "").strip()), form)


@bp.get("/customers/find")
@needs("customers")
def find_customers() -> str:
    words = request.args.get("q", "").strip()
    return render_template("console/customers/_found.html", hits=find(g.shop, words, limit=8), words=words)


@bp.get("/customers/pick")
@needs("book")
def find_customer_for_booking() -> str:
    return render_template("console/appointments/_found.html", looking=Looking(g.shop, request.args.get("who", "")))


@bp.get("/customers/look")
@needs("customers")
def look_for_customer() -> str:
    """Before somebody is added: whoever is on file with that number or name."""
    return render_template("console/customers/_looked.html", looking=Looking(g.shop, request.args.get("who", "")))


@bp.get("/customers/new")
@needs("customers")
def new_customer() -> str:
    """The phone number first; the fields only once it is clear that nobody on file is meant."""
    looking = Looking(g.shop, request.args.get("who", ""))
    if not (request.args.get("anew") or (looking.is_whole_number and not looking.hits)):
        return render_template("console/customers/look.html", looking=looking)
    typed = looking.as_new
    typed["thread"] = request.args.get("thread", "")
    return render_template("console/customers/form.html", customer=None, typed=typed, errors={}, looking=looking)


@bp.post("/customers")
@needs("customers")
def create_customer() -> Any:
    page, form = "console/customers/form.html", "console/customers/_form.html"
    looking = Looking(g.shop, request.form.get("phones", ""))
    if looking.same_number and not request.form.get("shared"):
        refused = Refused(_("This number is on file already. Is it one of them?"), field="phone")
        return again(page, form, refused, customer=None, looking=looking)
    try:
        customer = Customer.add(g.shop, by=g.actor, **_details(request.form))
        db.session.commit()
    except Refused as refused:
        return again(page, form, refused, customer=None, looking=looking)
    thread = an_id(request.form, "thread")  # whose number was unknown: back to what they wrote
    back = url_for("console.thread", id=thread) if thread else url_for("console.customer", id=customer.id)
    return gone_to(back, _("%(name)s is on file.", name=customer.name))


@bp.get("/customers/<int:id>")
@needs("customers")
def customer(id: int) -> Any:
    customer = g.shop.customer(id, *Customer.whole())
    if customer.id != id:
        return gone_to(url_for("console.customer", id=customer.id))
    facts = Consent.histories(g.shop, [row.number for row in customer.phones])
    newest = {number: next((fact for fact in said if fact.scope == SERVICE), None) for number, said in facts.items()}
    return panel(
        "console/customers/page.html",
        "console/customers/_customer.html",
        customer=customer,
        facts=facts,
        may_text={number: Consent.allowed_by(g.shop, fact) for number, fact in newest.items()},
        visits=Visit.of(customer),
        merges=CustomerMerge.standing(customer),
        likely=duplicates(customer),
        script=SCRIPT,
        still_stopped=still_stopped,
    )


@bp.get("/customers/<int:id>/edit")
@needs("customers")
def edit_customer(id: int) -> Any:
    customer = g.shop.customer(id)
    if customer.id != id:
        return gone_to(url_for("console.edit_customer", id=customer.id))
    return render_template("console/customers/form.html", customer=customer, typed=_on_file(customer), errors={})


@bp.post("/customers/<int:id>")
@needs("customers")
def update_customer(id: int) -> Any:
    customer = g.shop.customer(id)
    try:
        if customer.id != id:  # what was typed here was meant for a row that is no more
            raise Refused(_("This customer was merged into %(name)s meanwhile. Open that page.", name=customer.name))
        customer.change(by=g.actor, **_details(request.form))
        db.session.commit()
    except Refused as refused:
        return again("console/customers/form.html", "console/customers/_form.html", refused, customer=customer)
    return gone_to(url_for("console.customer", id=id), _("Saved."))


@bp.post("/customers/<int:id>/first-phone")
@needs("customers")
def create_first_phone(id: int) -> Response:
    """Texts go to the first number: make it this one."""
    customer = g.shop.customer(id)
    customer.put_first(request.form.get("number", ""), by=g.actor)
    db.session.commit()
    return done(_("Texts go to this number now."), url_for("console.customer", id=id))


# what was typed, as Customer takes it


def _details(form: "MultiDict[str, str]") -> dict[str, Any]:
    company = form.get("kind") == "company"
    names = {name: form.get(name, "") for name in ("first_name", "last_name")}
    return {
        **names,
        "company_name": form.get("company_name", "") if company else "",
        "language": form.get("language") or None,
        "phones": form.getlist("phones"),
        "emails": form.getlist("emails"),
        "addresses": [row for row in _rows(form, "", ADDRESS) if row["street"].strip()],
        **({"contacts": _contacts(form)} if company else {}),
    }


def _contacts(form: "MultiDict[str, str]") -> list[dict[str, str]]:
    approving = set(form.getlist("contact_approves"))  # the numbers of the rows that are ticked
    rows = _rows(form, "contact_", CONTACT)
    return [{**row, "approves": "1" if str(number) in approving else ""} for number, row in enumerate(rows, 1)]


def _rows(form: "MultiDict[str, str]", prefix: str, names: tuple[str, ...]) -> list[dict[str, str]]:
    columns = [form.getlist(prefix + name) for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=False)]


def _on_file(customer: Customer) -> "MultiDict[str, Any]":
    names = ("kind", "first_name", "last_name", "company_name", "language")
    on_file: MultiDict[str, Any] = MultiDict({name: getattr(customer, name) or "" for name in names})
    on_file.setlist("phones", [phone.shown(row.number, g.shop.country) for row in customer.phones])
    on_file.setlist("emails", [row.address for row in customer.emails])
    for name in ADDRESS:
        on_file.setlist(name, [getattr(row, name) for row in customer.addresses])
    for name in CONTACT:
        on_file.setlist(f"contact_{name}", [str(getattr(person, name)) for person in customer.contacts])
    on_file.setlist("contact_phone", [person.phone and phone.shown(person.phone, g.shop.country) for person in customer.contacts])
    on_file.setlist("contact_approves", [str(number) for number, person in enumerate(customer.contacts, 1) if person.approves])
    return on_file
