"""The pages at /phone: conversations, one handset, and the list that scripts read."""

from typing import cast

from flask import Blueprint, Response, abort, current_app, jsonify, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.wrappers import Response as AnyResponse

from jobs.gateways.phone import (
    account_api,
    enclosures,
    gate,
    letters,
    line,
    numbers,
    plates,
    postcards,
    print_api,
    trouble,
    twilio_api,
    words,
)
from jobs.gateways.phone.line import Phone
from jobs.gateways.phone.store import Message
from jobs.gateways.phone.trouble import BadTrouble

bp = Blueprint("phone", __name__, url_prefix="/phone")
bp.before_request(gate.loopback_only)
bp.after_request(gate.guard)
bp.register_blueprint(letters.bp)
bp.register_blueprint(enclosures.bp)
bp.register_blueprint(twilio_api.bp)
bp.register_blueprint(account_api.bp)
bp.register_blueprint(plates.bp)
bp.register_blueprint(print_api.bp)
bp.register_blueprint(postcards.bp)
MOST_SENT = 64 * 1024 * 1024  # bytes of files with one answer: more than any carrier takes, so that what is too large can be tried
Answer = AnyResponse | str | tuple[str | Response, int]


@bp.context_processor
def vocabulary() -> dict[str, object]:
    """What the templates say things with."""
    return {"spoken": numbers.spoken, "enclosed": enclosures.shown, "words": words, "trouble": trouble}


@bp.get("/", strict_slashes=False)
def page() -> str:
    """The list, and beside it on a wide screen the conversation that moved last."""
    newest = _phone().store.conversations(limit=1)
    return _page(newest[0] if newest else None, chosen=False)


@bp.get("/conversations")
def conversations() -> str:
    return render_template("phone/_conversations.html", **_list(), open=request.args.get("open", ""))


@bp.get("/<any(text, email):channel>/<handset>/<party>")
def conversation(channel: str, handset: str, party: str) -> str:
    return _page(_conversation(channel, handset, party), chosen=True)


@bp.get("/<any(text, email):channel>/<handset>/<party>/messages")
def thread(channel: str, handset: str, party: str) -> str:
    shown = _conversation(channel, handset, party)
    return render_template("phone/_thread.html", shown=shown, messages=_thread(shown))


@bp.get("/messages.json")
def messages() -> Response:
    """What arrived at the customers, newest first.

    Narrowed by ``direction`` (to_customer, from_customer, all), ``to`` and ``from``, then cut at ``limit``.
    """
    direction = request.args.get("direction", "to_customer")
    if direction not in {"to_customer", "from_customer", "all"}:
        abort(422, "direction is to_customer, from_customer or all.")
    origin = {"to_customer": "origin != 'handset'", "from_customer": "origin = 'handset'", "all": "1"}[direction]
    to, sender = request.args.get("to"), request.args.get("from")
    found = _phone().store.messages(f"arrived AND {origin}")
    kept = [message for message in found if to in {None, message.recipient} and sender in {None, message.sender}]
    return jsonify([_listed(message) for message in kept[: max(request.args.get("limit", len(kept), type=int), 0)]])


@bp.post("/messages")
def create_message() -> Answer:
    """The customer answers: form fields ``from``, ``to``, ``body``; optionally ``media`` (addresses, repeatable), ``picture`` (files,
    repeatable) and ``duplicates`` of the webhook."""
    request.max_content_length = MOST_SENT
    form = request.form
    faults, handset, party = _faults(form)
    if faults:
        return _refused(faults, form)
    media, copies = tuple(filter(None, form.getlist("media"))), min(max(form.get("duplicates", 0, type=int), 0), 20)
    files = tuple((file.mimetype or "application/octet-stream", file.read()) for file in _pictures())
    message = line.answer(_phone(), handset, party, form.get("body", ""), media, copies, files)
    if _wants_page():
        return redirect(url_for(".conversation", channel="text", handset=handset, party=party), 303)
    return jsonify(_listed(message)), 201


@bp.post("/trouble")
def create_trouble() -> Answer:
    """Asks for trouble; the fields are those of ``trouble.ask``, and the switches by their names."""
    try:
        with _phone().store.writing() as db:
            trouble.switch(db, request.form)
            if not trouble.SWITCHES.keys() & request.form.keys() or "fate" in request.form:
                trouble.ask(db, request.form)
    except BadTrouble as bad:
        return _refused({"trouble": str(bad)}, request.form)
    return _back_to_trouble()


@bp.post("/trouble/end")
def end_trouble() -> Answer:
    """Calms everything that is still in line."""
    with _phone().store.writing() as db:
        db.execute("DELETE FROM trouble")
    return _back_to_trouble()


