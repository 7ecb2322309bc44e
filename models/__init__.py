"""The nouns of the trade and all their rules. Nothing here knows of requests, jobs or gateways."""

from models import account_mail, clock, inspection_lists, mail_domain, message_search, plan, returned_mail, trial
from models.account_link import AccountLink
from models.actor import Actor
from models.answer import Answer, Choice, Chosen
from models.api_token import ApiToken
from models.appointment import Appointment
from models.approval import Approval
from models.approvals import Approvals
from models.assignment import Assignment
from models.attachment import Attachment
from models.authorisation import Authorisation
from models.base import Base, UTCDateTime, db, reading, writing
from models.bounced_address import BouncedAddress
from models.branding import Branding
from models.business import Business
from models.calendar_entry import CalendarEntry
from models.calendar_feed import CalendarFeed
from models.call import Call
from models.call_result import CallResult
from models.cancellation import Cancellation
from models.closing import Closing
from models.closing_day import ClosingDay
from models.communication import Communication, PersonalValue
from models.confirmation import Confirmation
from models.consent import Consent, ConsentFact
from models.contact_person import ContactPerson
from models.customer import Customer
from models.customer_contact import CustomerAddress, CustomerEmail, CustomerPhone
from models.customer_key import CustomerKey
from models.customer_merge import CustomerMerge
from models.data_export import DataExport
from models.deferred_item import DeferredItem
from models.delivery import Delivery
from models.delivery_report import DeliveryReport
from models.do_not_mail import DoNotMail
from models.document import Document
from models.entry import Entry
from models.erasure import Erasure
from models.estimate import Estimate
from models.explanation import Explanation
from models.export_agreement import ExportAgreement
from models.export_opt_out import ExportOptOut
from models.export_partner import Partner
from models.export_record import ExportRecord
from models.export_run import ExportRun
from models.export_setup import ExportSetup
from models.external_id import ExternalId
from models.finding import Finding, Result
from models.first_load import FirstLoad
from models.first_setup import FirstSetup
from models.handover import later, touch
from models.held_row import HeldRow
from models.incoming_text import IncomingText
from models.inspection import Inspection
from models.inspection_change import InspectionChange
from models.inspection_point import InspectionPoint, InspectionSection
from models.inspection_sheet import InspectionSheet
from models.introduction import Introduction
from models.item_line import ItemLine
from models.job import Job
from models.last_invoice import LastInvoice
from models.letter import Letter
from models.letter_kind import LetterKind
from models.letter_link import LetterLink
from models.letter_rules import LetterRules
from models.link import Link
from models.location import Location, Policy
from models.mail_event import MailEvent
from models.mail_link import MailLink
from models.message import Message
from models.message_media import MessageMedia
from models.message_template import MessageTemplate
from models.money import Money
from models.no_show import NoShow
from models.notice import Notice
from models.odometer_reading import OdometerReading
from models.opening import Opening
from models.opening_hours import OpeningHours
from models.oral_authorisation import OralAuthorisation
from models.overview import Overview
from models.overview_item import OverviewItem
from models.overview_lists import newest_overview
from models.overview_rules import OverviewRules, Visibility
from models.overview_step import Step
from models.own_host import OwnHost
from models.own_video import OwnVideo
from models.part_request import PartCounts, PartRequest, PartState
from models.plate_lookup import PlateLookup
from models.plate_service import PlateService
from models.postcard_batch import PostcardBatch
from models.postcard_picture import PostcardPicture
from models.postcard_size import PostcardSize
from models.prices import Prices
from models.print_order import PrintOrder
from models.print_report import PrintReport
from models.print_service import PrintService
from models.printed_card import PrintedCard
from models.provider_account import Credentials, ProviderAccount, shop_of_report, signing_tokens
from models.quick_reply import QuickReply
from models.refused import NotFound, Refused
from models.remark import Remark
from models.rendition import Rendition
from models.reply import Reply
from models.reschedule_request import RescheduleRequest
from models.retention import Retention
from models.returned_address import ReturnedAddress
from models.returned_mail import ReturnedMail
from models.role import Role
from models.segments import segments
from models.setup_check import SetupCheck
from models.sheet_import import SheetImport
from models.sheet_line import SheetLine
from models.shop import Shop
from models.sign_in import SignIn
from models.skip import Skip
from models.staff import Staff
from models.staff_member import Membership, StaffMember
from models.standing import Standing
from models.status import Status, Timer
from models.status_stay import StatusStay
from models.stop_alarm import StopAlarm
from models.stored_file import StoredFile
from models.thread import Thread
from models.thread_assignment import ThreadAssignment
from models.thread_closing import ThreadClosing
from models.thread_draft import ThreadDraft
from models.thread_list import ThreadList
from models.thread_presence import ThreadPresence
from models.transfer import Transfer
from models.transfer_push import TransferPush
from models.typed_text import TypedText
from models.vehicle import Vehicle
from models.visit import Stage, Visit
from models.waiting import Waiting
from models.work import Work
from models.work_item import Category, WorkItem
from models.work_order import WorkOrder

