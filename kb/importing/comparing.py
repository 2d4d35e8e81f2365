"""What storing an article of a source would change of the one that is here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.db import db
from kb import editor_queries
from kb.addresses import resolving
from kb.importing import pictures
from kb.importing.entries import Entry
from kb.learning.taking import Told, told_words
from kb.models import Article

#: How a report calls the text that waits, and the hidden words.
WAITING, HIDDEN = "waiting", "hidden"


def differences(entry: Entry, article: Article, *, dry: bool = False) -> Iterator[str]:
    """What storing the entry would change of what readers see. `dry`: its pictures are not
    taken in yet, so images count as the same wherever they are."""
    pairs = {
        "title": (entry.title, article.title),
        "summary": (entry.summary, article.summary),
        "tags": (list(entry.tags), list(article.tags)),
        "category": (entry.category, article.category.slug),
        "body": _bodies(entry, article.body, dry),
        "updated": (entry.updated_at or article.updated_at, article.updated_at),
    }
    return (name for name, (wanted, stored) in pairs.items() if wanted != stored)


def waits(
    waiting: Entry,
    entry: Entry,
    article: Article | None,
    shelves: Mapping[int, str],
    *,
    dry: bool = False,
) -> bool:
    """Whether storing a text that waits beside that of `entry` would change anything. `shelves`
    are the addresses of categories by number."""
    if _texts(waiting) == _texts(entry):
        return False
    if article is None or any(differences(entry, article, dry=dry)):
        return True
    last = editor_queries.working_text(article)
    body, stored = _bodies(waiting, last.body, dry)
    shelf = shelves.get(last.category_id, "")
    told = (last.title, last.summary, tuple(last.tags), shelf, last.lang, stored)
    return (*_texts(waiting)[:-1], body) != told


def keeps_its_language(waiting: Entry, article: Article | None) -> bool:
    """Whether a text may wait here: one of two languages of one answer does not change its own."""
    if article is None or waiting.lang == article.lang:
        return True
    return not resolving.is_linked(db.session(), article)


def words_of(entry: Entry) -> Told:
    """What an entry says of hidden words."""
    return told_words(entry.hidden, entry.hidden_removed, entry.lang)


def _texts(entry: Entry) -> tuple[object, ...]:
    body = entry.body.strip("\n")
    return entry.title, entry.summary, entry.tags, entry.category, entry.lang, body


def _bodies(entry: Entry, stored: str, dry: bool) -> tuple[str, str]:
    # Lines without words at either end are no change: a file cannot keep them.
    bodies = entry.body.strip("\n"), stored.strip("\n")
    if dry and bodies[0] != bodies[1] and pictures.shows_any(entry):
        return pictures.without_places(bodies[0]), pictures.without_places(bodies[1])
    return bodies
