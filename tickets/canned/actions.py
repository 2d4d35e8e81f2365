"""Writing, changing, archiving canned answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.permissions import Actor, may_edit_canned_answers
from core import audit
from core.db import transaction
from core.tokens import once_key
from kb.analysis import fold
from tickets.canned.models import CannedAnswer
from tickets.refusals import NotAllowed


class Gone(Exception):
    """There is no such answer."""


class Changed(Exception):
    """Somebody stored the answer since it was read; nothing was stored."""


@dataclass(frozen=True)
class CannedText:
    """What a technician writes. `affection` is a code of the policy, or '' for every ticket."""

    title: str
    body: str
    affection: str
    lang: str


def create_answer(*, actor: Actor, text: CannedText, form_id: str, now: datetime) -> int:
    """Store a new answer; its id. The same form makes one, once. Raises NotAllowed."""
    _check(actor)
    once = once_key(form_id, actor.person_id, "canned") if form_id else None
    with transaction() as session:
        if once is not None:
            made = session.scalar(select(CannedAnswer.id).where(CannedAnswer.form_id == once))
            if made is not None:
                return made
        answer = CannedAnswer(
            author_id=actor.person_id, created_at=now, form_id=once, **_columns(text, now)
        )
        session.add(answer)
        session.flush()
        _follow(answer, "canned.created", actor, now)
        return answer.id


def change_answer(
    *, actor: Actor, answer_id: int, text: CannedText, revision: int | None, now: datetime
) -> None:
    """Store a new text for the answer that was read as `revision`.

    Raises NotAllowed, Gone, Changed.
    """
    _check(actor)
    with transaction() as session:
        answer = _locked(session, answer_id)
        if answer.revision != revision:
            raise Changed
        for name, value in _columns(text, now).items():
            setattr(answer, name, value)
        answer.revision += 1
        _follow(answer, "canned.changed", actor, now)


def archive_answer(*, actor: Actor, answer_id: int, now: datetime) -> None:
    """Stop offering an answer; once is as good as twice. Raises NotAllowed, Gone."""
    _check(actor)
    with transaction() as session:
        answer = _locked(session, answer_id)
        if answer.archived_at is None:
            answer.archived_at = now
            _follow(answer, "canned.archived", actor, now)


def restore_answer(*, actor: Actor, answer_id: int, now: datetime) -> None:
    """Offer an archived answer again; once is as good as twice. Raises NotAllowed, Gone."""
    _check(actor)
    with transaction() as session:
        answer = _locked(session, answer_id)
        if answer.archived_at is not None:
            answer.archived_at = None
            _follow(answer, "canned.restored", actor, now)


def _check(actor: Actor) -> None:
    if not may_edit_canned_answers(actor):
        raise NotAllowed("canned")


def _locked(session: Session, answer_id: int) -> CannedAnswer:
    found = select(CannedAnswer).where(CannedAnswer.id == answer_id).with_for_update()
    answer = session.scalar(found)
    if answer is None:
        raise Gone
    return answer


def _columns(text: CannedText, now: datetime) -> dict[str, object]:
    return {
        "title": text.title,
        "body": text.body,
        "affection": text.affection,
        "lang": text.lang,
        "words": fold(f"{text.title}\n{text.body}"),
        "changed_at": now,
    }


def _follow(answer: CannedAnswer, kind: str, actor: Actor, now: datetime) -> None:
    audit.record(kind, f"canned:{answer.id}", actor_id=actor.person_id, now=now, title=answer.title)
