"""The customer communication log of a work order: to read, to verify, to take away."""

import tempfile
from collections.abc import Iterator
from typing import IO

from flask import Response as FileResponse
from flask import current_app, g, make_response
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from models import Communication, WorkOrder, clock
from models.communication_export import write_lines
from models.communication_log import as_csv, log_of
from web import panel

PAGE, LIST, PROOF = (f"console/communications/{name}.html" for name in ("page", "_communications", "_proof"))

PIECE = 64 * 1024  # bytes


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
    response = make_response(as_csv(log_of(g.shop.work_order(number))))
    return _to_keep(response, "text/csv", f"communication-log-{g.shop.slug}-{number}.csv")


@bp.get("/work-orders/<int:number>/communications.jsonl")
@needs("work")
def export_communication_chain(number: int) -> FileResponse:
    return _chain(f"communication-log-{g.shop.slug}-{number}.jsonl", g.shop.work_order(number))


@bp.get("/communications.jsonl")
@needs("settings")
def export_shop_communications() -> FileResponse:
    return _chain(f"communication-log-{g.shop.slug}.jsonl")


def _chain(name: str, order: WorkOrder | None = None) -> FileResponse:
    """Written to the disk first: it can be long, and a slow reader shall not keep a connection to the database."""
    file = tempfile.TemporaryFile(dir=current_app.extensions["settings"].data_dir)  # noqa: SIM115  closed when it was read
    write_lines(file, g.shop, order)
    response = current_app.response_class(_pieces(file))
    response.content_length = file.tell()
    response.call_on_close(file.close)  # also where nobody reads it to its end
    return _to_keep(response, "application/jsonl", name)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(PIECE):
        yield piece
    file.close()


def _to_keep(response: FileResponse, kind: str, name: str) -> FileResponse:
    response.mimetype = kind
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
