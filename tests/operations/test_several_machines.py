"""The files of docs/machines say what the application needs: whoever copies them is not told yesterday's truth.

That two machines set up by them work together, and go on when one is lost, is measured by ``python -m tests.bench machines``.
"""

import re

import pytest
from flask import Flask

from console.uploads import LIMIT as OF_THE_CONSOLE
from jobs.queues import OF_WORKERS
from portal.mail_hooks import LARGEST as OF_MAIL_HOOKS
from portal.overview_form import LIMIT as OF_CUSTOMERS
from settings import Settings
from tests.ground.running import ROOT

pytestmark = pytest.mark.one_database
GUIDE = ROOT / "docs" / "machines"
PROXY = (GUIDE / "nginx-server.conf").read_text()
MEGABYTE = 1024 * 1024


def unit(name: str) -> str:
    found = re.search(r"^ExecStart=(.*)$", (GUIDE / name).read_text(), re.M)
    assert found
    return found[1].replace("/srv/wrenchline/.venv/bin/", "")


def location(start: str) -> str:
    """What the proxy does with addresses that the guide's line begins with."""
    found = re.search(rf"^location {re.escape(start)} \{{$(.*?)^\}}$", PROXY, re.M | re.S)
    assert found, start
    return found[1]


def megabytes(text: str) -> int:
    found = re.search(r"client_max_body_size (\d+)m;", text)
    assert found
    return int(found[1]) * MEGABYTE


def test_each_unit_starts_what_the_procfile_starts() -> None:
    lines = dict(line.split(": exec ") for line in (ROOT / "Procfile").read_text().splitlines())
    assert unit("wrenchline-web.service") == lines["web"].replace("${BIND:-127.0.0.1}:${PORT:-8000}", "10.0.0.11:8000")
    assert unit("wrenchline-worker@.service") == lines["worker"]
    assert unit("wrenchline-converter@.service") == lines["converter"]
    assert unit("wrenchline-ticker.service") == lines["ticker"]
    assert set(OF_WORKERS) == {"worker", "converter"}


def test_the_environment_s_settings_are_ours_and_make_sense(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("settings.find_spec", lambda name: name)  # s3fs is the operator's to install
    said = dict(line.split("=", 1) for line in (GUIDE / "environment").read_text().splitlines() if line and not line.startswith("#"))
    ours = {name for name in said if not name.startswith("AWS_")}
    assert ours <= {name.upper() for name in Settings.__dataclass_fields__}
    settings = Settings.from_environment({**said, "SECRET_KEY": "s" * 40, "DATA_KEY": "d" * 40})
    assert (settings.secure, settings.demo, settings.trusted_proxies, settings.host) == (True, False, 1, "visit.example.com")


def test_the_proxy_lets_through_what_we_take_in(app: Flask) -> None:
    assert megabytes(PROXY) >= max(app.config["MAX_CONTENT_LENGTH"], OF_MAIL_HOOKS)
    assert megabytes(location("/console/")) > OF_THE_CONSOLE
    assert megabytes(location("~ ^/v/[^/]+/answers$")) > OF_CUSTOMERS


def test_the_proxy_says_again_only_what_counts_once() -> None:
    repeating = {start for start in re.findall(r"^location (.*) \{$", PROXY, re.M) if "non_idempotent" in location(start)}
    assert repeating == {"~ ^/v/[^/]+/answers$", "~ ^/(v|u|hooks)/"}


def test_the_proxy_lets_go_of_connections_before_the_server_does() -> None:
    idle = re.search(r"keepalive_timeout (\d+)s;", (GUIDE / "nginx.conf").read_text())
    kept = re.search(r"--keep-alive (\d+)", unit("wrenchline-web.service"))
    assert idle
    assert kept
    assert int(idle[1]) < int(kept[1])


def test_no_address_that_opens_something_stands_in_the_proxy_s_log(app: Flask) -> None:
    masked = re.search(r'"~\^\(\?<wrenchline_room>(.*)\)" "', (GUIDE / "nginx.conf").read_text())
    assert masked
    keys = {"token", "code", "key", "uid"}
    opens = {rule.rule for rule in app.url_map.iter_rules() if rule.arguments & keys and not rule.rule.startswith("/console/settings/")}
    assert opens > {"/v/<token>", "/u/<code>", "/g/<code>", "/m/<code>"}
    assert [rule for rule in opens if not re.match(masked[1], rule) and not rule.startswith(("/phone/", "/healthz/"))] == []
