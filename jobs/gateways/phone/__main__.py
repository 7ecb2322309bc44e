"""The phone's own process: the carrier that posts webhooks and the mail catcher. ``--alone PORT`` serves the pages and the API too."""

import argparse
import logging
import signal
import threading
from types import FrameType

from dotenv import load_dotenv

from jobs.gateways.phone.alone import server_alone
from jobs.gateways.phone.carrier import Carrier
from jobs.gateways.phone.line import Phone
from jobs.gateways.phone.mail import catcher
from jobs.gateways.phone.store import Store
from settings import Settings

log = logging.getLogger("phone")


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m jobs.gateways.phone", description=__doc__)
    arguments.add_argument("--alone", type=int, metavar="PORT", help="serve /phone on this port, without the rest of the house")
    port = arguments.parse_args().alone
    load_dotenv()
    settings = Settings.from_environment()
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd notes every address otherwise
    ended = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    if not settings.demo:
        log.info("no demo: the built-in phone stays off")
        ended.wait()  # it stays, because a process runner ends all processes when one of them ends
        return
    run(settings, port, ended)


def run(settings: Settings, port: int | None, ended: threading.Event) -> None:
    phone = Phone(settings, Store(settings.data_dir / "phone.db"))
    carrier, caught = Carrier(phone), catcher(phone)
    threads = [threading.Thread(target=carrier.run)]
    if caught:
        caught.start()
        log.info("catching mail at 127.0.0.1:%s", caught.port)
    else:
        log.info("mail goes to another server and is not caught")
    if port:
        server, _ = server_alone(settings, port)
        threads.append(threading.Thread(target=server.serve_forever, daemon=True))
    for thread in threads:
        thread.start()
    ended.wait()
    carrier.stop()
    if port:
        server.shutdown()
    if caught:
        caught.stop()
    for thread in threads:
        thread.join()
    phone.store.close()


if __name__ == "__main__":
    main()
