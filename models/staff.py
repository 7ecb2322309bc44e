"""The staff of a business as one of its administrators sees and manages it: in the shops that they administer, and nowhere else."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, partial

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select

from models.account_link import AccountLink, Purpose
from models.actor import Actor
from models.base import db
from models.business import Business
from models.entry import Entry
from models.refused import NotFound, Refused, all_at_once
from models.role import Role
from models.shop import Shop
from models.staff_member import Membership, StaffMember

Roles = Mapping[int, Role | None]  # by the shop's id; None: not on the staff there


class Staff:
    """``giver``: the administrator; ``shop``: where they are, whose business it is about."""

    def __init__(self, giver: StaffMember, shop: Shop) -> None:
        self.giver, self.shop = giver, shop

    @cached_property
    def shops(self) -> list[Shop]:
        """The business's shops that the giver administers, by name."""
        theirs = (one.shop for one in self.giver.memberships if one.role is Role.administrator)
        return sorted((shop for shop in theirs if shop.business_id == self.shop.business_id), key=lambda shop: shop.name)

    @cached_property
    def main_administrator_id(self) -> int | None:
        return db.session.scalar(select(Business.main_administrator_id).where(Business.id == self.shop.business_id))

    def members(self) -> list[StaffMember]:
        query = select(StaffMember).where(self._here()).options(*StaffMember.whole())
        return list(db.session.scalars(query.order_by(func.lower(StaffMember.name), StaffMember.id)))

    def member(self, id: int) -> StaffMember:
        """Raises NotFound: on the staff of others, or nobody's."""
        member = db.session.scalars(select(StaffMember).where(StaffMember.id == id, self._here()).options(*StaffMember.whole())).first()
        if member is None:
            raise NotFound("StaffMember")
        return member

    def roles(self, member: StaffMember) -> dict[int, Role]:
        """The member's role in each of these shops, as far as there is one."""
        here = {shop.id for shop in self.shops}
        return {one.shop_id: one.role for one in member.memberships if one.shop_id in here}

    def elsewhere(self, member: StaffMember) -> bool:
        """Whether the member is on the staff of other shops too."""
        return len(self.roles(member)) < len(member.memberships)

    def log(self, member: StaffMember) -> Sequence[Entry]:
        """What was done to and by the member, as the shops that the giver administers know it; newest first."""
        query = select(Entry).where(Entry.subject == "staff_members", Entry.subject_id == member.id)
        return db.session.scalars(
            query.where(Entry.shop_id.in_([shop.id for shop in self.shops])).order_by(Entry.id.desc()).limit(50)
        ).all()

    # what stands against it

    def fixed(self, member: StaffMember) -> str:
        """Why this member's role and shops can't be changed by the giver; nothing where they can."""
        if member.id == self.giver.id:
            return _("Nobody changes their own role: ask another administrator.")
        if member.id == self.main_administrator_id:
            return _("The main administrator of the business stays its administrator.")
        return ""

    def kept(self, member: StaffMember) -> str:
        """Why the giver can't disable this member; nothing where they can."""
        if member.id == self.giver.id:
            return _("Nobody disables themselves: ask another administrator.")
        if member.id == self.main_administrator_id:
            return _("The main administrator of the business can't be disabled.")
        if self.elsewhere(member):
            return _("Also on the staff of a shop that you don't administer. Take them out of yours instead.")
        return ""

    # verbs; each lets no other administrator of the business in between

    def add(self, email: str, name: str, role: Role | None, shop_ids: Iterable[int], *, by: Actor) -> StaffMember:
        """Somebody new, told by e-mail how to get in.

        Raises Refused with every objection: name, address, no role, no shop. Raises NotFound: a shop of others.
        """
        self._alone()
        shops = [self._shop(shop_id) for shop_id in sorted(set(shop_ids))]
        all_at_once(lambda: StaffMember.check(email, name), partial(_given, role, "role"), partial(_given, shops, "shops"))
        assert role
        member = StaffMember.add(email, name, role, *shops)
        member.note("staff.added", by, [shop.id for shop in shops], role=role.value)
        self.invite(member, by=by)
        return member

    def invite(self, member: StaffMember, *, by: Actor) -> AccountLink:
        """Send an activation link; older ones stop. Raises Refused: it is not waited for."""
        if not member.is_pending:
            raise Refused(_("%(name)s is not waiting for an activation link any more.", name=member.name))
        return AccountLink.issue(member, Purpose.activation, self._in_whose_name(member), by=by)

    def disable(self, id: int, *, by: Actor) -> StaffMember:
        """They leave: their sessions end at once. Twice is once. Raises Refused: ``kept``."""
        member = self._alone_with(id)
        if problem := self.kept(member):
            raise Refused(problem)
        if member.disabled_at is None:
            member.disable()
            member.note("staff.disabled", by, self.roles(member))
        return member

    def enable(self, id: int, *, by: Actor) -> StaffMember:
        """They are back, as they were. Raises Refused: ``kept``."""
        member = self._alone_with(id)
        if problem := self.kept(member):
            raise Refused(problem)
        if member.disabled_at is not None:
            member.enable()
            member.note("staff.enabled", by, self.roles(member))
        return member

    def give(self, id: int, roles: Roles, *, by: Actor) -> StaffMember:
        """The role in each shop that is named. Raises Refused: ``fixed``, or no shop would be left; NotFound: a shop of others."""
        member = self._alone_with(id)
        if problem := self.fixed(member):
            raise Refused(problem)
        had = self.roles(member)
        after = {**had, **{self._shop(shop_id).id: role for shop_id, role in roles.items()}}
        if not any(after.values()) and not self.elsewhere(member):
            raise Refused(_("Leave at least one shop. Who left altogether is disabled."), field="shops")
        for shop_id, role in after.items():
            if role is not had.get(shop_id):
                member.give(role, self._shop(shop_id))
                verb = "staff.left" if role is None else "staff.role_changed" if shop_id in had else "staff.added"
                member.note(verb, by, [shop_id], **({"role": role.value} if role else {}))
        return member

    def _alone_with(self, id: int) -> StaffMember:
        self._alone()
        return self.member(id)

    def _alone(self) -> None:
        """Until this transaction ends, no other administrator of the business changes its staff; and the giver still is one."""
        db.session.flush()
        db.session.execute(select(Business.id).where(Business.id == self.shop.business_id).with_for_update())
        still = select(Membership.shop_id).join(StaffMember, StaffMember.id == Membership.staff_member_id)
        still = still.where(StaffMember.id == self.giver.id, StaffMember.disabled_at.is_(None), Membership.role == Role.administrator)
        if not self.shops or not {shop.id for shop in self.shops} <= set(db.session.scalars(still)):
            raise Refused(_("You are not an administrator here any more."))

    def _here(self) -> ColumnElement[bool]:
        shops = [shop.id for shop in self.shops]
        return StaffMember.id.in_(select(Membership.staff_member_id).where(Membership.shop_id.in_(shops)))

    def _shop(self, id: int) -> Shop:
        for shop in self.shops:
            if shop.id == id:
                return shop
        raise NotFound("Shop")

    def _in_whose_name(self, member: StaffMember) -> Shop:
        """The shop that the giver is in, if the member is on its staff, else the member's first."""
        theirs = self.roles(member)
        return self.shop if self.shop.id in theirs else next(shop for shop in self.shops if shop.id in theirs)


def _given(what: object, field: str) -> None:
    if not what:
        raise Refused(_("Choose a role.") if field == "role" else _("Choose at least one shop."), field=field)
