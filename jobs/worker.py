"""A worker that has the app loaded before it forks, so that a job begins in milliseconds."""

from typing import Any

from flask import Flask
from rq import Worker
from rq.serializers import JSONSerializer

from jobs.queues import NAMES, Queues
from models import db, writing
from wsgi import create_app


class PreloadedWorker(Worker):
    app: Flask

    def main_work_horse(self, *arguments: Any, **named: Any) -> None:
        with self.app.app_context():
            for engine in db.engines.values():
                engine.dispose(close=False)  # connections don't survive the fork; the parent's stay the parent's
        super().main_work_horse(*arguments, **named)

    def perform_job(self, *arguments: Any, **named: Any) -> bool:
        writing.set(True)
        with self.app.app_context():
            return bool(super().perform_job(*arguments, **named))


def main() -> None:
    import jobs.delivery_reports
    import jobs.documents
    import jobs.incoming
    import jobs.messages  # noqa: F401  loaded here, once, not in every fork

    app = create_app()
    queues: Queues = app.extensions["queues"]
    worker = PreloadedWorker([queues.queue(name) for name in NAMES], connection=queues.redis, serializer=JSONSerializer)
    worker.app = app
    worker.work(logging_level="WARNING")


if __name__ == "__main__":
    main()
