"""What belongs to a shop, found through it: another shop's own is not found."""

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Mapped, joinedload

from models.base import db
from models.owned import load
from models.refused import NotFound

if TYPE_CHECKING:
    from sqlalchemy.sql.base import ExecutableOption

    from models.api_token import ApiToken
    from models.appointment import Appointment
    from models.attachment import Attachment
    from models.call import Call
    from models.call_result import CallResult
    from models.customer import Customer
    from models.document import Document
    from models.estimate import Estimate
    from models.export_run import ExportRun
    from models.first_load import FirstLoad
    from models.inspection_sheet import InspectionSheet
    from models.job import Job
    from models.letter import Letter
    from models.message import Message
    from models.own_video import OwnVideo
    from models.part_request import PartRequest
    from models.plate_lookup import PlateLookup
    from models.postcard_batch import PostcardBatch
    from models.printed_card import PrintedCard
    from models.quick_reply import QuickReply
    from models.remark import Remark
    from models.reschedule_request import RescheduleRequest
    from models.sheet_import import SheetImport
    from models.staff_member import StaffMember
    from models.status import Status
    from models.thread import Thread
    from models.vehicle import Vehicle
    from models.visit import Visit
    from models.work_order import WorkOrder


class Owner:
    """The shop as the one through whom views load; every loader raises NotFound for what isn't the shop's own."""

    if TYPE_CHECKING:
        id: Mapped[int]

    def appointment(self, id: int, lock: bool = False) -> "Appointment":
        from models.appointment import Appointment

        return load(Appointment, self.id, id, lock=lock)

    def reschedule_request(self, id: int) -> "RescheduleRequest":
        from models.reschedule_request import RescheduleRequest

        return load(RescheduleRequest, self.id, id)

    def customer(self, id: int, *options: "ExecutableOption") -> "Customer":
        """Of two that were merged, the one that was kept."""
        from models.customer import Customer

        return load(Customer, self.id, id, *options).current

    def vehicle(self, id: int) -> "Vehicle":
        from models.vehicle import Vehicle

        return load(Vehicle, self.id, id)

    def estimate(self, id: int) -> "Estimate":
        from models.estimate import Estimate

        return load(Estimate, self.id, id)

    def message(self, id: int) -> "Message":
        from models.message import Message

        return load(Message, self.id, id)

    def visit(self, id: int) -> "Visit":
        from models.visit import Visit

        return load(Visit, self.id, id, *map(joinedload, (Visit.customer, Visit.vehicle, Visit.work_order)))

    def thread(self, id: int) -> "Thread":
        from models.thread import Thread

        return load(Thread, self.id, id, *Thread.whole())

    def quick_reply(self, id: int) -> "QuickReply":
        from models.quick_reply import QuickReply

        return load(QuickReply, self.id, id)

    def call(self, id: int) -> "Call":
        from models.call import Call

        return load(Call, self.id, id)

    def call_result(self, id: int) -> "CallResult":
        from models.call_result import CallResult

        return load(CallResult, self.id, id)

    def letter(self, id: int) -> "Letter":
        from models.letter import Letter

        return load(Letter, self.id, id)

    def plate_lookup(self, id: int) -> "PlateLookup":
        from models.plate_lookup import PlateLookup

        return load(PlateLookup, self.id, id)

    def document(self, id: int) -> "Document":
        from models.document import Document

        return load(Document, self.id, id)

    def job(self, id: int) -> "Job":
        from models.job import Job

        return load(Job, self.id, id)

    def member(self, id: int | None) -> "StaffMember | None":
        """One of the shop's staff; None for none."""
        from models.staff_member import Membership, StaffMember

        if id is None:
            return None
        mine = select(StaffMember).join(Membership).where(Membership.shop_id == self.id, StaffMember.id == id)
        found = db.session.scalars(mine).first()
        if found is None:
            raise NotFound("StaffMember")
        return found

    def advisors(self) -> "list[StaffMember]":
        """Who looks after visits, by name: receptionists and administrators who can sign in."""
        from models.role import Role
        from models.staff_member import Membership, StaffMember

        mine = select(StaffMember).join(Membership).where(Membership.shop_id == self.id, Membership.role != Role.mechanic)
        active = mine.where(StaffMember.disabled_at.is_(None), StaffMember.activated_at.is_not(None))
        return list(db.session.scalars(active.order_by(StaffMember.name, StaffMember.id)))

    def status(self, id: int) -> "Status":
        from models.status import Status

        return load(Status, self.id, id)

    def attachment(self, id: int) -> "Attachment":
        """One that staff have taken."""
        from models.attachment import Attachment

        return Attachment.own(self.id, id)

    def work_order(self, number: int, lock: bool = False) -> "WorkOrder":
        """By its number, which is what people and addresses call it by."""
        from models.work_order import WorkOrder

        return WorkOrder.numbered(self.id, number, lock=lock)

    def inspection_sheet(self, id: int, lock: bool = False) -> "InspectionSheet":
        """With its sections and points, locked for this transaction if asked."""
        from models.inspection_sheet import InspectionSheet

        return load(InspectionSheet, self.id, id, InspectionSheet.whole(), lock=lock)

    def sheet_import(self, id: int) -> "SheetImport":
        from models.sheet_import import SheetImport

        return load(SheetImport, self.id, id)

    def own_video(self, id: int) -> "OwnVideo":
        from models.own_video import OwnVideo

        return load(OwnVideo, self.id, id)

    def remark(self, id: int) -> "Remark":
        """Its order locked for this transaction."""
        from models.remark import Remark

        return Remark.within(self, id)  # type: ignore[arg-type]

    def api_token(self, id: int) -> "ApiToken":
        from models.api_token import ApiToken

        return load(ApiToken, self.id, id)

    def first_load(self, id: int) -> "FirstLoad":
        from models.first_load import FirstLoad

        return load(FirstLoad, self.id, id)

    def export_run(self, id: int) -> "ExportRun":
        from models.export_run import ExportRun

        return load(ExportRun, self.id, id)

    def part_request(self, id: int, lock: bool = False) -> "PartRequest":
        from models.part_request import PartRequest

        return load(PartRequest, self.id, id, lock=lock)

    def postcard(self, id: int) -> "Letter":
        """A letter that goes by post."""
        from models.letter import Letter
        from models.letter_kind import POSTCARD

        letter = load(Letter, self.id, id)
        if letter.message.channel != POSTCARD:
            raise NotFound("Letter")
        return letter

    def postcard_batch(self, id: int) -> "PostcardBatch":
        from models.postcard_batch import PostcardBatch

        return load(PostcardBatch, self.id, id)

    def printed_card(self, id: int) -> "PrintedCard":
        """One that a print service has or had, locked for this transaction."""
        from models.printed_card import PrintedCard

        return load(PrintedCard, self.id, id, lock=True)
