"""A business: owner of one or more shops."""

from sqlalchemy import false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, db
from models.refused import Refused
from models.shop import Shop


class Business(Base):
    __tablename__ = "businesses"

    name: Mapped[str]
    mails_letters: Mapped[bool] = mapped_column(default=False, server_default=false())  # enabled by the operator
    posts_cards: Mapped[bool] = mapped_column(default=False, server_default=false())
    looks_up_plates: Mapped[bool] = mapped_column(default=False, server_default=false())
    main_administrator_id: Mapped[int | None] = mapped_column(default=None)
    shops: Mapped[list[Shop]] = relationship(back_populates="business", order_by="Shop.name")

    def may_send(self, channel: str) -> bool:
        """Whether the operator has enabled follow-up letters of that way."""
        return self.mails_letters if channel == "email" else self.posts_cards

    @classmethod
    def open(cls, name: str) -> "Business":
        """A new business, yet without shops. Raises Refused without a name."""
        if not name.strip():
            raise Refused("A business needs a name.", field="business")
        business = cls(name=name.strip())
        db.session.add(business)
        return business
