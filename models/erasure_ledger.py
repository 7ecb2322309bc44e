"""Who was erased, kept beside the database: a backup that is restored brings people back, and by this they are erased again.

One small file each, in the folder ``erasures`` of the storage, with ids and no names. See ``docs/privacy.md``.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import fsspec
from flask import current_app

from models.chain import instant

if TYPE_CHECKING:
    from models.erasure import Erasure

FOLDER = "erasures"


@dataclass(frozen=True, slots=True)
class Noted:
    shop_id: int
    customer_id: int
    asked_by: str
    at: datetime


def note_erasure(erasure: "Erasure", customer_ids: Sequence[int]) -> None:
    """Once the rows are gone: of an erasure that was taken back a note would erase somebody who was told that nothing was done.

    Killed before this, the erasure is still under way, and whoever goes on with it comes here again.
    """
    assert erasure.done_at
    for customer_id in customer_ids:
        said = {"shop": erasure.shop_id, "customer": customer_id, "by": erasure.asked_by, "at": instant(erasure.done_at)}
        with fsspec.open(f"{_place()}/{erasure.shop_id}-{customer_id}.json", "wb", auto_mkdir=True) as file:
            file.write(json.dumps(said).encode())


def noted_erasures() -> Iterator[Noted]:
    filesystem, place = fsspec.core.url_to_fs(_place())
    for path in sorted(filesystem.find(place)) if filesystem.exists(place) else ():
        said = json.loads(filesystem.cat_file(path))
        yield Noted(said["shop"], said["customer"], said["by"], datetime.fromisoformat(said["at"]))


def _place() -> str:
    return f"{current_app.extensions['settings'].storage_url.rstrip('/')}/{FOLDER}"
