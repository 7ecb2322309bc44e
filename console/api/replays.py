"""``Idempotency-Key``: the same request again gets the same answer, without being done again.

Records can be pushed twice anyway; this spares the work, and tells who lost an answer what it was. Kept for a day beside the queue, which
may lose it: then the request is done again, and changes nothing.
"""

import hashlib
import json
import re
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

from flask import Response, current_app, g, make_response, request
from redis.exceptions import RedisError

from console.api.problems import deny

A_DAY, A_MINUTE = 86400, 60  # seconds
KEYS = r"[!-~]{1,255}"


def replayed(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def once(*arguments: Any, **named: Any) -> Any:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return view(*arguments, **named)
        if not re.fullmatch(KEYS, key):
            deny(422, "An Idempotency-Key has 1 to 255 visible characters of ASCII.")
        name = f"replay:{g.token.id}:{hashlib.sha256(key.encode()).hexdigest()}"
        asked = hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.get_data()).hexdigest()
        if (kept := _begun(name, asked)) is not None:
            return kept
        try:
            response = make_response(view(*arguments, **named))
        except BaseException:
            _keep(name, None)
            raise
        _keep(name, [asked, response.status_code, response.get_data(as_text=True)], A_DAY)
        return response

    return once


def _begun(name: str, asked: str) -> Response | None:
    """The answer that was given before; None: nobody has asked this yet, and now we have begun."""
    redis = current_app.extensions["queues"].redis
    kept = None
    with suppress(RedisError):
        if not redis.set(name, json.dumps([asked, 0, ""]), nx=True, ex=A_MINUTE):
            kept = redis.get(name)
    if kept is None:
        return None
    before, status, body = json.loads(kept)
    if before != asked:
        deny(409, "This Idempotency-Key was used for another request.")
    if not status:
        deny(409, "A request with this Idempotency-Key is being worked on.", Retry_After="1")
    response = make_response(body, status)
    response.mimetype = "application/json"
    response.headers["Idempotent-Replayed"] = "true"
    return response


def _keep(name: str, answer: list[Any] | None, seconds: int = A_MINUTE) -> None:
    redis = current_app.extensions["queues"].redis
    with suppress(RedisError):
        if answer is None:
            redis.delete(name)
        else:
            redis.set(name, json.dumps(answer), ex=seconds)
