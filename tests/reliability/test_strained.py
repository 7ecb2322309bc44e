"""The database is locked, away or without room: a page in plain words, with when to try again, and nothing is half done."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest
import redis
from flask import Flask
from sqlalchemy import event, text

from models import Confirmation, Customer, Entry, db
from tests.ground.client import Visitor
from tests.ground.databases import Apps, entered
from tests.ground.makers import a_drop_off, a_member, a_shop, signed_in
from tests.portal.forms import read

RAISE = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER no_room BEFORE INSERT ON entries FOR EACH ROW EXECUTE FUNCTION no_room();
"""


@contextmanager
def no_room() -> Iterator[None]:
    """PostgreSQL says what it says when it can't make a file longer. SQLite's disk is filled in ``test_full_disk``."""
    db.session.commit()
    with db.engine.begin() as connection:
        connection.exec_driver_sql(RAISE)
    try:
        yield
    finally:
        db.session.rollback()
        with db.engine.begin() as connection:
            connection.execute(text("DROP FUNCTION no_room CASCADE"))


@contextmanager
def locked() -> Iterator[None]:
    """Somebody else writes, for longer than anybody waits; of which patience a test has little."""
    db.session.commit()
    db.engine.dispose()
    sqlite = db.engine.dialect.name == "sqlite"

    def hurry(connection: object, _record: object) -> None:
        with closing(connection.cursor()) as cursor:  # type: ignore[attr-defined]
            cursor.execute("PRAGMA busy_timeout = 100" if sqlite else "SET lock_timeout = 100")
        connection.commit()  # type: ignore[attr-defined]  # else PostgreSQL forgets it

    event.listen(db.engine, "connect", hurry)
    try:
        with db.engine.connect() as other:
            # on SQLite our transactions begin with the lock
            other.execute(text("SELECT 1" if sqlite else "LOCK TABLE entries IN EXCLUSIVE MODE"))
            try:
                yield
            finally:
                other.rollback()
    finally:
        event.remove(db.engine, "connect", hurry)
        db.session.rollback()
        db.engine.dispose()


def test_without_room_what_is_sent_is_refused_whole_and_pages_are_shown(apps: Apps, queue: redis.Redis) -> None:
    with entered(apps.empty("postgresql")) as app:
        _without_room(*(Visitor(app, app.response_class, use_cookies=True) for _one in range(2)))


def _without_room(client: Visitor, other: Visitor) -> None:
    shop = a_shop()
    link = a_drop_off(shop).visit.link.path
    form, desk = read(client.get(link)).forms["Confirm appointment"], signed_in(other, a_member(shop))
    before = db.session.query(Entry).count()
    nora = {"first_name": "Nora", "last_name": "Berg"}
    with no_room():
        assert desk.get("/console/").status_code == client.get(link).status_code == 200
        refused = desk.post("/console/customers", data=nora)
        assert (refused.status_code, refused.headers["Retry-After"]) == (507, "60")
        assert "The server's disk is full. Tell whoever runs Wrenchline" in read(refused).text
        refused = client.post(form.action, data=form.fields, headers={"Accept-Language": "es"})
        assert refused.status_code == 507
        assert "No se guardó nada de lo que escribió." in read(refused).text
    assert db.session.query(Entry).count() == before
    assert db.session.query(Customer).filter_by(first_name="Nora").count() == 0
    assert desk.post("/console/customers", data=nora).status_code == 303
    assert client.post(form.action, data=form.fields).status_code == 303


@pytest.mark.both_databases
def test_while_it_is_locked_pages_are_shown_and_a_tap_is_told_to_come_again(client: Visitor, visitors: Callable[[], Visitor]) -> None:
    shop = a_shop()
    link = a_drop_off(shop).visit.link.path
    form, desk = read(client.get(link)).forms["Confirm appointment"], signed_in(visitors(), a_member(shop))
    db.session.remove()
    with locked():
        assert desk.get("/console/").status_code == client.get(link).status_code == 200
        refused = client.post(form.action, data=form.fields)
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
        assert "Nothing you typed was kept. Please try again in a few minutes, or call us." in read(refused).text
        told = desk.post("/console/customers", data={"first_name": "Nora", "last_name": "Berg"})
        assert (told.status_code, "The database is busy or restarting." in read(told).text) == (503, True)
    assert db.session.query(Confirmation).count() == 0
    assert client.post(form.action, data=form.fields).status_code == 303
    assert db.session.query(Confirmation).count() == 1


@pytest.mark.one_database
@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:9/none", "sqlite:////nowhere/none.db"])
def test_with_the_database_away_every_page_says_so_and_health_tells_the_watchman(make_app: Callable[..., Flask], url: str) -> None:
    app = make_app(DATABASE_URL=url)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    visitor = Visitor(app, app.response_class, use_cookies=True)
    for path in ("/console/sign-in", "/v/AAAAAAAAAAAAAAAAAAAAAA", "/api/v1/customers/1"):
        answer = visitor.get(path, headers={"Authorization": "Bearer wrenchline_" + "a" * 43})
        assert (path, answer.status_code in {200, 503}) == (path, True)
        assert "Traceback" not in answer.text
    health = visitor.get("/healthz")
    assert (health.status_code, json.loads(health.text)["database"]) == (503, "away")
