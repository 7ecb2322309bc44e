"""Read, done, handed to a colleague: how a thread stands in the shop."""

from flask import g, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import done, gone_to
from console.typed import an_id
from models import NotFound, db


@bp.post("/threads/<int:id>/reading")
@needs("messages")
def create_reading(id: int) -> Response:
    """Somebody has the window before them: what they see is read."""
    g.shop.thread(id).read(an_id(request.form, "through") or 0, by=g.actor)
    db.session.commit()
    return Response(status=204)


@bp.post("/threads/<int:id>/unreading")
@needs("messages")
def undo_reading(id: int) -> Response:
    """To be read once more; back to the list, or the window that is open would read it at once."""
    g.shop.thread(id).mark_unread(by=g.actor)
    db.session.commit()
    return gone_to(url_for("console.messages"), _("Marked as unread."))


@bp.post("/threads/<int:id>/closing")
@needs("messages")
def create_thread_closing(id: int) -> Response:
    g.shop.thread(id).close(by=g.actor)
    db.session.commit()
    return done(_("Done."), url_for("console.thread", id=id), url_for("console.undo_thread_closing", id=id))


@bp.post("/threads/<int:id>/reopening")
@needs("messages")
def undo_thread_closing(id: int) -> Response:
    g.shop.thread(id).reopen(by=g.actor)
    db.session.commit()
    return done(_("Open again."), url_for("console.thread", id=id))


@bp.post("/threads/<int:id>/assignment")
@needs("messages")
def create_thread_assignment(id: int) -> Response:
    """Hand it to a colleague; nobody's if none is chosen."""
    thread, wanted = g.shop.thread(id), an_id(request.form, "member")
    member = next((one for one in g.shop.advisors() if one.id == wanted), None)
    if wanted and member is None:
        raise NotFound("StaffMember")
    thread.assign(member, by=g.actor)
    db.session.commit()
    words = _("Handed to %(name)s.", name=member.name) if member else _("Nobody's in particular.")
    return done(words, url_for("console.thread", id=id))
