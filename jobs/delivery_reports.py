"""Work on reports that the provider sent about texts."""

from jobs.each import each
from models import DeliveryReport


def drain() -> None:
    """Work on all that wait. One job a report could not keep up: each text brings two, and a job of its own costs a process."""
    each(DeliveryReport, DeliveryReport.waiting_ids(), DeliveryReport.work)