@bp.get("/trouble")
def pending() -> str:
    return render_template("phone/_pending.html", **_trouble_state(), open=_own_page(request.args.get("open", "")))


@bp.get("/trouble.json")
def list_trouble() -> Response:
    return jsonify(_trouble_state())


def _phone() -> Phone:
    return cast(Phone, current_app.extensions["phone"])


def _conversation(channel: str, handset: str, party: str) -> Message:
    """The newest message of a conversation, or a blank that names its two sides."""
    found = _phone().store.messages("channel = ? AND handset = ? AND party = ?", (channel, handset, party), limit=1)
    if not found and (channel == "email" or not (numbers.e164(handset) and numbers.sender(party))):
        abort(404)
    return found[0] if found else Message(channel, "handset", handset, party, "", "", "", "")


def _thread(shown: Message | None) -> list[Message]:
    if shown is None:
        return []
    key = (shown.channel, shown.handset, shown.party)
    return _phone().store.messages("channel = ? AND handset = ? AND party = ?", key, limit=200)[::-1]


def _list() -> dict[str, object]:
    search = request.args.get("search", "").strip()
    return {"conversations": _phone().store.conversations(search), "search": search}


def _trouble_state() -> dict[str, object]:
    with _phone().store.reading() as db:
        return {"pending": trouble.pending(db), "switches": {name: trouble.switched(db, name) for name in trouble.SWITCHES}}


def _page(shown: Message | None, *, chosen: bool, faults: dict[str, str] | None = None, typed: MultiDict[str, str] | None = None) -> str:
    open_now = url_for(".conversation", channel=shown.channel, handset=shown.handset, party=shown.party) if shown else ""
    parts = {"messages": _thread(shown), "open": open_now, "faults": faults or {}, "typed": typed or MultiDict()}
    return render_template("phone/page.html", shown=shown, chosen=chosen, **_list(), **_trouble_state(), **parts)


def _listed(message: Message) -> dict[str, object]:
    """A message as scripts read it. ``media`` are addresses to fetch."""
    address = [url_for("phone.letters.attachment", sid=message.sid, index=index, _external=True) for index in range(len(message.media))]
    return {
        "id": message.sid,
        "channel": message.channel,
        "direction": "from_customer" if message.from_customer else "to_customer",
        "from": message.sender,
        "from_name": message.name,
        "to": message.recipient,
        "subject": message.subject,
        "body": message.body,
        "html": message.html,
        "media": address if message.channel == "email" else [one.url for one in enclosures.shown(message)],
        "media_names": list(message.media) if message.channel == "email" else [],
        "status": message.status,
        "error_code": message.error_code,
        "at": message.at,
    }


def _faults(form: MultiDict[str, str]) -> tuple[dict[str, str], str, str]:
    """What is wrong with an answer, by field; then its two numbers in E.164."""
    handset, party = numbers.e164(form.get("from", "")), numbers.e164(form.get("to", ""))
    rules = {
        "from": (handset is None, f"“{form.get('from', '')}” is no phone number."),
        "to": (party is None, f"“{form.get('to', '')}” is no number that takes an answer."),
        "body": (not form.get("body", "").strip() and not any(form.getlist("media")) and not _pictures(), "Type something first."),
        "body ": (len(form.get("body", "")) > 1600, "A text has 1600 characters at most."),
        "media": (len(form.getlist("media")) + len(_pictures()) > 10, "A text carries ten files at most."),
    }
    return {name.strip(): sentence for name, (broken, sentence) in rules.items() if broken}, handset or "", party or ""


def _pictures() -> list[FileStorage]:
    """The files that the customer chose."""
    return [file for file in request.files.getlist("picture") if file.filename]


def _wants_page() -> bool:
    return "text/html" in request.headers.get("Accept", "")


def _refused(faults: dict[str, str], form: MultiDict[str, str]) -> tuple[str | Response, int]:
    """422: the page with each sentence beside its field and what was typed kept, or the sentences as JSON."""
    if not _wants_page():
        return jsonify(errors=faults), 422
    handset, party = numbers.e164(form.get("from", "")), numbers.sender(form.get("to", ""))
    shown = _conversation("text", handset, party) if handset and party else next(iter(_phone().store.conversations(limit=1)), None)
    return _page(shown, chosen=bool(handset and party), faults=faults, typed=form), 422


def _back_to_trouble() -> Answer:
    if _wants_page():
        return redirect(_own_page(request.form.get("back", "")) + "#trouble", 303)
    return jsonify(_trouble_state()), 201


def _own_page(path: str) -> str:
    return path if path.startswith("/phone/") and "\\" not in path else url_for(".page")
