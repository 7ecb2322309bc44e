"""What the page of a visit shows and offers, worked out once for its templates."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from flask_babel import get_locale
from flask_babel import gettext as _

from models import (
    Appointment,
    CalendarEntry,
    Confirmation,
    Link,
    RescheduleRequest,
    Stage,
    WorkItem,
    moments,
    phone,
)
from models.wording import promise_words
from portal.language import picked
from portal.nonce import nonce
from portal.page_overview import Overviewed
from portal.texts import Texts


@dataclass(frozen=True, slots=True)
class Said:
    """Something the customer said about the date that now stands, and when, in words."""

    confirmed: bool
    moment: str
    wishes: str


class Page(Overviewed):
    def __init__(
        self,
        link: Link,
        *,
        wrong: str = "",
        wishes: str = "",
        wishes_wrong: str = "",
        answered: bool = False,
        texts_open: bool = False,
        texts_wrong: str = "",
        texts_answered: str = "",
    ) -> None:
        """``wrong``: a sentence above all; ``wishes`` and ``wishes_wrong``: what was typed and what is the matter with it;
        ``answered``: the page answers a tap, so that its headline takes the focus; ``texts_…``: the same of the part
        about texts, ``texts_answered`` with the scope that was tapped."""
        self.texts_open, self.texts_wrong, self.texts_answered = texts_open, texts_wrong, texts_answered
        self.link, self.wrong, self.wishes, self.wishes_wrong, self.answered = link, wrong, wishes, wishes_wrong, answered
        self.path, self.picked = link.path, picked()
        self.visit = link.visit
        self.shop = self.visit.shop
        self.vehicle = self.visit.vehicle
        # calendars are shared: what their link shows is the appointment and nothing more
        self.shared = link.purpose == "calendar"

    def address(self, name: str = "", **more: str) -> str:
        """Of the page itself or of something below it, in the language that was picked."""
        path = f"{self.path}/{name}" if name else self.path
        query = urlencode({**more, **({"lang": self.picked} if self.picked else {})})
        return f"{path}?{query}" if query else path

    @property
    def opening(self) -> str:
        """Where the page tells that a person looks at it, and at which version of an overview."""
        return self.address("opening", **({"overview": str(self.overview.version)} if self.is_asking and self.overview else {}))

    @cached_property
    def nonce(self) -> str:
        return nonce(self.link)

    @property
    def revision(self) -> int:
        """Which date the forms speak of: nobody shall confirm another than they saw."""
        return self.visit.appointment.revision if self.visit.appointment else 0

    # how it stands

    @cached_property
    def stage(self) -> str:
        """Which of the page's faces it is: checked_in, ready, closed, cancelled, no_show, past, confirmed, requested, moved or asking."""
        appointment = self.visit.appointment
        if self.visit.work_order or appointment is None:
            return "past" if self.shared else self._progress_stage
        for over, name in ((appointment.cancellation, "cancelled"), (appointment.no_show, "no_show"), (appointment.is_past, "past")):
            if over:
                return name
        request, confirmation = appointment.reschedule_request, appointment.confirmation
        if confirmation and (request is None or request.at <= confirmation.at):
            return "confirmed"
        if request and request.settled_at is None:
            return "requested"
        return "moved" if appointment.earlier_confirmation and not confirmation else "asking"

    @property
    def _progress_stage(self) -> str:
        stay = self.visit.work_order.stay if self.visit.work_order else None
        if self.visit.stage is Stage.closed or (stay and stay.status.says_gone):
            return "closed"
        return "ready" if stay and stay.status.says_ready else "checked_in"

    @property
    def over(self) -> bool:
        """The date no longer stands: all that is left is to call."""
        return self.stage in {"closed", "cancelled", "no_show", "past"}

    @property
    def still(self) -> bool:
        """Whether no button needs to be at the thumb."""
        return self.stage not in {"asking", "moved", "confirmed"}

    @property
    def facts(self) -> list[Said]:
        """What was said, in order, once there is more to it than the headline tells."""
        if self.shared or self.over or self.visit.appointment is None:
            return []
        answers = sorted(self._answers(self.visit.appointment), key=lambda fact: fact.at)
        return [Said(isinstance(fact, Confirmation), moments.moment(fact.at, self.shop), getattr(fact, "wishes", "")) for fact in answers]

    # what it offers

    @property
    def may_confirm(self) -> bool:
        return self.stage in {"asking", "moved", "requested"}

    @property
    def may_request_reschedule(self) -> bool:
        return self.stage in {"asking", "moved", "confirmed"} and self.shop.location.reschedule_allowed

    @property
    def may_add_wishes(self) -> bool:
        request = self.visit.appointment and self.visit.appointment.reschedule_request
        return bool(self.wishes_wrong) or (self.stage == "requested" and bool(request and not request.wishes))

    @property
    def may_add_to_calendar(self) -> bool:
        return self.stage == "confirmed"

    @cached_property
    def may_print(self) -> bool:
        """There is work on the order: its paper says which."""
        if self.shared or self.visit.work_order is None:
            return False
        return self.overview is not None or WorkItem.any_on(self.visit.work_order)

    @cached_property
    def texts(self) -> Texts | None:
        """How texts to the customer's number stand; none where the shop or the customer can't text."""
        return None if self.shared else Texts.of(self.visit)

    @property
    def tells_exports(self) -> bool:
        """What was handed over about the vehicle to other companies can be seen, if the shop wants that."""
        return not self.shared and self.shop.location.tells_exports

    @property
    def may_take_off_calendar(self) -> bool:
        """It was confirmed, so that it may be in a calendar, and is cancelled now."""
        return self.stage == "cancelled" and bool(self.visit.appointment and self.visit.appointment.confirmations)

    # its words

    @cached_property
    def entry(self) -> CalendarEntry | None:
        return CalendarEntry(self.visit.appointment) if self.visit.appointment else None

    @property
    def weekday(self) -> str:
        return self._day.partition(" ")[0]

    @property
    def date(self) -> str:
        """What comes after the weekday, so that the line breaks between them."""
        return self._day.partition(" ")[2]

    @cached_property
    def _day(self) -> str:
        return moments.long_day(self.visit.appointment.date) if self.visit.appointment else ""

    @property
    def time(self) -> str:
        return moments.drop_off_time(self.visit.appointment) if self.visit.appointment else ""

    @property
    def progress(self) -> str:
        """How far it is, in the shop's words for customers; never a clock."""
        stay = self.visit.work_order.stay if self.visit.work_order else None
        return stay.status.shown_to_customer(get_locale().language) if stay else _("With us")

    @property
    def promise(self) -> str:
        """When it will be ready, if somebody has said so."""
        order = self.visit.work_order
        if order is None or order.promised_at is None or self.stage != "checked_in":
            return ""
        return promise_words(self.shop, order.promised_at, get_locale().language)

    @property
    def first_name(self) -> str:
        return "" if self.shared else self.visit.customer.greeting

    @property
    def vehicle_name(self) -> str:
        return " ".join(part for part in (self.vehicle.make, self.vehicle.model) if part) or _("vehicle")

    @property
    def note(self) -> str:
        here = self.visit.work_order is not None  # how to bring the car is no news once it is here
        return self.visit.appointment.customer_note if self.visit.appointment and not self.over and not here else ""

    @property
    def phone(self) -> str:
        return phone.shown(self.shop.voice_phone, self.shop.country)

    @property
    def directions(self) -> str:
        """Opens the maps of the phone, with the way from where it is."""
        return f"https://www.google.com/maps/dir/?{urlencode({'api': 1, 'destination': f'{self.shop.name}, {self.shop.address}'})}"

    @staticmethod
    def _answers(appointment: Appointment) -> list[Confirmation | RescheduleRequest]:
        return [fact for fact in (*appointment.confirmations, *appointment.reschedule_requests) if fact.revision == appointment.revision]
