"""``make bench``: every measure of this folder as a table, and all of it as JSON in var/bench.json. Measures fail nobody's tests.

``python -m tests.bench sending live`` takes these alone; the others keep what var/bench.json says of them.
``python -m tests.bench soak`` is apart: it takes half an hour, and ends with 1 if anything was lost (see ``soak``).
``python -m tests.bench machines`` is apart too: two machines behind nginx, of which things are taken away (see ``machines``).
"""

import json
import os
import platform
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from jobs.start import end_sessions
from tests.bench.figure import Figure, Row
from tests.ground import folder, postgres

ALL = (
    *("page_bytes", "customer_page", "lighthouse", "console_pages", "live", "sending", "document"),
    *("letters", "growth", "search", "transfer"),
)
KEPT = Path(__file__).resolve().parents[2] / "var" / "bench.json"


def main(*names: str) -> int:
    if names[:1] == ("soak",):
        soaked: int = import_module("tests.bench.soak").main(*names[1:])
        return soaked
    if names[:1] == ("machines",):
        tried: int = import_module("tests.bench.machines").main()
        return tried
    if strange := set(names) - set(ALL):
        print(f"No such measure: {', '.join(sorted(strange))}. There are: {', '.join(ALL)}.")
        return 2
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # who is told to end ends what it started
    found = _kept() if names else {}
    KEPT.parent.mkdir(exist_ok=True)
    for name in names or ALL:
        with _place():
            found[name] = _measured(name)
        KEPT.write_text(json.dumps(found, indent=2, ensure_ascii=False))
    print(f"\nholds {'what':<62} {'measured':>10}      {'must':>8}   beside it")
    for name in ALL:
        for figure in found.get(name, {}).get("figures", ()):
            print(f"{figure['line']}")
    wrong = [name for name, one in found.items() if one.get("mistake")]
    print(f"\nAll of it is in {KEPT.relative_to(KEPT.parents[1])}." + (f" Not measured to the end: {', '.join(wrong)}." if wrong else ""))
    return bool(wrong)


@contextmanager
def _place() -> Iterator[None]:
    """A folder, processes and a database server for one measure; nothing of them is left for the next: some fill gigabytes."""
    folder.make()
    try:
        yield
    finally:
        end_sessions(folder.noted())
        postgres.stop()
        folder.remove()


def _measured(name: str) -> dict[str, Any]:
    """What a measure gives, printed as it comes; its mistake keeps no other from its turn."""
    machine = {"python": platform.python_version(), "cores": os.cpu_count(), "load_before": os.getloadavg()[0]}
    one: dict[str, Any] = {"at": datetime.now().astimezone().isoformat(timespec="seconds"), **machine, "figures": [], "rows": []}
    print(f"\n{name}", flush=True)
    begun = time.monotonic()
    try:
        for line in import_module(f"tests.bench.{name}").measure():
            if isinstance(line, Figure):
                one["figures"].append({**line.as_row(), "line": str(line)})
                print(line, flush=True)
            else:
                one["rows"].append(line)
                print("     " + _words(line), flush=True)
    except pytest.skip.Exception as lacking:
        one["skipped"] = str(lacking)
        print(f"     skipped: {lacking}", flush=True)
    except Exception as mistake:  # noqa: BLE001
        traceback.print_exc()
        one["mistake"] = repr(mistake)
    one["seconds"] = round(time.monotonic() - begun)
    print(f"     took {one['seconds']} s", flush=True)
    return one


def _words(row: Row) -> str:
    return "  ".join(f"{name} {value}" for name, value in row.items())


def _kept() -> dict[str, Any]:
    with suppress(OSError, ValueError):
        return dict(json.loads(KEPT.read_text()))
    return {}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
