"""What a browser makes of a page: its forms by the words on their buttons, its text, its links."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from werkzeug.test import TestResponse


@dataclass
class Form:
    action: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    button: str = ""


class Reading(HTMLParser):
    """A page as it is read: ``forms`` by the words on their buttons, ``links`` by theirs, ``text`` on one line."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: dict[str, Form] = {}
        self.links: dict[str, str] = {}
        self.words: list[str] = []
        self.language = ""
        self._form: Form | None = None
        self._link: tuple[str, list[str]] | None = None
        self._inside = ""
        self.feed(html)

    @property
    def answers(self) -> dict[str, Form]:
        """The forms that say something about the visit; those about texts are on every page."""
        return {button: form for button, form in self.forms.items() if "/texts/" not in form.action}

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = given["lang"]
        elif tag == "form":
            self._form = Form(given["action"])
        elif tag == "input" and self._form:
            self._form.fields[given["name"]] = given["value"]
        elif tag == "textarea" and self._form:
            self._form.fields[given["name"]] = ""
        elif tag == "a":
            self._link = (given["href"], [])
        if tag in {"button", "textarea", "head"}:
            self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._form:
            self.forms[self._form.button] = self._form
            self._form = None
        elif tag == "a" and self._link:
            self.links[" ".join(" ".join(self._link[1]).split())] = self._link[0]
            self._link = None
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "button" and self._form:
            self._form.button += data.strip()
        elif self._inside == "textarea" and self._form:
            self._form.fields["wishes"] += data
        if self._link:
            self._link[1].append(data)
        if self._inside != "head":
            self.words.append(data)


def read(answer: TestResponse) -> Reading:
    return Reading(answer.text)


def press(client: Any, link: str, button: str, headers: dict[str, str] | None = None, **typed: str) -> TestResponse:
    """Open the page, fill in what is typed, press the button."""
    form = read(client.get(link)).forms[button]
    answer: TestResponse = client.post(form.action, data={**form.fields, **typed}, headers=headers)
    return answer
