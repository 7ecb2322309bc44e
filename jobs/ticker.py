"""The clock's process: every few seconds it plans what is due and picks up what was left lying."""

import signal
import threading

import structlog

from jobs.tick import tick
from wsgi import create_app

INTERVAL = 5  # seconds
log = structlog.get_logger()


def main() -> None:
    app, ended = create_app(), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    while not ended.is_set():
        with app.app_context():
            try:
                tick()
            except Exception:  # a tick that fails must not end the clock: the next one does the same work
                log.exception("tick failed")
        ended.wait(INTERVAL)


if __name__ == "__main__":
    main()
