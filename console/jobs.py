"""Settings: the catalogue of jobs, searched as one types; a job is added, changed, taken out of the offer and brought back."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from flask import g, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp, figures
from console.access import needs
from console.answers import again, done, gone_to
from console.typed import Faults
from models import Job, Money, Refused, db
from models.item_line import Line
from models.tax import Kind
from web import panel

PAGE, LIST = "console/jobs/page.html", "console/jobs/_jobs.html"
FORM_PAGE, FORM = "console/jobs/edit.html", "console/jobs/_job.html"
CELLS = ("name", "number", "quantity", "price")
EMPTY_ROWS = 2  # below what is there, to go on in
BLANK = dict.fromkeys(("code", "title", "section", "hours"), "")


@bp.get("/settings/jobs")
@needs("settings")
def jobs() -> Response:
    words, retired = request.args.get("q", "").strip(), request.args.get("show") == "retired"
    return panel(PAGE, LIST, jobs=Job.catalogue(g.shop, words, retired=retired), words=words, retired=retired)


@bp.get("/settings/jobs/new")
@needs("settings")
def new_job() -> str:
    return render_template(FORM_PAGE, job=None, typed=BLANK, rows=_with_empty([]), errors={})


@bp.post("/settings/jobs")
@needs("settings")
def create_job() -> Any:
    try:
        job = _read(partial(Job.add, g.shop, by=g.actor))
        db.session.commit()
    except Refused as refused:
        return again(FORM_PAGE, FORM, refused, job=None, rows=_with_empty(_sent()))
    return gone_to(url_for("console.jobs"), _("%(code)s is in the catalogue.", code=job.code))


@bp.post("/settings/jobs/usual")
@needs("settings")
def create_usual_jobs() -> Response:
    Job.stock(g.shop)
    db.session.commit()
    return gone_to(url_for("console.jobs"), _("The usual jobs are in the catalogue. Make them your own."))


@bp.get("/settings/jobs/<int:id>")
@needs("settings")
def job(id: int) -> str:
    job = g.shop.job(id)
    typed = {"code": job.code, "title": job.title, "section": job.section, "hours": figures.figure(job.hours)}
    return render_template(FORM_PAGE, job=job, typed=typed, rows=_with_empty([_written(line) for line in job.part_lines]), errors={})


@bp.post("/settings/jobs/<int:id>")
@needs("settings")
def update_job(id: int) -> Any:
    job = g.shop.job(id)
    try:
        _read(partial(job.change, by=g.actor))
        db.session.commit()
    except Refused as refused:
        return again(FORM_PAGE, FORM, refused, job=job, rows=_with_empty(_sent()))
    return gone_to(url_for("console.jobs"), _("%(code)s saved. Work orders keep what they have.", code=job.code))


@bp.post("/settings/jobs/<int:id>/retirement")
@needs("settings")
def create_job_retirement(id: int) -> Response:
    job = g.shop.job(id)
    job.retire(by=g.actor)
    db.session.commit()
    if not request.headers.get("HX-Request"):
        return gone_to(url_for("console.jobs"), _("%(code)s is no longer offered.", code=job.code))
    response = make_response(render_template("console/jobs/_retired.html", job=job))
    response.headers["HX-Trigger"] = "refresh"
    return response


@bp.post("/settings/jobs/<int:id>/return")
@needs("settings")
def create_job_return(id: int) -> Response:
    """Undo a retirement, at once or years later."""
    job = g.shop.job(id)
    job.bring_back(by=g.actor)
    db.session.commit()
    return done(_("%(code)s is offered again.", code=job.code), url_for("console.jobs"))


def _sent() -> list[dict[str, str]]:
    """The part rows that somebody wrote in."""
    columns = [request.form.getlist(f"part-{cell}") for cell in CELLS]
    rows = [dict(zip(CELLS, row, strict=True)) for row in zip(*columns, strict=False)]
    return [row for row in rows if any(text.strip() for text in row.values())]


def _with_empty(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return rows + [dict.fromkeys(CELLS, "")] * EMPTY_ROWS


def _written(line: Line) -> dict[str, str]:
    price = figures.figure(Money(line.price, g.shop.currency))
    return {"name": line.description, "number": line.part_number, "quantity": figures.figure(line.quantity), "price": price}


def _read(verb: Callable[..., Any]) -> Any:
    """Call it with what ``Job.add`` takes. Raises Refused with what it says, and with every figure that can't be read."""
    faults = Faults()
    words = {name: request.form.get(name, "") for name in ("code", "title", "section")}
    hours = faults.reading(lambda: figures.a_decimal(request.form, "hours"))
    parts = [_part(faults, f"part-{at}", row) for at, row in enumerate(_sent())]
    return faults.besides(lambda: verb(**words, hours=hours or Decimal(0), parts=parts))


def _part(faults: Faults, name: str, row: dict[str, str]) -> Line:
    typed = row["quantity"].strip()
    quantity = faults.reading(lambda: figures.a_decimal(row, "quantity"), f"{name}-quantity") if typed else Decimal(1)
    price = faults.reading(lambda: figures.an_amount(row["price"], g.shop.currency, "price"), f"{name}-price")
    return Line(Kind.part, row["name"], quantity or Decimal(0), price or 0, row["number"])
