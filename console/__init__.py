"""The staff's side: a live console for those who may sign in, each in the shops they are members of."""

from flask import Blueprint

bp = Blueprint("console", __name__, url_prefix="/console")

from console import (  # noqa: E402, F401  (they hang their routes on the blueprint)
    access,
    answers,
    appointments,
    branding,
    calendar,
    closing_days,
    customers,
    documents,
    estimates,
    locations,
    message_templates,
    messages,
    opening_hours,
    queue,
    reschedule_requests,
    sessions,
    settings,
    shops,
    today,
    vehicles,
    words,
    work_orders,
)
