"""The reckoning after a soak: every answer has its row, its entry in the log and its message; every text went once."""

import time
from collections import Counter
from datetime import timedelta

from sqlalchemy import func, select

from models import Communication, Confirmation, Entry, IncomingText, Message, Reply, RescheduleRequest, Shop, clock, db, reading
from models.message import STUCK
from tests.bench.soak_people import Task
from tests.reliability.crew import Crew

ASKED = timedelta(minutes=3)  # the provider's list is read meanwhile; what it does not prove then is for a person
PATIENCE = STUCK.total_seconds() + 300  # what a dying worker had in hand is unknown after that time, then the provider is asked


def counted(crew: Crew, said: list[Task], shop_ids: list[int]) -> int:
    """Prints each count; returns 1 if one of them is wrong, else 0."""
    print("\nwaiting until all that is due has gone", flush=True)
    end = time.monotonic() + PATIENCE
    while (left := _left(crew)) and time.monotonic() < end:
        time.sleep(2)
    wrong = 0
    with crew.running.data(), reading():
        for words, amount in {"still due at the end": left, **_lost(said), **_texts(crew), **_chains(shop_ids)}.items():
            print(f"{amount:8}  {words}")
            wrong += amount if not words.startswith("(") else 0
        db.session.rollback()
    print("nothing was lost, nothing went twice" if not wrong else "WRONG")
    return int(wrong > 0)


def _left(crew: Crew) -> int:
    with crew.running.data(), reading():
        due = (Message.state == "queued") & (Message.due_at <= clock.now())
        to_be_asked = (Message.state == "unknown") & (Message.state_at > clock.now() - ASKED)
        texts = db.session.scalar(select(func.count()).where((Message.state == "sending") | due | to_be_asked, Message.channel == "text"))
        unheard = db.session.scalar(select(func.count()).where(IncomingText.worked_at.is_(None)))
        db.session.rollback()
    with crew.provider.store.reading() as phone:  # texts of customers that their carrier could not bring yet
        on_their_way = phone.execute("SELECT count(*) FROM due WHERE outcome IS NULL").fetchone()[0]
    return (texts or 0) + (unheard or 0) + int(on_their_way)


def _lost(said: list[Task]) -> dict[str, int]:
    ids = {what: [id for kind, _place, id in said if kind == what] for what in ("confirm", "move", "overview", "text")}
    confirmed = Counter(db.session.scalars(select(Confirmation.appointment_id)))
    asked = Counter(db.session.scalars(select(RescheduleRequest.appointment_id)))
    replied = Counter(db.session.scalars(select(Reply.overview_id)))
    entered = Counter(db.session.execute(select(Entry.verb, Entry.subject_id)).tuples())
    heard = Counter(db.session.scalars(select(IncomingText.body)))
    shown = Counter(db.session.scalars(select(Message.body).where(Message.direction == "in")))
    receipts = db.session.scalar(select(func.count()).where(Message.kind == "receipt")) or 0
    return {
        f"({sum(len(each) for each in ids.values())} answers: {', '.join(f'{len(each)} {what}' for what, each in ids.items())})": 0,
        "confirmations that are not there once": sum(confirmed[id] != 1 for id in ids["confirm"]),
        "confirmations that are not in the log once": sum(entered["appointment.confirmed", id] != 1 for id in ids["confirm"]),
        "wishes to move that are not there once": sum(asked[id] != 1 for id in ids["move"]),
        "wishes to move that are not in the log once": sum(entered["appointment.reschedule_requested", id] != 1 for id in ids["move"]),
        "answers to overviews that are not there once": sum(replied[id] != 1 for id in ids["overview"]),
        "receipts too few or too many": abs(receipts - replied.total()),
        "texts of customers that are not there once": sum(heard[f"Question {id}"] != 1 for id in ids["text"]),
        "texts of customers that are not in their thread once": sum(shown[f"Question {id}"] != 1 for id in ids["text"]),
    }


def _texts(crew: Crew) -> dict[str, int]:
    taken = crew.provider.store.accepted()
    query = select(Message.address, Message.body, Message.state).where(Message.direction == "out", Message.channel == "text")
    rows = db.session.execute(query).all()
    went = Counter((address, body) for address, body, state in rows if state.name in {"sent", "delivered"})
    states = Counter(state.name for _address, _body, state in rows)
    return {
        f"({len(rows)} texts written: {dict(states)}; the provider counted {taken.total()})": 0,
        "texts that the provider took, and we do not say so": (taken - went).total(),
        "texts that we call sent, and the provider never took": (went - taken).total(),
        "texts that the provider took twice": sum(count - 1 for count in (taken - went).values() if count > 1),
    }


def _chains(shop_ids: list[int]) -> dict[str, int]:
    broken = [shop_id for shop_id in shop_ids if Communication.verify(db.session.get_one(Shop, shop_id))]
    records = db.session.scalar(select(func.count()).select_from(Communication)) or 0
    return {f"({records} records in the communication logs)": 0, "communication logs that do not verify": len(broken)}
