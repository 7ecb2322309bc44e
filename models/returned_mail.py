"""What mail servers and providers send back about our mail: kept once; thrown away when it is understood, else left to a person."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.parser import BytesHeaderParser
from typing import TYPE_CHECKING, Self

from sqlalchemy import LargeBinary, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models import clock
from models.base import Base, db, kept
from models.handover import later
from models.message import Message
from models.shop import Shop

if TYPE_CHECKING:
    from collections.abc import Iterable

REPORT, EVENT = "report", "event"  # a mail of RFC 3464 or 5965, or one event of a provider's webhook as JSON
LONGEST = 256 * 1024  # bytes; what was returned stands before the long tail of the mail that it was about
LATELY = timedelta(days=10)  # a mail server gives up after five
KEPT = timedelta(days=90)  # for a person to look at: a report older than that helps nobody
LEFT = ("not_understood", "not_sure")  # outcomes that a person may want to look at


class ReturnedMail(Base):
    """Of no shop: whose it is, is only known once it is read, and then said by its ``MailEvent``."""

    __tablename__ = "returned_mails"

    digest: Mapped[str] = mapped_column(unique=True)
    form: Mapped[str]
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime] = mapped_column(default=clock.now)
    worked_at: Mapped[datetime | None] = mapped_column(default=None, index=True)
    outcome: Mapped[str] = mapped_column(default="")
    put_away_at: Mapped[datetime | None] = mapped_column(default=None)

    @classmethod
    def take(cls, raw: bytes) -> Self | None:
        """Keep a mail and hand it to a worker; None where it was kept before, whether it was piped in, read from a mailbox or posted."""
        message_id = str(BytesHeaderParser().parsebytes(raw)["Message-ID"] or "").strip()
        return cls._take(REPORT, raw, message_id.encode("utf-8", "replace") or b"\n".join(raw.splitlines()))

    @classmethod
    def take_event(cls, event: dict[str, str]) -> Self | None:
        """The same for one event of a provider's webhook, as ``mail_hook_event`` reads it."""
        raw = json.dumps(event, sort_keys=True).encode()
        return cls._take(EVENT, raw, raw)

    @classmethod
    def _take(cls, form: str, raw: bytes, identity: bytes) -> Self | None:
        digest = hashlib.sha256(form.encode() + b":" + identity).hexdigest()
        found = cls(digest=digest, form=form, raw=raw[:LONGEST], received_at=clock.now())
        if db.session.scalar(select(cls.id).where(cls.digest == digest)) or not kept(found):
            return None
        later("jobs.returned_mails.drain")
        return found

    @classmethod
    def waiting_ids(cls) -> Sequence[int]:
        return db.session.scalars(select(cls.id).where(cls.worked_at.is_(None)).order_by(cls.id)).all()

    @classmethod
    def left(cls) -> Sequence[Self]:
        """What nobody could make sense of, and no person has put away."""
        query = select(cls).where(cls.outcome.in_(LEFT), cls.put_away_at.is_(None))
        return db.session.scalars(query.order_by(cls.id)).all()

    @classmethod
    def forget_old(cls) -> None:
        """What nobody has looked at for so long is put away by itself."""
        old = update(cls).where(cls.outcome.in_(LEFT), cls.put_away_at.is_(None), cls.received_at < clock.now() - KEPT)
        db.session.execute(old.values(put_away_at=clock.now(), raw=b"").execution_options(synchronize_session=False))

    def begin(self) -> bool:
        """Mark it as worked on, with the row locked until the transaction ends; false where another worker was first."""
        locked = select(type(self)).where(type(self).id == self.id).with_for_update().execution_options(populate_existing=True)
        if db.session.scalars(locked).one().worked_at:
            return False
        self.worked_at = clock.now()
        return True

    def end(self, outcome: str) -> None:
        """What was understood is not kept: it names people."""
        self.outcome = outcome
        if outcome not in LEFT:
            self.raw = b""

    def put_away(self) -> None:
        """Somebody looked at it."""
        self.put_away_at, self.raw = clock.now(), b""


def about(uid: str, address: str) -> "tuple[Shop, Message | None] | None":
    """Which shop's mail it was, by the message's own id; of who is believed without, by the address, where one shop alone wrote there.

    None: not ours, or not sure whose. The message is None where it may be one of several.
    """
    if uid:
        message = db.session.scalars(
            select(Message).where(Message.uid == uid, Message.direction == "out", Message.channel == "email")
        ).first()
        return (message.shop, message) if message else None
    lately = _to({address, address.lower()} - {""})
    if len({message.shop_id for message in lately}) != 1:
        return None
    return lately[0].shop, lately[0] if len(lately) == 1 else None


def _to(addresses: "Iterable[str]") -> Sequence[Message]:
    """Mails that went there lately; asked shop by shop, as the index has them."""
    query = select(Message).where(Message.shop_id.in_(select(Shop.id)), Message.address.in_(list(addresses)), Message.channel == "email")
    return db.session.scalars(query.where(Message.direction == "out", Message.sent_at > clock.now() - LATELY)).all()
