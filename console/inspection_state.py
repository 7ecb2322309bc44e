"""What is known of an inspection, as the page on the tablet asks for it."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from sqlalchemy import func, select

from console.words import moment_words
from models import Attachment, Finding, Inspection, InspectionChange, db


def state_of(inspection: Inspection, findings: list[Finding]) -> dict[str, Any]:
    """These findings as they stand; ``version`` grows with every change, so that a page knows which of two answers is newer.

    ``token`` goes with the next change: the page may be older than the session.
    """
    newest = select(func.max(InspectionChange.id)).where(InspectionChange.inspection_id == inspection.id)
    return {
        "version": db.session.scalar(newest) or 0,
        "token": generate_csrf(),
        "closed": inspection.order.is_closed,
        "complete": _complete(inspection),
        "findings": [_said(finding) for finding in findings],
    }


def _complete(inspection: Inspection) -> str:
    if inspection.completed_at is None:
        return ""
    return _("Complete since %(when)s, %(name)s.", when=moment_words(inspection.completed_at), name=inspection.completed_by)


def _said(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "result": finding.result,
        "value": finding.value,
        "remark": finding.remark,
        "pictures": [_picture(picture) for picture in finding.attachments if not picture.removed_at],
    }


def _picture(picture: Attachment) -> dict[str, Any]:
    return {
        "id": picture.id,
        "page": url_for("console.attachment", id=picture.id),
        "small": url_for("console.attachment_file", id=picture.id, shape="small") if picture.is_ready else "",
        "words": picture.why_refused or (picture.spoken if picture.is_ready else _("Converting")),
        "bad": picture.refused_at is not None,
    }
