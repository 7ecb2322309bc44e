"""Who works there. All but one can sign in with the demo's password."""

from models import Actor, Role, Shop, Staff, StaffMember, clock, password

PASSWORD = "wrenchline-demo"  # noqa: S105 (printed by ``make run``)
# address, name, role, shops; the first administrator of a business is its main one
STAFF = (
    ("ada@harbour.example", "Ada Whitfield", Role.administrator, ("harbour", "northgate")),
    ("sam@harbour.example", "Sam Ortiz", Role.receptionist, ("harbour",)),
    ("priya@harbour.example", "Priya Raman", Role.receptionist, ("harbour",)),
    ("tess@harbour.example", "Tess Nowak", Role.mechanic, ("harbour",)),
    ("marcus@harbour.example", "Marcus Bell", Role.mechanic, ("harbour",)),
    ("jin@harbour.example", "Jin Park", Role.mechanic, ("harbour",)),
    ("ned@northgate.example", "Ned Gallagher", Role.administrator, ("northgate",)),
    ("rita@northgate.example", "Rita Moreau", Role.receptionist, ("northgate",)),
    ("dee@northgate.example", "Dee Washington", Role.mechanic, ("northgate",)),
    ("omar@northgate.example", "Omar Haddad", Role.mechanic, ("northgate",)),
    ("elena@elm.example", "Elena Begaye", Role.administrator, ("elm",)),
    ("carla@elm.example", "Carla Jimenez", Role.receptionist, ("elm",)),
    ("walt@elm.example", "Walt Sorensen", Role.mechanic, ("elm",)),
    ("daan@delinde.example", "Daan Hoekstra", Role.administrator, ("delinde",)),
    ("sanne@delinde.example", "Sanne de Wit", Role.receptionist, ("delinde",)),
    ("bram@delinde.example", "Bram Visser", Role.mechanic, ("delinde",)),
)
INVITED = ("lorna@harbour.example", "Lorna Fitzgerald", Role.administrator, ("harbour",))  # has not chosen a password yet


def hire(shops: dict[str, Shop]) -> None:
    one_hash = password.hashed(PASSWORD)  # made once: it is meant to take long
    for email, name, role, slugs in STAFF:
        member = _add(shops, email, name, role, slugs)
        member.password_hash, member.activated_at = one_hash, clock.now()
        business = shops[slugs[0]].business
        if role is Role.administrator and business.main_administrator_id is None:
            business.main_administrator_id = member.id


def invite(shop: Shop) -> None:
    """Ada has just added an administrator: the mail with the activation link goes out as the demo starts."""
    email, name, role, _slugs = INVITED
    ada = StaffMember.with_email(STAFF[0][0])
    assert ada
    Staff(ada, shop).add(email, name, role, [shop.id], by=Actor("staff", ada.name, ada.id))


def at_the_desk(shop: Shop) -> list[Actor]:
    """Those who book, answer and check in there; receptionists first."""
    found = [member for row in STAFF if shop.slug in row[3] and (member := StaffMember.with_email(row[0]))]
    booking = [member for member in found if member.membership(shop.id).role.may("book")]
    booking.sort(key=lambda member: member.membership(shop.id).role is Role.administrator)
    return [Actor("staff", member.name, member.id) for member in booking]


def _add(shops: dict[str, Shop], email: str, name: str, role: Role, slugs: tuple[str, ...]) -> StaffMember:
    return StaffMember.add(email, name, role, *(shops[slug] for slug in slugs))
