"""``make run``: from an empty data folder to a running, signed-into-able Wrenchline, until Ctrl-C."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import honcho.manager
import redis
from dotenv import load_dotenv
from honcho.environ import parse_procfile
from honcho.printer import Message, Printer

from jobs.announcement import announce, until
from jobs.data_folder import claim
from settings import LOOPBACK, Settings

ROOT = Path(__file__).resolve().parent.parent


def commands(settings: Settings) -> dict[str, str]:
    """The Procfile's processes that these settings ask for, by name."""
    wanted = parse_procfile((ROOT / "Procfile").read_text()).processes
    needless = {"valkey": bool(settings.redis_url), "phone": not settings.demo}
    return {name: command for name, command in wanted.items() if not needless.get(name)}


def environment(settings: Settings) -> dict[str, str]:
    """What the processes find around them: our programs first on the path; what is called localhost only this machine can reach."""
    return {
        "BIND": "127.0.0.1" if settings.demo or settings.host in LOOPBACK else "0.0.0.0",  # noqa: S104 (a proxy may be on another machine)
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        "PORT": str(settings.port),
        "DATA_DIR": str(settings.data_dir),
        "PYTHONUNBUFFERED": "1",
    }


def forget(settings: Settings) -> None:
    """Remove the demo's database, its files and its phone's messages, and nothing else: what isn't the demo's is refused."""
    if not settings.demo or settings.database_url != f"sqlite:///{settings.data_dir / 'wrenchline.db'}":
        sys.exit("make fresh renews the demo in its own database only. Unset DATABASE_URL, and PUBLIC_BASE_URL unless it is this machine.")
    for name in ("wrenchline.db", "phone.db"):
        for tail in ("", "-wal", "-shm"):
            (settings.data_dir / f"{name}{tail}").unlink(missing_ok=True)
    if settings.storage_url == f"file://{settings.data_dir / 'files'}":  # elsewhere, files may be another's too
        shutil.rmtree(settings.data_dir / "files", ignore_errors=True)
    _seeded(settings).unlink(missing_ok=True)


def setup_link(settings: Settings) -> str:
    """Where a shop is set up, as long as nobody can sign in; a new address at each start."""
    return "" if settings.demo else _flask(settings, "set-up", "--once").strip()


def prepare(settings: Settings) -> bool:
    """Bring the database to the newest revision and, once, fill the demo; true if it was filled now."""
    print("Preparing the database", flush=True)
    _flask(settings, "db", "upgrade")
    if not settings.demo or _seeded(settings).exists():
        return False
    print("Filling in the demo's shops, once (about half a minute)", flush=True)
    _flask(settings, "seed")
    _seeded(settings).touch()
    return True


def _seeded(settings: Settings) -> Path:
    return settings.data_dir / "demo-seeded"


def _flask(settings: Settings, *arguments: str) -> str:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment(settings), capture_output=True, text=True, check=False)
    if done.returncode:
        log = settings.data_dir / "start.log"
        with suppress(OSError):
            log.write_text(f"{done.stdout}{done.stderr}")
        sys.exit(
            f"{last_words(done.stderr or done.stdout)}\nflask {' '.join(arguments)} failed for this reason. All that it said is in {log}"
        )
    return done.stdout


def last_words(said: str) -> str:
    """Of a program that failed: the error itself, without the way to it."""
    lines = [line for line in said.strip().splitlines() if not line.startswith("(Background on this error")]
    errors = [number for number, line in enumerate(lines) if re.match(r"[\w.]+(Error|Exception)\b", line)]
    return "\n".join(lines[errors[-1] :] if errors else lines[-3:])


@contextmanager
def queue(settings: Settings) -> Iterator[None]:
    """The embedded queue server, up before everybody who asks it and down after them; nothing where ``REDIS_URL`` names another."""
    command = commands(settings).get("valkey")
    if not command:
        yield
        return
    server = subprocess.Popen(command, shell=True, cwd=ROOT, env=environment(settings), start_new_session=True)  # noqa: S602 (the Procfile's)
    ending = threading.Event()

    def end_with_it() -> None:
        server.wait()
        if not ending.is_set():
            os.kill(os.getpid(), signal.SIGTERM)

    try:
        if not until(10, lambda: server.poll() is not None or _answers(settings.queue_url)) or server.poll() is not None:
            sys.exit(f"The queue server did not start; its log is {settings.data_dir / 'valkey.log'}")
        threading.Thread(target=end_with_it, daemon=True).start()
        yield
    finally:
        ending.set()
        server.terminate()
        server.wait()


def end_sessions(leaders: set[int]) -> None:
    """Kill what is left of these sessions: a worker's fork for a job is in a process group of its own, and would outlive its worker."""
    for pid in _everybody():
        with suppress(ProcessLookupError, PermissionError):
            if os.getsid(pid) in leaders:
                os.kill(pid, signal.SIGKILL)


def _everybody() -> list[int]:
    if Path("/proc/self").exists():
        return [int(name) for name in os.listdir("/proc") if name.isdecimal()]
    listed = subprocess.run(["ps", "-A", "-o", "pid="], capture_output=True, text=True, check=True)
    return [int(pid) for pid in listed.stdout.split()]


def _answers(queue_url: str) -> bool:
    with suppress(redis.RedisError), redis.Redis.from_url(queue_url) as client:
        return bool(client.ping())
    return False


class Quiet(Printer):  # type: ignore[misc]
    """The processes' own lines, without the runner's remarks on starting and stopping them."""

    def write(self, message: Message) -> None:
        if message.name != honcho.manager.SYSTEM_PRINTER_NAME:
            super().write(message)


def main(*arguments: str) -> int:
    """Start everything, tell where it is, and stay until Ctrl-C (0) or until a process ends by itself (1)."""
    load_dotenv(ROOT / ".env")
    settings = Settings.from_environment()
    claim(settings)
    if "--fresh" in arguments:
        forget(settings)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # until the runner has its own, so that what was begun is ended
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))  # a closed terminal is a Ctrl-C
    honcho.manager.KILL_WAIT = 4  # a little over gunicorn's --graceful-timeout
    manager = honcho.manager.Manager(Quiet(sys.stdout))
    with queue(settings):
        filled, link = prepare(settings), setup_link(settings)
        print("Starting the web server and the workers", flush=True)
        for name, command in commands(settings).items():
            if name != "valkey":
                manager.add_process(name, command, env=environment(settings), cwd=str(ROOT))
        threading.Thread(target=announce, args=(settings, filled, link), daemon=True).start()
        try:
            manager.loop()
        finally:
            end_sessions({process["pid"] for process in manager._processes.values() if "pid" in process})
    if manager.returncode in {128 + signal.SIGINT, 128 + signal.SIGTERM}:
        return 0
    print("A process ended by itself, so all were ended; its last words are above.", flush=True)
    return 1


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main(*sys.argv[1:]))
