"""The customer communication log of a work order: to read, to verify, to take away."""

from flask import Response as FileResponse
from flask import g
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.list_files import by_way_of_disk
from models import Communication, WorkOrder, clock
from models.communication_export import write_lines
from models.communication_log import as_list_file, log_of
from models.list_file import TYPES
from web import panel

PAGE, LIST, PROOF = (f"console/communications/{name}.html" for name in ("page", "_communications", "_proof"))


@bp.get("/work-orders/<int:number>/communications")
@needs("work")
def communications(number: int) -> Response:
    order = g.shop.work_order(number)
    return panel(PAGE, LIST, order=order, lines=log_of(order))


@bp.get("/work-orders/<int:number>/communications/proof")
@needs("work")
def communication_proof(number: int) -> Response:
    """*Verify*: the whole shop's log is read, since each record stands on the one before."""
    broken, newest = Communication.verify(g.shop), Communication.newest(g.shop)
    shown = {"order": g.shop.work_order(number), "broken": broken, "newest": newest, "at": clock.now()}
    return panel("console/communications/proof.html", PROOF, **shown)


@bp.get("/work-orders/<int:number>/communications.csv")
@needs("work")
def export_communications(number: int) -> FileResponse:
    listed = as_list_file(log_of(g.shop.work_order(number)))
    return by_way_of_disk(lambda file: listed.write(file, "csv"), TYPES["csv"], f"communication-log-{g.shop.slug}-{number}.csv")


@bp.get("/work-orders/<int:number>/communications.jsonl")
@needs("work")
def export_communication_chain(number: int) -> FileResponse:
    return _chain(f"communication-log-{g.shop.slug}-{number}.jsonl", g.shop.work_order(number))


@bp.get("/communications.jsonl")
@needs("settings")
def export_shop_communications() -> FileResponse:
    return _chain(f"communication-log-{g.shop.slug}.jsonl")


def _chain(name: str, order: WorkOrder | None = None) -> FileResponse:
    return by_way_of_disk(lambda file: write_lines(file, g.shop, order), "application/jsonl", name)
