"""Wrenchline on several machines, as docs/operating.md sets it up, all of them on this one: nothing is shared by disk.

A proxy (nginx, by the very files of docs/machines) in front of machines that each have their own data folder, PostgreSQL and a queue
server that ask for passwords, and files in S3, of which moto is the stand-in.
"""

import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from urllib.request import urlopen

import psycopg
from flask import Flask

from jobs.gateways.phone import Alone, serve_alone
from jobs.machine import postgresql
from jobs.start import end_sessions
from jobs.valkey import server
from models import db
from settings import Settings
from tests.ground import databases, folder
from tests.ground.machines_outside import BUCKET, GUIDE, Outside, until
from tests.ground.running import ROOT, free_port

PROCESSES = ("web", "worker", "converter", "ticker")
KEY = "a key that was made for this trial and for nothing else {}"


def lacking() -> str:
    """What this machine would need for the trial; empty where all is there."""
    modules = [name for name in ("s3fs", "moto") if find_spec(name) is None]
    needs = {
        "nginx (Debian: nginx)": shutil.which("nginx"),
        "PostgreSQL (Debian: postgresql)": postgresql(),
        "a Valkey or Redis server (Debian: redis-server)": server(),
        "s3fs and moto (.venv/bin/python -m pip install s3fs 'moto[server]')": not modules,
    }
    return ", ".join(words for words, there in needs.items() if not there)


