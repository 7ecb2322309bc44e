"""Addresses of the network, which a shop keeps in full for a time: then the neighbourhood is left, and in sealed records nothing."""

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, Table, delete, select, update

from models.base import Base, db
from models.communication import Communication, PersonalValue
from models.retention import Retention
from models.retention_part import Ids, Sweep
from models.short_ip import shortened
from models.staff_member import Membership


def _with_ip() -> Iterator[tuple[Table, ColumnElement[datetime]]]:
    """Every table with a column of that name, and when its rows were written."""
    for table in Base.metadata.sorted_tables:
        if "ip" in table.c:
            yield table, table.c["at"] if "at" in table.c else table.c["began_at"]


def _old_ips(table: Table, at: ColumnElement[datetime]) -> Callable[[Retention, datetime], Ids]:
    def which(retention: Retention, before: datetime) -> Ids:
        here = select(Membership.staff_member_id).where(Membership.shop_id == retention.shop_id)
        mine = table.c.shop_id == retention.shop_id if "shop_id" in table.c else table.c.staff_member_id.in_(here)
        return select(table.c.id).where(mine, at < before, table.c.ip != "", ~table.c.ip.contains("/"))

    return which


def _shorten(table: Table) -> Callable[[list[int]], None]:
    def go(ids: list[int]) -> None:
        for ip in list(db.session.scalars(select(table.c.ip).where(table.c.id.in_(ids)).distinct())):
            db.session.execute(update(table).where(table.c.id.in_(ids), table.c.ip == ip).values(ip=shortened(ip)))

    return go


def _old_sealed_ips(retention: Retention, before: datetime) -> Ids:
    """In the communication log they stand as they are, or not at all."""
    mine = select(PersonalValue.id).join(Communication, Communication.id == PersonalValue.communication_id)
    return mine.where(Communication.shop_id == retention.shop_id, Communication.at < before, PersonalValue.field == "ip")


def _forget_sealed_ips(ids: list[int]) -> None:
    records = select(Communication).join(PersonalValue, PersonalValue.communication_id == Communication.id)
    found = db.session.scalars(records.where(PersonalValue.id.in_(ids)).order_by(Communication.seq)).all()
    Communication.take_out(found, delete(PersonalValue).where(PersonalValue.id.in_(ids)))


def of_addresses() -> Iterator[Sweep]:
    """Asked for when all tables are known."""
    for table, at in _with_ip():
        yield Sweep("ip_days", _old_ips(table, at), _shorten(table))
    yield Sweep("ip_days", _old_sealed_ips, _forget_sealed_ips)
