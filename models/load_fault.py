"""What was wrong with a row of a file that is being loaded, for the person who mends it; it goes with the file."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, delete, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, db
from models.owned import ShopOwned

if TYPE_CHECKING:
    from models.first_load import FirstLoad

LONGEST = 200  # characters of what was typed


class LoadFault(ShopOwned, Base):
    __tablename__ = "load_faults"
    __table_args__ = (Index("ix_load_faults_line", "load_id", "line"),)

    load_id: Mapped[int] = mapped_column(ForeignKey("first_loads.id"))
    line: Mapped[int]  # as an editor counts them, from 1
    column: Mapped[str]  # its heading; empty: the whole row
    typed: Mapped[str]
    sentence: Mapped[str]
    taken: Mapped[bool]  # the row was taken all the same, otherwise than it says

    @classmethod
    def keep(cls, load: "FirstLoad", faults: "Sequence[tuple[int, str, str, str, bool]]") -> None:
        """Line, column, what is typed, sentence, whether it was taken all the same."""
        rows = [
            {
                "shop_id": load.shop_id,
                "load_id": load.id,
                "line": line,
                "column": column,
                "sentence": sentence,
                "taken": taken,
                "typed": typed[:LONGEST].replace("\0", "\N{SYMBOL FOR NULL}"),
            }
            for line, column, typed, sentence, taken in faults
        ]
        if rows:
            db.session.execute(insert(cls), rows)

    @classmethod
    def of(cls, load: "FirstLoad", after: int = 0, limit: int = 50) -> "Sequence[LoadFault]":
        """In the order of the file."""
        mine = select(cls).where(cls.load_id == load.id, cls.id > after)
        return db.session.scalars(mine.order_by(cls.id).limit(limit)).all()

    @classmethod
    def count(cls, load: "FirstLoad") -> int:
        return db.session.scalar(select(func.count()).where(cls.load_id == load.id)) or 0

    @classmethod
    def reasons(cls, load: "FirstLoad") -> dict[int, str]:
        """Of the rows that were not taken, by line; in one go."""
        bad = select(cls.line, cls.column, cls.sentence).where(cls.load_id == load.id, cls.taken.is_(False)).order_by(cls.id)
        found: dict[int, str] = {}
        for line, column, sentence in db.session.execute(bad):
            words = f"{column}: {sentence}" if column else sentence
            found[line] = f"{found[line]} {words}" if line in found else words
        return found

    @classmethod
    def forget(cls, load_ids: Sequence[int]) -> None:
        db.session.execute(delete(cls).where(cls.load_id.in_(load_ids)).execution_options(synchronize_session=False))
