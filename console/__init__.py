"""The staff's side: a live console for those who may sign in, each in the shops they are members of."""

from flask import Blueprint

bp = Blueprint("console", __name__, url_prefix="/console")

from console import (  # noqa: E402, F401  (they hang their routes on the blueprint)
    access,
    answers,
    appointments,
    customers,
    documents,
    messages,
    queue,
    reschedule_requests,
    sessions,
    today,
    vehicles,
    words,
)
