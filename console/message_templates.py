"""The words of all messages, in each language and channel: the presets of the house until the shop writes its own."""

from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import again, gone_to
from console.letter_readers import chosen_reader
from console.mail_paper import paper
from models import LetterKind, MessageTemplate, Refused, db, segments
from models.customer import LANGUAGES
from models.letter_example import readers, written_to
from models.wording_example import example, example_link

PAGE, FORM, PREVIEW = (f"console/message_templates/{name}.html" for name in ("page", "_template", "_preview"))
ADDRESS = "/settings/messages/<key>/<channel>/<language>"


@bp.get("/settings/messages")
@needs("settings")
def message_templates() -> str:
    asked = request.args.get("language", "")
    language = asked if asked in LANGUAGES else g.shop.language
    written = [(template, example(g.shop, template)) for template in MessageTemplate.all_of(g.shop, language)]
    return render_template("console/message_templates/index.html", templates=written, language=language, segments=segments)


@bp.get(ADDRESS)
@needs("settings")
def message_template(key: str, channel: str, language: str) -> str:
    template = MessageTemplate.of(g.shop, key, channel, language)
    return render_template(PAGE, typed={"subject": template.subject, "body": template.body}, errors={}, **_shown(template))


@bp.post(ADDRESS)
@needs("settings")
def update_message_template(key: str, channel: str, language: str) -> Any:
    template = MessageTemplate.of(g.shop, key, channel, language, lock=True)
    try:
        template.save(request.form.get("subject", ""), request.form.get("body", ""), by=g.actor)
        db.session.commit()
    except Refused as refused:
        return again(PAGE, FORM, refused, **_shown(MessageTemplate.of(g.shop, key, channel, language)))
    return gone_to(url_for("console.message_templates", language=language), _("“%(label)s” saved.", label=template.label))


@bp.post(f"{ADDRESS}/preview")
@needs("settings")
def preview_message_template(key: str, channel: str, language: str) -> Any:
    """What the example customer, or a real one, would read of the words that are being typed."""
    template = MessageTemplate.of(g.shop, key, channel, language)
    try:
        tried = template.written(request.form.get("subject", ""), request.form.get("body", ""))
    except Refused as refused:
        return render_template(PREVIEW, refused=refused, template=template, reader=chosen_reader()), 422
    return render_template(PREVIEW, **_shown(tried))


@bp.post(f"{ADDRESS}/preset")
@needs("settings")
def create_preset(key: str, channel: str, language: str) -> Response | str:
    """Back to the words of the house; those of the shop are offered once more, to undo it."""
    template = MessageTemplate.of(g.shop, key, channel, language, lock=True)
    was = None if template.is_preset else {"subject": template.subject, "body": template.body}
    template.reset(by=g.actor)
    db.session.commit()
    preset = MessageTemplate.of(g.shop, key, channel, language)
    if not request.headers.get("HX-Request"):
        return gone_to(url_for("console.message_template", key=key, channel=channel, language=language), _("Back to the preset."))
    return render_template(FORM, typed={"subject": preset.subject, "body": preset.body}, errors={}, was=was, **_shown(preset))


def _shown(template: MessageTemplate) -> dict[str, Any]:
    reader = chosen_reader() if template.is_letter else None
    wording, has_occasion = written_to(reader, template) if reader else (example(g.shop, template), True)
    shown: dict[str, Any] = {"template": template, "wording": wording, "reader": reader, "count": segments(wording.body)}
    if template.is_letter:
        others = [one for one in readers(g.shop, LetterKind(template.key)) if one is not reader]
        shown |= {"readers": others, "has_occasion": has_occasion}
    if template.channel == "email":
        opens = not template.is_letter or template.key in {"reminder_1", "reminder_2"}
        shown["paper"] = paper(wording, reader, is_letter=template.is_letter, opens=opens, link=example_link(g.shop))
    return shown
