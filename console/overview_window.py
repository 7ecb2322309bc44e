"""What the window shows from which an overview is sent: where it can go, a note, and all items with their eyes."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from models import Actor, Overview, WorkOrder
from models.overview_draft import OverviewDraft
from models.overview_sending import LONGEST_NOTE, Contact, contacts, send_overview


class OverviewWindow:
    longest_note = LONGEST_NOTE

    def __init__(self, order: WorkOrder, form: Mapping[str, str]) -> None:
        self.order, self.form = order, form

    @cached_property
    def contacts(self) -> list[Contact]:
        self.order.visit.customer.load_whole()
        return contacts(self.order)

    @property
    def can_be_sent(self) -> bool:
        return any(not contact.why_not for contact in self.contacts)

    @cached_property
    def draft(self) -> OverviewDraft:
        return OverviewDraft(self.order)

    @property
    def typed(self) -> dict[str, Any]:
        """As it is filled in; to begin with, where the version before went."""
        if "key" in self.form:
            return dict(self.form)
        usable = [contact.word for contact in self.contacts if not contact.why_not]
        before = f"{self.draft.before.channel}:{self.draft.before.address}" if self.draft.before else ""
        return {"contact": before if before in usable else next(iter(usable), "")}

    def send(self, by: Actor) -> Overview:
        """Raises Refused: as ``send_overview``."""
        form = self.form
        words, key = form.get("note", "").replace("\0", ""), form.get("key", "")[:32]
        return send_overview(self.order, form.get("contact", ""), words, key, by=by, in_the_morning="morning" in form)
