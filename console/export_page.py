"""What the page of one partner shows: its switch, where its file goes, its columns with a look at the first lines."""

from typing import Any

from flask import g
from flask_babel import gettext as _

from models import ExportSetup, Partner
from models.export_address import FTP, KEEP
from models.export_fields import ALLOWED, NEVER
from models.export_file import written
from models.export_labels import LABELS
from models.export_night import sample
from models.export_profile import DATES, DELIMITERS, EMPTY, ENCODINGS, LINE_ENDS, NAME_PARTS, WORDS, Profile
from models.export_trial import ExportTrial

CHOICES = {"delimiter": DELIMITERS, "encoding": ENCODINGS, "line_end": LINE_ENDS, "empty": EMPTY}
FIELDS = ("code", "delivery", "server", "port", "user_name", "directory", "passive", "needs_tls")
UNKNOWN_CODE = "1234"  # in a sample, where the partner's number for the shop is not known yet


def shown(name: str) -> dict[str, Any]:
    setup = ExportSetup.of(g.shop, Partner(name))
    deliveries = [(KEEP, _("Keep for download"), "download"), (FTP, _("Upload by FTP"), "export")]
    on_file = {field: getattr(setup, field) for field in FIELDS}
    trial = ExportTrial(g.shop, setup.partner)
    return {
        "setup": setup,
        "trial": trial,
        "on_file": on_file,
        "deliveries": deliveries,
        **_columns(setup),
        **sampled(setup, setup.profile),
    }


def sampled(setup: ExportSetup, profile: Profile) -> dict[str, Any]:
    """The first lines of a file as the profile writes them."""
    rows = sample(setup, profile)
    lines = written(profile, rows).decode(profile.encoding).splitlines()
    name = profile.named(setup.partner, g.shop.slug, setup.code or UNKNOWN_CODE, g.shop.today())
    return {"lines": lines, "has_rows": bool(rows), "sample_name": name, "said": ""}


def _columns(setup: ExportSetup) -> dict[str, Any]:
    """Those in the file first, in their order; then what else the partner may get."""
    profile, partner = setup.profile, setup.partner
    places = {name: place for place, (name, _heading) in enumerate(profile.columns, start=1)}
    headings = {**dict(Profile.preset(partner).columns), **dict(profile.columns)}
    order = sorted(ALLOWED[partner], key=lambda name: places.get(name, len(LABELS)))
    fields = [(name, LABELS[name], places.get(name, ""), headings.get(name) or _suggested(name)) for name in order]
    choices = {field: [(value, WORDS[value]) for value in known] for field, known in CHOICES.items()}
    choices["date_format"] = list(DATES.items())
    values = {field: getattr(profile, field) for field in (*choices, "file_name", "header")}
    is_preset = profile == Profile.preset(partner)
    return {
        "fields": fields,
        "choices": choices,
        "profile_values": values,
        "never": NEVER[partner],
        "name_parts": NAME_PARTS,
        "is_preset": is_preset,
    }


def _suggested(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))
