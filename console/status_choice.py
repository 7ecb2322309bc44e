"""What the form that sets a status says, read and shown: the status, its estimate, a promise, and what is sent about it."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import cached_property, partial
from hashlib import sha256

from flask_babel import gettext as _

from console import typed
from models import Actor, Refused, Status, StatusStay, WorkOrder, clock, segments
from models.refused import all_at_once
from models.status_update import Wish, blanks
from models.wording import Wording, write_update

CHANNELS = ("text", "email")


class StatusChoice:
    def __init__(self, order: WorkOrder, form: Mapping[str, str], may: bool) -> None:
        """``may``: whether this person may set every status, or only those that mechanics may."""
        self.order, self.form, self.may = order, form, may

    @cached_property
    def statuses(self) -> list[Status]:
        return [status for status in Status.all_of(self.order.visit.shop) if self.may or status.mechanic_may]

    @cached_property
    def status(self) -> Status | None:
        """The chosen one; to begin with, the step after the one it is in."""
        chosen = self.form.get("status", "")
        if chosen:
            return next((status for status in self.statuses if str(status.id) == chosen), None)
        position = self.order.stay.status.position if self.order.stay else 0
        return next((status for status in self.statuses if status.position > position), None)

    @property
    def typed(self) -> dict[str, str]:
        """The form as it is filled in, with what the shop usually takes where nothing is typed yet."""
        if "seen" in self.form and not self.is_new_choice:
            return {**self.form, **self._drafts([channel for channel in self.updates if not self._is_changed(channel)])}
        promised = self.order.visit.shop.local(self.promised_at) if self.promised_at else None
        usual = self.status.minutes if self.status else None
        return {
            "hours": str(usual // 60) if usual else "",
            "minutes": str(usual % 60) if usual else "",
            "promise_date": self.form.get("promise_date", promised.date().isoformat() if promised else ""),
            "promise_time": self.form.get("promise_time", f"{promised:%H:%M}" if promised else ""),
            "reason": self.form.get("reason", ""),
            "part": self.form.get("part", ""),
            **self._drafts(self.updates),
            **dict.fromkeys((f"send_{channel}" for channel in self.updates), "1"),
        }

    @property
    def is_new_choice(self) -> bool:
        """Whether another status was picked than the one that the words on the form are about."""
        return self.form.get("about") != self.form.get("status")

    @cached_property
    def promised_at(self) -> datetime | None:
        """The promise as the form has it, or as it was given before."""
        if "promise_date" not in self.form:
            return self.order.promised_at
        with suppress(Refused):  # it is half typed
            return self._promise()
        return None

    @cached_property
    def updates(self) -> dict[str, Wording]:
        """By channel, what would go; what is asked on the form stays in braces until it is said, without a promise its sentence is out."""
        return self._written(blanks(self.order, self.promised_at, self.form.get("part", ""), self.form.get("reason", "")))

    @cached_property
    def _asked(self) -> str:
        """What would go, with all braces."""
        return " ".join(wording.body for wording in self._written({}).values())

    def _written(self, known: dict[str, str]) -> dict[str, Wording]:
        if self.status is None:
            return {}
        return {channel: write_update(self.order, self.status, channel, known) for channel in self.order.channels_of(self.status)}

    def _drafts(self, channels: Iterable[str]) -> dict[str, str]:
        """The words that would go, and by what it is known later whether somebody changed them."""
        drafts = {}
        for channel in channels:
            body = self.updates[channel].body
            drafts |= {f"body_{channel}": body, f"draft_{channel}": _print_of(body)}
        return drafts

    def _is_changed(self, channel: str) -> bool:
        """Whether a person wrote words of their own: those stay; others follow what the form says."""
        body = self.form.get(f"body_{channel}")
        return body is not None and _print_of(body) != self.form.get(f"draft_{channel}")

    @property
    def asks_part(self) -> bool:
        return "{part}" in self._asked

    @property
    def leaves_promise_out(self) -> bool:
        """Whether the words would name a time, if one was promised."""
        return "{eta}" in self._asked and self.promised_at is None

    @property
    def asks_reason(self) -> bool:
        return bool(self.status and self.status.asks_reason)

    @property
    def late(self) -> bool:
        """Whether the time in the status that it leaves has run out and nobody has said why."""
        return bool(self.order.stay and self.order.stay.lacks_reason(self.order.visit.shop))

    def segments(self, channel: str) -> int:
        return segments(self.updates[channel].body).count

    def set(self, by: Actor) -> tuple[StatusStay, Wish]:
        """Do it. Raises Refused, every fault of the form at once."""
        if self.status is None:
            raise Refused(_("Choose a status."), field="status")
        all_at_once(self._minutes, self._promise)
        wish, minutes, promise = self._wish(), self._minutes(), self._promise()
        if self.order.stay and self.form.get("late_reason", "").strip():
            self.order.stay.explain(self.form["late_reason"], by=by)
        if "promise_date" in self.form:
            self.order.promise(promise, by=by)
        stay = self.order.set_status(self.status, by=by, seen=typed.an_id(self.form, "seen"), minutes=minutes, wish=wish)
        return stay, wish

    def _wish(self) -> Wish:
        form = self.form
        return Wish(
            silently="silently" in form,
            skip=frozenset() if "about" not in form else frozenset(channel for channel in CHANNELS if f"send_{channel}" not in form),
            bodies={
                channel: body for channel in CHANNELS if (body := _plain(form.get(f"body_{channel}", ""))) and self._is_changed(channel)
            },
            part=form.get("part", ""),
            reason=form.get("reason", ""),
            repeat="repeat" in form,
            in_the_morning="morning" in form,
        )

    def _minutes(self) -> int | None:
        faults = typed.Faults()
        hours, minutes = (faults.reading(partial(typed.a_number, self.form, name)) for name in ("hours", "minutes"))
        if faults:
            raise Refused.at(**faults)
        if hours is None and minutes is None:
            return None
        return (hours or 0) * 60 + (minutes or 0)

    def _promise(self) -> datetime | None:
        if not self.form.get("promise_date"):
            return None
        at = typed.a_time(self.form, "promise_time")
        if at is None:
            raise Refused(_("Give the hour too."), field="promise_time")
        shop = self.order.visit.shop
        return clock.instant(typed.a_day(self.form, "promise_date"), at, shop.tz)


def _plain(words: str) -> str:
    """As they were before a browser sent them."""
    return words.replace("\r\n", "\n").strip()


def _print_of(words: str) -> str:
    return sha256(_plain(words).encode()).hexdigest()[:16]
