"""What no form wants, and the forms of a page to put it into."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from random import Random
from urllib.parse import urlencode

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
Value = str | bytes
BAD: tuple[Value, ...] = (
    "",
    " \t\n",
    "x" * 10_000,
    "9" * 5_000,
    "a\0b",
    "\N{PILE OF POO}" * 40,
    "\u202e\u2066evil\u2069",
    b"\xed\xa0\x80",  # half of a surrogate pair
    b"\xff\xfe",
    "-1",
    "0",
    "4294967296",
    "99999999999999999999",
    "1e309",
    "NaN",
    "\N{SUPERSCRIPT TWO}",
    "\N{ARABIC-INDIC DIGIT THREE}",
    "2026-02-30",
    "0000-00-00",
    "9999-12-31",
    "25:99",
    "<script>alert(1)</script>",
    "' OR 1=1; --",
    "{{ 7 * 7 }}{first}{0.__class__}%s%(x)s",
    "../../etc/passwd",
    "x\r\nBcc: everybody@evil.example",
    "(a+)+$",
    "null",
    "[]",
)
UNKNOWN = ("admin", "shop_id", "id", "role", "__class__", "version[]", "state")


@dataclass
class Form:
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)


class Forms(HTMLParser):
    """Every form of a page that posts, with its fields as a browser would send them, all choices ticked."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._form: Form | None = None
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        action = given.get("hx-post") or (given.get("action", "") if given.get("method", "").lower() == "post" else "")
        if action.startswith("/"):
            form = Form(action.partition("?")[0])
            self.found.append(form)
            self._form = form if tag == "form" else self._form
        if self._form is not None and given.get("name", "csrf_token") != "csrf_token":
            self._select = given["name"] if tag == "select" else self._select
            if tag in {"input", "button", "textarea"}:
                self._form.fields.append((given["name"], given.get("value", "")))
        elif self._form is not None and tag == "option" and self._select:
            self._form.fields.append((self._select, given.get("value", "")))
            self._select = "" if "selected" in given else self._select

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "form":
            self._form = None


def names() -> list[str]:
    """Every name that a field has anywhere."""
    found = {name for path in TEMPLATES.rglob("*.html") for name in re.findall(r'\bname="([\w-]+)"', path.read_text())}
    return sorted(found - {"csrf_token", "nonce"})


def spoiled(fields: list[tuple[str, str]], others: list[str], chance: Random, kept: frozenset[str] = frozenset()) -> str:
    """A body of these fields, about a third of them spoiled, doubled or missing; with none of one's own, of ``others``."""
    body: list[tuple[str, Value]] = []
    for name, value in fields or [(name, "") for name in chance.sample(others, 40)]:
        way = "right" if name in kept else chance.choice(("right", "right", "spoiled", "spoiled", "doubled", "missing"))
        if way != "missing":
            body.append((name, chance.choice(BAD) if way == "spoiled" or not fields else value))
        if way == "doubled":
            body.append((name, chance.choice(BAD)))
    return urlencode([*body, (chance.choice(UNKNOWN), chance.choice(BAD))])
