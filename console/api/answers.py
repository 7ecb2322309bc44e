"""What the API answers, as its description says it."""

from typing import Literal

from pydantic import BaseModel, Field, create_model

from models.api_token import SCOPES
from models.transfer import RECORDS
from models.transfer_fields import Key
from models.transfer_items import ItemRecord
from models.transfer_record import Record


class Fault(BaseModel):
    pointer: str = Field(description="Into the record (RFC 6901); empty: all of it.", examples=["/phones/0"])
    detail: str = Field(description="A sentence for people.")


class Result(BaseModel):
    """What became of a record. A refused one has changed nothing."""

    external_id: str
    result: Literal["created", "updated", "unchanged", "refused"]
    id: int | None = Field(None, description="Ours; it stays.")
    errors: list[Fault] = Field([], description="Why it was refused.")
    warnings: list[Fault] = Field([], description="What was taken otherwise than it was asked for.")


class BatchResult(BaseModel):
    created: int
    updated: int
    unchanged: int
    refused: int
    results: list[Result] = Field(description="One for each record, in the same order.")


class Problem(BaseModel):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Fault] = []


class StatusAnswer(BaseModel):
    name: str
    needs_estimate: bool = Field(description="Push estimate_minutes with it.")
    needs_reason: bool = Field(description="Push a reason with it.")


class ShopAnswer(BaseModel):
    name: str
    zone: str = Field(description="Of times without an offset.", examples=["America/Chicago"])
    country: str
    currency: str
    language: str
    statuses: list[StatusAnswer] = Field(description="What a work order's status can be.")
    system: str = Field(description="What the shop calls the other system; ids are kept under this name.")
    scopes: list[Literal[SCOPES]]  # type: ignore[valid-type]


class HeldItem(ItemRecord):
    id: Key | None = Field(None, description="null: the shop wrote it itself.")  # type: ignore[assignment]


def _held(record: type[Record]) -> type[BaseModel]:
    """The record as we hold it, with where it is here."""
    more = {"items": (list[HeldItem], [])} if "items" in record.model_fields else {}
    about = {"id": (int, ...), "url": (str, Field(description="Where staff see it."))}
    name = record.__name__.removesuffix("Record")
    return create_model(f"Held{name}", __base__=record, __doc__=f"{name} as we hold it.", **about, **more)


HELD = {noun: _held(record) for noun, record in RECORDS.items()}
