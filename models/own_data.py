"""All that is on file of a customer, table by table, as others can read it: for the file that they get of their own data.

Staff act for the shop: their names stand as the shop's. What opens something (links, keys) is left out, everything else is in, notes
that staff made for themselves too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from mimetypes import guess_extension
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Column, select

from models.base import db
from models.do_not_mail import BY_HAND
from models.entry import Entry
from models.erasing import ENDED
from models.money import Money, shown
from models.personal_rows import Person, table_of
from models.personal_tables import HELD
from models.sentences import sentence
from models.stored_file import StoredFile

# What only a program can use: in its JSON file, and not on the page.
FOR_PROGRAMS = frozenset(
    {"position", "terms_kept", "rules_kept", "receipt", "facts", "personal_digests", "previous", "digest", "fingerprint", "trace", "raw"}
    | {"moved", "details", "said", "search_words", "provider_id", "subject", "verb", "salt", "batch", "version", "revision", "ordinal"}
)
AMOUNTS = frozenset({"amount", "tax", "total", "including", "excluding", "was"})  # minor units
# In the order of the page: a chapter, and its tables with what each is.
CHAPTERS: tuple[tuple[Any, dict[str, Any]], ...] = (
    (
        _l("You"),
        {
            "customers": _l("Name"),
            "customer_phones": _l("Telephone numbers"),
            "customer_emails": _l("E-mail addresses"),
            "customer_addresses": _l("Postal addresses"),
            "contact_persons": _l("Contact persons"),
            "customer_merges": _l("Entries that were put together"),
        },
    ),
    (_l("Vehicles"), {"vehicles": _l("Vehicles"), "odometer_readings": _l("Odometer readings"), "last_invoices": _l("Last visits")}),
    (
        _l("Appointments and visits"),
        {
            "estimates": _l("Estimates asked for"),
            "visits": _l("Visits"),
            "appointments": _l("Appointments"),
            "confirmations": _l("Confirmations"),
            "reschedule_requests": _l("Requests for another date"),
            "cancellations": _l("Cancellations"),
            "no_shows": _l("Missed appointments"),
            "links": _l("Links to pages about a visit"),
            "openings": _l("When these pages were opened, and with what"),
        },
    ),
    (
        _l("Work on your vehicles"),
        {
            "work_orders": _l("Work orders"),
            "status_stays": _l("Progress"),
            "assignments": _l("Given to a mechanic"),
            "inspections": _l("Inspections"),
            "findings": _l("What was found"),
            "inspection_changes": _l("How the inspection was filled in"),
            "work_items": _l("Work items"),
            "item_lines": _l("Labour and parts"),
            "part_requests": _l("Parts asked for"),
            "attachments": _l("Pictures and videos"),
            "renditions": _l("Sizes of these"),
            "closings": _l("How visits were closed"),
            "deferred_items": _l("Work put off"),
            "export_records": _l("What was handed to other companies"),
            "held_rows": _l("What was not handed to them without a look"),
            "export_opt_outs": _l("Vehicles of which nothing is handed over"),
        },
    ),
    (
        _l("Overviews and your answers"),
        {
            "overviews": _l("Overviews sent"),
            "overview_items": _l("What was shown in them"),
            "replies": _l("Your answers, with what was on screen"),
            "answers": _l("What you chose"),
            "remarks": _l("Your remarks"),
            "oral_authorisations": _l("What was authorised by word of mouth"),
            "authorisations": _l("What the shop released for work"),
            "communications": _l("Sealed log of all this"),
            "personal_values": _l("What this log holds of you"),
            "documents": _l("Printed documents"),
        },
    ),
    (
        _l("Messages"),
        {
            "messages": _l("Texts and e-mails"),
            "message_media": _l("Files that went with them"),
            "incoming_texts": _l("Your texts as the provider handed them in"),
            "delivery_reports": _l("What the provider reported"),
            "threads": _l("Conversations"),
            "thread_drafts": _l("Texts that were begun and not sent"),
            "thread_assignments": _l("Who answers"),
            "thread_closings": _l("Conversations that were closed"),
            "thread_presences": _l("When the conversation was looked at"),
            "stop_alarms": _l("Texts that may have meant stop"),
            "introductions": _l("First text to a number"),
            "letters": _l("Follow-up letters"),
            "skips": _l("Messages that were stopped"),
            "letter_links": _l("Links in letters"),
            "printed_cards": _l("Postcards that were printed"),
            "print_reports": _l("What the print service reported"),
            "mail_events": _l("What became of e-mails"),
            "returned_addresses": _l("Addresses from which a card came back"),
            "calls": _l("Calls that were to be made"),
            "call_results": _l("What came of them"),
            "bounced_addresses": _l("Addresses from which mail came back"),
        },
    ),
    (
        _l("Permissions"),
        {
            "consent_facts": _l("Permission to text"),
            "do_not_mails": _l("Do Not Mail"),
            "mail_links": _l("Links to end letters"),
        },
    ),
    (
        _l("Records about this"),
        {
            "entries": _l("Log"),
            "external_ids": _l("What other systems call this"),
            "plate_lookups": _l("Look-ups of your plates"),
            "data_exports": _l("Files like this one"),
            "erasures": _l("Erasures"),
            "customer_keys": _l("Words by which you are found"),
        },
    ),
)


@dataclass(frozen=True, slots=True)
class Noun:
    """One table's rows, as they go into the file."""

    name: str
    rows: list[dict[str, Any]]

    @property
    def columns(self) -> list[str]:
        """Those that say something, without the numbers by which rows know each other."""
        known = [name for name in (self.rows[0] if self.rows else ()) if name != "id" and not name.endswith("_id")]
        known = [name for name in known if name not in FOR_PROGRAMS]
        return [name for name in known if any(row[name] not in (None, "", [], {}) for row in self.rows)]


