"""Two customers that are one: found, laid side by side, merged, and separated again."""

from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import done, gone_to
from console.looking import Looking
from models import CustomerMerge, Refused, db
from models.customer_duplicates import duplicates
from models.merge_preview import MergePreview
from web import panel

PAGE, PARTIAL = "console/customer_merges/page.html", "console/customer_merges/_preview.html"


@bp.get("/customers/<int:id>/merges/new")
@needs("customers")
def new_merge(id: int) -> Any:
    """Who is meant (by suggestion or search), or, once chosen, what would become of both."""
    kept, other = g.shop.customer(id), request.args.get("with", type=int)
    if kept.id != id:
        return gone_to(url_for("console.customer", id=kept.id))
    looking = Looking(g.shop, request.args.get("who", ""))
    if other is None:
        return render_template("console/customer_merges/choose.html", kept=kept, likely=duplicates(kept), looking=looking)
    preview = MergePreview(kept, g.shop.customer(other))
    return panel(PAGE, PARTIAL, preview=preview) if preview.is_possible else gone_to(url_for("console.customer", id=kept.id))


@bp.get("/customers/<int:id>/merges/look")
@needs("customers")
def look_for_same(id: int) -> str:
    looking = Looking(g.shop, request.args.get("who", ""))
    return render_template("console/customer_merges/_found.html", kept=g.shop.customer(id), looking=looking)


@bp.post("/customers/<int:id>/merges")
@needs("customers")
def create_merge(id: int) -> Any:
    kept, other = g.shop.customer(id), g.shop.customer(request.form.get("with", 0, int))
    try:
        merge = CustomerMerge.make(kept, other, by=g.actor)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        return gone_to(url_for("console.customer", id=kept.id), " ".join(str(words) for words in refused.errors.values()))
    return gone_to(url_for("console.customer", id=kept.id, merged=merge.id))


@bp.post("/customers/<int:id>/merges/<int:merge>/separation")
@needs("customers")
def create_separation(id: int, merge: int) -> Response:
    customer = g.shop.customer(id)
    found = CustomerMerge.of(customer, merge)
    found.separate(by=g.actor)
    db.session.commit()
    return done(_("%(name)s is a customer of their own again.", name=found.merged.name), url_for("console.customer", id=customer.id))
