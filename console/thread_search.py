"""What the Message Manager is asked for: a view of the threads, or a search by name, number and days."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property

from flask import g
from flask_babel import gettext as _

from console.typed import a_day
from models import Refused, ThreadList
from models.thread_list import SHOWN

LONGEST = 100  # characters


class ThreadSearch:
    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values

    @cached_property
    def list(self) -> ThreadList:
        """Raises Refused for a day that is none."""
        show = self.values.get("show", "")
        words = self.values.get("q", "").replace("\0", "")[:LONGEST]
        since, until = self._day("since"), self._day("until")
        if since and until and until < since:
            raise Refused(_("This day is before the first one."), field="until")
        return ThreadList(g.shop, g.me, show if show in SHOWN else SHOWN[0], words, since, until)

    def _day(self, name: str) -> date | None:
        return a_day(self.values, name) if self.values.get(name, "").strip() else None
