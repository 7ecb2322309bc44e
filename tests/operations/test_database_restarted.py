"""The database restarts: the first page after it is as good as the last before it, and no process has to be restarted."""

import psycopg
import redis

from tests.ground.client import Visitor
from tests.ground.databases import Apps, entered
from tests.ground.makers import a_drop_off, a_member, a_shop, signed_in


def test_connections_that_a_restart_broke_are_made_anew_before_they_are_used(apps: Apps, queue: redis.Redis) -> None:
    with entered(apps.empty("postgresql")) as app:  # SQLite has no connections to lose
        shop = a_shop()
        link = a_drop_off(shop, preference="phone").visit.link.path
        staff = signed_in(Visitor(app, app.response_class, use_cookies=True), a_member(shop))
        assert staff.get("/console/").status_code == 200
        with psycopg.connect(app.extensions["settings"].database_url.replace("+psycopg", ""), autocommit=True) as connection:
            others = "datname = current_database() AND pid <> pg_backend_pid()"
            connection.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")  # type: ignore[call-overload]
        assert staff.get("/console/").status_code == 200
        assert staff.get(link).status_code == 200
