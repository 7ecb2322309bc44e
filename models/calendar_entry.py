"""An appointment as an entry of the customer's own calendar.

Times are in UTC: every program shows them in its owner's zone, and zone definitions are what programs read differently.
"""

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask_babel import gettext as _
from icalendar import STATUS, Alarm, Calendar, Event

from models import clock, phone
from models.moments import drop_off_time, long_day

if TYPE_CHECKING:
    from models.appointment import Appointment

DROP_OFF = timedelta(minutes=30)  # what handing over a key and a few words take
EVENING = time(18)  # when the alarm rings on the day before, on the shop's clock


class CalendarEntry:
    def __init__(self, appointment: "Appointment") -> None:
        self.appointment, self.shop = appointment, appointment.shop

    @property
    def method(self) -> str:
        """The file's METHOD, which its Content-Type has to repeat."""
        return "CANCEL" if self.appointment.is_cancelled else "PUBLISH"

    @property
    def file(self) -> bytes:
        """The .ics file. It replaces an earlier one: the UID stays, the SEQUENCE grows when the appointment is moved or cancelled."""
        calendar = Calendar()  # Calendar.new would give the file a UID of its own, another one each time
        maker = self.shop.name.replace("/", " ")  # the customer knows the shop, not whose software it uses
        head = {"version": "2.0", "prodid": f"-//{maker}//Appointments//EN", "calscale": "GREGORIAN", "method": self.method}
        for name, value in head.items():
            calendar.add(name, value)
        calendar.add_component(self._event())
        return calendar.to_ical()

    @property
    def google(self) -> str:
        """Opens Google Calendar on the web with the entry filled in: it can't open files."""
        dates = f"{self.starts:%Y%m%dT%H%M%SZ}/{self.ends:%Y%m%dT%H%M%SZ}"
        words = {"action": "TEMPLATE", "text": self.summary, "dates": dates, "details": self.description, "location": self.place}
        return f"https://calendar.google.com/calendar/render?{urlencode(words)}"

    @property
    def outlook(self) -> str:
        """Opens Outlook on the web with the entry filled in."""
        words = {
            "path": "/calendar/action/compose",
            "rru": "addevent",
            "subject": self.summary,
            "startdt": f"{self.starts:%Y-%m-%dT%H:%M:%SZ}",
            "enddt": f"{self.ends:%Y-%m-%dT%H:%M:%SZ}",
            "body": self.description,
            "location": self.place,
        }
        return f"https://outlook.live.com/calendar/0/deeplink/compose?{urlencode(words)}"

    @property
    def starts(self) -> datetime:
        return self.appointment.starts_at.astimezone(UTC)

    @property
    def ends(self) -> datetime:
        return self.starts + DROP_OFF

    @property
    def summary(self) -> str:
        return _("Drop-off: %(vehicle)s, %(shop)s", vehicle=self.appointment.vehicle.description, shop=self.shop.name)

    @property
    def place(self) -> str:
        return ", ".join(part for part in (self.shop.name, self.shop.address) if part)

    @property
    def description(self) -> str:
        """With the shop's own clock in words, for a calendar in another zone. Calendars are shared: the link in it can do little."""
        lines = [f"{long_day(self.appointment.date)}, {drop_off_time(self.appointment)}", self.appointment.vehicle.description]
        if self.shop.voice_phone:
            lines.append(_("Phone: %(phone)s", phone=phone.shown(self.shop.voice_phone, self.shop.country)))
        lines.append(_("See, confirm or move it: %(link)s", link=self.appointment.visit.calendar_link.url))
        return "\n".join(lines)

    def _event(self) -> Event:
        cancellation = self.appointment.cancellation
        event = Event.new(
            uid=self.appointment.uid,
            sequence=self.appointment.revision + (cancellation is not None),
            stamp=clock.now(),
            last_modified=cancellation.at if cancellation else self.appointment.agreed_at,
            start=self.starts,
            end=self.ends,
            summary=self.summary,
            location=self.place,
            description=self.description,
            url=self.appointment.visit.calendar_link.url,
            contacts=self.shop.voice_phone or None,
            status=STATUS.CANCELLED if cancellation else STATUS.CONFIRMED,
        )
        if not cancellation:
            event.add_component(Alarm.new_display(self.summary, trigger=self._evening_before - self.starts))
        return event

    @property
    def _evening_before(self) -> datetime:
        return clock.instant(self.appointment.date - timedelta(days=1), EVENING, self.shop.tz)
