"""The work of a work order: items added from the catalogue or freely, written, moved, removed, and what they come to."""

from typing import Any

from flask import g, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import again, done, gone_to
from console.item_form import EMPTY, ItemForm
from models import Approvals, Category, Job, Refused, Work, WorkItem, WorkOrder, db
from models.work_item import Overtaken
from web import panel

PAGE, LIST, ITEM, NEW = (f"console/work_items/{name}.html" for name in ("page", "_work_items", "_item", "_new"))
FORM_PAGE, FORM = "console/work_items/edit.html", "console/work_items/_edit.html"
ITEMS = "/work-orders/<int:number>/items"
FOUND = 8  # jobs that are offered while typing


@bp.app_template_global()
def approvals_of(order: WorkOrder) -> Approvals:
    """Its work, and what was decided about it. Asked once a request: templates come after all that is done in it."""
    if order.id not in (kept := g.setdefault("approvals", {})):
        kept[order.id] = Approvals(order)
    return kept[order.id]


@bp.app_template_global()
def work_of(order: WorkOrder) -> Work:
    return approvals_of(order).work


@bp.get(ITEMS)
@needs("queue")
def work_items(number: int) -> Response:
    return panel(PAGE, LIST, order=g.shop.work_order(number))


@bp.get(f"{ITEMS}/find")
@needs("work")
def find_job(number: int) -> str:
    g.shop.work_order(number)
    words = request.args.get("what", "").strip()
    jobs = Job.catalogue(g.shop, words, limit=FOUND) if words else []
    return render_template("console/work_items/_found.html", jobs=jobs, words=words)


@bp.post(ITEMS)
@needs("work")
def create_work_item(number: int) -> Any:
    order = g.shop.work_order(number, lock=True)
    try:
        item = _added(order)
        db.session.commit()
    except Refused as refused:
        return again(PAGE, NEW, refused, order=order)
    if not request.headers.get("HX-Request"):
        return gone_to(url_for("console.edit_work_item", number=number, id=item.id) if not item.lines else order_page(number))
    response = make_response(render_template(NEW, order=order, typed={"category": item.category}, errors={}, added=item))
    response.headers["HX-Trigger"] = "refresh"
    return response


@bp.post(f"{ITEMS}/booked")
@needs("work")
def create_booked_work(number: int) -> Response:
    """What the appointment was made for, as the first item."""
    order = g.shop.work_order(number, lock=True)
    item = WorkItem.add_booked(order, by=g.actor)
    db.session.commit()
    return done(_("“%(title)s” added.", title=item.title), order_page(number))


def _added(order: WorkOrder) -> WorkItem:
    """What was chosen of the catalogue, by its code, or what was typed as it is."""
    form = request.form
    words, category = form.get("what", "").strip(), form.get("category", "")
    category = Category(category) if category in list(Category) else Category.scheduled
    if form.get("free"):
        return WorkItem.add(order, words, by=g.actor, category=category)
    job = Job.coded(g.shop, form.get("code") or words) or Job.sole(g.shop, words)
    if job is None:
        raise Refused(_("No job is called so. Choose one of the list, or add it as a new item."), field="what")
    return WorkItem.add_job(order, job, by=g.actor, category=category)


@bp.get(f"{ITEMS}/<int:id>")
@needs("queue")
def work_item(number: int, id: int) -> Response:
    order = g.shop.work_order(number)
    return panel(PAGE, ITEM, order=order, item=WorkItem.within(order, id), focused=id)


@bp.get(f"{ITEMS}/<int:id>/edit")
@needs("work")
def edit_work_item(number: int, id: int) -> Response:
    order = g.shop.work_order(number)
    item = WorkItem.within(order, id)
    return panel(FORM_PAGE, FORM, order=order, item=item, form=ItemForm.on_file(item, g.shop), errors={}, version=item.version)


