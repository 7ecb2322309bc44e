"""The rows of closed work orders: one for each service that was done. CARFAX's are read from its own columns alone."""

from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import joinedload

from models import phone
from models.authorisation import Authorisation
from models.base import db
from models.closing import Closing
from models.customer import Customer
from models.do_not_mail import DoNotMail
from models.erasure import Erasure
from models.export_fields import InvoiceRow, ServiceRow
from models.export_opt_out import ExportOptOut
from models.tax import Kind
from models.vehicle import Vehicle
from models.visit import Visit
from models.work_item import Category, WorkItem
from models.work_order import WorkOrder

if TYPE_CHECKING:
    from models.shop import Shop


def service_rows(shop: "Shop", *which: ColumnElement[bool], limit: int | None = None) -> list[ServiceRow]:
    """Of the shop's closings that stand and that ``which`` (conditions on ``Closing``) names, in the order of the repair orders.

    The columns are named one by one, and none is of a customer, a line or a price.
    """
    query = _closings(shop, *which).add_columns(
        Closing.id.label("closing_id"),
        func.coalesce(WorkItem.id, 0).label("item"),
        Vehicle.id.label("vehicle_id"),
        Closing.invoiced_on.label("ro_date"),
        WorkOrder.number.label("ro_number"),
        Vehicle.vin,
        Vehicle.vin_sure_at.is_not(None).label("vin_is_sure"),
        Vehicle.plate,
        Vehicle.plate_region,
        Closing.odometer,
        Vehicle.year,
        Vehicle.make,
        Vehicle.model,
        Vehicle.submodel,
        Vehicle.engine,
        func.coalesce(WorkItem.title, "").label("service"),
    )
    query = query.order_by(Closing.id.desc() if limit else WorkOrder.number, WorkItem.position, WorkItem.id).limit(limit)
    of_shop: dict[str, Any] = {"shop_name": shop.name, "shop_address": shop.address}
    of_shop["shop_phone"] = phone.shown(shop.voice_phone, shop.country) if shop.voice_phone else ""
    return [ServiceRow(**row, **of_shop) for row in db.session.execute(query).mappings()]


def invoice_rows(shop: "Shop", code: str, *which: ColumnElement[bool], limit: int | None = None) -> list[InvoiceRow]:
    """The same with the customer and the amounts; ``code`` is what the partner knows the shop by."""
    rows = service_rows(shop, *which, limit=limit)
    items = _items([row.item for row in rows])
    visits = _visits([row.closing_id for row in rows])
    unwilling = _unwilling([visit.customer_id for _closing, visit in visits.values()])
    return [_invoice_row(row, code, items.get(row.item), *visits[row.closing_id], unwilling) for row in rows]


def _closings(shop: "Shop", *which: ColumnElement[bool]) -> Select[Any]:
    """Those that stand, with what was done on them; without vehicles that were left out, and visits of customers who were erased."""
    erased = select(Erasure.customer_id).where(Erasure.done_at.is_not(None))
    left_out = select(ExportOptOut.id).where(ExportOptOut.vehicle_id == Visit.vehicle_id).exists()
    query = select().select_from(Closing).join(WorkOrder, WorkOrder.id == Closing.work_order_id).join(Visit).join(Vehicle)
    query = query.outerjoin(WorkItem, and_(WorkItem.work_order_id == WorkOrder.id, _done()))
    return query.where(Closing.shop_id == shop.id, Closing.reopened_at.is_(None), ~left_out, Visit.customer_id.not_in(erased), *which)


def _done() -> ColumnElement[bool]:
    """What was booked and not turned down, and what was found and done; shown to the customer, since others may not learn more."""
    thumb = select(Authorisation.up).where(Authorisation.work_item_id == WorkItem.id, Authorisation.undone_at.is_(None))
    allowed = func.coalesce(thumb.order_by(Authorisation.id.desc()).limit(1).correlate(WorkItem).scalar_subquery(), true())
    booked = and_(WorkItem.category == Category.scheduled, allowed.is_(True))
    done = and_(WorkItem.category != Category.checked_ok, WorkItem.done_at.is_not(None))
    return and_(WorkItem.removed_at.is_(None), WorkItem.shown.is_(True), or_(booked, done))


def _items(ids: Sequence[int]) -> dict[int, WorkItem]:
    query = select(WorkItem).where(WorkItem.id.in_(ids)).options(joinedload(WorkItem.lines))
    return {item.id: item for item in db.session.scalars(query).unique()}


def _visits(closing_ids: Sequence[int]) -> dict[int, tuple[Closing, Visit]]:
    """Each closing with its visit, whose customer can be written to."""
    query = select(Closing, Visit).join(WorkOrder, WorkOrder.id == Closing.work_order_id).join(Visit).where(Closing.id.in_(closing_ids))
    reached = (joinedload(Customer.phones), joinedload(Customer.emails), joinedload(Customer.addresses))
    query = query.options(joinedload(Visit.customer).options(*reached), joinedload(Visit.work_order), joinedload(Visit.shop))
    return {closing.id: (closing, visit) for closing, visit in db.session.execute(query).unique()}


def _unwilling(customer_ids: Sequence[int]) -> set[int]:
    return set(db.session.scalars(select(DoNotMail.customer_id).where(DoNotMail.customer_id.in_(customer_ids))))


def _invoice_row(row: ServiceRow, code: str, item: WorkItem | None, closing: Closing, visit: Visit, unwilling: set[int]) -> InvoiceRow:
    customer, order, shop = visit.customer, visit.work_order, visit.shop
    assert order
    address = customer.addresses[0] if customer.addresses else None
    totals = item.totals if item else None
    known = {field.name: getattr(row, field.name) for field in fields(ServiceRow)}
    return InvoiceRow(
        **known,
        shop_code=code,
        opened_on=shop.local(order.opened_at).date(),
        customer_number=customer.id,
        customer_name=customer.mailing_name,
        first_name=customer.first_name,
        last_name=customer.last_name,
        company=customer.company_name,
        street=address.street if address else "",
        city=address.city if address else "",
        region=address.region if address else "",
        postal_code=address.postal_code if address else "",
        country=(address.country or shop.country) if address else "",
        phone=phone.shown(customer.phone.number, shop.country) if customer.phone else "",
        email=customer.email or "",
        no_letters=customer.id in unwilling,
        job_code=item.job_code if item else "",
        hours=item.hours if item else None,
        labour=totals.kinds[Kind.labour] if totals else None,
        parts=totals.kinds[Kind.part] if totals else None,
        total=totals.including if totals else None,
        tax=totals.tax if totals else None,
        next_visit_on=closing.next_visit_on,
        next_visit=closing.next_visit,
    )
