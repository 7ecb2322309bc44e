"""Templates under our content security policy: no script or style of their own, partials with one root that htmx can find."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
FORBIDDEN = {
    "a style attribute": r"\sstyle\s*=",
    "an inline style": r"<style\b",
    "an inline script": r"<script\b(?![^>]*\ssrc\s*=)",
    "an inline event handler": r"\son[a-z]+\s*=\s*[\"']",
    "hx-on": r"\bhx-on\b",
    "evaluated JavaScript": r"(?:=\s*[\"'](?:js|javascript):)",
    "a trigger filter, which needs eval": r"hx-trigger\s*=\s*\"[^\"]*\[",
    "|safe": r"\|\s*safe\b",
    "autoescape turned off": r"autoescape\s+false",
}
# E-mails and printed pages carry their styles with them: they are no pages under the policy.
OWN_STYLES = ("mail", "documents")
# Each interface draws its icons from constants in one file; that file alone may say that they are HTML.
ICONS = r"\{\{\s*shapes\[name\]\s*\|\s*safe\s*\}\}"


class Roots(HTMLParser):
    """Collects the elements at the top of a piece of HTML, with their ids, and the text that stands beside them."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.roots: list[str | None] = []
        self.loose: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.depth == 0:
            self.roots.append(dict(attrs).get("id"))
        if tag not in VOID:
            self.depth += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.depth == 0:
            self.roots.append(dict(attrs).get("id"))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        if self.depth == 0 and data.strip():
            self.loose.append(data.strip())


def bare(source: str) -> str:
    """The HTML of a template: what it prints becomes a word; comments, macros, imports and the choices between elements go."""
    source = re.sub(r"\{#.*?#\}", "", source, flags=re.DOTALL)
    source = re.sub(r"\{%-?\s*macro\b.*?endmacro\s*-?%\}", "", source, flags=re.DOTALL)
    source = re.sub(r"\{\{.*?\}\}", "x", source, flags=re.DOTALL)
    return re.sub(r"\{%.*?%\}", "", source, flags=re.DOTALL)


def root_faults(source: str) -> list[str]:
    """Why a partial can't be swapped by itself."""
    found = Roots()
    found.feed(bare(source))
    faults = [f"text outside the root: {text[:40]}" for text in found.loose]
    if len(found.roots) != 1:
        faults.append(f"{len(found.roots)} root elements")
    elif not found.roots[0]:
        faults.append("the root has no id")
    return faults


def policy_faults(source: str, name: str = "page.html") -> list[str]:
    """What a template holds that the policy of its pages would block, or that would let a stranger's HTML through."""
    own_styles = name.startswith(OWN_STYLES)
    if name.endswith("/icons.html"):
        source = re.sub(ICONS, "", source)
    source = re.sub(r"\{#.*?#\}", "", source, flags=re.DOTALL)
    looked_for = {name: pattern for name, pattern in FORBIDDEN.items() if not (own_styles and "style" in name)}
    return [name for name, pattern in looked_for.items() if re.search(pattern, source, re.IGNORECASE)]


def templates(pattern: str) -> list[str]:
    return sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob(pattern))


def test_there_are_templates_to_look_at() -> None:
    assert templates("*.html")


def test_every_partial_has_one_root_with_an_id() -> None:
    faults = {name: root_faults((TEMPLATES / name).read_text()) for name in templates("_*.html")}
    assert {name: found for name, found in faults.items() if found} == {}


def test_no_template_needs_anything_that_the_policy_blocks() -> None:
    faults = {name: policy_faults((TEMPLATES / name).read_text(), name) for name in templates("*.*")}
    assert {name: found for name, found in faults.items() if found} == {}


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("<p id=a></p><p id=b></p>", "2 root elements"),
        ("<p>{{ name }}</p>", "the root has no id"),
        ("{% if a %}<p id=a>{% endif %}</p>loose", "text outside the root: loose"),
        ("{{ name }}", "text outside the root: x"),
        ("", "0 root elements"),
    ],
)
def test_a_partial_without_one_root_is_found(source: str, fault: str) -> None:
    assert fault in root_faults(source)


def test_a_partial_with_one_root_passes() -> None:
    head = '{% from "x.html" import y %}{# why #}\n<section id="board-{{ shop.id }}"><img src="a"><br/>'
    source = head + "{% for a in b %}<p>{{ a }}</p>{% endfor %}</section>\n"
    assert root_faults(source) == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ('<p style="color: red">', "a style attribute"),
        ("<style>p { }</style>", "an inline style"),
        ("<script>alert(1)</script>", "an inline script"),
        ('<a onclick="go()">', "an inline event handler"),
        ('<a hx-on:click="go()">', "hx-on"),
        ('<a hx-vals="js:{a: 1}">', "evaluated JavaScript"),
        ('<a hx-trigger="click[ctrlKey]">', "a trigger filter, which needs eval"),
        ("{{ words | safe }}", "|safe"),
    ],
)
def test_what_the_policy_blocks_is_found(source: str, fault: str) -> None:
    assert policy_faults(source) == [fault]


def test_what_the_policy_allows_passes() -> None:
    assert (
        policy_faults('<script src="/static/a.js" defer></script><p class="style" data-on="x" hx-trigger="load, every 15s">|{{ safe }}</p>')
        == []
    )


def test_a_mail_may_bring_its_styles_but_no_script() -> None:
    assert policy_faults('<style></style><p style="color: red"><script>1</script>', "mail/letter.html") == ["an inline script"]
