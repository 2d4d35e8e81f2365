"""The FAQ as a folder of Markdown files that `kb.importing.folders` reads again.

    es/<slug>.md  en/<slug>.md   every article in any state, with front matter
    images/                      the pictures they show
    categories.yaml              the categories in their order

What the folder says is only decided by what is stored: exported again it has the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import yaml

from core.wording import clean_text
from kb.exporting import pictures, queries
from kb.exporting.folder import File
from kb.importing.folders import SHELVES
from kb.importing.life import audience_of, moments_of, state_of
from kb.importing.targets import moved
from kb.models import Article, Category

#: One line a value, however long: a line of three dashes can then only be the end.
_WIDTH = 10**9


def files() -> Iterator[File]:
    """Every file of the export."""
    yield File(SHELVES, categories_file(queries.categories()))
    twins, former = queries.translations(), queries.former_slugs()
    shown: set[str] = set()
    for article in queries.every_article():
        text = article_file(article, twins.get(article.id, ""), former.get(article.id, ()))
        shown |= pictures.addresses_in(article.body)
        yield File(f"{article.lang}/{article.slug}.md", text)
    yield from pictures.files(sorted(shown))


def article_file(article: Article, translation: str = "", former: Sequence[str] = ()) -> bytes:
    """An article with its front matter."""
    fields: dict[str, Any] = {
        "title": article.title,
        "slug": article.slug,
        "category": article.category.slug,
        "tags": list(article.tags),
        "summary": article.summary,
        "lang": article.lang,
        "updated": moment_text(article.updated_at),
        "state": state_of(article).value,
        **{name: moment_text(moment) for name, moment in moments_of(article).items()},
        "audience": audience_of(article),
        "translation": translation,
        "former": sorted(former),
    }
    head = _yaml({name: value for name, value in fields.items() if value})
    body = clean_text(article.body).strip("\n")
    if pictures.addresses_in(body):
        body = moved(body, lambda target: pictures.beside(target, "../"))
    return f"---\n{head}---\n\n{body}\n".encode()


def categories_file(categories: Sequence[Category]) -> bytes:
    """What the categories are called, in their order."""
    rows = [
        {"slug": row.slug, "name": row.name, "description": row.description} for row in categories
    ]
    return _yaml(rows).encode()


def moment_text(moment: datetime) -> str:
    """A moment to the microsecond, in UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _yaml(value: Mapping[str, Any] | Sequence[Any]) -> str:
    return str(yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=_WIDTH))
