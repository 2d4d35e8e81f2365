"""The FAQ as a folder of Markdown files that `kb.importing.folders` reads again.

    es/<slug>.md  en/<slug>.md   every article in any state, with front matter
    es/<slug>.borrador.md        what was saved of it and not published
    images/                      the pictures they show
    categories.yaml              the categories in their order

What the folder says is only decided by what is stored: exported again it has the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import yaml

from core.wording import clean_text
from kb.exporting import pictures, queries
from kb.exporting.folder import File
from kb.importing.folders import SHELVES
from kb.importing.life import audience_of, moments_of, state_of
from kb.importing.targets import moved
from kb.importing.waiting import WAITING
from kb.models import Article, ArticleRevision, Category
from kb.related.queries import chosen_slugs
from kb.translations.queries import ids_behind, twin_slugs

#: One line a value, however long: a line of three dashes can then only be the end.
_WIDTH = 10**9


@dataclass(frozen=True)
class Beside:
    """What is stored of an article beside its texts and moments."""

    translation: str = ""
    behind: bool | None = None
    former: Sequence[str] = ()
    related: Sequence[str] = ()
    hidden: Sequence[str] = ()
    hidden_removed: Sequence[str] = ()


def files() -> Iterator[File]:
    """Every file of the export."""
    shelves = queries.categories()
    yield File(SHELVES, categories_file(shelves))
    names = {row.id: row.slug for row in shelves}
    beside = _all_beside()
    shown: set[str] = set()
    for article in queries.every_article():
        name = f"{article.lang}/{article.slug}"
        last = queries.waiting_text(article)
        shown |= pictures.addresses_in(article.body)
        yield File(f"{name}.md", article_file(article, beside(article)))
        if last is not None:
            shown |= pictures.addresses_in(last.body)
            shelf = names.get(last.category_id or 0, article.category.slug)
            yield File(f"{name}{WAITING}.md", waiting_file(last, shelf))
    yield from pictures.files(sorted(shown))


def _all_beside() -> Callable[[Article], Beside]:
    twins, former = twin_slugs(), queries.former_slugs()
    related, (hidden, removed) = chosen_slugs(), queries.hidden_words()
    late = ids_behind()

    def beside(article: Article) -> Beside:
        words = set(hidden.get(article.id, ()))
        return Beside(
            translation=twins.get(article.id, ""),
            behind=article.id in late if article.translation_of else None,
            former=sorted(former.get(article.id, ())),
            related=related.get(article.id, ()),
            hidden=sorted(words),
            hidden_removed=sorted(set(removed.get(article.id, ())) - words),
        )

    return beside


def article_file(article: Article, beside: Beside | None = None) -> bytes:
    """An article with its front matter."""
    beside = beside or Beside()
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
        "translation": beside.translation,
        "behind": beside.behind,
        "former": list(beside.former),
        "related": list(beside.related),
        "hidden": list(beside.hidden),
        "hidden-removed": list(beside.hidden_removed),
    }
    return _file(fields, article.body)


def waiting_file(revision: ArticleRevision, category: str) -> bytes:
    """What was saved of an article and not published."""
    fields: dict[str, Any] = {
        "title": revision.title,
        "category": category,
        "tags": list(revision.tags),
        "summary": revision.summary,
        "lang": revision.lang,
        "updated": moment_text(revision.saved_at),
    }
    return _file(fields, revision.body)


def _file(fields: Mapping[str, Any], text: str) -> bytes:
    head = _yaml({name: value for name, value in fields.items() if value not in ("", [], None)})
    body = clean_text(text).strip("\n")
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
