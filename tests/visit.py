"""A person with a browser: reads pages, follows links, fills in the forms that are there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def without_token(page: str) -> str:
    """The page without its token, which changes from one second to the next."""
    return re.sub(r'csrf[-_]token" (content|value)="[^"]*"', "", page)


@dataclass
class WebForm:
    """A form as the page holds it: what would be sent, and which buttons it has."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str]] = field(default_factory=list)


def _is_sent(kind: str, found: dict[str, str]) -> bool:
    return kind not in {"radio", "checkbox"} or "checked" in found


class _Reader(HTMLParser):
    """The forms, links and text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[WebForm] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self._named: dict[str, WebForm] = {}
        self._open: WebForm | None = None
        self._elsewhere: list[dict[str, str]] = []
        self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        if tag == "form":
            self._open = WebForm(found.get("action", ""))
            self.forms.append(self._open)
            self._named[found.get("id", "")] = self._open
        if tag == "button" and "formaction" in found and "form" in found:
            self._elsewhere.append(found)
            return
        form = self._named.get(found["form"]) if "form" in found else self._open
        if form and "name" in found and "disabled" not in found:
            self._control(form, tag, found)

    def _control(self, form: WebForm, tag: str, found: dict[str, str]) -> None:
        name, kind = found["name"], found.get("type", "text")
        if tag == "button":
            form.buttons.append((name, found.get("value", "")))
            return
        form.known.add(name)
        if tag == "textarea":
            form.values[name] = ""
            self._textarea = name
        elif tag == "input" and kind != "file" and _is_sent(kind, found):
            form.values[name] = found.get("value", "on" if kind == "checkbox" else "")

    def close(self) -> None:
        """Buttons that send the fields of a form elsewhere, wherever they stand."""
        super().close()
        for found in self._elsewhere:
            form = self._named[found["form"]]
            pressed = [(found["name"], found.get("value", ""))] if "name" in found else []
            self.forms.append(WebForm(found["formaction"], form.values, form.known, pressed))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea and self._open:
            self._open.values[self._textarea] += data.removeprefix("\n")
        self.words.append(data)


class Visit:
    """One browser. `page` is what it shows."""

    def __init__(self, app: Flask) -> None:
        self._client: FlaskClient = app.test_client()
        self.page: TestResponse
        self.path = ""

    def go(self, path: str, *, expect: int = 200) -> Visit:
        """Open an address."""
        self.page = self._client.get(path)
        while self.page.status_code in {302, 303}:
            path = self.page.location
            self.page = self._client.get(path)
        assert self.page.status_code == expect, (path, self.page.status_code)
        self.path = path
        return self

    def follow(self, start: str) -> Visit:
        """Follow the link of the page that begins so."""
        found = [link for link in self._read().links if link.startswith(start)]
        assert found, f"no link to {start} on {self.path}"
        return self.go(found[0])

    def send(
        self,
        action: str,
        press: str = "",
        *,
        files: list[Any] | None = None,
        expect: int = 303,
        **typed: str,
    ) -> Visit:
        """Fill in the form with this action and press its button «name=value»."""
        form = next((f for f in self._read().forms if f.action == action), None)
        assert form, f"no form to {action} on {self.path}"
        assert set(typed) <= form.known, set(typed) - form.known
        values: dict[str, Any] = {**form.values, **typed}
        if press:
            name, _, value = press.partition("=")
            assert (name, value) in form.buttons, form.buttons
            values[name] = value
        if files:
            assert "adjuntos" in form.known
            values["adjuntos"] = files
        self.page = self._client.post(
            action, data=values, headers={"Sec-Fetch-Site": "same-origin"}
        )
        assert self.page.status_code == expect, (action, self.page.status_code)
        self.path = action
        return self.go(self.page.location) if expect == 303 else self

    @property
    def text(self) -> str:
        """The words of the page, with single spaces."""
        return " ".join(" ".join(self._read().words).split())

    @property
    def links(self) -> list[str]:
        """Where the page leads."""
        return self._read().links

    @property
    def forms(self) -> list[WebForm]:
        """The forms of the page."""
        return self._read().forms

    def value(self, action: str, name: str) -> str:
        """What a field of a form holds."""
        form = next(f for f in self._read().forms if f.action == action)
        return form.values[name].strip()

    def says(self, *words: str) -> Visit:
        """The page says all of this."""
        for one in words:
            assert one in self.text, f"«{one}» is not on {self.path}"
        return self

    def _read(self) -> _Reader:
        reader = _Reader()
        reader.feed(self.page.text)
        reader.close()
        for form in reader.forms:
            form.action = form.action or self.path
        return reader
