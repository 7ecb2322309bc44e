"""The disk is full, really: pages are read, what people send is refused in plain words, and workers go on once there is room."""

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass

import pytest
import urllib3

from models import Confirmation, Customer, Document, db
from tests.ground import databases, folder
from tests.ground.films import a_photo
from tests.ground.makers import SAM, a_customer, a_drop_off, a_member, a_shop, a_work_order, signed_in
from tests.ground.small_disk import Disk, small_disk
from tests.portal.forms import Reading
from tests.reliability.crew import Crew, a_crew, until

PROCESSES = ("valkey", "web", "worker")


@pytest.fixture(scope="module")
def disk() -> Iterator[Disk]:
    with small_disk() as disk:
        yield disk


@pytest.fixture(scope="module")
def crew(disk: Disk) -> Iterator[Crew]:
    """All that Wrenchline writes is on that disk, its logs as well; the provider's is another."""
    template = folder.once("template.db", lambda path: databases.migrate(f"sqlite:///{path}"))
    shutil.copyfile(template, disk.place / "wrenchline.db")
    where = {"DATA_DIR": str(disk.place), "DATABASE_URL": f"sqlite:///{disk.place / 'wrenchline.db'}"}
    with a_crew("full-disk", "sqlite", *PROCESSES, **where) as crew:
        leaders = {crew.running.processes[name].pid for name in PROCESSES}
        disk.processes = lambda: [pid for pid in map(int, filter(str.isdecimal, os.listdir("/proc"))) if _session(pid) in leaders]
        yield crew


def _session(pid: int) -> int:
    with suppress(ProcessLookupError):
        return os.getsid(pid)
    return 0


@dataclass
class Desk:
    """A browser of the staff's, or a customer's phone."""

    crew: Crew
    cookie: str = ""
    token: str = ""

    def __post_init__(self) -> None:
        if self.cookie:
            answer = self.get("/console/")
            self.cookie = answer.headers["Set-Cookie"].split("session=", 1)[1].split(";", 1)[0]
            page = answer.data.decode()
            self.token = page.split('"X-CSRFToken": "', 1)[1].split('"', 1)[0]

    def get(self, path: str) -> urllib3.BaseHTTPResponse:
        return self._ask("GET", path)

    def post(self, path: str, **fields: object) -> urllib3.BaseHTTPResponse:
        return self._ask("POST", path, fields)

    def _ask(self, method: str, path: str, fields: dict[str, object] | None = None) -> urllib3.BaseHTTPResponse:
        headers = {"Cookie": f"session={self.cookie}", "X-CSRFToken": self.token} if self.cookie else {}
        return urllib3.request(
            method, f"{self.crew.running.address}{path}", fields=fields, headers=headers, redirect=False, retries=False, timeout=60
        )


@pytest.fixture
def full(crew: Crew, disk: Disk) -> Iterator[None]:
    """However the test ends, there is room again."""
    yield
    disk.make_room()


def _fill(disk: Disk) -> None:
    """What SQLite has set aside beside its file is given back first: it would take a few writes more."""
    with closing(sqlite3.connect(disk.place / "wrenchline.db", timeout=30)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    disk.fill()


@pytest.mark.usefixtures("full")
def test_pages_are_read_and_what_is_sent_is_refused_in_plain_words_until_there_is_room(crew: Crew, disk: Disk) -> None:
    with crew.running.data() as app:
        shop = a_shop("harbour")
        appointment = a_drop_off(shop)
        link, id = appointment.visit.link.path, appointment.id
        order = a_work_order(shop, a_customer(shop, "Ivo", phones=["+13125550188"])).number
        cookie = signed_in(app.test_client(), a_member(shop)).get_cookie("session").value
        db.session.remove()
    phone, desk = Desk(crew), Desk(crew, cookie)
    form = Reading(phone.get(link).data.decode()).forms["Confirm appointment"]
    customer = {"first_name": "Nora", "last_name": "Berg", "kind": "person"}
    photo = {"token": "t" * 22, "files": ("a.jpg", a_photo(), "image/jpeg")}
    crew.wait_until_idle()
    _fill(disk)

    for path in ("/console/", "/console/board", "/console/messages", "/console/customers", f"/console/work-orders/{order}"):
        assert (path, desk.get(path).status) == (path, 200)
    assert phone.get(link).status == 200
    assert phone.get("/healthz").status == 200
    refused = phone.post(form.action, **form.fields)
    assert (refused.status, refused.headers.get("Retry-After")) == (507, "60"), crew.running.log("web")[-3000:]
    assert "Nothing you typed was kept. Please try again in a few minutes, or call us." in Reading(refused.data.decode()).text
    for path, fields in (("/console/customers", customer), (f"/console/work-orders/{order}/attachments", photo)):
        _fill(disk)  # what the refused one had taken is free again, and a small one would fit in there
        refused = desk.post(path, **fields)
        assert (path, refused.status) == (path, 507), crew.running.log("web")[-3000:]
        assert "The server's disk is full. Tell whoever runs Wrenchline" in Reading(refused.data.decode()).text

    disk.make_room()
    assert phone.post(form.action, **form.fields).status == 303
    assert desk.post("/console/customers", **customer).status == 303
    assert desk.post(f"/console/work-orders/{order}/attachments", **photo).status == 303
    with crew.running.data():
        assert db.session.query(Confirmation).filter_by(appointment_id=id).count() == 1
        assert db.session.query(Customer).filter_by(first_name="Nora").count() == 1
        db.session.remove()


@pytest.mark.usefixtures("full")
def test_what_the_provider_said_is_written_down_once_there_is_room(crew: Crew, disk: Disk) -> None:
    with crew.worker_paused():
        ids = crew.write("record", 1)
    crew.provider.make_trouble(hold=3)
    until(lambda: [taken for _state, taken in crew.went(ids).values()] == [1])
    _fill(disk)
    time.sleep(4)  # the provider has answered, and the worker could not write it down
    assert crew.states(ids) == {"sending": 1}
    disk.make_room()
    until(lambda: crew.states(ids) == {"sent": 1}, 90)
    assert crew.went(ids) == {ids[0]: ("sent", 1)}


@pytest.mark.usefixtures("full")
def test_what_could_not_be_begun_is_done_once_there_is_room(crew: Crew, disk: Disk) -> None:
    with crew.worker_paused():
        ids = crew.write("claim", 5)
        with crew.running.data():
            shop = a_shop("northgate")
            document = Document.slip(a_drop_off(shop, preference="phone"), SAM).id
            db.session.commit()
        _fill(disk)
    crew.wait_until_idle()
    assert crew.states(ids) == {"queued": 5}
    assert {taken for _state, taken in crew.went(ids).values()} == {0}
    disk.make_room()
    crew.sweep()  # as the ticker does
    until(lambda: crew.states(ids) == {"sent": 5}, 60)
    assert {taken for _state, taken in crew.went(ids).values()} == {1}
    until(lambda: _is_ready(crew, document), 60)


def _is_ready(crew: Crew, document: int) -> bool:
    with crew.running.data():
        ready = db.session.get_one(Document, document, populate_existing=True).is_ready
        db.session.remove()
    return ready
