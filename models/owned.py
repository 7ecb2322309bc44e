"""What belongs to a shop is loaded through it, so that what is not its own is not found."""

from typing import TypeVar

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.base import ExecutableOption

from models.base import Base, db
from models.refused import NotFound


class ShopOwned:
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), index=True)


Owned = TypeVar("Owned", bound=Base)


def load(noun: type[Owned], shop_id: int, id: int, *options: ExecutableOption, lock: bool = False) -> Owned:
    """The shop's own row, locked for this transaction if asked (PostgreSQL; SQLite's writers stand in line anyway).

    Raises NotFound: for another shop's just as for none at all.
    """
    query = select(noun).where(noun.id == id, noun.shop_id == shop_id).options(*options)  # type: ignore[attr-defined]
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = db.session.scalars(query).unique().first()
    if row is None:
        raise NotFound(noun.__name__)
    return row