def readable(noun: Noun, row: dict[str, Any], column: str, currency: str) -> Any:
    """As it stands on the page: amounts as money."""
    value = row[column]
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    if column in AMOUNTS or (column, noun.name) == ("price", "item_lines"):
        return shown(Money(value, row.get("currency") or currency))
    return value


def nouns(person: Person) -> Iterator[Noun]:
    """Every table, also empty ones; those that others build upon first."""
    for name in HELD:
        lent = person.lent_vehicles if name == "vehicles" else []
        rows = [*person.rows(name), *person.rows(name, lent)]
        yield Noun(name, [_row(person, name, row) for row in rows])


def files(person: Person) -> Iterator[tuple[str, StoredFile]]:
    """Every file that their rows point at, and its path in the archive."""
    for name in HELD:
        for row in person.rows(name):
            for column in _file_columns(name):
                file_id = getattr(row, column)
                file = db.session.get(StoredFile, file_id) if file_id else None
                if file:
                    yield _path(name, row.id, column, file.content_type), file


def _file_columns(name: str) -> list[str]:
    """Exports of before are no part of an export, and the sealed record of an erasure is for nobody to see."""
    keys = table_of(name).foreign_keys if name not in ("data_exports", "erasures") else ()
    return [key.parent.name for key in keys if key.column.table.name == "stored_files"]


def _path(name: str, row_id: int, column: str, content_type: str) -> str:
    return f"files/{name}-{row_id}-{column.removesuffix('_id')}{guess_extension(content_type) or '.bin'}"


def _row(person: Person, name: str, row: Any) -> dict[str, Any]:
    held, shop = HELD[name], person.customer.shop
    told: dict[str, Any] = {}
    for column in table_of(name).columns:
        value = getattr(row, column.key)
        if column.name not in (*held.withheld, "shop_id"):
            told[column.name] = shop.name if value and _is_staff(name, column, row) else _plain(value)
    for column_name in _file_columns(name):
        file = db.session.get(StoredFile, told[column_name]) if told.get(column_name) else None
        told[column_name.removesuffix("_id")] = _path(name, row.id, column_name, file.content_type) if file else ""
    if name == "entries":
        told = {"at": told.pop("at"), "what": _sentence(row), **told}
        told["details"] = {key: shop.name if key in ("mechanic", "to") and value else value for key, value in told["details"].items()}
    return told


def _is_staff(name: str, column: "Column[Any]", row: Any) -> bool:
    if name == "consent_facts" and column.name == "actor_name":
        return row.source in ENDED
    if name == "attachments" and column.name == "sent_by" and row.remark_id:
        return False  # the customer's own
    if name == "do_not_mails":
        return bool(row.source == BY_HAND)
    if column.name == "actor_name" and "actor_kind" in table_of(name).columns:
        return bool(row.actor_kind == "staff")
    return column.name in HELD[name].staff


def _sentence(row: Any) -> str:
    return sentence(Entry(verb=row.verb, details=row.details))


def _plain(value: Any) -> Any:
    """As JSON knows it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def work_orders_of(person: Person) -> Sequence[Any]:
    """Those whose communication log goes into the file, to be verified."""
    from models.work_order import WorkOrder

    return db.session.scalars(select(WorkOrder).where(WorkOrder.id.in_(person.ids["work_orders"])).order_by(WorkOrder.number)).all()
