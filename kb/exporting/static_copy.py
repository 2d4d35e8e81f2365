"""A copy of the public FAQ that opens from a folder, with no server, for the day the site is down.

Only what everybody may read is in it. Links lead on inside the folder; what is not in it leads
to the site. The search is a list of words in a script, because a page opened from a disk may
read no other file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import current_app
from flask_babel import force_locale

from core.click_to_chat import chat_url
from core.identifiers import display_phone
from core.web import site_settings
from kb.analysis import fold, is_stop, tokens
from kb.exporting import pictures, queries
from kb.exporting.folder import File
from kb.models import Article, Category
from kb.queries import rendered

STYLES = ("tokens", "base", "layout", "components", "forms", "pages", "print", "copy")
#: Words of an article that its search knows; they are the ones a text begins with.
WORDS = 150
#: Where the text of an article goes. It is safe HTML and put in as it is.
_PLACE = "<!-- texto -->"
_TAG = re.compile(r'<(?:a|img)\s(?:[^>"]|"[^"]*")*>')
_TARGET = re.compile(r'(?<=\s)(href|src)="(/(?!/)[^"]*)"')
_ARTICLE = re.compile(r"/preguntas/([a-z0-9-]+)(#.*)?")
_SHELF = re.compile(r"/preguntas/categoria/([a-z0-9-]+)")


@dataclass(frozen=True)
class Line:
    """An article in a list of the copy."""

    slug: str
    title: str
    summary: str
    lang: str
    updated_at: datetime


def files(*, now: datetime) -> Iterator[File]:
    """Every file of the copy, as it is at `now`."""
    with force_locale("es"):
        yield from _assets()
        yield from _pages(now)


def _pages(now: datetime) -> Iterator[File]:
    shelves = {shelf.id: shelf for shelf in queries.categories()}
    lists: dict[int, list[Line]] = {number: [] for number in shelves}
    index: list[list[str]] = []
    shown: set[str] = set()
    known = queries.public_slugs()
    for article in queries.public_articles():
        shelf = shelves[article.category_id]
        lists[shelf.id].append(_line(article))
        index.append(
            [article.title, f"articulo/{article.slug}.html", shelf.name, words_of(article)]
        )
        shown |= pictures.addresses_in(article.body)
        page = _page("copy/article.html", now, up="../", article=article, shelf=shelf)
        text = retargeted(str(rendered(article.body).html), known)
        yield File(f"articulo/{article.slug}.html", page.replace(_PLACE, text).encode())
    full = [(shelf, lists[shelf.id]) for shelf in shelves.values() if lists[shelf.id]]
    yield from _lists(full, now)
    data = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    yield File("js/index.js", f"window.ARTICLES = {data};\n".encode())
    yield from pictures.files(sorted(shown))


def _lists(full: Sequence[tuple[Category, list[Line]]], now: datetime) -> Iterator[File]:
    yield File("index.html", _page("copy/index.html", now, up="", shelves=full).encode())
    for shelf, lines in full:
        lines.sort(key=lambda line: (fold(line.title), line.slug))
        page = _page("copy/category.html", now, up="../", shelf=shelf, lines=lines)
        yield File(f"categoria/{shelf.slug}.html", page.encode())


def _page(template: str, now: datetime, *, up: str, **values: object) -> str:
    settings = site_settings()
    return current_app.jinja_env.get_template(template).render(
        up=up,
        made_at=now,
        name=settings.name,
        title=settings.title,
        hours=settings.hours,
        email=settings.contact_email,
        phone=settings.phone,
        phone_shown=display_phone(settings.phone),
        whatsapp=chat_url(settings.whatsapp),
        whatsapp_shown=display_phone(settings.whatsapp),
        site_url=current_app.config["SITE"].public_url,
        styles=("normalize", *STYLES),
        **values,
    )


def _line(article: Article) -> Line:
    return Line(article.slug, article.title, article.summary, article.lang, article.updated_at)


def words_of(article: Article) -> str:
    """The words by which the copy finds an article, folded, each once."""
    text = " ".join([article.title, *article.tags, article.summary, article.plain[:20_000]])
    found = (token.word for token in tokens(fold(text)))
    return " ".join(list(dict.fromkeys(word for word in found if not is_stop(word)))[:WORDS])


def retargeted(html: str, known: set[str]) -> str:
    """Safe HTML of an article with its links as they lead on from the folder `articulo`."""

    def tag(found: re.Match[str]) -> str:
        return _TARGET.sub(lambda one: f'{one[1]}="{_place(one[2], known)}"', found[0])

    return _TAG.sub(tag, html)


def _place(target: str, known: set[str]) -> str:
    article, shelf = _ARTICLE.fullmatch(target), _SHELF.fullmatch(target)
    if article and article[1] in known:
        return f"{article[1]}.html{article[2] or ''}"
    if shelf:
        return f"../categoria/{shelf[1]}.html"
    if target == "/preguntas":
        return "../index.html"
    beside = pictures.beside(target, "../")
    return beside if beside else f"{current_app.config['SITE'].public_url}{target}"


def _assets() -> Iterator[File]:
    static = Path(current_app.static_folder or "")
    yield File("css/normalize.css", (static / "vendor" / "modern-normalize.css").read_bytes())
    for name in STYLES:
        yield File(f"css/{name}.css", (static / "css" / f"{name}.css").read_bytes())
    yield File("js/copy.js", (static / "js" / "copy.js").read_bytes())
