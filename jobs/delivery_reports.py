"""Work on a report that the provider sent about a text."""

from models import DeliveryReport, db


def work(report_id: int) -> None:
    report = db.session.get(DeliveryReport, report_id)
    if report:
        report.work()
        db.session.commit()
