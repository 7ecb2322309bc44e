"""``make bench``: every measure of this folder as a table, and all of it as JSON in var/bench.json. Measures fail nobody's tests.

``python -m tests.bench soak`` is apart: it takes half an hour, and ends with 1 if anything was lost (see ``soak``).
"""

import importlib
import json
import pkgutil
import sys
from pathlib import Path

from tests.ground import folder, postgres

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    folder.make()
    found = {}
    try:
        for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
            measure = getattr(importlib.import_module(f"tests.bench.{module.name}") if module.name != "__main__" else None, "measure", None)
            if measure:
                found[module.name] = measure()
                show(module.name, found[module.name])
    finally:
        postgres.stop()
        folder.remove()
    (ROOT / "var").mkdir(exist_ok=True)
    (ROOT / "var" / "bench.json").write_text(json.dumps(found, indent=2))


def show(name: str, rows: list[dict[str, object]]) -> None:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    print(f"\n{name}\n" + "  ".join(columns))
    for row in rows:
        print("  ".join(str(row.get(column, "")).rjust(len(column)) for column in columns))


if __name__ == "__main__":
    if sys.argv[1:2] == ["soak"]:
        sys.exit(importlib.import_module("tests.bench.soak").main(*sys.argv[2:]))
    main()
