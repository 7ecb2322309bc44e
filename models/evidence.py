"""What a receipt is made of: all that was on screen and all that was said, frozen, with the digest that proves it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from models.overview import Overview
from models.reply import Reply


def evidence(overview: Overview, reply: Reply) -> dict[str, Any]:
    """All that was on screen and all that was said, as JSON: wording, prices, taxes, digests of the pictures, version, terms."""
    items = [
        {
            "item": item.work_item_id,
            "category": item.category.value,
            "title": item.title,
            "why": item.why,
            "measured": item.measured,
            "limit": item.limit,
            "excluding": item.excluding,
            "tax": item.tax,
            "including": item.including,
            "lines": item.lines,
            "pictures": [picture["digest"] for picture in item.pictures],
            "answer": item.chosen.word if item.chosen else "",
        }
        for item in overview.items
    ]
    return {
        "order": overview.order.number,
        "version": overview.version,
        "note": overview.note,
        "language": overview.language,
        "terms": overview.terms_kept,
        "rules": overview.rules_kept,
        "prices": reply.prices.value,
        "items": items,
        "checked_ok": overview.checked_ok,
        "statement": reply.statement,
        "amount": reply.amount,
        "tax": reply.tax,
        "currency": reply.currency,
        "at": reply.at.isoformat(),
    }


def digest_of(receipt: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(receipt, sort_keys=True, ensure_ascii=True).encode()).hexdigest()
