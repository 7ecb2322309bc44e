"""A file of an inspection sheet that was looked through and found good, until somebody takes it over. Until then nothing has changed."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clock
from models.actor import Actor
from models.base import Base, db
from models.inspection_sheet import InspectionSheet
from models.job import Job
from models.owned import ShopOwned
from models.refused import Refused
from models.sheet_file import SheetFile, read
from models.shop import Shop

KEPT = timedelta(days=2)  # a preview that nobody took over


class SheetImport(ShopOwned, Base):
    __tablename__ = "sheet_imports"

    name: Mapped[str]  # suggested by the file's name
    content: Mapped[bytes]
    read_at: Mapped[datetime]
    sheet_id: Mapped[int | None] = mapped_column(ForeignKey("inspection_sheets.id"), default=None)  # what became of it

    sheet: Mapped[InspectionSheet | None] = relationship()

    @property
    def file(self) -> SheetFile:
        return read(self.content)

    @classmethod
    def begin(cls, shop: Shop, filename: str, content: bytes) -> "SheetImport":
        """Keep a good file for its preview. Raises Refused (field ``file``): it can't be read; ``BadFile``: it has bad lines."""
        file = read(content)
        if file.faults:
            raise BadFile(file)
        old = clock.now() - KEPT
        db.session.execute(delete(cls).where(cls.shop_id == shop.id, cls.read_at < old).execution_options(synchronize_session=False))
        name = filename.replace("\\", "/").rpartition("/")[2].removesuffix(".csv").replace("_", " ").strip()
        kept = cls(shop_id=shop.id, name=name[:80], content=content, read_at=clock.now())
        db.session.add(kept)
        db.session.flush()
        return kept

    def unknown_jobs(self) -> list[str]:
        """Codes that the shop's catalogue does not hold: no fault, since a job may be added later."""
        codes = {line.job for line in self.file.lines if line.job}
        known = select(Job.code).where(Job.shop_id == self.shop_id, Job.retired_at.is_(None), Job.code.in_(codes))
        return sorted(codes - set(db.session.scalars(known)))

    def take_over(self, shop: Shop, name: str, used_for: str, by: Actor) -> InspectionSheet:
        """Make a sheet of it, once. Raises Refused: as ``InspectionSheet.make``."""
        shop.lock()
        db.session.refresh(self, ["sheet_id"])
        if self.sheet is None:
            self.sheet = InspectionSheet.make(shop, name, self.file.lines, by=by, used_for=used_for)
            db.session.flush()
        return self.sheet


class BadFile(Refused):
    """Some lines can't be taken: ``file.faults`` says which and why."""

    def __init__(self, file: SheetFile) -> None:
        self.file = file
        super().__init__(_("The file was not taken over: mend these lines and choose it again. Nothing has changed."), field="file")
