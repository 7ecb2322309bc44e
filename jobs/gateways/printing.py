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


def cards(html: str, fronts: Sequence[int], bleed: float) -> bytes:
    """Two-sided cards for the printer: front, back, front, back. ``bleed`` in points.

    The page holds every front once, then all the backs; ``fronts`` says for each back which front is its own. However many cards share a
    front, it is drawn once and stands in the file once.
    """

    def pair(document: Any, made: pydyf.PDF) -> None:
        numbers = list(made.pages["Kids"][::3])
        pages = [made.objects[number] for number in numbers]
        for page in pages:
            page["BleedBox"] = _around(page["TrimBox"], bleed)
        single = len(pages) - len(fronts)
        made.pages["Kids"], made.pages["Count"] = pydyf.Array([]), 0
        for back, front in enumerate(fronts):
            made.add_page(pydyf.Dictionary(dict(pages[front])))
            made.pages["Kids"].extend([numbers[single + back], 0, "R"])
            made.pages["Count"] += 1

    document: bytes = _read(html).write_pdf(finisher=pair)
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
