"""Maria's last visit: what was found, what she answered, what was done of it."""

import random
from datetime import time, timedelta

from jobs.demo import people, work_items
from jobs.demo.desk import Desk
from jobs.demo.inspections import inspect
from jobs.demo.overviews import Told
from models import Chosen, WorkItem, WorkOrder, clock

# the jobs that came of Maria's last visit, and what she chose (nothing: she left it open)
MARIAS = {"BRK-FP": "repair", "CABF": "repair", "WIP": "decline", "TYR-4": "contact", "COOL": ""}


def tell(desk: Desk) -> None:
    """Her last visit: inspected, answered and done within the day."""
    left = desk.today - timedelta(days=people.MARIAS_LAST_VISIT)
    day = left if desk.shop.is_open(left) else desk.day(-1, left)
    desk.history.at(desk.instant(day, time(9, 40)), lambda: _marias(desk))


def _marias(desk: Desk) -> None:
    by, rng = desk.staff[0], random.Random("Maria's overview")  # noqa: S311 (the demo shall be the same each time)
    _maria, (civic,) = desk.meet(people.MARIA, by)
    number = WorkOrder.open_for(civic.id)
    if number is None:
        return
    order = desk.shop.work_order(number)
    WorkItem.add_booked(order, by=by)
    inspect(desk, order, list(MARIAS))
    told = Told(desk, order, by, rng)
    choices = {}
    for item in told.overview.asked:
        code = WorkItem.within(order, item.work_item_id).job_code
        if chosen := Chosen.read(MARIAS[code]):
            choices[item.id] = chosen
    now = clock.now()
    desk.history.at(now + timedelta(minutes=11), told.open)
    desk.history.at(now + timedelta(minutes=18), lambda: told.reply(choices, "Please call me about the tyres after 4 pm."))
    desk.history.at(now + timedelta(minutes=27), told.take_over)
    desk.history.at(now + timedelta(hours=5), lambda: work_items.finish(order, by=by))
