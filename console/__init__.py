"""The staff's side: a live console for those who may sign in, each in the shops they are members of."""

from flask import Blueprint

bp = Blueprint("console", __name__, url_prefix="/console")

from console import (  # noqa: E402, F401  (they hang their routes on the blueprint)
    access,
    activation,
    administrators,
    answers,
    appointments,
    attachments,
    branding,
    calendar,
    closing_days,
    customer_merges,
    customers,
    documents,
    estimates,
    forgotten_password,
    gate,
    inspection_points,
    inspection_sheets,
    forgotten_password,
    gate,
    locations,
    marking,
    message_templates,
    messages,
    opening_hours,
    passwords,
    queue,
    reschedule_requests,
    sessions,
    settings,
    sheet_imports,
    shops,
    today,
    vehicles,
    words,
    work_orders,
)
