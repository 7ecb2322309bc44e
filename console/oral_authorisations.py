"""The customer agrees by phone or at the counter: who, at which number, when, to what and up to how much."""

from datetime import UTC, datetime, time
from typing import Any

from flask import g, render_template, request
from flask_babel import gettext as _

from console import bp, figures, typed
from console.access import needs
from console.answers import again, gone_to
from console.work_items import approvals_of, order_page
from models import Approvals, Authorisation, Refused, WorkOrder, clock, db, phone
from models.approval import Approval

PAGE, FORM = "console/oral_authorisations/page.html", "console/oral_authorisations/_form.html"
ORAL = "/work-orders/<int:number>/oral-authorisations"
WAYS = ("phone", "in_person")


@bp.get(f"{ORAL}/new")
@needs("work")
def new_oral_authorisation(number: int) -> str:
    order = g.shop.work_order(number)
    order.must_be_open()
    now, chosen = g.shop.local(clock.now()), _asked_about(order)
    customer, sum_ = order.visit.customer, sum((row.item.totals.including.minor for row in chosen), 0)
    usual = {"way": "phone", "name": customer.name, "number": phone.shown(customer.phone.number, g.shop.country) if customer.phone else ""}
    usual |= {"date": f"{now:%Y-%m-%d}", "time": f"{now:%H:%M}"}
    if sum_:
        usual["amount"] = figures.figure(approvals_of(order).totals.money(sum_))
    return render_template(PAGE, order=order, typed=usual, errors={}, chosen={row.item.id for row in chosen})


@bp.post(ORAL)
@needs("work")
def create_oral_authorisation(number: int) -> Any:
    order = g.shop.work_order(number, lock=True)
    ids = set(request.form.getlist("item", type=int))
    try:
        faults, approvals = typed.Faults(), Approvals(order)
        items = [row.item for row in approvals.rows.values() if row.item.id in ids]
        said = _said(order, faults, approvals.work.terms.currency)
        oral = faults.besides(lambda: Authorisation.record_oral(order, items, by=g.actor, **said))
        db.session.commit()
    except Refused as refused:
        return again(PAGE, FORM, refused, order=order, chosen=ids)
    return gone_to(order_page(number), _("%(name)s's word is on record.", name=oral.name))


def _said(order: WorkOrder, faults: typed.Faults, currency: str) -> dict[str, Any]:
    """As ``Authorisation.record_oral`` takes it; what can't be read is among the faults."""
    form = request.form
    by_phone = form.get("way") != "in_person"
    if by_phone and not form.get("number", "").strip():
        faults["number"] = _("Say which number was called.")
    amount = faults.reading(lambda: figures.an_amount(form.get("amount", ""), currency, "amount"), "amount")
    return {
        "name": form.get("name", ""),
        "number": form.get("number", "") if by_phone else "",
        "at": faults.reading(_when),
        "amount": amount or 0,
        "words": form.get("words", ""),
    }


def _when() -> datetime:
    """On the shop's clock. Raises Refused: no day, no time."""
    day, at = typed.a_day(request.form), typed.a_time(request.form)
    if at is None:
        raise Refused(_("Give the time as hours and minutes, like 08:30."), field="time")
    return datetime.combine(day, at or time(), g.shop.tz).astimezone(UTC)


def _asked_about(order: WorkOrder) -> list[Approval]:
    """What the form begins with: the item it was opened for; else what the customer wants to be called about; else all that is proposed."""
    open_rows = [row for row in approvals_of(order).rows.values() if row.can_be_agreed]
    wanted = request.args.get("item", type=int)
    narrower = ([row for row in open_rows if row.item.id == wanted], [row for row in open_rows if row.icon == "contact" and not row.thumb])
    return next((rows for rows in narrower if rows), [row for row in open_rows if row.is_proposed])
