"""The queues: jobs by dotted name and ids, as JSON. Redis is disposable, so what can't be put in is picked up by the ticker later."""

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

log = structlog.get_logger()

# first things first: opt-outs before anything that is sent
NAMES = ("incoming", "messages", "documents")
_OF = {"jobs.incoming": "incoming", "jobs.delivery_reports": "incoming", "jobs.messages": "messages", "jobs.documents": "documents"}
TIMEOUT = 600  # seconds
PENDING = "drain-pending"


class Queues:
    def __init__(self, url: str) -> None:
        self.redis = Redis.from_url(url, socket_connect_timeout=2)

    def queue(self, name: str) -> Queue:
        return Queue(name, connection=self.redis, serializer=JSONSerializer)

    def enqueue(self, job: str, ids: tuple[int, ...]) -> None:
        """Put the job in its queue. With Redis away it is left to the ticker, which finds the same work in the database."""
        try:
            if job == "jobs.messages.drain" and not self.redis.set(PENDING, 1, nx=True, ex=5):
                return  # one that has not begun yet will see this message too
            self.queue(_OF[job.rpartition(".")[0]]).enqueue(job, *ids, job_timeout=TIMEOUT, result_ttl=0, failure_ttl=86400)
        except RedisError as problem:
            log.warning("queue away, the ticker will find it", job=job, problem=type(problem).__name__)

    def begun_draining(self) -> None:
        """From here on a new message needs a new drain."""
        try:
            self.redis.delete(PENDING)
        except RedisError:
            log.warning("queue away while draining")
