"""Who is on the staff: adding somebody new, and managing those who are there."""

from typing import Any

from flask import g, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import again, done, gone_to
from models import AccountLink, Refused, Role, SignIn, Staff, StaffMember, db
from models.account_link import Purpose
from web import panel

LIST, PAGE = "console/administrators/_administrators.html", "console/administrators/page.html"
NEW, NEW_FORM = "console/administrators/new.html", "console/administrators/_new.html"
ONE, ONE_FORM = "console/administrators/one.html", "console/administrators/_roles.html"


@bp.get("/administrators")
@needs("staff")
def administrators() -> Response:
    staff = Staff(g.me, g.shop)
    members = staff.members()
    links, seen = AccountLink.newest(members, Purpose.activation), SignIn.latest(members)
    return panel(PAGE, LIST, staff=staff, members=members, links=links, seen=seen)


@bp.get("/administrators/new")
@needs("staff")
def new_administrator() -> str:
    staff = Staff(g.me, g.shop)
    typed = MultiDict([("role", Role.administrator.value), ("shops", g.shop.id)])
    return render_template(NEW, staff=staff, typed=typed, errors={}, roles=list(Role))


@bp.post("/administrators")
@needs("staff")
def create_administrator() -> Any:
    staff, form = Staff(g.me, g.shop), request.form
    try:
        role = Role.__members__.get(form.get("role", ""))
        member = staff.add(form.get("email", ""), form.get("name", ""), role, form.getlist("shops", type=int), by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again(NEW, NEW_FORM, refused, staff=Staff(g.me, g.shop), roles=list(Role))
    return gone_to(url_for("console.administrators"), _invited(member))


@bp.get("/administrators/<int:id>")
@needs("staff")
def administrator(id: int) -> str:
    return render_template(ONE, typed={}, errors={}, **_shown(id))


@bp.post("/administrators/<int:id>")
@needs("staff")
def update_administrator(id: int) -> Any:
    staff = Staff(g.me, g.shop)
    try:
        member = staff.give(id, _roles(staff), by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again(ONE, ONE_FORM, refused, **_shown(id))
    return gone_to(url_for("console.administrators"), _("Saved for %(name)s.", name=member.name))


@bp.post("/administrators/<int:id>/invitation")
@needs("staff")
def create_invitation(id: int) -> Response:
    staff = Staff(g.me, g.shop)
    member = staff.member(id)
    staff.invite(member, by=g.actor)
    db.session.commit()
    return done(_invited(member), url_for("console.administrators"))


@bp.post("/administrators/<int:id>/disablement")
@needs("staff")
def create_disablement(id: int) -> Response:
    member = Staff(g.me, g.shop).disable(id, by=g.actor)
    db.session.commit()
    sentence = _("%(name)s is disabled and signed out everywhere.", name=member.name)
    if not request.headers.get("HX-Request"):
        return done(sentence, url_for("console.administrators"))
    response = make_response(render_template("console/administrators/_disabled.html", sentence=sentence, member=member))
    response.headers["HX-Trigger"] = "refresh"
    return response


@bp.post("/administrators/<int:id>/return")
@needs("staff")
def create_return(id: int) -> Response:
    """Undo a disabling, at once or later."""
    member = Staff(g.me, g.shop).enable(id, by=g.actor)
    db.session.commit()
    return done(_("%(name)s is enabled again.", name=member.name), url_for("console.administrators"))


def _roles(staff: Staff) -> dict[int, Role | None]:
    """What was chosen for each shop of theirs; none: not on its staff. Raises Refused: no role that we know."""
    chosen = {shop.id: text for shop in staff.shops if (text := request.form.get(f"role-{shop.id}")) is not None}
    if unknown := next((shop_id for shop_id, text in chosen.items() if text and text not in Role.__members__), None):
        raise Refused(_("Choose a role."), field=f"role-{unknown}")
    return {shop_id: Role(text) if text else None for shop_id, text in chosen.items()}


def _shown(id: int) -> dict[str, Any]:
    staff = Staff(g.me, g.shop)
    member = staff.member(id)
    return {"staff": staff, "member": member, "roles": list(Role), "entries": staff.log(member)}


def _invited(member: StaffMember) -> str:
    return _("An e-mail with an activation link is on its way to %(address)s.", address=member.email)
