"""The sizes that postcards are printed in."""

from enum import StrEnum
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from models.shop import Shop


class PostcardSize(StrEnum):
    american = "6x4"  # 6 × 4 in: what goes at the USPS's card price
    a6 = "a6"  # 148 × 105 mm

    @property
    def label(self) -> str:
        return str(_LABELS[self])

    @classmethod
    def of(cls, shop: "Shop") -> "PostcardSize":
        """What the shop chose; else what is usual in its country."""
        return cls(shop.location.postcard_size) if shop.location.postcard_size else cls.usual(shop.country)

    @classmethod
    def usual(cls, country: str) -> "PostcardSize":
        return cls.american if country == "US" else cls.a6


_LABELS = {PostcardSize.american: _l("6 × 4 in"), PostcardSize.a6: _l("A6, 148 × 105 mm")}
