"""``flask --app wsgi bounces``: mail that came back, from a mailbox, a Maildir folder, or piped in by the mail server."""

import mailbox
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from models import ReturnedMail, db

LARGEST = 32 * 1024 * 1024  # bytes of one mail on standard input
WHY = {"not_understood": "not understood", "not_sure": "no proof that a mail of ours is meant"}
TRY_AGAIN = 75  # EX_TEMPFAIL: the mail server keeps it and pipes it in once more


@click.command("bounces")
@click.argument("source", required=False)
@click.option("--left", is_flag=True, help="List what was not understood and waits for a person.")
@click.option("--believe", metavar="NUMBER", type=int, help="A person has looked at that one, and it is true of whom it names.")
@click.option("--put-away", metavar="NUMBER", type=int, help="A person has looked at that one.")
def bounces(source: str | None, left: bool, believe: int | None, put_away: int | None) -> None:
    """Read mail that came back, and complaints, from SOURCE: an mbox file, a Maildir folder, one mail, or - for standard input.

    What was read before is known again, so that the same mailbox can be read every few minutes.
    """
    if believe is not None:
        _believe(believe)
    if put_away is not None:
        _put_away(put_away)
    if left:
        _list()
    if source:
        _read(source)
    elif not left and put_away is None and believe is None:
        raise click.UsageError("Name a mailbox, or - for standard input.")


def _read(source: str) -> None:
    from jobs.returned_mails import words, work  # here: no page needs it

    counts: Counter[str] = Counter()
    try:
        for raw in _mails(source):
            mail = ReturnedMail.take(raw)
            if mail:
                work(mail)
            db.session.commit()
            counts[mail.outcome if mail else "known"] += 1
    except SQLAlchemyError as problem:
        db.session.rollback()
        click.echo(f"The database does not answer, so it is to be read again: {type(problem).__name__}.", err=True)
        sys.exit(TRY_AGAIN)
    if source != "-":  # a mail server sends back whatever a program says
        click.echo("\n".join([f"{counts.total()} read", *(f"  {line}" for line in words(counts))]))


def _mails(source: str) -> Iterator[bytes]:
    if source == "-":
        yield sys.stdin.buffer.read(LARGEST)
        return
    path = Path(source)
    if (path / "cur").is_dir():
        folder: mailbox.Mailbox[mailbox.Message] = mailbox.Maildir(path, create=False)
    elif not path.is_file():
        raise click.BadParameter(f"{source!r} is neither a file nor a Maildir folder.", param_hint="SOURCE")
    elif _is_mbox(path):
        folder = mailbox.mbox(path, create=False)
    else:
        yield path.read_bytes()
        return
    with closing(folder):
        for key in folder.iterkeys():
            yield folder.get_bytes(key)


def _is_mbox(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(5) == b"From "


def _list() -> None:
    for mail in ReturnedMail.left():
        head = mail.raw.decode("utf-8", "replace").replace("\r", "")
        click.echo(f"#{mail.id}  {mail.received_at:%Y-%m-%d %H:%M} UTC  {WHY[mail.outcome]}\n{head[:4000]}\n")


def _believe(number: int) -> None:
    from jobs.returned_mails import believe

    mail = _left(number)
    outcome = believe(mail)
    db.session.commit()
    if mail in ReturnedMail.left():
        raise click.ClickException(f"#{number} does not say whose mail it was, or several shops wrote there. Nothing was changed.")
    click.echo(f"#{number} is believed: {outcome}.")


def _put_away(number: int) -> None:
    _left(number).put_away()
    db.session.commit()
    click.echo(f"#{number} is put away.")


def _left(number: int) -> ReturnedMail:
    mail = db.session.get(ReturnedMail, number)
    if mail is None or mail not in ReturnedMail.left():
        raise click.ClickException(f"No returned mail number {number} waits for a person.")
    return mail
