"""The owner has seen for how long things are kept, and left it at the usual periods."""

from jobs.demo.shops import OWNER
from models import Shop
from models.retention import PERIODS, Retention


def set_up(shop: Shop) -> None:
    usual = Retention.of(shop)
    Retention.change(shop, {period.name: getattr(usual, period.name) for period in PERIODS}, by=OWNER)
