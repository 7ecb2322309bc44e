"""Overviews of the demo: what was found is sent, opened and answered, as far as each vehicle has come."""

import random
from decimal import Decimal
from secrets import token_hex

from jobs.demo.desk import Desk
from models import Actor, Authorisation, Category, Chosen, Document, Message, OverviewRules, Remark, Shop, WorkItem, WorkOrder, db
from models.answering import Said, answer
from models.overview_sending import contacts, send_overview
from models.summary import Summary

BROWSER = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148"
NOTES = ("The photos show where it is worn. Call us if anything is unclear.", "", "We can do all of it today if you answer before noon.")
DUTCH_NOTES = ("Op de foto's ziet u waar het zit. Bel gerust.", "")
COMMENTS = ("How long would the tyres take?", "", "", "Please keep the old parts for me.")
# what is usual at each shop
RULES = {
    "harbour": {"prices": "all", "may_decline": True, "may_put_off": True},
    "northgate": {"prices": "after_call", "may_decline": False, "may_put_off": False},
    "elm": {"prices": "totals", "may_decline": False, "may_put_off": False},
    "delinde": {"prices": "all", "may_decline": True, "may_put_off": False},
}


def set_rules(shop: Shop, by: Actor) -> None:
    nothing = {"may_decline_necessary": False, "risk_words": {}, "tolerance_percent": Decimal(10 if shop.slug == "harbour" else 0)}
    OverviewRules.change(shop, **RULES[shop.slug], **nothing, tolerance_amount=None, by=by)  # type: ignore[arg-type]


class Told:
    """One overview, from the desk's Send to the thumbs."""

    def __init__(self, desk: Desk, order: WorkOrder, by: Actor, rng: random.Random) -> None:
        self.desk, self.order, self.by, self.rng = desk, order, by, rng
        dutch = desk.shop.language == "nl"
        to = next(one for one in contacts(order) if not one.why_not)
        self.overview = send_overview(order, to.word, rng.choice(DUTCH_NOTES if dutch else NOTES), token_hex(8), by=by)
        if self.overview.message:
            desk.carrier.carry([self.overview.message])

    @staticmethod
    def is_possible(order: WorkOrder) -> bool:
        return any(not one.why_not for one in contacts(order)) and WorkItem.any_on(order)

    @property
    def customer(self) -> Actor:
        customer = self.order.visit.customer
        return Actor("customer", customer.name, customer.id, f"198.51.100.{customer.id % 250 + 1}")

    def open(self) -> None:
        if not self.order.is_closed:
            self.overview.opened(by=self.customer, agent=BROWSER)

    def reply(self, choices: dict[int, Chosen] | None = None, comment: str | None = None) -> None:
        """The customer sends the answers; without ``choices``, whatever one would say."""
        if self.order.is_closed or self.overview.replies:
            return
        chosen = self._likely() if choices is None else choices
        said = self.rng.choice(COMMENTS) if comment is None else comment
        statement = Summary(self.overview, chosen).statement
        name = self.order.visit.customer.name
        reply = answer(self.overview, Said(chosen, name, said, statement, key=token_hex(8), agent=BROWSER), by=self.customer)
        if printed := Document.newest_of(reply):
            db.session.delete(printed)  # dozens would be printed at the first start: each is made when somebody asks for it
        receipt = Message.keyed(f"receipt:{reply.id}")
        self.desk.carrier.carry([receipt] if receipt else [])

    def take_over(self) -> None:
        """The desk sets the thumbs and shares the remark; who has not answered was called, and said yes to what is necessary."""
        if self.order.is_closed:
            return
        self.reply()
        Authorisation.take_over(self.order, by=self.by)
        for remark in Remark.of(self.order):
            remark.show_to_mechanic(words=True, files=[], by=self.by)
            if not remark.text.endswith("?"):  # a question waits for somebody's answer
                remark.mark_read(by=self.by)

    def _likely(self) -> dict[int, Chosen]:
        found = {}
        for item in self.overview.asked:
            usual = "repair" if item.category is Category.necessary else self.rng.choice(("repair", "contact", "decline", ""))
            chosen = Chosen.read(usual)
            if chosen and chosen.choice in self.overview.choices_for(item):
                found[item.id] = chosen
        return found
