"""A work order's page: each of its parts is a panel of its own noun, live by itself."""

from flask import g, render_template

from console import bp
from console.access import needs

PAGE = "console/work_orders/page.html"


@bp.get("/work-orders/<int:number>")
@needs("queue")
def work_order(number: int) -> str:
    return render_template(PAGE, order=g.shop.work_order(number))
