"""*Do Not Mail* on the customer's card: set and taken off by hand."""

from flask import g, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import done
from models import Customer, DoNotMail, db
from models.do_not_mail import BY_HAND
from models.mail_standing import MailStanding


@bp.app_template_global()
def mail_standing_of(customer: Customer) -> MailStanding:
    return MailStanding.of(customer)


@bp.post("/customers/<int:id>/do-not-mail")
@needs("customers")
def create_do_not_mail(id: int) -> Response:
    customer = g.shop.customer(id)
    DoNotMail.set(customer, BY_HAND, by=g.actor)
    db.session.commit()
    return done(_("%(name)s gets no more letters.", name=customer.name), url_for("console.customer", id=customer.id))


@bp.post("/customers/<int:id>/do-not-mail/removal")
@needs("customers")
def create_do_not_mail_removal(id: int) -> Response:
    customer = g.shop.customer(id)
    DoNotMail.lift(customer, by=g.actor)
    db.session.commit()
    return done(_("%(name)s gets letters again.", name=customer.name), url_for("console.customer", id=customer.id))