class Machines(Outside):
    """``a`` and ``b``, each with every process; ``address`` is the proxy's, and so is PUBLIC_BASE_URL."""

    def __init__(self, provider: Alone, here: Path) -> None:
        super().__init__(here)
        self.provider = provider
        self.address = f"https://localhost:{self.ports['proxy']}"
        self.processes: dict[tuple[str, str], subprocess.Popen[bytes]] = {}
        self.settings = Settings.from_environment(self.environment("tester"))
        self._app: Flask | None = None

    def environment(self, machine: str) -> dict[str, str]:
        """docs/machines/environment, filled in."""
        return {
            "PUBLIC_BASE_URL": self.address,
            "DEMO": "0",
            "SECRET_KEY": KEY.format(1),
            "DATA_KEY": KEY.format(2),
            "DATA_DIR": str(self.here / machine),
            "TRUSTED_PROXIES": "1",
            "DATABASE_URL": f"postgresql://wrenchline:of-the-database@127.0.0.1:{self.ports['postgresql']}/wrenchline",
            "REDIS_URL": f"redis://:of-the-queue@127.0.0.1:{self.ports['valkey']}/0",
            "STORAGE_URL": f"s3://{BUCKET}",
            "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{self.ports['s3']}",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "trial",
            "AWS_SECRET_ACCESS_KEY": "of-the-files",
            "SMTP_URL": f"smtp://127.0.0.1:{self.provider.smtp_port}",
            "TWILIO_ACCOUNT_SID": self.provider.phone.settings.twilio_account_sid,
            "TWILIO_AUTH_TOKEN": self.provider.phone.settings.twilio_auth_token,
            "TWILIO_API_BASE": self.provider.api_base,
            "LOG_LEVEL": "WARNING",
        }

    # what serves all machines

    def start_outside(self) -> None:
        self._make_cluster()
        self.start_postgresql()
        with psycopg.connect(f"postgresql://postgres@127.0.0.1:{self.ports['postgresql']}/postgres", autocommit=True) as connection:
            connection.execute("CREATE ROLE wrenchline LOGIN PASSWORD 'of-the-database'")
            connection.execute("CREATE DATABASE wrenchline OWNER wrenchline ENCODING 'UTF8' TEMPLATE template0")
        self.start_valkey()
        moto = "from moto.server import main; import sys; main(sys.argv[1:])"
        self._outside("s3", [sys.executable, "-W", "ignore", "-c", moto, "-H", "127.0.0.1", "-p", str(self.ports["s3"])])
        until(lambda: self._s3_answers(), 60)
        self.flask("a", "db", "upgrade")
        self._configure_proxy()
        self._outside("nginx", ["nginx", "-c", str(self.here / "nginx.conf"), "-e", str(self.here / "nginx.error.log")])

    # the machines

    def flask(self, machine: str, *arguments: str) -> str:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self._around(machine), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, machine: str, *names: str) -> None:
        """Start these processes of a machine (all without names), by the lines of the units; returns when its pages answer."""
        for name in names or PROCESSES:
            with (self.here / f"{machine}.{name}.log").open("ab") as log:
                self.processes[machine, name] = subprocess.Popen(
                    self.line(machine, name), cwd=ROOT, env=self._around(machine), stdout=log, stderr=log, start_new_session=True
                )
            folder.note(self.processes[machine, name].pid)
        if "web" in (names or PROCESSES):
            until(lambda: self.is_up(machine), 90)

    def line(self, machine: str, name: str) -> list[str]:
        unit = next(GUIDE.glob(f"wrenchline-{name}*.service")).read_text()
        said = re.search(r"^ExecStart=(.*)$", unit, re.M)
        assert said
        words = said[1].replace("10.0.0.11:8000", f"127.0.0.1:{self.ports[machine]}").split()
        return [str(Path(sys.executable).with_name(Path(words[0]).name)), *words[1:]]

    def kill(self, machine: str, *names: str) -> None:
        """Processes and all that they started, at once, as a power cut would."""
        going = {name: self.processes.pop((machine, name)) for name in names or PROCESSES if (machine, name) in self.processes}
        end_sessions({process.pid for process in going.values()})
        for process in going.values():
            process.wait(timeout=10)

    def tell_to_end(self, machine: str, *names: str) -> None:
        """As systemd does with KillMode=mixed."""
        going = [self.processes.pop((machine, name)) for name in names or PROCESSES]
        for process in going:
            process.send_signal(signal.SIGTERM)
        for process in going:
            process.wait(timeout=60)

    def mend(self) -> None:
        """Start what does not run."""
        if not (self.here / "postgresql" / "postmaster.pid").exists():
            self.start_postgresql()
        if "valkey" not in self.outside:
            self.start_valkey()
        for machine in ("a", "b"):
            for name in PROCESSES:
                if (machine, name) not in self.processes:
                    self.start(machine, name)

    def is_up(self, machine: str) -> bool:
        with suppress(OSError), urlopen(f"http://127.0.0.1:{self.ports[machine]}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
        return False

    def log(self, machine: str, name: str) -> str:
        return (self.here / f"{machine}.{name}.log").read_text(errors="replace")

    @contextmanager
    def data(self) -> Iterator[Flask]:
        """An app on the same database, queue and files, its context pushed."""
        if self._app is None:
            os.environ.update({name: value for name, value in self.environment("tester").items() if name.startswith("AWS_")})
            self._app = databases.app_for(self.settings)
        with databases.entered(self._app):
            yield self._app

    @property
    def tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        self.authority.configure_trust(context)
        return context

    def stop(self) -> None:
        for machine, name in list(self.processes):
            self.kill(machine, name)
        if self._app is not None:
            with self._app.app_context():
                db.engine.dispose()
        for name in list(self.outside):
            self._end(name)
        if (self.here / "postgresql" / "postmaster.pid").exists():
            self._postgresql("pg_ctl", "stop", "-m", "immediate", "-D", str(self.here / "postgresql"))

    def _around(self, machine: str) -> dict[str, str]:
        (self.here / machine).mkdir(exist_ok=True)
        kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG", "HOME") if name in os.environ}
        return {**kept, **self.environment(machine)}


@contextmanager
def machines() -> Iterator[Machines]:
    """Two machines behind a proxy, everything running, an empty database."""
    here = Path(mkdtemp(prefix="machines-", dir=folder.own()))
    here.chmod(0o711)
    with ExitStack() as stack:
        local = {"DATA_DIR": str(here), "PUBLIC_BASE_URL": "http://localhost", "PORT": str(free_port())}
        provider = stack.enter_context(serve_alone(replace(Settings.from_environment(local)), carrier=False, mail=True))
        everything = Machines(provider, here)
        stack.callback(everything.stop)
        everything.start_outside()
        for machine in ("a", "b"):
            everything.start(machine)
        yield everything
