"""How texts to the customer's number stand, as the page of a visit shows it."""

from dataclasses import dataclass
from functools import cached_property

from flask_babel import gettext as _

from models import Consent, ConsentFact, Visit, moments
from models.consent import MARKETING, SERVICE
from models.consent_wording import agreement
from models.opt_out import still_stopped

HIDDEN = "•••"


@dataclass(frozen=True, slots=True)
class Choice:
    """One kind of texts: whether they are agreed to, and what there is to say."""

    scope: str
    label: str
    given: bool
    since: str  # the moment of the last word about it; empty: nobody ever asked
    wording: str


class Texts:
    def __init__(self, visit: Visit, number: str) -> None:
        self.shop, self.number = visit.shop, number
        self._facts = Consent.history(self.shop, number)

    @classmethod
    def of(cls, visit: Visit) -> "Texts | None":
        first = visit.customer.phone
        return cls(visit, first.number) if first and first.textable and visit.shop.texting_number else None

    @property
    def ends(self) -> str:
        """The digits that tell the number from another, and tell nobody the number."""
        return self.number[-4:]

    @property
    def masked(self) -> str:
        return f"{HIDDEN} {self.ends}"

    @cached_property
    def choices(self) -> list[Choice]:
        labels = {SERVICE: _("About your appointment and repair"), MARKETING: _("Reminders and offers")}
        newest = {fact.scope: fact for fact in reversed(self._facts)}
        return [self._choice(scope, label, newest.get(scope)) for scope, label in labels.items()]

    @property
    def are_on(self) -> bool:
        return self.choices[0].given

    @property
    def stopped_at_provider(self) -> bool:
        """STOP was texted: the provider lets nothing through until START is, whatever is agreed to here."""
        return still_stopped(self._facts)

    def _choice(self, scope: str, label: str, fact: ConsentFact | None) -> Choice:
        given = bool(fact and fact.given and Consent.enough(self.shop, fact))
        since = moments.moment(fact.at, self.shop) if fact else ""
        return Choice(scope, label, given, since, agreement(self.shop, scope))
