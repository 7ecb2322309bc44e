"""What a shop has set up for one partner: the switch with its terms, the number it is known by, how the file looks and where it goes."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clock, sealed
from models.actor import Actor
from models.base import Base, db, kept
from models.entry import record
from models.export_address import ExportAddress
from models.export_agreement import ExportAgreement
from models.export_opt_out import TOPIC
from models.export_partner import Partner
from models.export_profile import Profile
from models.handover import touch
from models.owned import ShopOwned
from models.refused import Refused

if TYPE_CHECKING:
    from models.shop import Shop

AT = time(1)  # on the shop's clock: the day is over, and no zone that we know changes its clocks then
LONGEST_CODE = 40  # characters


class ExportSetup(ExportAddress, ShopOwned, Base):
    __tablename__ = "export_setups"
    __table_args__ = (UniqueConstraint("shop_id", "partner"),)

    partner: Mapped[Partner]
    code: Mapped[str] = mapped_column(default="")
    profile_kept: Mapped[dict[str, Any]] = mapped_column(default=dict)  # see ``Profile``; empty: the preset
    on_at: Mapped[datetime | None] = mapped_column(default=None)
    on_by: Mapped[str] = mapped_column(default="")
    next_day: Mapped[date | None] = mapped_column(default=None)  # the first one that no run was planned for
    next_at: Mapped[datetime | None] = mapped_column(default=None, index=True)  # when that is due; None while it is off

    shop: Mapped["Shop"] = relationship()

    # finding

    @classmethod
    def of(cls, shop: "Shop", partner: Partner) -> "ExportSetup":
        """As it is on file, else as it is to begin with: off, nothing known."""
        mine = select(cls).where(cls.shop_id == shop.id, cls.partner == partner)
        return db.session.scalars(mine).first() or cls._blank(shop, partner)

    @classmethod
    def all_of(cls, shop: "Shop") -> "list[ExportSetup]":
        """One of each partner."""
        known = {setup.partner: setup for setup in db.session.scalars(select(cls).where(cls.shop_id == shop.id))}
        return [known.get(partner) or cls._blank(shop, partner) for partner in Partner]

    @classmethod
    def due(cls) -> "list[ExportSetup]":
        """Those with a night to be planned."""
        return list(db.session.scalars(select(cls).where(cls.next_at <= clock.now()).order_by(cls.id)))

    @classmethod
    def _blank(cls, shop: "Shop", partner: Partner) -> "ExportSetup":
        """In no session: a look keeps nothing."""
        blank = cls(shop_id=shop.id, partner=partner, code="", profile_kept={}, on_at=None, on_by="", next_day=None, next_at=None)
        blank.begin_without_address()
        blank.__dict__["shop"] = shop  # by the relationship it would come into the shop's session
        return blank

    # questions

    @property
    def is_on(self) -> bool:
        return self.on_at is not None

    @property
    def profile(self) -> Profile:
        return Profile.read(self.profile_kept, self.partner)

    @property
    def agreement(self) -> ExportAgreement | None:
        return ExportAgreement.newest(self.shop_id, self.partner)

    @property
    def missing(self) -> list[str]:
        """What must be there before it can be on, in words."""
        found = []
        if self.partner.code_label and not self.code:
            found.append(self.partner.code_label)
        return [*found, *self.missing_address]

    # verbs

    def set_up(self, code: str, address: dict[str, Any], *, by: Actor) -> None:
        """The number at the partner, and where the file goes (as ``ExportAddress.write`` takes it).

        What waits or has failed is tried again with it at once. Raises Refused with every fault.
        """
        from models.export_run import ExportRun

        errors: dict[str | None, Any] = {}
        code = code.strip()
        if len(code) > LONGEST_CODE or not code.isprintable():
            errors["code"] = _("Please keep it under %(count)s characters, on one line.", count=LONGEST_CODE)
        if self.is_on and self.partner.code_label and not code:
            errors["code"] = _("It is on and needs this. Switch it off first, or give it.")
        try:
            self.write(address, on=self.is_on)
        except Refused as refused:
            errors |= refused.errors
        if errors:
            refusal = Refused()
            refusal.errors.update(errors)
            raise refusal
        self.code = code
        setup = self.on_file()
        record(setup, "export.set_up", by, name=self.partner.label)
        ExportRun.hurry(setup)
        touch(self.shop_id, TOPIC)

    def change_profile(self, profile: Profile, *, by: Actor) -> None:
        """Raises Refused with every fault."""
        profile.check(self.partner)
        self.profile_kept = {} if profile == Profile.preset(self.partner) else profile.kept
        record(self.on_file(), "export.profile_changed", by, name=self.partner.label)
        touch(self.shop_id, TOPIC)

    def switch_on(self, agreed: bool, *, by: Actor) -> None:
        """From today's visits on; twice is once. Raises Refused: the terms were not agreed to, or something is missing."""
        if self.is_on:
            return
        if not agreed:
            raise Refused(_("Please read and tick this first."), field="agreed")
        if self.missing:
            raise Refused(_("First give: %(what)s.", what=", ".join(self.missing)))
        setup = self.on_file()
        ExportAgreement.note(self.shop_id, self.partner, by=by)
        setup.on_at, setup.on_by, setup.next_day = clock.now(), by.name, self.shop.today()
        setup.next_at = setup.due_at(setup.next_day)
        record(setup, "export.switched_on", by, name=self.partner.label, version=self.partner.terms.version)
        touch(self.shop_id, TOPIC)

    def switch_off(self, *, by: Actor) -> None:
        """Nothing more goes, not even what waits; twice is once."""
        from models.export_run import ExportRun

        if self.is_on:
            self.on_at, self.on_by, self.next_day, self.next_at = None, "", None, None
            ExportRun.call_off(self)
            record(self, "export.switched_off", by, name=self.partner.label)
            touch(self.shop_id, TOPIC)

    def due_at(self, day: date) -> datetime:
        """When that day's file is made: in the night after it."""
        return clock.instant(day + timedelta(days=1), AT, self.shop.tz)

    def on_file(self) -> "ExportSetup":
        """It as a row. Raises Refused: somebody else set it up at this very moment."""
        if self.id is None and not kept(self):
            raise Refused(_("Somebody else set this up meanwhile. Open the page again."))
        return self

    @property
    def password(self) -> str:
        """Nothing where it can't be opened: DATA_KEY is another one now."""
        try:
            return sealed.opened(self.sealed_password) if self.sealed_password else ""
        except sealed.Unreadable:
            return ""
