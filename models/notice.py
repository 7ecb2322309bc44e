"""The privacy notice and the messaging terms of a shop: ours until it writes its own; every version is kept, as consents point to them."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from models import clock, phone
from models.actor import Actor
from models.base import Base, db
from models.entry import record
from models.owned import ShopOwned
from models.refused import NotFound, Refused

if TYPE_CHECKING:
    from models.shop import Shop

KINDS = {"privacy": _l("Privacy notice"), "texting": _l("Messaging terms")}
STANDARD = "2026-11"  # the version of our own words
LONGEST = 20_000  # characters
LONGEST_HEADING = 60


@dataclass(frozen=True, slots=True)
class Paragraph:
    is_heading: bool
    text: str


class Notice(ShopOwned, Base):
    """One version of the shop's own words; without words, the shop went back to ours."""

    __tablename__ = "notices"
    __table_args__ = (UniqueConstraint("shop_id", "kind", "language", "version"),)

    kind: Mapped[str]
    language: Mapped[str]
    version: Mapped[int]
    body: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=clock.now)
    actor_name: Mapped[str]

    @classmethod
    def of(cls, shop: "Shop", kind: str, language: str) -> "Notice":
        """As customers read it now. Raises NotFound: there is no such kind or language."""
        newest = next(iter(cls.versions(shop, kind, language)), None)
        if newest and newest.body:
            return newest
        return cls(shop_id=shop.id, kind=kind, language=language, version=0, body=standard(shop, kind, language))

    @classmethod
    def versions(cls, shop: "Shop", kind: str, language: str) -> list["Notice"]:
        """What the shop wrote, newest first."""
        mine = select(cls).where(cls.shop_id == shop.id, cls.kind == kind, cls.language == language)
        return list(db.session.scalars(mine.order_by(cls.version.desc())))

    @classmethod
    def rewrite(cls, shop: "Shop", kind: str, language: str, body: str, *, by: Actor) -> None:
        """Say it so from now on; without words, or with ours, as we say it. Doing it twice does it once. Raises Refused: too long."""
        body = "\n".join(line.rstrip() for line in body.replace("\r\n", "\n").strip().split("\n"))
        if len(body) > LONGEST:
            raise Refused(_("Please keep it under %(count)s characters.", count=LONGEST), field="body")
        ours = standard(shop, kind, language)
        shop.lock()  # numbers of versions are given out one after the other
        if (body or ours) == cls.of(shop, kind, language).body:
            return
        newest = next(iter(cls.versions(shop, kind, language)), None)
        kept = cls(shop_id=shop.id, kind=kind, language=language, version=newest.version + 1 if newest else 1, actor_name=by.name)
        kept.body = "" if body == ours else body
        db.session.add(kept)
        db.session.flush()
        record(kept, "notice.rewritten", by, kind=kind, language=language, version=kept.version)

    @property
    def title(self) -> str:
        return str(KINDS[self.kind])

    @property
    def is_own(self) -> bool:
        return self.version > 0

    @property
    def version_label(self) -> str:
        """As it stands beside a consent."""
        return f"terms {self.version if self.is_own else STANDARD}"

    @property
    def paragraphs(self) -> list[Paragraph]:
        """An empty line ends one; a short line of its own that ends in a letter is a heading of what follows."""
        found = []
        for block in self.body.split("\n\n"):
            first, _break, rest = block.strip().partition("\n")
            is_heading = bool(rest) and len(first) <= LONGEST_HEADING and first[-1:].isalnum()
            found += [Paragraph(True, first), Paragraph(False, rest)] if is_heading else [Paragraph(False, block.strip())]
        return [paragraph for paragraph in found if paragraph.text]


def standard(shop: "Shop", kind: str, language: str) -> str:
    """Our words with the shop's names and numbers; a line about something it does not have is left out. Raises NotFound."""
    values = {
        "shop": shop.name,
        "address": shop.address,
        "phone": phone.shown(shop.voice_phone, shop.country) if shop.voice_phone else "",
        "email": shop.email,
        "number": phone.shown(shop.texting_number, shop.country) if shop.texting_number else "",
        "keyword": shop.location.consent_keyword,
    }
    lines = []
    for line in _preset(kind, language).splitlines():
        if not any(f"{{{name}}}" in line for name, value in values.items() if not value):
            for name, value in values.items():
                line = line.replace(f"{{{name}}}", value)
            lines.append(line)
    return "\n".join(lines).strip()


@cache
def _preset(kind: str, language: str) -> str:
    path = Path(__file__).parent / "presets" / "notices" / f"{kind}.{language}.txt"
    if kind not in KINDS or not path.is_file():
        raise NotFound("Notice")
    return path.read_text(encoding="utf-8")
