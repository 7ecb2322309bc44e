"""Customers who were on file before there was an index of keys are found by it after the upgrade."""

from datetime import time
from pathlib import Path

import flask_migrate
import pytest
from sqlalchemy import MetaData, Table, insert

from models import Customer, Shop, Vehicle, clock, db
from tests.conftest import DATABASES
from tests.ground import postgres
from tests.ground.databases import app_for, settings_for


@pytest.mark.parametrize("database", DATABASES)
def test_who_was_on_file_before_is_found_after_the_upgrade(database: str, tmp_path: Path) -> None:
    if database == "postgresql":
        postgres.start()
    url = f"sqlite:///{tmp_path / 'old.db'}" if database == "sqlite" else postgres.create("customers_upgraded")
    app = app_for(settings_for(url))
    with app.app_context():
        flask_migrate.upgrade(revision="0007")
        old = MetaData()
        with db.engine.begin() as connection:
            tables = {name: Table(name, old, autoload_with=connection) for name in ("customers", "customer_phones", "vehicles", "entries")}
            shop = _a_shop(connection, old)
            connection.execute(
                insert(tables["customers"]),
                {
                    "id": 1,
                    "shop_id": shop,
                    "kind": "person",
                    "first_name": "José",
                    "last_name": "Muñoz",
                    "company_name": "",
                    "search_words": "",
                },
            )
            connection.execute(insert(tables["customer_phones"]), {"customer_id": 1, "position": 0, "number": "+13125550142", "label": ""})
            words = dict.fromkeys(("model", "submodel", "engine", "plate_region", "plate_key", "unit_number"), "")
            known = {"id": 1, "customer_id": 1, "shop_id": shop, "make": "Honda", "plate": "DEMO 101", "vin": "1ZZDM5A14JD000101"}
            connection.execute(insert(tables["vehicles"]), {**words, **known, "odometer": 68_412})
            entry = {"shop_id": shop, "at": clock.now(), "verb": "vehicle.added", "subject": "vehicles", "subject_id": 1, "details": {}}
            connection.execute(insert(tables["entries"]), {**entry, "actor_kind": "staff", "actor_name": "Sam Ortiz", "ip": ""})
        flask_migrate.upgrade()
        jose, found = db.session.get_one(Customer, 1), db.session.get_one(Shop, shop)
        for typed in ("munoz", "0142", "312 555", "demo-101", "000101"):
            assert Customer.search(found, typed) == [jose]
        assert [reading.value for reading in db.session.get_one(Vehicle, 1).readings] == [68_412]
        db.session.remove()
        db.engine.dispose()


def _a_shop(connection, old: MetaData) -> int:  # type: ignore[no-untyped-def]
    """A business and a shop as the old tables have them."""
    businesses, shops = (Table(name, old, autoload_with=connection) for name in ("businesses", "shops"))
    connection.execute(insert(businesses), {"id": 1, "name": "Harbour Motors"})
    filled = {column.name: "" for column in shops.columns if not column.nullable and column.server_default is None}
    connection.execute(
        insert(shops),
        {**filled, "id": 1, "business_id": 1, "slug": "harbour", "name": "Harbour", "zone": "America/Chicago", "country": "US"},
    )
    for name in ("brandings", "locations"):
        table = Table(name, old, autoload_with=connection)
        row = {column.name: _nothing(column) for column in table.columns if not column.nullable and column.server_default is None}
        connection.execute(insert(table), {**row, "id": 1, "shop_id": 1})
    return 1


def _nothing(column):  # type: ignore[no-untyped-def]
    """A value that the column takes."""
    kind = column.type.python_type
    if kind is time:
        return time(8)
    return "refuse" if column.name.endswith("policy") else kind()
