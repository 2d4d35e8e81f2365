"""Hidden words that come with the articles of an import, as an export of ours writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.permissions import Actor
from core import audit
from core.db import db, transaction
from kb.learning.models import HiddenWord
from kb.learning.policy import MOST_WORDS
from kb.learning.promotion import follow
from kb.learning.words import typed_words
from kb.models import Article


@dataclass(frozen=True)
class Told:
    """What a source says of the words of one article: those it is found by, and those that shall
    not be learned, by their stem. `useless` are words nobody could search for."""

    hidden: Mapping[str, str]
    removed: Mapping[str, str]
    useless: Sequence[str] = ()


@dataclass(frozen=True)
class Change:
    """What taking them changes: words to hide, words to take out (by stem), words without room."""

    hide: Mapping[str, str]
    remove: Mapping[str, str]
    without_room: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.hide or self.remove)


def told_words(hidden: Iterable[str], removed: Iterable[str], lang: str) -> Told:
    """The words of an article as a source lists them. A word of both lists is hidden."""
    useless: list[str] = []
    lists: list[dict[str, str]] = []
    for words in (hidden, removed):
        found: dict[str, str] = {}
        for word in words:
            typed = typed_words(word, lang)
            for root, plain in typed.items():
                found.setdefault(root, plain)
            if not typed:
                useless.append(word)
        lists.append(found)
    shown, out = lists
    return Told(shown, {root: out[root] for root in out if root not in shown}, useless)


def rows_of(ids: Iterable[int]) -> dict[int, list[HiddenWord]]:
    """Every word of these articles, the removed ones too."""
    found: dict[int, list[HiddenWord]] = {}
    for row in db.session.scalars(select(HiddenWord).where(HiddenWord.article_id.in_(ids))):
        found.setdefault(row.article_id, []).append(row)
    return found


def change_of(told: Told, rows: Sequence[HiddenWord]) -> Change:
    """What is left to do where an article has these words. Others that it has stay."""
    known = _Known(rows)
    remove = {root: word for root, word in told.removed.items() if known.differs(root, word, True)}
    live = {row.stem for row in rows if row.removed_at is None}
    live -= {row.stem for pair in remove.items() if (row := known.row(*pair)) is not None}
    hide: dict[str, str] = {}
    without_room: list[str] = []
    for root, word in told.hidden.items():
        if not known.differs(root, word, False):
            continue
        if len(live) + len(hide) < MOST_WORDS:
            hide[root] = word
        else:
            without_room.append(word)
    return Change(hide, remove, without_room)


def take_words(*, told: Mapping[int, Told], actor: Actor | None, now: datetime) -> int:
    """Give articles, by id, the words that an import tells; how many articles changed.

    They stay like words that an editor added or removed: nobody here has used them yet.
    """
    made = 0
    with transaction() as session:
        wanted = select(Article.id).where(Article.id.in_(told)).order_by(Article.id)
        there = session.scalars(wanted.with_for_update()).all()
        rows = rows_of(there)
        for article_id in there:
            own = rows.get(article_id, [])
            change = change_of(told[article_id], own)
            if change:
                _take(session, article_id, change, _Known(own), now)
                _tell(session, article_id, change, actor, now)
                made += 1
    return made


class _Known:
    """The words an article has, by stem or else as they are written: the stem is that of the
    language the article had then."""

    def __init__(self, rows: Sequence[HiddenWord]) -> None:
        self._by_stem = {row.stem: row for row in rows}
        self._by_word = {row.word: row for row in rows}

    def row(self, root: str, word: str) -> HiddenWord | None:
        return self._by_stem.get(root) or self._by_word.get(word)

    def differs(self, root: str, word: str, out: bool) -> bool:
        """Whether the word is not there, or is removed where it should not be, or hidden."""
        row = self.row(root, word)
        return row is None or (row.removed_at is not None) is not out


def _take(session: Session, article_id: int, change: Change, known: _Known, now: datetime) -> None:
    for words, removed_at in ((change.hide, None), (change.remove, now)):
        for root, word in words.items():
            row = known.row(root, word)
            if row is None:
                row = HiddenWord(article_id=article_id, stem=root, word=word, added_at=now)
                session.add(row)
            row.by_hand, row.removed_at = True, removed_at


def _tell(
    session: Session, article_id: int, change: Change, actor: Actor | None, now: datetime
) -> None:
    audit.record(
        "article.words_imported",
        f"article:{article_id}",
        actor_id=actor.person_id if actor else None,
        now=now,
        hidden=sorted(change.hide.values()),
        removed=sorted(change.remove.values()),
    )
    follow(session, article_id, now=now)
