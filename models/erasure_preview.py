"""What an erasure would do, said before anybody asks for it: what goes, what stays and why, and what is still to be done by hand."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from models import phone
from models.base import chunks, db
from models.customer import Customer
from models.erasing import pointed_at
from models.erasure import WHY_NOT, obstacle
from models.export_record import ExportRecord
from models.export_run import ExportRun
from models.export_state import ExportState
from models.message import Message
from models.personal_rows import Person
from models.printed_card import PrintedCard
from models.remembered_number import MARK
from models.retention import Retention


@dataclass
class ErasurePreview:
    customer: Customer

    @cached_property
    def person(self) -> Person:
        return Person.of(self.customer)

    @property
    def why_not(self) -> str:
        """What is in the way; empty if nothing is."""
        found = obstacle(self.customer)
        return str(WHY_NOT[found]) if found else ""

    @property
    def merged(self) -> list[str]:
        """Who else is this customer, and is erased with them."""
        rows = db.session.scalars(select(Customer).where(Customer.id.in_(self.person.mine), Customer.id != self.customer.id))
        return [one.name for one in rows]

    @property
    def goes(self) -> list[str]:
        ids, files = self.person.ids, len(set(pointed_at(self.person)))
        reached = sum(len(ids[name]) for name in ("customer_phones", "customer_emails", "customer_addresses", "contact_persons"))
        return [
            _("The name, everywhere; from then on it reads “%(name)s”", name=f"Erased customer {self.customer.id}"),
            ngettext("%(num)s number or address", "%(num)s numbers and addresses", reached),
            ngettext("The words of %(num)s message", "The words of %(num)s messages", len(ids["messages"])),
            ngettext("%(num)s file: pictures, signatures, documents", "%(num)s files: pictures, signatures, documents", files),
            ngettext("Plate and VIN of %(num)s vehicle", "Plates and VINs of %(num)s vehicles", self._vehicles),
            _("Notes, wishes, remarks, comments, what was typed and not sent, and network addresses"),
            _("Links to their pages, follow-up letters that were planned, messages that wait"),
        ]

    @property
    def stays(self) -> list[tuple[str, str]]:
        """What, and why."""
        ids, years = self.person.ids, Retention.of(self.customer.shop)
        lines = []
        if orders := len(ids["work_orders"]):
            what = ngettext("%(num)s repair order: work, parts, prices, dates", "%(num)s repair orders: work, parts, prices, dates", orders)
            lines.append((what, _("Nameless. The shop's books and the law on repairs and invoices need them.")))
            what = _("Who authorised them, with vehicle and signature, sealed, for %(count)s years", count=years.record_years)
            lines.append(
                (
                    what,
                    _("The law on repairs demands it. An administrator can open it with a reason, which is logged; then it is destroyed."),
                )
            )
            lines.append(
                (
                    _("The communication log's digests"),
                    _("Names and salts go, so that nothing can be read from them; the chain still verifies."),
                )
            )
        if ids["consent_facts"]:
            what = _("Proof of consent, for %(count)s years, and a STOP for good", count=years.consent_years)
            lines.append(
                (
                    what,
                    _("Without name and number: a keyed digest, so that who said STOP gets no text when the number is typed in again."),
                )
            )
        lines += [(_("What others on file share: %(what)s", what=shared), _("It is theirs as well.")) for shared in self._shared]
        lines.append(
            (
                _("That the erasure was done: when, by whom, how many records"),
                _("To show that the request was met, and to repeat it after a backup is restored."),
            )
        )
        return lines

    @property
    def by_hand(self) -> list[str]:
        """What this installation can't do."""
        lines = []
        copies = (
            select(func.count()).select_from(Message).where(Message.id.in_(self.person.ids["messages"]), Message.provider_id.is_not(None))
        )
        if texts := db.session.scalar(copies.where(Message.channel == "text")):
            lines.append(
                ngettext(
                    "%(num)s text is deleted at the provider; its own billing records stay there for up to 400 days.",
                    "%(num)s texts are deleted at the provider; its own billing records stay there for up to 400 days.",
                    texts,
                )
            )
        lines.append(_("E-mails and texts that arrived are with the customer, and copies of e-mails may be in your mail server's log."))
        if cards := self._cards:
            told = ngettext("%(num)s postcard", "%(num)s postcards", cards)
            lines.append(_("%(cards)s went by the print service, which has name and address: pass the request on to it.", cards=told))
        if partners := self._partners:
            lines.append(_("Rows about their visits went to %(names)s: pass the request on to them.", names=", ".join(partners)))
        lines.append(_("Think of your bookkeeping, and of whoever keeps your backups."))
        return lines

    @property
    def _cards(self) -> int:
        """How many were handed to a print service."""
        tried = select(func.count()).select_from(PrintedCard).where(PrintedCard.tried_at.is_not(None))
        return sum(db.session.scalar(tried.where(PrintedCard.id.in_(part))) or 0 for part in chunks(self.person.ids["printed_cards"]))

    @property
    def _partners(self) -> list[str]:
        """Which companies got something about them."""
        found: set[str] = set()
        for part in chunks(self.person.ids["export_records"]):
            runs = select(ExportRun.partner).join(ExportRecord, ExportRecord.run_id == ExportRun.id)
            over = ExportRun.state.in_((ExportState.delivered, ExportState.kept, ExportState.sending))
            gone = runs.where(ExportRecord.id.in_(part), over | ExportRun.uploaded_at.is_not(None))  # also under its temporary name
            found |= {str(partner.label) for partner in db.session.scalars(gone.distinct())}
        return sorted(found)

    @property
    def _vehicles(self) -> int:
        return len(set(self.person.ids["vehicles"]) - set(self.person.shared_vehicles))

    @property
    def _shared(self) -> list[str]:
        own = [row.number for row in self.customer.phones if row.number not in self.person.reached_at and not row.number.startswith(MARK)]
        cars: list[Any] = [vehicle for vehicle in self.customer.vehicles if vehicle.id in self.person.shared_vehicles]
        return [*(phone.shown(number, self.customer.shop.country) for number in own), *(vehicle.description for vehicle in cars)]
