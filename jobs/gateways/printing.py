"""PDFs by WeasyPrint, which may read nothing but what we hand it; pictures of their pages by PDFium."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pydyf
import pypdfium2
from weasyprint import HTML
from weasyprint.urls import URLFetcher

QUALITY = 82  # of WebP


def pdf(html: str) -> bytes:
    """The page as PDF/UA-1. Pictures and styles come inside it: no address is ever fetched."""
    document: bytes = _read(html).write_pdf(pdf_variant="pdf/ua-1")
    return document


def cards(html: str, fronts: Sequence[int], forms: Sequence[int], bleed: float) -> bytes:
    """Two-sided cards for the printer: front, back, front, back. ``bleed`` in points.

    The page holds every front once, then every form of a back, then what each card alone says; ``fronts`` and ``forms`` name of each card
    which are its own. However many cards share them, they are drawn once and stand in the file once.
    """

    def put_together(document: Any, made: pydyf.PDF) -> None:
        pages = [made.objects[number] for number in made.pages["Kids"][::3]]
        for page in pages:
            page["BleedBox"] = _around(page["TrimBox"], bleed)
        shared = len(pages) - len(fronts)
        made.pages["Kids"], made.pages["Count"] = pydyf.Array([]), 0
        save, restore = pydyf.Stream([b"q"]), pydyf.Stream([b"Q"])
        made.add_object(save)
        made.add_object(restore)
        for own, front, form in zip(pages[shared:], fronts, forms, strict=True):
            layers = save.reference, pages[max(fronts) + 1 + form]["Contents"], restore.reference, own["Contents"]
            made.add_page(pydyf.Dictionary(dict(pages[front])))
            made.add_page(pydyf.Dictionary({**own, "Contents": pydyf.Array(layers)}))

    document: bytes = _read(html).write_pdf(finisher=put_together)
    return document


def pictures(document: bytes, width: int) -> list[bytes]:
    """Each page as it will be cut, as WebP of so many pixels across."""
    with pypdfium2.PdfDocument(document) as opened:
        return [_picture(page, width) for page in opened]


def _picture(page: Any, width: int) -> bytes:
    left, bottom, right, top = page.get_trimbox()
    page.set_cropbox(left, bottom, right, top)
    drawn, file = page.render(scale=width / (right - left)).to_pil(), BytesIO()
    drawn.convert("RGB").save(file, "WEBP", quality=QUALITY, method=4)
    return file.getvalue()


def _read(html: str) -> HTML:
    return HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=("data",)))


def _around(box: Sequence[float], by: float) -> pydyf.Array:
    left, bottom, right, top = box
    return pydyf.Array([left - by, bottom - by, right + by, top + by])
