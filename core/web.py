"""What every page uses: forms, pagination, safe redirects, filters, the language of a visitor."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request, session
from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.exceptions import NotFound
from werkzeug.routing import BaseConverter
from wtforms import DateTimeLocalField, Field, StringField, TextAreaField
from wtforms.validators import Optional, StopValidation
from wtforms.widgets import TextArea

from core.clock import LIMA
from core.counters import content_generation
from core.form_words import HouseWords
from core.settings import SiteSettings, load
from core.text import clean_line, clean_text
from core.tokens import new_token

T = TypeVar("T")
LANGUAGES = ("es", "en")
LANGUAGE_COOKIE = "idioma"


class NumberConverter(BaseConverter):
    """A row's number in an address: ASCII digits, no leading zero, fits every integer column."""

    regex = "[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        return int(value)


class SlugConverter(BaseConverter):
    """The readable name of a page."""

    regex = "[a-z0-9]+(?:-[a-z0-9]+)*"


class TokenConverter(BaseConverter):
    """An unguessable name: URL-safe base 64."""

    regex = "[A-Za-z0-9_-]{20,64}"


def clean_number(value: object) -> int | None:
    """A row's number that a form carries, as `NumberConverter` takes it; None for anything else."""
    text = value if isinstance(value, str) else ""
    return int(text) if re.fullmatch(NumberConverter.regex, text) else None


class LineField(StringField):
    """One line of text, cleaned of what cannot be seen."""

    def __init__(self, label: object = None, validators: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("filters", [_clean_line])
        super().__init__(label, validators, **kwargs)


class WholeTextArea(TextArea):
    """A box that takes all that is pasted: a browser that is told a length cuts without a word."""

    validation_attrs: ClassVar[list[str]] = [
        name for name in TextArea.validation_attrs if name != "maxlength"
    ]


class TextField(TextAreaField):
    """Text of several lines, cleaned of what cannot be seen."""

    widget = WholeTextArea()

    def __init__(self, label: object = None, validators: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("filters", [_clean_text])
        super().__init__(label, validators, **kwargs)


def _clean_line(value: object) -> object:
    # Nothing is cut here: a text that is too long is refused in words by its length check.
    return clean_line(value, 1_000_000) if isinstance(value, str) else value


def _clean_text(value: object) -> object:
    return clean_text(value) if isinstance(value, str) else value


class Form(FlaskForm):
    """The base of every form; its token is checked once, for the whole site, before the view."""

    class Meta(FlaskForm.Meta):
        csrf = False

        def get_translations(self, _form: object) -> HouseWords:
            """What fields say by themselves."""
            return HouseWords()

    @property
    def error_list(self) -> list[tuple[str, str]]:
        """(field id, message) in the order of the form, for the summary on top."""
        found: list[tuple[str, str]] = []
        for field in self:
            found.extend((field.id, str(message)) for message in _messages(field))
        return found


def _messages(field: Field) -> list[object]:
    errors: list[object] = []
    for error in field.errors:
        errors.extend(error if isinstance(error, (list, tuple)) else [error])
    return errors


def readable(_form: object, field: Field) -> None:
    """Before the other checks of a number: what is none is said once, by the field itself."""
    if field.process_errors:
        raise StopValidation
    if isinstance(field.data, int) and abs(field.data) > 10**12:
        # The checks of a number count with floats, which such a number does not fit.
        raise StopValidation(gettext("Escriba un número más pequeño."))


class MomentField(DateTimeLocalField):
    """A minute on a Peruvian clock; `moment` is aware."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(
            label,
            [readable, Optional()],
            format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
            **kwargs,
        )

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata([value for value in valuelist if value])
        except ValueError:
            self.data = None
            raise ValueError(gettext("Escriba una fecha y una hora.")) from None

    @property
    def moment(self) -> datetime | None:
        return self.data.replace(tzinfo=LIMA) if self.data else None


def visitor_key(*, create: bool = False) -> str:
    """The secret that names this browser before sign-in; '' when it has none yet."""
    if create and "visitor" not in session:
        session["visitor"] = new_token()
    return str(session.get("visitor", ""))


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a longer list. `number` counts from 1."""

    items: Sequence[T]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number < self.pages

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.number * self.size, self.total)

    def window(self, around: int = 2) -> list[int | None]:
        """Page numbers to show; None stands for a gap."""
        wanted = {1, self.pages, *range(self.number - around, self.number + around + 1)}
        numbers = sorted(n for n in wanted if 1 <= n <= self.pages)
        out: list[int | None] = []
        for before, number in zip([0, *numbers], numbers, strict=False):
            if number - before > 1:
                out.append(None)
            out.append(number)
        return out


def page_number() -> int:
    """The page asked for by `?pagina=`; 1 when it is missing or no number.

    Raises NotFound for numbers that no list can have.
    """
    text = request.args.get("pagina", "1")
    if not (text.isascii() and text.isdigit()):
        return 1
    if len(text) > 6:
        raise NotFound
    return max(1, int(text))


def checked_page(page: Page[T]) -> Page[T]:
    """The same page. Raises NotFound when it lies beyond the end."""
    if page.number > page.pages:
        raise NotFound
    return page


def safe_next(target: str | None, fallback: str) -> str:
    """A path of this site to go to, or `fallback`: a redirect never leaves the site."""
    if not target or len(target) > 2000 or not target.isprintable():
        return fallback
    if not target.startswith("/") or target.startswith("//") or "\\" in target:
        return fallback
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return fallback
    adapter = current_app.url_map.bind("")
    try:
        adapter.match(parts.path, method="GET")
    except Exception:  # noqa: BLE001  whatever the router dislikes is no page of ours
        return fallback
    return target


def external_url(endpoint: str, **values: Any) -> str:
    """An absolute address under PUBLIC_URL; never made from the request's Host."""
    public_url: str = current_app.config["SITE"].public_url
    parts = urlsplit(public_url)
    adapter = current_app.url_map.bind(parts.netloc, url_scheme=parts.scheme)
    return public_url + adapter.build(endpoint, values)


def current_locale() -> str:
    """The person's language, else the one chosen by a click, else Spanish."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "") if request else ""
    if chosen in LANGUAGES:
        return chosen
    actor = getattr(g, "actor", None)
    return actor.locale if actor is not None and actor.locale in LANGUAGES else "es"


_settings_cache: dict[tuple[str, int], SiteSettings] = {}


def site_settings() -> SiteSettings:
    """The settings, read again only when public content changed."""
    if "site_settings" not in g:
        key = (current_app.config["SITE"].database_url, generation())
        if key not in _settings_cache:
            _settings_cache.clear()
            _settings_cache[key] = load()
        g.site_settings = _settings_cache[key]
    settings: SiteSettings = g.site_settings
    return settings


def generation() -> int:
    """The generation of public content, asked once a request."""
    if "generation" not in g:
        g.generation = content_generation()
    value: int = g.generation
    return value


def register(app: Flask) -> None:
    """Converters of addresses."""
    app.url_map.converters.update(number=NumberConverter, slug=SlugConverter, token=TokenConverter)
