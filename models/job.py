"""The jobs that a shop does again and again: what each is called, how long it takes, which parts it needs."""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import UniqueConstraint, func, insert, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.entry import record
from models.item_line import LONGEST, Line, check_lines
from models.money import Exact, decimals, whole
from models.owned import ShopOwned
from models.refused import Refused
from models.tax import Kind

if TYPE_CHECKING:
    from models.shop import Shop

LONGEST_CODE = 20
_PART = re.compile(r"(?P<name>.+?)(?: x(?P<count>\d+))? (?P<price>\d+\.\d\d)")


class Job(ShopOwned, Base):
    __tablename__ = "jobs"
    __table_args__ = (UniqueConstraint("shop_id", "code"),)

    code: Mapped[str]
    title: Mapped[str]
    section: Mapped[str] = mapped_column(default="")  # Brakes, Tyres …: how the shop sorts them
    hours: Mapped[Decimal] = mapped_column(Exact(2))
    parts: Mapped[list[Any]] = mapped_column(default=list)  # {name, number, quantity as text, price in minor units}
    retired_at: Mapped[datetime | None] = mapped_column(default=None)  # no longer offered; what was made of it stays

    shop: Mapped["Shop"] = relationship()

    @property
    def is_retired(self) -> bool:
        return self.retired_at is not None

    @property
    def part_lines(self) -> list[Line]:
        return [Line(Kind.part, part["name"], Decimal(part["quantity"]), part["price"], part["number"]) for part in self.parts]

    def lines(self, labour_rate: int) -> list[Line]:
        """What an item made of it begins with; labour costs so many minor units an hour."""
        labour = [Line(Kind.labour, self.title, self.hours, labour_rate)] if self.hours else []
        return labour + self.part_lines

    # the catalogue

    @classmethod
    def catalogue(cls, shop: "Shop", words: str = "", *, retired: bool = False, limit: int | None = None) -> list["Job"]:
        """By code, title or section, each word; a code that is typed whole comes first."""
        query = select(cls).where(cls.shop_id == shop.id, cls.retired_at.is_not(None) if retired else cls.retired_at.is_(None))
        for word in words.split():
            query = query.where(or_(*(name.icontains(word, autoescape=True) for name in (cls.code, cls.title, cls.section))))
        first = func.upper(cls.code) != words.strip().upper()
        return list(db.session.scalars(query.order_by(first, cls.section, cls.title).limit(limit)))

    @classmethod
    def coded(cls, shop: "Shop", code: str) -> "Job | None":
        """The shop's job of that code, as it is still offered."""
        query = select(cls).where(cls.shop_id == shop.id, cls.code == code.strip().upper(), cls.retired_at.is_(None))
        return db.session.scalars(query).first()

    @classmethod
    def sole(cls, shop: "Shop", words: str) -> "Job | None":
        """The one job that these words find; None where they find none, or several."""
        found = cls.catalogue(shop, words, limit=2) if words.strip() else []
        return found[0] if len(found) == 1 else None

    @classmethod
    def called(cls, shop: "Shop", title: str) -> "Job | None":
        """The shop's job of exactly that title, as it is still offered."""
        query = select(cls).where(cls.shop_id == shop.id, func.lower(cls.title) == title.strip().lower(), cls.retired_at.is_(None))
        return db.session.scalars(query).first()

    @classmethod
    def stock(cls, shop: "Shop") -> None:
        """Put the usual jobs into the catalogue, beside what is in it; their prices are figures in the shop's own currency."""
        known = set(db.session.scalars(select(cls.code).where(cls.shop_id == shop.id)))
        places = decimals(shop.currency)
        rows = [
            {"shop_id": shop.id, "code": preset.code, "title": preset.title, "section": preset.section, "hours": preset.hours}
            | {"parts": [part | {"price": whole(Decimal(part["price"]).scaleb(places))} for part in preset.parts]}
            for preset in presets()
            if preset.code not in known
        ]
        if rows:
            db.session.execute(insert(cls), rows)

    @classmethod
    def in_currency(cls, shop: "Shop", currency: str) -> None:
        """The figures stay, in another currency with its own number of decimals."""
        shift = decimals(currency) - decimals(shop.currency)
        for job in db.session.scalars(select(cls).where(cls.shop_id == shop.id)) if shift else ():
            job.parts = [part | {"price": whole(Decimal(part["price"]).scaleb(shift))} for part in job.parts]

    # verbs

    @classmethod
    def add(cls, shop: "Shop", code: str, title: str, section: str, hours: Decimal, parts: Sequence[Line], *, by: Actor) -> "Job":
        """Raises Refused: the code is taken, something is missing, negative, too long or too large."""
        job = cls(shop_id=shop.id, shop=shop)
        job._write(code, title, section, hours, parts)
        db.session.add(job)
        db.session.flush()
        record(job, "job.added", by, key=job.code)
        return job

    def change(self, code: str, title: str, section: str, hours: Decimal, parts: Sequence[Line], *, by: Actor) -> None:
        """What was made of it before stays as it is. Raises Refused: as ``add``."""
        self._write(code, title, section, hours, parts)
        record(self, "job.changed", by, key=self.code)

    def retire(self, *, by: Actor) -> None:
        """Offer it no longer; doing it twice does it once."""
        if self.retired_at is None:
            self.retired_at = clock.now()
            record(self, "job.retired", by, key=self.code)

    def bring_back(self, *, by: Actor) -> None:
        """Undo ``retire``."""
        if self.retired_at is not None:
            self.retired_at = None
            record(self, "job.brought_back", by, key=self.code)

    def _write(self, code: str, title: str, section: str, hours: Decimal, parts: Sequence[Line]) -> None:
        code, title, section = code.strip().upper(), title.strip(), section.strip()
        errors = check_lines([Line(Kind.labour, title, hours, 0), *parts], names=["hours", *(f"part-{at}" for at in range(len(parts)))])
        errors = {name.replace("hours-quantity", "hours"): words for name, words in errors.items()}
        if not code or len(code) > LONGEST_CODE or not code.isprintable() or " " in code:
            errors["code"] = _("Give a short code without spaces, like BRK-FP.")
        elif self._is_taken(code):
            errors["code"] = _("There is a job with this code already.")
        for name, text in (("title", title), ("section", section)):
            if len(text) > LONGEST:
                errors[name] = _("Please keep it under %(count)s characters.", count=LONGEST)
        if not title:
            errors["title"] = _("Say what is done.")
        if errors:
            raise Refused.at(**errors)
        self.code, self.title, self.section, self.hours = code, title, section, hours
        self.parts = [
            {"name": part.description.strip(), "number": part.part_number.strip(), "quantity": str(part.quantity), "price": part.price}
            for part in parts
        ]

    def _is_taken(self, code: str) -> bool:
        with db.session.no_autoflush:
            found = db.session.scalar(select(Job.id).where(Job.shop_id == self.shop_id, Job.code == code))
        return found is not None and found != self.id


@dataclass(frozen=True, slots=True)
class Preset:
    code: str
    title: str
    section: str
    hours: Decimal
    parts: tuple[dict[str, str], ...]


@cache
def presets() -> tuple[Preset, ...]:
    """The usual jobs of a general garage (``presets/jobs.csv``)."""
    with (Path(__file__).parent / "presets" / "jobs.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Preset(row["code"], row["name"], row["category"], Decimal(row["hours"]), tuple(_parts(row["parts_detail"].split("; "))))
            for row in csv.DictReader(file)
        )


def _parts(details: Iterable[str]) -> Iterable[dict[str, str]]:
    """``Front rotors x2 138.00``: two for 138.00 together, so 69.00 each."""
    for found in filter(None, map(_PART.fullmatch, details)):
        count, price = Decimal(found["count"] or 1), Decimal(found["price"])
        yield {"name": found["name"], "number": "", "quantity": str(count), "price": str(price / count)}
