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
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from urllib.request import urlopen

import psycopg
import redis
import trustme
from flask import Flask

from jobs.gateways.phone import Alone, serve_alone
from jobs.machine import postgresql
from jobs.start import end_sessions
from jobs.valkey import server
from models import db
from settings import Settings
from tests.ground import databases, folder
from tests.ground.running import ROOT, free_port

GUIDE = ROOT / "docs" / "machines"
PROCESSES = ("web", "worker", "converter", "ticker")
BUCKET, KEY = "wrenchline-files", "a key that was made for this trial and for nothing else {}"
OWN_NAME = "visit.harbour.example"


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


class Machines:
    """``a`` and ``b``, each with every process; ``address`` is the proxy's, and so is PUBLIC_BASE_URL."""

    def __init__(self, provider: Alone, here: Path) -> None:
        self.provider, self.here = provider, here
        self.ports = {name: free_port() for name in ("proxy", "plain", "a", "b", "postgresql", "valkey", "s3")}
        self.address = f"https://localhost:{self.ports['proxy']}"
        self.outside: dict[str, subprocess.Popen[bytes]] = {}
        self.processes: dict[tuple[str, str], subprocess.Popen[bytes]] = {}
        self.authority = trustme.CA()
        self.authority.cert_pem.write_to_path(str(here / "ca.pem"))
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

    def _make_cluster(self) -> None:
        place = self.here / "postgresql"
        place.mkdir()
        if os.geteuid() == 0:
            shutil.chown(place, "postgres")
        self._postgresql(
            "initdb", "--no-sync", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "-D", str(place)
        )
        rules = "host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
        (place / "pg_hba.conf").write_text(rules)

    def _postgresql(self, name: str, *arguments: str) -> None:
        home = postgresql()
        assert home
        become = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run([*become, str(home / name), *arguments], cwd="/", check=True, stdout=subprocess.DEVNULL)

    def start_postgresql(self) -> None:
        place = self.here / "postgresql"
        options = f"-p {self.ports['postgresql']} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200"
        self._postgresql("pg_ctl", "start", "-w", "-D", str(place), "-l", str(place / "log"), "-o", options)

    def stop_postgresql(self) -> None:
        self._postgresql("pg_ctl", "stop", "-m", "fast", "-D", str(self.here / "postgresql"))

    def start_valkey(self) -> None:
        program = server()
        assert program
        private = ["--bind", "127.0.0.1", "--port", str(self.ports["valkey"]), "--requirepass", "of-the-queue", "--dir", str(self.here)]
        self._outside("valkey", [program, *private, "--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction"])
        with redis.Redis.from_url(self.settings.queue_url) as client:
            until(lambda: _answers(client.ping), 30)

    def stop_valkey(self) -> None:
        self._end("valkey")

    def _s3_answers(self) -> bool:
        import boto3

        keys = {"aws_access_key_id": "trial", "aws_secret_access_key": "of-the-files", "region_name": "us-east-1"}
        with suppress(Exception):
            boto3.client("s3", endpoint_url=f"http://127.0.0.1:{self.ports['s3']}", **keys).create_bucket(Bucket=BUCKET)
            return True
        return False

    def _configure_proxy(self) -> None:
        """The files of the guide with this machine's addresses, and around them what Debian's nginx.conf says."""
        for name in ("localhost", OWN_NAME):
            certificate = self.authority.issue_cert(name)
            certificate.private_key_pem.write_to_path(str(self.here / f"{name}.key"))
            for position, blob in enumerate(certificate.cert_chain_pems):
                blob.write_to_path(str(self.here / f"{name}.pem"), append=position > 0)
        changes = {
            r".*listen \[::\].*\n": "",
            r"listen 443": f"listen 127.0.0.1:{self.ports['proxy']}",
            r"listen 80": f"listen 127.0.0.1:{self.ports['plain']}",
            r"10\.0\.0\.11:8000": f"127.0.0.1:{self.ports['a']}",
            r"10\.0\.0\.12:8000": f"127.0.0.1:{self.ports['b']}",
            r"/etc/letsencrypt/live/visit\.example\.com/fullchain\.pem": str(self.here / "localhost.pem"),
            r"/etc/letsencrypt/live/visit\.example\.com/privkey\.pem": str(self.here / "localhost.key"),
            r"/etc/letsencrypt/live/visit\.harbour\.example/fullchain\.pem": str(self.here / f"{OWN_NAME}.pem"),
            r"/etc/letsencrypt/live/visit\.harbour\.example/privkey\.pem": str(self.here / f"{OWN_NAME}.key"),
            r"visit\.example\.com": "localhost",
            r"/etc/nginx/": f"{self.here}/",
            r"/var/www/wrenchline": str(GUIDE),
            r"/var/log/nginx/": f"{self.here}/",
        }
        for name, copy in (("nginx.conf", "site.conf"), ("nginx-server.conf", "wrenchline.conf")):
            text = (GUIDE / name).read_text()
            for pattern, instead in changes.items():
                text = re.sub(pattern, instead, text)
            (self.here / copy).write_text(text)
        places = "".join(f"{kind}_temp_path {self.here}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (self.here / "nginx.conf").write_text(
            f"daemon off; pid {self.here}/nginx.pid; worker_processes 2; user root; worker_rlimit_nofile 4096;\n"
            f"events {{ worker_connections 2000; }}\nhttp {{ include /etc/nginx/mime.types; {places} include {self.here}/site.conf; }}\n"
        )

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

    def _outside(self, name: str, command: list[str]) -> None:
        with (self.here / f"{name}.log").open("ab") as log:
            self.outside[name] = subprocess.Popen(command, cwd=self.here, stdout=log, stderr=log, start_new_session=True)
        folder.note(self.outside[name].pid)

    def _end(self, name: str) -> None:
        process = self.outside.pop(name)
        end_sessions({process.pid})
        process.wait(timeout=10)


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


def until(truth: Callable[[], object], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not truth():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.02)


def _answers(ask: Callable[[], object]) -> bool:
    with suppress(redis.RedisError):
        return bool(ask())
    return False
