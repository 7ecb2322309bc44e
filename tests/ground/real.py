"""Addresses of things that are really there: for each converter in a rule the id of one of a shop's own rows."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import AnyConverter, Rule

from models import (
    ApiToken,
    Appointment,
    Attachment,
    Authorisation,
    Call,
    CallResult,
    Closing,
    Customer,
    CustomerMerge,
    DataExport,
    Document,
    Estimate,
    ExportRun,
    FirstLoad,
    InspectionPoint,
    InspectionSection,
    InspectionSheet,
    Job,
    Letter,
    Membership,
    Message,
    MessageMedia,
    Overview,
    OwnVideo,
    PartRequest,
    PlateLookup,
    PostcardBatch,
    PostcardPicture,
    PrintedCard,
    PrintOrder,
    QuickReply,
    Remark,
    RescheduleRequest,
    Role,
    SheetImport,
    Shop,
    StaffMember,
    Status,
    StatusStay,
    StoredFile,
    Thread,
    Vehicle,
    Visit,
    WorkItem,
    WorkOrder,
    clock,
    db,
)
from models.api_token import SCOPES
from models.media_kind import MediaKind
from tests.ground.makers import SAM, a_customer

# By the word before the converter in an address (or the converter's own name, where one word has several): whose row it is.
NOUNS: dict[str, type] = {
    "appointments": Appointment,
    "attachments": Attachment,
    "customers": Customer,
    "data-exports": DataExport,
    "merges": CustomerMerge,
    "documents": Document,
    "estimates": Estimate,
    "explanations": OwnVideo,
    "runs": ExportRun,
    "closing": Closing,
    "item": WorkItem,
    "call-results": CallResult,
    "calls": Call,
    "letters": Letter,
    "postcards": PostcardBatch,
    "printed-cards": PrintedCard,
    "message-media": MessageMedia,
    "messages": Message,
    "plate-lookups": PlateLookup,
    "remarks": Remark,
    "reschedule-requests": RescheduleRequest,
    "inspection-sheets": InspectionSheet,
    "imports": SheetImport,
    "points": InspectionPoint,
    "sections": InspectionSection,
    "jobs": Job,
    "quick-replies": QuickReply,
    "retired": QuickReply,
    "statuses": Status,
    "first-loads": FirstLoad,
    "tokens": ApiToken,
    "threads": Thread,
    "vehicles": Vehicle,
    "items": WorkItem,
    "deferred-items": WorkItem,
    "status": StatusStay,
    "parts": PartRequest,
}
# What is no id of a row, or is none of one shop's: the same words mean something in every shop.
EVERYWHERE = {"day": "2025-12-25", "position": 1, "version": 1, "key": "booking", "channel": "text", "language": "en", "role": "mechanic"}


@dataclass(frozen=True)
class Place:
    """A rule with the values of one shop; ``address`` is where it leads, ``owned`` how many of its values are rows of that shop."""

    rule: Rule
    method: str
    values: dict[str, Any]
    owned: int

    @property
    def address(self) -> str:
        built = self.rule.build({**self.values, **(self.rule.defaults or {})})
        assert built
        return built[1]

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule} ({self.address})"


def places(app: Flask, shop: Shop, room: str = "console", missing: int | None = None) -> list[Place]:
    """Every method of every rule of a room, with rows of the shop, and ``missing`` where it has none.

    Raises LookupError for a converter of which nobody said whose it is, and for a row that is not there.
    """
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(f"{room}.") and not rule.build_only:
            values, owned = _values(rule, shop, missing)
            found += [Place(rule, method, values, owned) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})]
    return found


def _values(rule: Rule, shop: Shop, missing: int | None) -> tuple[dict[str, Any], int]:
    values: dict[str, Any] = {}
    owned = 0
    for name, converter in rule._converters.items():
        word = rule.rule[: rule.rule.index(f"{name}>")].rpartition("<")[0].rstrip("/").rpartition("/")[2]
        if name == "token":  # of links by e-mail: their own tests look at them
            values[name] = "A" * 22
        elif isinstance(converter, AnyConverter):
            values[name] = min(converter.items)
        elif name in EVERYWHERE:
            values[name] = EVERYWHERE[name]
        else:
            try:
                values[name] = _row(name, word, shop)
            except LookupError:
                if missing is None:
                    raise
                values[name] = missing
            owned += 1
    return values, owned


def _row(name: str, word: str, shop: Shop) -> Any:
    key = name if name in {"closing", "item"} else word
    if name == "number":
        return _order(shop).number
    if key in {"administrators", "staff"}:
        return _one(select(StaffMember.id).join(Membership).where(Membership.shop_id == shop.id, Membership.role == Role.mechanic))
    if special := SPECIAL.get(name):
        return special(shop)
    if key not in NOUNS:
        raise LookupError(f"Whose is <{name}> after {word!r}? Say so in tests/ground/real.py")
    noun = NOUNS[key]
    mine = select(noun.id).where(noun.shop_id == shop.id)
    if hasattr(noun, "work_order_id"):  # of the very order that the address names
        ours = mine.where(noun.work_order_id == _order(shop).id)
        return _one(ours, default=0) or _one(mine)
    return _one(mine)


def _one(query: Any, default: int | None = None) -> Any:
    found = db.session.scalars(query.limit(1)).first()
    if found is None and default is None:
        raise LookupError(f"No row for {query}")
    return default if found is None else found


def _order(shop: Shop) -> WorkOrder:
    """Its newest with an overview, whose number is above those of the smaller shops."""
    query = select(WorkOrder).join(Visit).where(Visit.shop_id == shop.id, WorkOrder.id.in_(select(Overview.work_order_id)))
    return (
        db.session.scalars(query.order_by(WorkOrder.number.desc())).first()
        or db.session.scalars(select(WorkOrder).join(Visit).where(Visit.shop_id == shop.id)).first()
    )


SPECIAL: dict[str, Callable[[Shop], Any]] = {
    "batch": lambda shop: _one(select(Authorisation.batch).where(Authorisation.shop_id == shop.id)),
    "digest": lambda shop: _one(select(PostcardPicture.digest).where(PostcardPicture.shop_id == shop.id)),
}


def complete(shop: Shop) -> None:
    """One of each thing that the demo's shop has not got, so that every address leads somewhere."""
    order = _order(shop)
    customer = order.visit.customer
    ours: dict[str, Any] = {"shop_id": shop.id}
    again = [a_customer(shop, "Inge", name, phones=[], emails=[]) for name in ("Doubled", "Double")]
    CustomerMerge.make(*again, by=SAM)
    ApiToken.make(shop, "Protractor", SCOPES, by=SAM)
    DataExport.ask(customer, by=SAM)
    QuickReply.add(shop, "Open", {"en": "We are open."}, by=SAM)
    FirstLoad.begin(shop, "Protractor", "customers", "list.csv", BytesIO(b"Last name,Phone\nLopez,3125550142\n"), by=SAM)
    PartRequest.ask(order, {"description": "Brake pads"}, by=SAM)
    message, file = (_one(select(noun.id).where(noun.shop_id == shop.id)) for noun in (Message, StoredFile))
    newest = _one(select(PostcardBatch.id).where(PostcardBatch.shop_id == shop.id).order_by(PostcardBatch.id.desc()))
    prints = PrintOrder(**ours, batch_id=newest, confirmed_by="Sam", count=1, price=80, currency="USD")
    db.session.add_all(
        [
            SheetImport(**ours, name="Winter", content=b"Brakes\nPads\n", read_at=clock.now()),
            Attachment(**ours, work_order_id=order.id, token="one", kind=MediaKind.photo, name="car.jpg", sent_by="Sam"),
            OwnVideo(**ours, title="Tyres", token="one", name="tyres.mp4", sent_by="Sam"),
            MessageMedia(**ours, thread_id=_one(select(Thread.id).where(Thread.shop_id == shop.id)), name="car.jpg"),
            PostcardPicture(**ours, digest="0" * 32, side="front", file_id=file),
            prints,
        ]
    )
    db.session.flush()
    db.session.add(PrintedCard(**ours, order_id=prints.id, message_id=message))
    db.session.commit()
