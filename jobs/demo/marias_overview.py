"""Maria's last visit: what was found, what she answered, what was done of it."""

import random
from datetime import time, timedelta

from jobs.demo import people, work_items
from jobs.demo.desk import Desk
from jobs.demo.overviews import Told
from models import Category, Chosen, Job, Prices, WorkItem, WorkOrder, clock

# Maria's last visit: the job, how urgent, why, and what she chose (nothing: she left it open)
MARIAS = (
    ("BRK-FP", Category.necessary, "Front pads are at 2 mm (new is 11). Past the limit they damage the rotors.", "repair"),
    ("CABF", Category.recommended, "The cabin filter is grey through and through.", "repair"),
    ("WIP", Category.recommended, "Both blades leave streaks.", "decline"),
    ("TYR-4", Category.recommended, "Tread is down to 4/32 in. Wet roads take longer to stop on.", "contact"),
    ("COOL", Category.recommended, "The coolant protects down to 10 °F only.", ""),
)


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
    order, rate = desk.shop.work_order(number), Prices.of(desk.shop).labour_rate
    WorkItem.add_booked(order, by=by)
    for code, category, why, _choice in MARIAS:
        job = Job.coded(desk.shop, code)
        assert job
        WorkItem.add(order, job.title, by=by, category=category, why=why, lines=job.lines(rate), job=job)
    WorkItem.add(order, "Lights, horn and seat belts", by=by, category=Category.checked_ok)
    WorkItem.add(order, "Steering and suspension", by=by, category=Category.checked_ok)
    told = Told(desk, order, by, rng)
    choices = {}
    for item in told.overview.asked:
        code = WorkItem.within(order, item.work_item_id).job_code
        word = next(choice for known, _category, _why, choice in MARIAS if known == code)
        if chosen := Chosen.read(word):
            choices[item.id] = chosen
    now = clock.now()
    desk.history.at(now + timedelta(minutes=11), told.open)
    desk.history.at(now + timedelta(minutes=18), lambda: told.reply(choices, "Please call me about the tyres after 4 pm."))
    desk.history.at(now + timedelta(minutes=27), told.take_over)
    desk.history.at(now + timedelta(hours=5), lambda: work_items.finish(order, by=by))