@bp.post(f"{ITEMS}/<int:id>")
@needs("work")
def update_work_item(number: int, id: int) -> Any:
    order = g.shop.work_order(number, lock=True)
    item = WorkItem.within(order, id)
    form, version = ItemForm.sent(item, g.shop, request.form), request.form.get("version", type=int)
    try:
        read = form.read()
        form.faults.besides(lambda: item.change(version, **read, by=g.actor))
        db.session.commit()
    except Refused as refused:
        overtaken = isinstance(refused, Overtaken)
        version = item.version if overtaken else version
        return again(FORM_PAGE, FORM, refused, order=order, item=item, form=form, version=version, overtaken=overtaken)
    if not request.headers.get("HX-Request"):
        return gone_to(order_page(number), _("Saved."))
    return in_its_row(order, item)


@bp.post(f"{ITEMS}/<int:id>/draft")
@needs("work")
def draft_work_item(number: int, id: int) -> Response:
    """The form once more, with a line more or less; nothing is kept."""
    order = g.shop.work_order(number)
    item = WorkItem.within(order, id)
    form = ItemForm.sent(item, g.shop, request.form)
    dropped = request.form.get("drop", type=int)
    if dropped is None:
        form.rows.append(EMPTY | {"kind": request.form.get("add", "part")})
    form.rows = [row for at, row in enumerate(form.rows) if at != dropped]
    version = request.form.get("version", type=int)
    return panel(FORM_PAGE, FORM, order=order, item=item, form=form, errors={}, version=version, drafted=True)


@bp.post(f"{ITEMS}/<int:id>/sum")
@needs("work")
def sum_work_item(number: int, id: int) -> str:
    """What it would come to as it is typed."""
    order = g.shop.work_order(number)
    item = WorkItem.within(order, id)
    form = ItemForm.sent(item, g.shop, request.form)
    return render_template("console/work_items/_sum.html", order=order, item=item, form=form)


@bp.post(f"{ITEMS}/<int:id>/position")
@needs("work")
def move_work_item(number: int, id: int) -> Response:
    order = g.shop.work_order(number, lock=True)
    WorkItem.within(order, id).move(max(-1000, min(request.form.get("steps", 0, type=int), 1000)), by=g.actor)
    db.session.commit()
    return listed(order)


@bp.post(f"{ITEMS}/<int:id>/removal")
@needs("work")
def create_work_item_removal(number: int, id: int) -> Response:
    order = g.shop.work_order(number, lock=True)
    item = WorkItem.within(order, id)
    item.remove(by=g.actor)
    db.session.commit()
    if not request.headers.get("HX-Request"):
        return gone_to(order_page(number), _("“%(title)s” removed.", title=item.title))
    response = make_response(render_template("console/work_items/_removed.html", order=order, item=item))
    response.headers["HX-Trigger"] = "refresh"
    return response


@bp.post(f"{ITEMS}/<int:id>/return")
@needs("work")
def create_work_item_return(number: int, id: int) -> Response:
    """Undo a removal."""
    order = g.shop.work_order(number, lock=True)
    item = WorkItem.within(order, id)
    item.restore(by=g.actor)
    db.session.commit()
    return done(_("“%(title)s” is back on the order.", title=item.title), order_page(number))


@bp.post(f"{ITEMS}/terms")
@needs("work")
def create_current_terms(number: int) -> Response:
    """Price the order by the settings as they are today."""
    order = g.shop.work_order(number, lock=True)
    Work(order).use_current_terms(by=g.actor)
    db.session.commit()
    return done(_("Priced by today's taxes and supplies."), order_page(number))


def in_its_row(order: WorkOrder, item: WorkItem) -> Response:
    """The item as it now is, in place of the form that was in its row; the list may have to put it elsewhere."""
    response = make_response(render_template(ITEM, order=order, item=item, focused=item.id))
    response.headers["HX-Trigger"] = "refresh"
    return response


def listed(order: WorkOrder) -> Response:
    """The list as it now is, in place of the one that was clicked in."""
    return panel(PAGE, LIST, order=order) if request.headers.get("HX-Request") else gone_to(order_page(order.number))


def order_page(number: int) -> str:
    return url_for("console.work_order", number=number)
