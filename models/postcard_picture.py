"""Pictures of postcards for the screen: of each kind in the shop's own words, and of a card that somebody looked at."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from models import clock
from models.base import Base, db, kept
from models.handover import later
from models.owned import ShopOwned
from models.postcard import Postcard
from models.refused import NotFound
from models.stored_file import StoredFile

if TYPE_CHECKING:
    from models.shop import Shop

SIDES = ("front", "back")
WIDTH = 720  # pixels across: twice what a page shows
KEPT = timedelta(days=30)  # a look at a card can be had anew


class PostcardPicture(ShopOwned, Base):
    __tablename__ = "postcard_pictures"
    __table_args__ = (UniqueConstraint("shop_id", "digest", "side"),)

    digest: Mapped[str]  # of all that is printed, see ``Postcard``
    side: Mapped[str]
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)

    file: Mapped[StoredFile] = relationship()

    @classmethod
    def drawn_of(cls, shop: "Shop", cards: Sequence[Postcard]) -> set[str]:
        """The digests of those that are drawn already, both sides."""
        wanted = [card.digest for card in cards]
        rows = db.session.execute(select(cls.digest, cls.side).where(cls.shop_id == shop.id, cls.digest.in_(wanted))).all()
        known = {(digest, side) for digest, side in rows}
        return {digest for digest in wanted if all((digest, side) in known for side in SIDES)}

    @classmethod
    def within(cls, shop_ids: Sequence[int], digest: str, side: str) -> "PostcardPicture":
        """Raises NotFound: none of these shops has such a card."""
        query = select(cls).where(cls.shop_id.in_(shop_ids), cls.digest == digest, cls.side == side).options(joinedload(cls.file))
        found = db.session.scalars(query).first()
        if found is None:
            raise NotFound("PostcardPicture")
        return found

    @classmethod
    def keep(cls, shop: "Shop", card: Postcard, sides: Sequence[bytes]) -> None:
        """Front and back as WebP; somebody else may have drawn the same at this moment."""
        for side, content in zip(SIDES, sides, strict=True):
            file = StoredFile.keep(shop.id, content, "image/webp", WIDTH)
            kept(cls(shop_id=shop.id, digest=card.digest, side=side, file_id=file.id))

    @classmethod
    def forget_old(cls) -> None:
        """The bytes go when files that nobody needs are tidied."""
        gone = db.session.execute(delete(cls).where(cls.made_at < clock.now() - KEPT))
        if gone.rowcount:  # type: ignore[attr-defined]
            later("jobs.files.tidy")
