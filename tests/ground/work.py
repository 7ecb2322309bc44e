"""The worker's work, done here and now, so that a test sees what came of it and a mistake is raised in its face."""

from contextvars import Context

from flask import Flask
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer

from jobs.queues import NAMES, Queues
from models import db


def do_all(app: Flask) -> int:
    """Do what has been handed over, and what that hands over, until nothing is left; returns how many jobs there were."""
    queues: Queues = app.extensions["queues"]
    db.session.commit()
    done = 0
    while taken := Queue.dequeue_any([queues.queue(name) for name in NAMES], None, connection=queues.redis, serializer=JSONSerializer):
        job, _ = taken
        Context().run(_perform, app, job)
        done += 1
    db.session.expire_all()
    return done


def _perform(app: Flask, job: Job) -> None:
    with app.app_context():
        job.perform()
