"""Around Wrenchline's machines: PostgreSQL, a queue server, files in S3, each with a password; nginx as docs/machines has it."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import redis
import trustme

from jobs.machine import postgresql
from jobs.start import end_sessions
from jobs.valkey import server
from tests.ground import folder
from tests.ground.running import ROOT, free_port

GUIDE = ROOT / "docs" / "machines"
BUCKET, OWN_NAME = "wrenchline-files", "visit.harbour.example"


class Outside:
    """All of it on free ports of this machine, its data and logs in ``here``."""

    def __init__(self, here: Path) -> None:
        self.here = here
        self.ports = {name: free_port() for name in ("proxy", "plain", "a", "b", "postgresql", "valkey", "s3")}
        self.outside: dict[str, subprocess.Popen[bytes]] = {}
        self.authority = trustme.CA()
        self.authority.cert_pem.write_to_path(str(here / "ca.pem"))

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
        with redis.Redis(port=self.ports["valkey"], password="of-the-queue") as client:
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

    def _outside(self, name: str, command: list[str]) -> None:
        with (self.here / f"{name}.log").open("ab") as log:
            self.outside[name] = subprocess.Popen(command, cwd=self.here, stdout=log, stderr=log, start_new_session=True)
        folder.note(self.outside[name].pid)

    def _end(self, name: str) -> None:
        process = self.outside.pop(name)
        end_sessions({process.pid})
        process.wait(timeout=10)


def until(truth: Callable[[], object], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not truth():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.02)


def _answers(ask: Callable[[], object]) -> bool:
    with suppress(redis.RedisError):
        return bool(ask())
    return False
