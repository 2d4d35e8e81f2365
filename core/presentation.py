"""How values look in templates: moments, sizes, words in the reader's language, static files."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime
from pathlib import Path

from flask import Flask, current_app
from flask_babel import (
    format_date,
    format_datetime,
    get_locale,
    get_translations,
    gettext,
    ngettext,
)
from markupsafe import Markup

from core import clock, text
from core.wording import relative_time

#: The address of each file, and when the file was changed that it was made of.
_assets: dict[str, tuple[str, int]] = {}


def asset(name: str) -> str:
    """The address of a static file, with its content's hash so that it may be kept for ever."""
    known = _assets.get(name)
    if known and not current_app.config["SITE"].development:
        return known[0]
    path = f"{current_app.static_folder}/{name}"
    changed = os.stat(path).st_mtime_ns
    if known is None or known[1] != changed:
        version = hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]
        known = _assets[name] = (f"/static/{name}?v={version}", changed)
    return known[0]


def ago(moment: datetime | None) -> str:
    """«hace 5 minutos»: how long ago, in words."""
    if moment is None:
        return ""
    unit, count = relative_time(moment, clock.now())
    if unit == "now":
        return gettext("hace un momento")
    if unit == "minutes":
        return ngettext("hace %(num)d minuto", "hace %(num)d minutos", count)
    if unit == "hours":
        return ngettext("hace %(num)d hora", "hace %(num)d horas", count)
    if unit == "days":
        return ngettext("hace %(num)d día", "hace %(num)d días", count)
    return str(format_date(clock.in_lima(moment), "d MMM y", rebase=False))


def exact(moment: datetime | None) -> str:
    """The moment on a Peruvian clock, in words."""
    if moment is None:
        return ""
    return str(format_datetime(clock.in_lima(moment), "d MMM y, HH:mm", rebase=False))


def day(moment: datetime | None) -> str:
    """The day of a moment on a Peruvian calendar, in words."""
    if moment is None:
        return ""
    return str(format_date(clock.in_lima(moment), "d MMM y", rebase=False))


def file_size(size: int) -> str:
    """A size in KB or MB."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} KB"
    # Peru writes a decimal point, as English does.
    return f"{size / 1_000_000:.1f} MB"


def whole_addresses(html: Markup) -> Markup:
    """Safe HTML whose links into this site also hold their whole address, for paper."""
    return text.with_whole_addresses(html, current_app.config["SITE"].public_url)


def _words(words: str) -> str:
    # The texts of the templates are Spanish: only another language needs the catalogue.
    return words if _spanish() else str(get_translations().ugettext(words))


def _plural_words(one: str, many: str, count: int) -> str:
    if _spanish():
        return one if count == 1 else many
    return str(get_translations().ungettext(one, many, count))


def _spanish() -> bool:
    locale = get_locale()
    return locale is None or locale.language == "es"


def register(app: Flask) -> None:
    """Filters and globals of the templates."""
    app.jinja_env.filters.update(
        ago=ago,
        moment=exact,
        day=day,
        datetime_iso=lambda value: value.isoformat() if value else "",
        file_size=file_size,
        whole_addresses=whole_addresses,
    )
    app.jinja_env.globals.update(asset=asset, get_locale=get_locale)
    app.jinja_env.install_gettext_callables(_words, _plural_words, newstyle=True)  # type: ignore[attr-defined]
