"""customers: found by keys, contacts of companies, merges, vehicles that retire, odometer readings"""

import re
import unicodedata
from collections.abc import Iterator

import phonenumbers
import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

CUSTOMERS_AT_ONCE = 500


def upgrade() -> None:
    op.create_table(
        "contact_persons",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("approves", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_contact_persons_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_persons")),
    )
    op.create_index(op.f("ix_contact_persons_customer_id"), "contact_persons", ["customer_id"])
    op.create_table(
        "customer_keys",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_customer_keys_shop_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_customer_keys_customer_id")),
        sa.ForeignKeyConstraint(["vehicle_id"], ["vehicles.id"], name=op.f("fk_customer_keys_vehicle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_keys")),
    )
    op.create_table(
        "customer_merges",
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("merged_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("given_up", sa.JSON(), nullable=False),
        sa.Column("taken_over", sa.JSON(), nullable=False),
        sa.Column("separated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["kept_id"], ["customers.id"], name=op.f("fk_customer_merges_kept_id")),
        sa.ForeignKeyConstraint(["merged_id"], ["customers.id"], name=op.f("fk_customer_merges_merged_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_customer_merges_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_merges")),
    )
    for column in ("kept_id", "merged_id", "shop_id"):
        op.create_index(op.f(f"ix_customer_merges_{column}"), "customer_merges", [column])
    op.create_table(
        "odometer_readings",
        sa.Column("vehicle_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=False),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["vehicle_id"], ["vehicles.id"], name=op.f("fk_odometer_readings_vehicle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_odometer_readings")),
    )
    op.create_index(op.f("ix_odometer_readings_vehicle_id"), "odometer_readings", ["vehicle_id"])
    with op.batch_alter_table("customers") as batch_op:
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_customers_merged_into_id"), "customers", ["merged_into_id"], ["id"])
        batch_op.create_index(op.f("ix_customers_merged_into_id"), ["merged_into_id"])
    with op.batch_alter_table("vehicles") as batch_op:
        batch_op.add_column(sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "INSERT INTO odometer_readings (vehicle_id, value, read_on, actor_name) "
        "SELECT v.id, v.odometer, date(max(e.at)), max(e.actor_name) FROM vehicles v "
        "JOIN entries e ON e.subject = 'vehicles' AND e.subject_id = v.id WHERE v.odometer IS NOT NULL GROUP BY v.id, v.odometer"
    )
    _write_keys()
    op.create_index("ix_customer_keys_find", "customer_keys", ["shop_id", "kind", "key", "customer_id"])
    op.create_index("ix_customer_keys_customer_id", "customer_keys", ["customer_id", "kind", "key"])
    op.create_index("ix_customer_keys_vehicle_id", "customer_keys", ["vehicle_id"])


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *(sa.column(column) for column in columns))


CUSTOMERS = _table("customers", "id", "shop_id", "first_name", "last_name", "company_name")
PHONES = _table("customer_phones", "customer_id", "number")
EMAILS = _table("customer_emails", "customer_id", "address")
SAID = ("make", "model", "submodel", "year", "unit_number")
VEHICLES = _table("vehicles", "id", "customer_id", "plate", "vin", *SAID)
KEY = ("shop_id", "customer_id", "vehicle_id", "kind", "key")


def _write_keys() -> None:
    """Let those who are on file be found as those who come: with the rules of the day on which this was written."""
    connection = op.get_bind()
    shops = {row.id: row.shop_id for row in connection.execute(sa.select(CUSTOMERS.c.id, CUSTOMERS.c.shop_id))}
    known = sorted(shops)
    for start in range(0, len(known), CUSTOMERS_AT_ONCE):
        some = known[start : start + CUSTOMERS_AT_ONCE]
        rows = [(shops[key[0]], *key) for key in sorted(set(_keys(connection, some)), key=str) if key[-1]]
        if rows:
            connection.execute(_table("customer_keys", *KEY).insert(), [dict(zip(KEY, row, strict=True)) for row in rows])


def _keys(connection: sa.Connection, some: list[int]) -> Iterator[tuple[int, int | None, str, str]]:
    for row in connection.execute(sa.select(CUSTOMERS).where(CUSTOMERS.c.id.in_(some))):
        for name in (row.first_name, row.last_name, row.company_name):
            yield from ((row.id, None, "name", word) for word in _words(name))
    for row in connection.execute(sa.select(PHONES).where(PHONES.c.customer_id.in_(some))):
        home = phonenumbers.format_number(phonenumbers.parse(row.number), phonenumbers.PhoneNumberFormat.NATIONAL)
        if row.number.startswith("+3197") and not home.startswith("0"):
            home = f"0{home}"  # Dutch 097 numbers are dialled with a 0 that phonenumbers does not know of
        yield from ((row.customer_id, None, "phone", _compact(text)) for text in (row.number, home))
        yield (row.customer_id, None, "phone_end", _compact(row.number)[::-1])
    for row in connection.execute(sa.select(EMAILS).where(EMAILS.c.customer_id.in_(some))):
        yield (row.customer_id, None, "email", _fold(row.address))
    for row in connection.execute(sa.select(VEHICLES).where(VEHICLES.c.customer_id.in_(some))):
        for name in SAID:
            yield from ((row.customer_id, row.id, "car", word) for word in _words(str(getattr(row, name) or "")))
        yield (row.customer_id, row.id, "plate", _compact(row.plate))
        yield (row.customer_id, row.id, "vin_end", _compact(row.vin)[::-1])


def _fold(text: str) -> str:
    whole = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
    apart = unicodedata.normalize("NFKD", text.casefold().translate(whole))
    return "".join(character for character in apart if not unicodedata.combining(character))


def _compact(text: str) -> str:
    return "".join(character for character in _fold(text) if character.isalnum())


def _words(text: str) -> set[str]:
    return {part for part in re.split(r"[\W_]+", _fold(text)) if part} | {whole for piece in text.split() if (whole := _compact(piece))}
