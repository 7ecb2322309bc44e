"""The words of all messages, in each language and channel: the presets of the house until the shop writes its own."""

from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from console import bp
from console.access import needs
from console.answers import again, gone_to
from models import MessageTemplate, Refused, db, segments
from models.customer import LANGUAGES
from models.wording_example import example

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
    """What the example customer would read of the words that are being typed."""
    template = MessageTemplate.of(g.shop, key, channel, language)
    try:
        tried = template.written(request.form.get("subject", ""), request.form.get("body", ""))
    except Refused as refused:
        return render_template(PREVIEW, refused=refused, template=template), 422
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
    wording = example(g.shop, template)
    return {"template": template, "wording": wording, "count": segments(wording.body)}
