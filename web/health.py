"""Whether what we stand on is there, for whoever watches over us."""

from flask import Response, current_app, jsonify
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from models import db


def health() -> tuple[Response, int]:
    """For whoever watches over us: whether the database answers (503 if not) and the queue (without it all is saved and waits)."""
    state = {"database": "ok", "queue": "ok"}
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        state["database"] = "away"
    try:
        current_app.extensions["queues"].redis.ping()
    except RedisError:
        state["queue"] = "away"
    return jsonify(state), 200 if state["database"] == "ok" else 503
