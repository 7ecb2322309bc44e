"""A worker that has the app loaded before it forks, so that a job begins in milliseconds."""

import sys
import time
from typing import Any

import structlog
from flask import Flask
from redis.exceptions import RedisError
from rq import Worker
from rq.serializers import JSONSerializer

from jobs.queues import OF_WORKERS, Queues
from models import db, writing
from wsgi import create_app

log = structlog.get_logger()


class PreloadedWorker(Worker):
    app: Flask
    max_connection_wait_time = 2.0  # seconds between two looks whether Redis is back

    def main_work_horse(self, *arguments: Any, **named: Any) -> None:
        with self.app.app_context():
            for engine in db.engines.values():
                engine.dispose(close=False)  # connections don't survive the fork; the parent's stay the parent's
        super().main_work_horse(*arguments, **named)

    def perform_job(self, *arguments: Any, **named: Any) -> bool:
        writing.set(True)
        with self.app.app_context():
            return bool(super().perform_job(*arguments, **named))

    @property
    def told_to_stop(self) -> bool:
        return self._shutdown_requested_date is not None


def main(name: str = "worker") -> None:
    import jobs.delivery_reports
    import jobs.documents
    import jobs.exports
    import jobs.files
    import jobs.first_loads
    import jobs.incoming
    import jobs.messages
    import jobs.photos
    import jobs.print_orders
    import jobs.setup_checks
    import jobs.videos  # noqa: F401  loaded here, once, not in every fork

    app = create_app()
    while not _work(app, OF_WORKERS[name]):
        time.sleep(1)


def _work(app: Flask, names: tuple[str, ...]) -> bool:
    """Until told to stop (true), or until Redis goes away (false): a new worker then begins where this one left."""
    queues: Queues = app.extensions["queues"]
    worker = None
    try:
        worker = PreloadedWorker([queues.queue(name) for name in names], connection=queues.redis, serializer=JSONSerializer)
        worker.app = app
        worker.work(logging_level="WARNING")
    except RedisError as problem:
        log.warning("queue away", problem=type(problem).__name__)
    return worker is not None and worker.told_to_stop


if __name__ == "__main__":
    main(*sys.argv[1:])
