"""What stands for a value that another system said, without keeping the value."""

import hmac
import json
from typing import Any

from flask import current_app
from pydantic import BaseModel

LENGTH = 16  # hexadecimal digits of a mark


def mark(value: Any) -> Any:
    """Stands for a value that was pushed, to see whether it is another the next time: a keyed hash; of a list, one for each."""
    if isinstance(value, list):
        return [mark(one) for one in value]
    plain = value.model_dump() if isinstance(value, BaseModel) else value
    key: str = current_app.extensions["settings"].data_key
    return hmac.digest(key.encode(), b"transfer:" + json.dumps(plain, sort_keys=True, default=str).encode(), "sha256").hex()[:LENGTH]
