"""The live stream: topic names only; each panel fetches itself again."""

import json
import queue
import threading
import time
from collections.abc import Callable, Iterator

import structlog
from flask import Flask, Response, current_app
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import RedisError
from redis.retry import Retry

from models import db

log = structlog.get_logger()

BEAT = 15  # seconds
LIFE = 300  # seconds until a stream ends and the browser comes back, its rights computed anew


class Nudges:
    """One subscriber a process listens to Redis and fans out to the streams that are open here."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(url, socket_connect_timeout=2, health_check_interval=30)
        # somebody's click waits for what is published: a server that hangs is given up soon, one that restarted is asked again at once
        again = Retry(NoBackoff(), 1, supported_errors=(NoConnection,))
        self._publisher = Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1, retry=again)
        self._streams: dict[int, set[queue.SimpleQueue[str]]] = {}
        self._lock = threading.Lock()
        self._started = False

    def publish(self, shop_id: int, topic: str) -> None:
        try:
            self._publisher.publish("live", json.dumps([shop_id, topic]))
        except RedisError:
            log.warning("nudge lost, screens catch up by themselves", topic=topic)

    def open(self, shop_id: int) -> "queue.SimpleQueue[str]":
        stream: queue.SimpleQueue[str] = queue.SimpleQueue()
        with self._lock:
            self._streams.setdefault(shop_id, set()).add(stream)
            if not self._started:
                self._started = True
                threading.Thread(target=self._listen, daemon=True, name="nudges").start()
        return stream

    def close(self, shop_id: int, stream: "queue.SimpleQueue[str]") -> None:
        with self._lock:
            self._streams.get(shop_id, set()).discard(stream)

    def _fan_out(self, shop_ids: list[int] | None, topic: str) -> None:
        with self._lock:
            for shop_id in shop_ids if shop_ids is not None else list(self._streams):
                for stream in self._streams.get(shop_id, ()):
                    stream.put(topic)

    def _listen(self) -> None:
        while True:
            try:
                with self._redis.pubsub(ignore_subscribe_messages=True) as subscription:  # type: ignore[no-untyped-call]
                    subscription.subscribe("live")
                    self._fan_out(None, "refresh")  # what was said while nobody listened is lost: let every panel look again
                    for message in subscription.listen():
                        shop_id, topic = json.loads(message["data"])
                        self._fan_out([shop_id], topic)
            except (RedisError, OSError):
                time.sleep(1)


def live(shop_id: int, may: Callable[[str], bool], still_allowed: Callable[[], bool]) -> Response:
    """The stream of a tab: names of what changed in this shop, as far as ``may`` lets; ends when ``still_allowed`` says no at a beat."""
    nudges: Nudges = current_app.extensions["nudges"]
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    topics = frozenset(topic for topic, permission in TOPICS.items() if may(permission)) | {"refresh"}
    db.session.remove()  # a stream lives for minutes: it must not keep a database connection
    return Response(
        _events(app, nudges, shop_id, topics, still_allowed),
        mimetype="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


TOPICS = {
    "appointments": "day",
    "estimates": "estimates",
    "messages": "messages",
    "threads": "messages",
    "customers": "customers",
    "work_orders": "queue",
    "attachments": "queue",
    "overviews": "queue",
    "inspections": "queue",  # begun, complete
    "findings": "queue",  # every tap of one: for the pages that show it alone
    "explanations": "messages",
    "exports": "customers",
    "plates": "customers",  # what a plate service answered
    "calls": "customers",
    "staff": "staff",
    "settings": "settings",
}


def _events(app: Flask, nudges: Nudges, shop_id: int, topics: frozenset[str], still_allowed: Callable[[], bool]) -> Iterator[str]:
    stream = nudges.open(shop_id)
    ends = time.monotonic() + LIFE
    try:
        yield "event: refresh\ndata: 1\n\n"
        while time.monotonic() < ends:
            try:
                topic = stream.get(timeout=BEAT)
            except queue.Empty:
                with app.app_context():
                    if not still_allowed():
                        yield "event: logout\ndata: 1\n\n"
                        return
                yield "event: beat\ndata: 1\n\n"
                continue
            if topic in topics:
                yield f"event: {topic}\ndata: 1\n\n"
    finally:
        nudges.close(shop_id, stream)
