"""Reads of synonyms: the list of the editor, and the vocabulary in force."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from flask import current_app
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from core.counters import last_value
from core.db import db
from kb.analysis import fold
from kb.synonyms.models import SynonymGroup
from kb.vocabulary import Group, Vocabulary

#: Moves with every change of a group; every process compares it before it searches.
GENERATION = "synonyms"
#: Where they are kept, among the extensions of the app.
KEPT = "synonyms_in_force"
_tried: ContextVar[Vocabulary | None] = ContextVar("tried_vocabulary", default=None)


def vocabulary() -> Vocabulary:
    """The synonyms in force, read again when they changed, whichever process changed them."""
    tried = _tried.get()
    if tried is not None:
        return tried
    generation = last_value(GENERATION)
    kept: tuple[int, Vocabulary] | None = current_app.extensions.get(KEPT)
    if kept is None or kept[0] != generation:
        kept = current_app.extensions[KEPT] = (generation, Vocabulary(groups()))
    return kept[1]


@contextmanager
def trying(found: Vocabulary) -> Iterator[None]:
    """Search with other synonyms than those in force, here and now only."""
    token = _tried.set(found)
    try:
        yield
    finally:
        _tried.reset(token)


def groups(*, but: int | None = None) -> list[Group]:
    """Every group, or every one but that one, as the vocabulary takes them."""
    query = select(SynonymGroup.phrases, SynonymGroup.lang, SynonymGroup.one_way)
    if but is not None:
        query = query.where(SynonymGroup.id != but)
    rows = db.session.execute(query.order_by(SynonymGroup.id))
    return [Group(tuple(phrases.split("\n")), lang, one_way) for phrases, lang, one_way in rows]


def list_groups(text: str, *, offset: int, limit: int) -> tuple[Sequence[SynonymGroup], int]:
    """One page of the groups that hold every word of `text`, by their first phrase."""
    where = [_holding(word) for word in fold(text).split()[:8]]
    total = db.session.scalar(select(func.count()).select_from(SynonymGroup).where(*where)) or 0
    query = select(SynonymGroup).options(joinedload(SynonymGroup.author)).where(*where)
    query = query.order_by(SynonymGroup.words, SynonymGroup.id)
    return db.session.scalars(query.offset(offset).limit(limit)).all(), total


def group_to_edit(group_id: int) -> SynonymGroup | None:
    """A group with whoever wrote it."""
    query = select(SynonymGroup).options(joinedload(SynonymGroup.author))
    return db.session.scalar(query.where(SynonymGroup.id == group_id))


def groups_with(phrases: Sequence[str], *, but: int | None) -> list[SynonymGroup]:
    """Other groups that hold one of these phrases: a word in two groups finds what both say."""
    wanted = {fold(phrase) for phrase in phrases}
    query = select(SynonymGroup).order_by(SynonymGroup.words, SynonymGroup.id)
    rows = db.session.scalars(query.where(SynonymGroup.id != but) if but else query)
    return [group for group in rows if wanted & set(group.words.split("\n"))]


def _holding(word: str) -> ColumnElement[bool]:
    return SynonymGroup.words.contains(word, autoescape=True)
