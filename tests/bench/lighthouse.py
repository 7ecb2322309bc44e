"""Lighthouse's mobile preset on customers' pages: npm's lighthouse in a folder of its own, Debian's Chromium."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from jobs.machine import chromium
from models import db
from tests.bench.figure import Figure, Row
from tests.ground.makers import a_shop, a_texting_number
from tests.ground.overviews import an_inspected_order, rules, sent
from tests.ground.running import Running, running
from tests.portal.test_visit_in_browser import Booked

WANTED = {"performance": "performance", "accessibility": "accessibility", "best-practices": "best practices"}
RUNS = 3  # the best counts: the machine may be busy
FLAGS = "--headless=new --no-sandbox --disable-dev-shm-usage --disable-background-networking --disable-component-update"
PATIENCE = 600  # seconds


def measure() -> Iterator[Figure | Row]:
    browser, npm = chromium(), shutil.which("npm")
    if not browser or not npm:
        yield {"skipped": f"{'npm' if browser else 'Chromium'} is not installed"}
        return
    with (
        tempfile.TemporaryDirectory(prefix="wl-lighthouse-") as place,
        running("bench-lighthouse", "sqlite", "valkey", "web") as wrenchline,
    ):
        done = subprocess.run(
            [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", place, "lighthouse@13"], check=False, capture_output=True
        )
        if done.returncode:
            yield {"skipped": "npm could not install lighthouse (is the network away?)"}
            return
        for name, link in _pages(wrenchline).items():
            runs = [_scores(Path(place), browser, f"{wrenchline.address}{link}") for _ in range(RUNS)]
            for key, words in WANTED.items():
                best = max(run[key] for run in runs)
                yield Figure(f"Lighthouse mobile, {name}: {words}", best, 100, at_least=True, beside=f"of {[run[key] for run in runs]}")


def _pages(wrenchline: Running) -> dict[str, str]:
    appointment = Booked(wrenchline, logo=True).link
    with wrenchline.data():
        shop = a_shop("lighthouse", texting_number=a_texting_number())
        rules(shop)
        overview = sent(an_inspected_order(shop))
        link = overview.order.visit.link.path
        db.session.commit()
    return {"appointment": appointment, "overview": link}


def _scores(place: Path, browser: str, address: str) -> dict[str, int]:
    """Out of a hundred, by category."""
    report = place / "report.json"
    command = [str(place / "node_modules" / ".bin" / "lighthouse"), address, "--quiet", "--output=json", f"--output-path={report}"]
    command += [f"--only-categories={','.join(WANTED)}", f"--chrome-flags={FLAGS}"]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, env={**os.environ, "CHROME_PATH": browser}, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr[-2000:]
    categories = json.loads(report.read_text())["categories"]
    return {key: round((categories[key]["score"] or 0) * 100) for key in WANTED}
