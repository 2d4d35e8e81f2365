"""Writing, changing and deleting groups of synonyms; each works at once in every process."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.permissions import Actor, may_edit_articles
from core import audit
from core.counters import last_value, next_value, touch_content
from core.db import transaction
from core.tokens import once_key
from kb.actions import Gone
from kb.synonyms.models import SynonymGroup
from kb.synonyms.phrases import MOST_GROUPS, words_key
from kb.synonyms.queries import GENERATION
from kb.vocabulary import Group


class Changed(Exception):
    """Somebody stored the group since it was read; nothing was stored."""


class Known(Exception):
    """There is a group with just these phrases."""


class TooMany(Exception):
    """There are as many groups as a search can bear."""


class NotAllowed(Exception):
    """Only editors look after synonyms."""


@dataclass(frozen=True)
class GroupText:
    """What an editor writes."""

    phrases: tuple[str, ...]
    lang: str
    one_way: bool
    note: str


def create_group(*, actor: Actor, text: GroupText, form_id: str, now: datetime) -> int:
    """Store a new group; its id. The same form makes one, once.

    Raises NotAllowed, Known, TooMany.
    """
    _check(actor)
    once = once_key(form_id, actor.person_id, "synonyms") if form_id else None
    with transaction() as session:
        _move()
        if once is not None:
            made = session.scalar(select(SynonymGroup.id).where(SynonymGroup.form_id == once))
            if made is not None:
                return made
        _refuse_known(session, text, None)
        if (session.scalar(select(func.count()).select_from(SynonymGroup)) or 0) >= MOST_GROUPS:
            raise TooMany
        group = SynonymGroup(
            author_id=actor.person_id, created_at=now, form_id=once, **_columns(text, now)
        )
        session.add(group)
        session.flush()
        _record(group, "synonyms.created", actor, now)
        return group.id


def change_group(
    *, actor: Actor, group_id: int, text: GroupText, revision: int | None, now: datetime
) -> None:
    """Store other words for the group that was read as `revision`.

    Raises NotAllowed, Gone, Changed, Known.
    """
    _check(actor)
    with transaction() as session:
        _move()
        group = _locked(session, group_id)
        if group.revision != revision:
            raise Changed
        _refuse_known(session, text, group_id)
        for name, value in _columns(text, now).items():
            setattr(group, name, value)
        group.revision += 1
        group.author_id = actor.person_id
        _record(group, "synonyms.changed", actor, now)


def delete_group(*, actor: Actor, group_id: int, now: datetime) -> None:
    """Take a group away; one that came with the site does not come back.

    Raises NotAllowed, Gone.
    """
    _check(actor)
    with transaction() as session:
        _move()
        group = _locked(session, group_id)
        _record(group, "synonyms.deleted", actor, now)
        session.delete(group)


def install_first(groups: Iterable[Group], *, now: datetime) -> int:
    """Store the groups that come with the site, once in its life; how many were stored."""
    with transaction() as session:
        if last_value(GENERATION):
            return 0
        _move()
        rows = [
            SynonymGroup(
                created_at=now,
                **_columns(GroupText(group.phrases, group.lang, group.one_way, ""), now),
            )
            for group in groups
        ]
        session.add_all(rows)
        return len(rows)


def _move() -> None:
    # First, because its row locks out whoever changes a group at the same moment.
    next_value(GENERATION)
    touch_content()


def _check(actor: Actor) -> None:
    if not may_edit_articles(actor):
        raise NotAllowed


def _locked(session: Session, group_id: int) -> SynonymGroup:
    found = select(SynonymGroup).where(SynonymGroup.id == group_id).with_for_update()
    group = session.scalar(found)
    if group is None:
        raise Gone
    return group


def _refuse_known(session: Session, text: GroupText, group_id: int | None) -> None:
    same = select(SynonymGroup.id).where(
        SynonymGroup.words == words_key(text.phrases), SynonymGroup.one_way == text.one_way
    )
    if any(found != group_id for found in session.scalars(same)):
        raise Known


def _columns(text: GroupText, now: datetime) -> dict[str, object]:
    return {
        "phrases": "\n".join(text.phrases),
        "words": words_key(text.phrases),
        "lang": text.lang,
        "one_way": text.one_way,
        "note": text.note,
        "changed_at": now,
    }


def _record(group: SynonymGroup, kind: str, actor: Actor, now: datetime) -> None:
    words = group.phrases.split("\n")
    audit.record(kind, f"synonyms:{group.id}", actor_id=actor.person_id, now=now, words=words)