__all__ = [
    "AccountLink",
    "Actor",
    "Answer",
    "ApiToken",
    "Appointment",
    "Approval",
    "Approvals",
    "Assignment",
    "Attachment",
    "Authorisation",
    "Base",
    "BouncedAddress",
    "Branding",
    "Business",
    "CalendarEntry",
    "CalendarFeed",
    "Call",
    "CallResult",
    "Cancellation",
    "Category",
    "Choice",
    "Chosen",
    "Closing",
    "ClosingDay",
    "Communication",
    "Confirmation",
    "Consent",
    "ConsentFact",
    "ContactPerson",
    "Credentials",
    "Customer",
    "CustomerAddress",
    "CustomerEmail",
    "CustomerKey",
    "CustomerMerge",
    "CustomerPhone",
    "DataExport",
    "DeferredItem",
    "Delivery",
    "DeliveryReport",
    "DoNotMail",
    "Document",
    "Entry",
    "Erasure",
    "Estimate",
    "Explanation",
    "ExportAgreement",
    "ExportOptOut",
    "ExportRecord",
    "ExportRun",
    "ExportSetup",
    "ExternalId",
    "Finding",
    "FirstLoad",
    "FirstSetup",
    "HeldRow",
    "IncomingText",
    "Inspection",
    "InspectionChange",
    "InspectionPoint",
    "InspectionSection",
    "InspectionSheet",
    "Introduction",
    "ItemLine",
    "Job",
    "LastInvoice",
    "Letter",
    "LetterKind",
    "LetterLink",
    "LetterRules",
    "Link",
    "Location",
    "MailEvent",
    "MailLink",
    "Membership",
    "Message",
    "MessageMedia",
    "MessageTemplate",
    "Money",
    "NoShow",
    "NotFound",
    "Notice",
    "OdometerReading",
    "Opening",
    "OpeningHours",
    "OralAuthorisation",
    "Overview",
    "OverviewItem",
    "OverviewRules",
    "OwnHost",
    "OwnVideo",
    "PartCounts",
    "PartRequest",
    "PartState",
    "Partner",
    "PersonalValue",
    "PlateLookup",
    "PlateService",
    "Policy",
    "PostcardBatch",
    "PostcardPicture",
    "PostcardSize",
    "Prices",
    "PrintOrder",
    "PrintReport",
    "PrintService",
    "PrintedCard",
    "ProviderAccount",
    "QuickReply",
    "Refused",
    "Remark",
    "Rendition",
    "Reply",
    "RescheduleRequest",
    "Result",
    "Retention",
    "ReturnedAddress",
    "ReturnedMail",
    "Role",
    "SetupCheck",
    "SheetImport",
    "SheetLine",
    "Shop",
    "SignIn",
    "Skip",
    "Staff",
    "StaffMember",
    "Stage",
    "Standing",
    "Status",
    "StatusStay",
    "Step",
    "StopAlarm",
    "StoredFile",
    "Thread",
    "ThreadAssignment",
    "ThreadClosing",
    "ThreadDraft",
    "ThreadList",
    "ThreadPresence",
    "Timer",
    "Transfer",
    "TransferPush",
    "TypedText",
    "UTCDateTime",
    "Vehicle",
    "Visibility",
    "Visit",
    "Waiting",
    "Work",
    "WorkItem",
    "WorkOrder",
    "account_mail",
    "clock",
    "db",
    "inspection_lists",
    "later",
    "mail_domain",
    "message_search",
    "newest_overview",
    "plan",
    "reading",
    "returned_mail",
    "segments",
    "shop_of_report",
    "signing_tokens",
    "touch",
    "trial",
    "writing",
]
