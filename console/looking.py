"""Looking for a customer before one is added: by the phone number first, else by name; several may share a number."""

from functools import cached_property
from typing import Any

from werkzeug.datastructures import MultiDict

from models import Customer, Refused, Shop, phone
from models.customer_search import Hit, find, is_number, with_number


class Looking:
    """``words`` are as typed: a number in any writing, the beginning of one, or a name."""

    def __init__(self, shop: Shop, words: str) -> None:
        self.shop, self.words = shop, words.strip()

    @cached_property
    def hits(self) -> list[Hit]:
        return find(self.shop, self.words, limit=6)

    @cached_property
    def number(self) -> str:
        """The number in E.164 once it is whole; until then nothing."""
        try:
            return phone.normalised(self.words, self.shop.country) if is_number(self.words) else ""
        except Refused:
            return ""

    @property
    def is_whole_number(self) -> bool:
        return bool(self.number)

    @cached_property
    def same_number(self) -> list[Customer]:
        """Who is on file with exactly this number."""
        return with_number(self.shop, self.number) if self.number else []

    @property
    def as_new(self) -> "MultiDict[str, Any]":
        """The fields of a new customer with what is known of them already."""
        known = {"phones": self.words} if is_number(self.words) else {"last_name": self.words}
        return MultiDict({"kind": "person", **known})
