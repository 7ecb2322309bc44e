"""PDFs by WeasyPrint, which may read nothing but what we hand it."""

from weasyprint import HTML
from weasyprint.urls import URLFetcher


def pdf(html: str) -> bytes:
    """The page as PDF/UA-1. Pictures and styles come inside it: no address is ever fetched."""
    document: bytes = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=("data",))).write_pdf(pdf_variant="pdf/ua-1")
    return document
