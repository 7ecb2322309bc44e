"""What a customer has chosen so far, in the parts that the page always shows, and what that comes to and says."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _

from models.answer import Choice, Choices, Chosen
from models.money import shown
from models.overview import Overview
from models.overview_item import OverviewItem
from models.overview_rules import Visibility
from models.refused import Refused
from models.work_item import Category


@dataclass(frozen=True)
class Summary:
    """What the customer has chosen so far, in the three parts that the page always shows, and what it comes to."""

    overview: Overview
    choices: Choices = field(default_factory=dict)

    def chosen(self, item: OverviewItem) -> Chosen | None:
        return item.chosen or self.choices.get(item.id)

    @property
    def scheduled(self) -> list[OverviewItem]:
        return self.overview.of_category(Category.scheduled)

    @property
    def to_repair(self) -> list[OverviewItem]:
        return self._with(Choice.repair)

    @property
    def to_contact(self) -> list[OverviewItem]:
        return self._with(Choice.contact)

    @property
    def counted(self) -> list[OverviewItem]:
        return self.scheduled + self.to_repair

    @property
    def including(self) -> int:
        """Minor units, with tax."""
        return sum(item.including or 0 for item in self.counted)

    @property
    def tax(self) -> int:
        return sum(item.tax or 0 for item in self.counted)

    @property
    def lacks_price(self) -> bool:
        """Something in it has no price yet."""
        return any(item.including is None for item in self.counted)

    @property
    def statement(self) -> str:
        """What the customer puts a name to."""
        if not self.counted:
            return str(_("I authorise no work with this."))
        if self.overview.visibility is Visibility.none or self.lacks_price:
            return str(_("I authorise the work named above. Tell me the price before you begin with what has none."))
        amount = shown(self.overview.money(self.including))
        if self.overview.is_vat:
            return str(_("I authorise the work named above, for %(amount)s including VAT.", amount=amount))
        return str(_("I authorise the work named above, for %(amount)s including tax.", amount=amount))

    def _with(self, choice: Choice) -> list[OverviewItem]:
        return [item for item in self.overview.asked if (chosen := self.chosen(item)) and chosen.choice is choice]


def read_choices(overview: Overview, form: Mapping[str, str]) -> dict[int, Chosen]:
    """What is chosen in fields ``item-<id>``, of the items that still wait. Raises Refused, by field: not offered, not of this version."""
    found, faults = {}, {}
    for item in overview.open_items:
        try:
            chosen = Chosen.read(form.get(f"item-{item.id}", ""))
            if chosen and chosen.choice not in overview.choices_for(item):
                raise Refused(_("This answer is not offered here."))
            if chosen:
                found[item.id] = chosen
        except Refused as refused:
            faults[f"item-{item.id}"] = next(iter(refused.errors.values()))
    known = {f"item-{item.id}" for item in overview.asked}
    if any(name.startswith("item-") and name not in known and value for name, value in form.items()):
        faults["version"] = _("The overview was changed while this page was open. Please look at it again.")
    if faults:
        raise Refused.at(**faults)
    return found
