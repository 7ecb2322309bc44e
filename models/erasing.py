"""How a person's rows are erased: what goes is deleted, what stays says nothing of them any more (``personal_tables``).

By questions to the database and past the session: facts and log entries that nobody may change are changed here, and here alone, for this
one reason. Doing it twice does it once.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import JSON, Column, Enum, String, case, delete, select, update
from sqlalchemy.sql.schema import CallableColumnDefault

from models import clock
from models.base import chunks, db
from models.communication import Communication
from models.delivery import Delivery
from models.export_state import ExportState
from models.personal_rows import Person, table_of
from models.personal_tables import HELD, Held
from models.remembered_number import MARK, remembered
from models.short_ip import shortened

ENDED = ("spoken", "written", "tablet")  # consents that somebody of the shop wrote down: their name stays with it
TOLD = frozenset(  # what the log says in words of the shop's own
    {"kind", "channel", "source", "scope", "status", "date", "time", "at", "day", "title", "part", "mechanic", "role", "language", "to"}
    | {"receipt", "key", "call_at", "version", "mail_source", "asked_by"}
)
NAMING = {"customer.merged", "customer.merged_away", "customer.separated", "vehicle.sold", "thread.attached", "message.attributed"}


def erase_rows(person: Person, name: str) -> dict[str, int]:
    """Erase the person; ``name`` is what they are called from now on. Says how many rows were deleted and how many made nameless."""
    Communication.erase(person.customer)
    shared, files = set(person.shared_vehicles), set(pointed_at(person))
    _stop_what_waits(person)
    _forget_in_others_entries(person)
    _forget_what_came_back(person)
    _forget_what_was_handed_over(person)
    _forget_what_is_loaded(person)
    counts = {"changed": 0, "deleted": 0, "files": len(files)}
    for table, held in HELD.items():
        if not held.gone:
            ids = [one for one in person.ids[table] if not (table == "vehicles" and one in shared)]
            counts["changed"] += _blank(person, table, held, ids, name)
    _close_links(person)
    _remember_consents(person, name)
    _scrub_entries(person)
    for table, held in reversed(HELD.items()):
        if held.gone:
            counts["deleted"] += _delete(table, person.ids[table])
    _delete("documents", sorted(_printed_with_others(person)))
    db.session.expire_all()
    return counts


def pointed_at(person: Person) -> Iterator[int]:
    """Ids of the files that rows of the person's point at, of the shop's pictures of cards, and of what others are in as well: what was
    handed over with their rows, and printed with their address."""
    for shared, ids in (("export_runs", _handed_over(person)), ("documents", _printed_with_others(person))):
        key = table_of(shared).c.file_id
        for part in chunks(ids):
            yield from db.session.scalars(select(key).where(key.table.c.id.in_(part), key.is_not(None)))
    pictures = table_of("postcard_pictures")
    yield from db.session.scalars(select(pictures.c.file_id).where(pictures.c.shop_id == person.shop_id))
    loads = table_of("first_loads")
    yield from db.session.scalars(select(loads.c.file_id).where(loads.c.shop_id == person.shop_id, loads.c.file_id.is_not(None)))
    for table in HELD:
        for key in _file_keys(table):
            for part in chunks(person.ids[table]):
                yield from db.session.scalars(select(key).where(key.table.c.id.in_(part), key.is_not(None)))


def _file_keys(table: str) -> list[Column[Any]]:
    keys = [key.parent for key in table_of(table).foreign_keys if key.column.table.name == "stored_files"]
    return [key for key in keys if key.name not in HELD[table].stays]


# the rows that stay


def blanks(table: str, held: Held) -> dict[str, Any]:
    """What every column of text that may not stay becomes, and keys to files become none; masked names aside."""
    found: dict[str, Any] = {key.name: None for key in _file_keys(table)}
    for column in table_of(table).columns:
        is_text = isinstance(column.type, String) and not isinstance(column.type, Enum)
        if column.name in held.left:
            found[column.name] = held.left[column.name]
        elif (is_text or isinstance(column.type, JSON)) and column.name not in (*held.stays, *held.masked):
            found[column.name] = None if column.nullable else "" if is_text else _empty(column)
    return found


def _empty(column: Column[Any]) -> Any:
    """A list where a list begins as one."""
    default = column.default
    made = default.arg(None) if isinstance(default, CallableColumnDefault) else {}  # type: ignore[arg-type]  # plain ones look at nothing
    return [] if isinstance(made, list) else {}


def _blank(person: Person, table: str, held: Held, ids: list[int], name: str) -> int:
    rows, values = table_of(table), blanks(table, held)
    for column in (rows.c[masked] for masked in held.masked if table != "consent_facts"):
        theirs = rows.c.actor_kind == "customer" if "actor_kind" in rows.c else column != ""
        values[column.name] = name if table == "customers" else case((theirs, name), else_=column)
    if table == "replies":
        _take_the_note_out(ids)
    for part in chunks(ids) if values else ():
        db.session.execute(update(rows).where(rows.c.id.in_(part)).values(**values))
    return len(ids) if values else 0


def _take_the_note_out(ids: list[int]) -> None:
    """Of a receipt everything stays that is about the work; what the desk wrote to the person goes."""
    rows = table_of("replies")
    for part in chunks(ids):
        for reply_id, receipt in db.session.execute(select(rows.c.id, rows.c.receipt).where(rows.c.id.in_(part))).all():
            if receipt.get("note"):
                db.session.execute(update(rows).where(rows.c.id == reply_id).values(receipt={**receipt, "note": ""}))


def _stop_what_waits(person: Person) -> None:
    """Nothing goes to somebody who was erased; of what nobody knows whether it went, nobody has to ask any more."""
    rows = table_of("messages")
    waiting = {Delivery.planned: Delivery.cancelled, Delivery.held: Delivery.cancelled, Delivery.queued: Delivery.cancelled}
    for state, after in {**waiting, Delivery.unknown: Delivery.failed}.items():
        for part in chunks(person.ids["messages"]):
            db.session.execute(update(rows).where(rows.c.id.in_(part), rows.c.state == state).values(state=after))
    for part in chunks(person.ids["messages"]):  # with the address gone, this is what still tells whose they were
        db.session.execute(update(rows).where(rows.c.id.in_(part), rows.c.customer_id.is_(None)).values(customer_id=person.customer.id))
        db.session.execute(update(rows).where(rows.c.id.in_(part), rows.c.channel != "text").values(provider_id=None))


def _close_links(person: Person) -> None:
    """Their addresses lead nowhere, and no new ones can be made of these rows."""
    rows = table_of("links")
    for part in chunks(person.ids["links"]):
        db.session.execute(update(rows).where(rows.c.id.in_(part)).values(expired_at=clock.now(), version=rows.c.version + 1))


def _forget_what_came_back(person: Person) -> None:
    """Mails that came back from their addresses, and pictures of cards, whoever they went to: those are drawn anew when somebody looks."""
    mails, pictures = table_of("returned_mails"), table_of("postcard_pictures")
    addresses = [address.lower().encode() for address in person.reached_at if "@" in address]
    kept = db.session.scalars(select(mails.c.id).where(mails.c.raw != b"")).all() if addresses else ()
    for mail_id in kept:  # one by one: each may be a quarter of a megabyte, and anybody can send any number
        raw = db.session.scalar(select(mails.c.raw).where(mails.c.id == mail_id)) or b""
        if any(address in raw.lower() for address in addresses):
            db.session.execute(update(mails).where(mails.c.id == mail_id).values(raw=b""))
    db.session.execute(delete(pictures).where(pictures.c.shop_id == person.shop_id))


def _handed_over(person: Person) -> set[int]:
    """Runs whose file has rows of theirs."""
    records, found = table_of("export_records"), set[int]()
    for part in chunks(person.ids["export_records"]):
        found |= set(db.session.scalars(select(records.c.run_id).where(records.c.id.in_(part))))
    return found


def _forget_what_was_handed_over(person: Person) -> None:
    """Our copy of the files; that they went, when, and their digests stay. One that waits to go is made anew without them; one that is
    going this moment is told, and lets go of its file when it ends. In this order: one that ends between the two is met by the second."""
    runs = table_of("export_runs")
    for part in chunks(_handed_over(person)):
        mine, going = update(runs).where(runs.c.id.in_(part)), runs.c.state == ExportState.sending
        db.session.execute(mine.where(going).values(spoiled=True))
        db.session.execute(mine.where(~going).values(file_id=None))
        db.session.execute(mine.where(runs.c.state.in_((ExportState.ready, ExportState.failed))).values(uploaded_at=None))


def _printed_with_others(person: Person) -> set[int]:
    """PDFs of batches of postcards with theirs among them. What still lies here is made anew, without it, when somebody asks for it."""
    letters, papers = table_of("letters"), table_of("documents")
    found: set[int] = set()
    for part in chunks(person.ids["letters"]):
        batches = select(letters.c.postcard_batch_id).where(letters.c.id.in_(part), letters.c.postcard_batch_id.is_not(None))
        found |= set(db.session.scalars(select(papers.c.id).where(papers.c.postcard_batch_id.in_(batches))))
    return found


def _forget_what_is_loaded(person: Person) -> None:
    """Files of other systems, whoever is in them; a load that is under way ends there, and can begin again with a newer file."""
    loads, faults = table_of("first_loads"), table_of("load_faults")
    under_way = loads.c.stage.in_(("checking", "loading")) & loads.c.stopped_at.is_(None)
    mine = update(loads).where(loads.c.shop_id == person.shop_id)
    db.session.execute(mine.where(under_way).values(stopped_at=clock.now()))
    db.session.execute(mine.where(loads.c.file_id.is_not(None)).values(file_id=None))
    db.session.execute(delete(faults).where(faults.c.shop_id == person.shop_id))


def _delete(table: str, ids: list[int]) -> int:
    for part in chunks(ids):
        db.session.execute(delete(table_of(table)).where(table_of(table).c.id.in_(part)))
    return len(ids)


# permission to text: a no must outlive the person's data


def _remember_consents(person: Person, name: str) -> None:
    """The proof stays under a digest of the number, by which the same number is known again when it is typed anew."""
    rows = table_of("consent_facts")
    for row in list(person.rows("consent_facts")):
        values = {"number": row.number if row.number.startswith(MARK) else remembered(row.number), "ip": shortened(row.ip)}
        values |= {} if row.source in ENDED else {"actor_name": name}
        db.session.execute(update(rows).where(rows.c.id == row.id).values(**values))


# the log


def _scrub_entries(person: Person) -> None:
    rows = table_of("entries")
    for row in list(person.rows("entries")):
        details = told(row.details, row.verb)
        if details != row.details:
            db.session.execute(update(rows).where(rows.c.id == row.id).values(details=details))


def told(details: Mapping[str, Any], verb: str) -> dict[str, Any]:
    """Of an entry's details, what is about no person: numbers, dates and the shop's own words."""
    kept = TOLD | ({"was"} if verb.startswith("work_order.") else set())
    return {key: value if key in kept else _without_words(value) for key, value in details.items()}


def _without_words(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_words(one) for key, one in value.items()}
    return [_without_words(one) for one in value] if isinstance(value, list) else "" if isinstance(value, str) else value


def _forget_in_others_entries(person: Person) -> None:
    """Entries about others that name the person: of a merge that was undone, a car that was sold, a number that two share."""
    rows, mine = table_of("entries"), set(person.mine)
    naming = select(rows.c.id, rows.c.details).where(rows.c.shop_id == person.shop_id, rows.c.verb.in_(NAMING))
    for entry_id, details in db.session.execute(naming).all():
        by_id = {word for key, word in (("other_id", "name"), ("was_id", "was"), ("now_id", "now")) if details.get(key) in mine}
        left = {key: "" if key in by_id or value in person.names else value for key, value in details.items()}
        if left != details:
            db.session.execute(update(rows).where(rows.c.id == entry_id).values(details=left))
