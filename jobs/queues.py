"""The queues: jobs by dotted name and ids, as JSON. Redis is disposable, so what can't be put in is picked up by the ticker later."""

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

log = structlog.get_logger()

# first things first: opt-outs before anything that is sent, then what somebody waits for at the printer
_OF = {
    "jobs.incoming": "incoming",
    "jobs.documents": "documents",
    "jobs.plates": "plates",
    "jobs.setup_checks": "checks",
    "jobs.delivery_reports": "reports",
    "jobs.returned_mails": "reports",
    "jobs.messages": "messages",
    "jobs.photos": "photos",
    "jobs.files": "photos",
    "jobs.data_exports": "loads",
    "jobs.erasures": "photos",
    "jobs.retention": "photos",
    "jobs.message_media": "photos",
    "jobs.exports": "exports",
    "jobs.videos": "videos",
    "jobs.message_videos": "videos",
    "jobs.first_loads": "loads",
    "jobs.postcards": "postcards",
    "jobs.print_orders": "postcards",
}
NAMES = tuple(dict.fromkeys(_OF.values()))
# Converting a video or drawing hundreds of postcards takes minutes, and so may another company's server: nobody's text waits for that. A
# worker of its own does it, which helps with photos.
LONG = ("exports", "loads", "postcards", "videos")
OF_WORKERS = {"worker": tuple(name for name in NAMES if name not in LONG), "converter": ("photos", *LONG)}
URGENT = ("incoming", "documents", "plates")
TIMEOUT, LONGER = 600, {"videos": 1800, "loads": 3600}  # seconds
A_DAY = 86400


class Queues:
    def __init__(self, url: str) -> None:
        # somebody's click waits for this: a server that hangs is given up soon, one that restarted is asked again at once
        again = Retry(NoBackoff(), 1, supported_errors=(NoConnection,))
        self.redis = Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1, retry=again)

    def queue(self, name: str) -> Queue:
        return Queue(name, connection=self.redis, serializer=JSONSerializer)

    def enqueue(self, job: str, ids: tuple[int, ...]) -> None:
        """Put the job in its queue, unless it waits there already: one that has not begun yet will see the newest rows too.

        With Redis away it is left to the ticker, which finds the same work in the database.
        """
        queue, key = self.queue(_OF[job.rpartition(".")[0]]), f"handed-over:{job}:{ids}"
        try:
            handed_over = self.redis.get(key)
            if handed_over and self.redis.lpos(queue.key, handed_over) is not None:  # type: ignore[arg-type]
                return
            put_in = queue.enqueue(job, *ids, job_timeout=LONGER.get(queue.name, TIMEOUT), result_ttl=0, failure_ttl=A_DAY)
            self.redis.set(key, put_in.id, ex=A_DAY)
        except RedisError as problem:
            log.warning("queue away, the ticker will find it", job=job, problem=type(problem).__name__)

    def has_urgent(self) -> bool:
        """Whether something waits that must not wait for a long job to end."""
        try:
            return any(self.queue(name).count for name in URGENT)
        except RedisError:
            return False
