"""A repair order's PDF in a warm worker, and WeasyPrint alone on the same HTML beside it."""

import statistics
import time
from collections.abc import Callable, Iterator

from weasyprint import HTML
from weasyprint.urls import URLFetcher

from jobs import documents
from models import Category, Document, db
from tests.bench.figure import Figure, Row
from tests.ground import valkey
from tests.ground.databases import Apps, entered, settings_for
from tests.ground.makers import SAM, a_shop
from tests.ground.overviews import FOUND, an_inspected_order, an_item

TRIES, ITEMS = 12, 12


def measure() -> Iterator[Figure | Row]:
    apps = Apps()
    try:
        with valkey.serving(settings_for("sqlite://")), entered(apps.empty("sqlite")):
            yield from _measured()
    finally:
        apps.close()


def _measured() -> Iterator[Figure | Row]:
    order = an_inspected_order(a_shop())
    for number in range(ITEMS):
        an_item(order, f"Brake line {number}", Category.necessary)
    html = documents.WRITERS["repair_order"](Document.repair_order(order, by=SAM))
    ours, bare = [], []
    for _ in range(TRIES):  # in turns, so that whoever else is at the machine disturbs both
        ours.append(_cpu(lambda: documents.render(_asked_for(order).id)))
        bare.append(_cpu(lambda: HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=("data",))).write_pdf(pdf_variant="pdf/ua-1")))
    job, alone = statistics.median(ours[2:]), statistics.median(bare[2:])
    yield {"job_ms": round(job * 1000), "bare_ms": round(alone * 1000), "items": ITEMS + len(FOUND)}
    beside = f"{job * 1000:.0f} ms and {alone * 1000:.0f} ms of a core, {ITEMS + len(FOUND)} items"
    yield Figure("repair order PDF ÷ bare WeasyPrint", round(job / alone, 3), 1.15, "×", beside=beside)


def _asked_for(order: object) -> Document:
    """One that is not printed yet, whatever was printed of the same order before."""
    db.session.query(Document).delete()
    document = Document.repair_order(order, by=SAM)  # type: ignore[arg-type]
    db.session.commit()
    return document


def _cpu(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun
