"""A part of the car explained to its owner: a drawing that moves, three steps of wear, four short sentences. The same for every shop."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from models import explanation_words as words
from models.own_video import OwnVideo
from models.refused import NotFound

if TYPE_CHECKING:
    from models.shop import Shop


@dataclass(frozen=True, slots=True)
class Explanation:
    """``key`` is its name in addresses; all other words come in the reader's language."""

    key: str

    @classmethod
    def every(cls) -> Sequence["Explanation"]:
        """In the order in which cars bring them up at the counter."""
        return [cls(key) for key in words.WORDS]

    @classmethod
    def known(cls, key: str) -> "Explanation":
        """Raises NotFound."""
        if key not in words.WORDS:
            raise NotFound("Explanation")
        return cls(key)

    @classmethod
    def link(cls, shop: "Shop", key: str, language: str = "") -> str:
        """The whole address, for a text to this shop's customer; in that language, else in the reader's own.

        ``key`` is an explanation's or, after ``v/``, the code of a video of the shop's own. Raises NotFound.
        """
        is_own, code = key.startswith("v/"), key.removeprefix("v/")
        rest = f"v/{OwnVideo.known(shop, code).code}" if is_own else cls.known(key).key
        path = f"{shop.base_url}/x/{shop.slug}/{rest}"
        return f"{path}?{urlencode({'lang': language})}" if language else path

    @property
    def name(self) -> str:
        """Of its drawing's files."""
        return self.key.replace("-", "_")

    @property
    def title(self) -> str:
        return str(self._words.title)

    @property
    def drawn(self) -> str:
        """What the drawing shows, for those who can't see it."""
        return str(self._words.drawn)

    @property
    def steps(self) -> list[tuple[str, str]]:
        """As good as new, worn, too late: each as a word or two, and what it means."""
        return [(str(name), str(meaning)) for name, meaning in self._words.steps]

    @property
    def sentences(self) -> list[tuple[str, str]]:
        """A heading and its sentence: what it is, what wear looks like, what happens if it is left, what the shop does."""
        return [(str(heading), str(said)) for heading, said in zip(words.HEADINGS, self._words.sentences, strict=True)]

    @property
    def _words(self) -> words.Words:
        return words.WORDS[self.key]
