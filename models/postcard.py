"""What stands on one postcard: the picture's headline, the words with who signs them, where it comes from and where it goes."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models import phone
from models.letter_kind import POSTCARD, LetterKind
from models.letter_wording import signature
from models.message_template import MessageTemplate
from models.postal_address import envelope
from models.postcard_colours import Colours, season
from models.postcard_size import PostcardSize
from models.wording_example import example

if TYPE_CHECKING:
    from models.letter import Letter
    from models.shop import Shop

DRAWING = "1"  # goes up when the pictures or the page are drawn differently, so that no old preview is shown
# what can be said at each size of type (points): so many characters a line, so many lines
SETTINGS = ((12, 28, 8.5), (11, 30, 9.5), (10, 33, 10.5), (9, 37, 11.5), (8, 42, 13), (7, 48, 15), (6, 56, 17.5))
_STREETS = {"en": "1 Elm Street", "es": "Calle del Olmo 1", "nl": "Iepenstraat 1"}
_HEADLINES = {
    LetterKind.reminder_1: (_l("Your next visit"), _l("Good roads ahead.")),
    LetterKind.reminder_2: (_l("See you soon"), _l("The light is on.")),
    LetterKind.no_show: (_l("Let’s find another day"), _l("We missed you.")),
    LetterKind.thank_you: (_l("From all of us"), _l("Thank you.")),
    LetterKind.deferred: (_l("From your last visit"), _l("Still on the list.")),
    LetterKind.inactive: (_l("Time for a good look"), _l("It has been a while.")),
}


@dataclass(frozen=True)
class Front:
    """The picture side: all cards of a kind share it."""

    kind: LetterKind
    kicker: str
    headline: str
    language: str


@dataclass(frozen=True)
class Postcard:
    shop: "Shop"
    kind: LetterKind
    language: str
    body: str
    to: tuple[str, ...]  # as it stands on the card, line by line; empty in a sample
    size: PostcardSize
    month: int
    number: int = 0  # within its batch; 0: in none

    @classmethod
    def of(cls, letter: "Letter") -> "Postcard":
        """As it stands on file now: who has moved gets it where they live."""
        shop, message, name = letter.shop, letter.message, letter.customer.mailing_name
        size = letter.postcard_batch.size if letter.postcard_batch else PostcardSize.of(shop)
        known = letter.customer.addresses[:1]
        to = [envelope(name, *place.parts, shop.country, capitals=size is PostcardSize.american) for place in known]
        body, number = message.body, letter.card_number or 0
        return cls(shop, letter.kind, message.language, body, tuple(to[0] if to else ()), size, letter.on.month, number)

    @classmethod
    def sample(cls, shop: "Shop", kind: LetterKind) -> "Postcard":
        """To a customer who does not exist, in the shop's words and language."""
        size = PostcardSize.of(shop)
        words = example(shop, MessageTemplate.of(shop, kind.value, POSTCARD, shop.language))
        place = (_STREETS[shop.language], shop.city, shop.region, shop.postal_code, "")
        to = envelope("Maria Lopez", *place, shop.country, capitals=size is PostcardSize.american)
        return cls(shop, kind, shop.language, words.body, tuple(to), size, shop.today().month)

    # the front

    @cached_property
    def front(self) -> Front:
        with force_locale(self.language):
            kicker, headline = _HEADLINES[self.kind]
            return Front(self.kind, str(kicker), str(headline), self.language)

    @property
    def colours(self) -> Colours:
        return Colours.of(self.shop.branding.accent)

    @property
    def season(self) -> str:
        return season(self.month)

    @property
    def sign_setting(self) -> float:
        """The size of type (points) at which the shop's name fits over the door of the drawn garage."""
        return max(5.0, min(12.0, round(190 / (len(self.shop.name) + 1), 1)))

    # the back

    @cached_property
    def paragraphs(self) -> list[str]:
        """The words without who signs them."""
        whole = self.voice.replace(" ", "\N{NO-BREAK SPACE}").replace("-", "\N{NON-BREAKING HYPHEN}")  # a number is read in one go
        parts = [part.strip().replace(self.voice or "\0", whole) for part in self.body.strip().split("\n\n") if part.strip()]
        return parts[:-1] if len(parts) > 1 and parts[-1] in self._signatures else parts

    @property
    def signed(self) -> str:
        """Who signs by name; empty: the shop does."""
        return self.shop.location.owner_name

    @property
    def _signatures(self) -> tuple[str, ...]:
        """How the words of the house, and most of a shop's own, end."""
        said = signature(self.shop)
        return f"{said['owner']}, {said['shop']}", f"{said['owner']}\n{said['shop']}", said["shop"]

    @property
    def setting(self) -> int:
        """The size of type (points) at which the words fit."""
        for points, across, down in SETTINGS:
            if self._lines(across) <= down:
                return points
        return SETTINGS[-1][0]

    def _lines(self, across: int) -> float:
        """How many lines the words take at that width; a gap between paragraphs is half of one."""
        lines = sum(1 + len(line) // across for part in self.paragraphs for line in part.split("\n"))
        return lines + (len(self.paragraphs) - 1) / 2

    @property
    def address_setting(self) -> int:
        """The size of type (points) of the address, never below what machines of the post read."""
        longest = max((len(line) for line in self.to), default=0)
        return 10 if longest <= 24 and len(self.to) <= 5 else 9 if longest <= 30 else 8

    @property
    def home(self) -> list[str]:
        """Where it comes from."""
        shop = self.shop
        return envelope("", shop.street, shop.city, shop.region, shop.postal_code, "", shop.country, capitals=False)

    @property
    def voice(self) -> str:
        """The shop's phone number as it is written there; empty: none."""
        return phone.shown(self.shop.voice_phone, self.shop.country) if self.shop.voice_phone else ""

    @cached_property
    def code(self) -> tuple[str, str]:
        """What the QR code holds, and the word below it: where to say how it was on a thank-you, else the phone. Empty: none."""
        place = self.shop.location.feedback
        with force_locale(self.language):
            if self.kind is LetterKind.thank_you and place.startswith("http"):
                return place, _("Tell us how it was")
            if self.shop.voice_phone:
                return f"tel:{self.shop.voice_phone}", _("Call us")
        return "", ""

    @property
    def calls(self) -> bool:
        """Whether the QR code holds the phone number that stands beside it."""
        return self.code[0].startswith("tel:")

    @property
    def stop(self) -> str:
        """How to get no more of these."""
        ways = {"phone": self.voice, "email": self.shop.email}
        with force_locale(self.language):
            if all(ways.values()):
                return _("No more cards? Call %(phone)s or write to %(email)s.", **ways)
            if ways["phone"]:
                return _("No more cards? Call %(phone)s.", phone=ways["phone"])
            return _("No more cards? Write to %(email)s.", email=ways["email"]) if ways["email"] else ""

    @property
    def postage(self) -> str:
        with force_locale(self.shop.language):
            return _("Postage")

    @property
    def digest(self) -> str:
        """Of all that is printed: the same words on the same card are drawn once."""
        shop = self.shop
        said: Sequence[Any] = (
            *(DRAWING, self.size, shop.branding.version, shop.name, shop.voice_phone, shop.email, self.home, self.signed),
            *(asdict(self.front), self.season, self.paragraphs, self.to, self.code),
        )
        return hashlib.sha256(repr(said).encode()).hexdigest()[:32]
