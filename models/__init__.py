"""The nouns of the trade and all their rules. Nothing here knows of requests, jobs or gateways."""

from models import account_mail, clock, plan
from models.account_link import AccountLink
from models.actor import Actor
from models.appointment import Appointment
from models.base import Base, UTCDateTime, db, reading, writing
from models.branding import Branding
from models.business import Business
from models.calendar_entry import CalendarEntry
from models.cancellation import Cancellation
from models.calendar_feed import CalendarFeed
from models.closing_day import ClosingDay
from models.confirmation import Confirmation
from models.consent import Consent, ConsentFact
from models.customer import Customer
from models.contact_person import ContactPerson
from models.customer_contact import CustomerAddress, CustomerEmail, CustomerPhone
from models.delivery import Delivery
from models.customer_key import CustomerKey
from models.customer_merge import CustomerMerge
from models.delivery_report import DeliveryReport
from models.document import Document
from models.entry import Entry
from models.estimate import Estimate
from models.handover import later, touch
from models.incoming_text import IncomingText
from models.link import Link
from models.location import Location, Policy
from models.message import Message
from models.message_template import MessageTemplate
from models.no_show import NoShow
from models.opening import Opening
from models.opening_hours import OpeningHours
from models.refused import NotFound, Refused
from models.reschedule_request import RescheduleRequest
from models.role import Role
from models.segments import segments
from models.odometer_reading import OdometerReading
from models.shop import Shop
from models.staff import Staff
from models.staff_member import Membership, SignIn, StaffMember
from models.standing import Standing
from models.stored_file import StoredFile
from models.vehicle import Vehicle
from models.visit import Stage, Visit
from models.work_order import WorkOrder

__all__ = [
    "AccountLink",
from models.skip import Skip
    "Actor",
    "Appointment",
    "Base",
    "Branding",
    "Business",
    "CalendarEntry",
    "Cancellation",
    "ClosingDay",
    "Confirmation",
    "Consent",
    "ConsentFact",
    "Customer",
    "CustomerAddress",
    "CustomerEmail",
    "CustomerPhone",
    "Delivery",
    "DeliveryReport",
    "CalendarFeed",
    "Document",
    "Entry",
    "Estimate",
    "IncomingText",
    "Link",
    "Location",
    "Membership",
    "ContactPerson",
    "Message",
    "MessageTemplate",
    "NoShow",
    "CustomerKey",
    "CustomerMerge",
    "NotFound",
    "Opening",
    "OpeningHours",
    "Policy",
    "Refused",
    "RescheduleRequest",
    "Role",
    "Shop",
    "SignIn",
    "Staff",
    "StaffMember",
    "Stage",
    "Standing",
    "StoredFile",
    "UTCDateTime",
    "Vehicle",
    "Visit",
    "WorkOrder",
    "account_mail",
    "clock",
    "OdometerReading",
    "db",
    "later",
    "plan",
    "reading",
    "segments",
    "touch",
    "writing",
]
    "Skip",
