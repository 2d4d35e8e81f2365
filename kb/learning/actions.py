"""Noting the words of people who were helped by an article, in the transaction of what they did.

A note is a word by its stem, who and where from; the text is not kept. What notes amount to is
decided later, by a job (`kb.learning.promotion`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, undefer

from accounts.models import Person
from core import outbox
from kb.learning import policy
from kb.learning.models import WordNote
from kb.learning.policy import Source, Standing
from kb.learning.words import stems_of, words_of
from kb.models import Article

#: The outbox job that decides anew which words an article has earned.
LEARN_JOB = "kb.learn"
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Speaker:
    """Whose words they are: `private` names are not kept."""

    key: str
    standing: Standing
    side: str
    private: tuple[str, ...] = ()


def note_words(
    session: Session,
    *,
    article_id: int,
    text: str,
    person: str,
    source: Source,
    now: datetime,
) -> int:
    """Keep the words of `text` that led `person` to an article; how many were new.

    `person` is `p:<person id>`, or any text of up to 64 characters that names a browser. The
    source says whether they were helped: `Source.FILED` speaks against the words. Belongs into
    the caller's transaction; the same words of the same person again change only the moment.
    """
    article = session.scalar(
        select(Article)
        .options(undefer(Article.plain))
        .where(Article.id == article_id, Article.published_at.is_not(None))
        # Two events of one person must not store one word twice.
        .with_for_update()
    )
    speaker = _speaker(session, person, vouched=source is Source.REPLY, now=now)
    if article is None or speaker is None:
        return 0
    texts = (article.title, article.summary, *article.tags, article.plain)
    found = words_of(
        text, article.lang, said=stems_of(texts, article.lang), private=speaker.private
    )
    stored = _store(session, article.id, speaker, found, source, now)
    if stored:
        outbox.enqueue(LEARN_JOB, {"article_id": article.id}, now=now)
    return stored


def note_searches(
    session: Session, searched: Sequence[str], *, article_id: int, person: str, now: datetime
) -> None:
    """Keep the words of what somebody searched before they said that an article helped."""
    if searched:
        note_words(
            session,
            article_id=article_id,
            text="\n".join(searched),
            person=person,
            source=Source.VOTE,
            now=now,
        )


def _speaker(session: Session, person: str, *, vouched: bool, now: datetime) -> _Speaker | None:
    if not person:
        return None
    if not person.startswith("p:"):
        return _Speaker(person.removeprefix("v:")[:64], Standing.VISITOR, "")
    found = session.scalar(
        select(Person)
        .options(joinedload(Person.company))
        .where(Person.id == int(person.removeprefix("p:")))
    )
    if found is None or found.disabled_at is not None:
        return None
    standing = policy.standing_of(
        staff=bool(found.roles),
        confirmed_at=found.confirmed_at,
        created_at=found.created_at,
        vouched=vouched,
        now=now,
    )
    side = Standing.STAFF.value if found.roles else f"c:{found.company_id}"
    company = found.company.name if found.company else ""
    return _Speaker(person, standing, side, (found.name, company, found.email))


def _store(
    session: Session,
    article_id: int,
    speaker: _Speaker,
    found: dict[str, str],
    source: Source,
    now: datetime,
) -> int:
    own = (WordNote.article_id == article_id, WordNote.person == speaker.key)
    before = {note.stem: note for note in session.scalars(select(WordNote).where(*own))}
    for root in found.keys() & before.keys():
        _say_again(before[root], speaker, source, now)
    fresh = [root for root in found if root not in before]
    room = _room(session, article_id, speaker, len(fresh), now)
    for root in fresh[:room]:
        note = WordNote(article_id=article_id, stem=root, person=speaker.key, word=found[root])
        _say_again(note, speaker, source, now)
        session.add(note)
    return min(room, len(fresh)) + len(found.keys() & before.keys())


def _say_again(note: WordNote, speaker: _Speaker, source: Source, now: datetime) -> None:
    # A technician chose the article for these words: a vote afterwards takes nothing from that.
    if note.source != Source.REPLY or source is Source.FILED:
        note.source = source.value
    note.helped = source is not Source.FILED
    note.standing, note.side, note.at = speaker.standing.value, speaker.side, now


def _room(session: Session, article_id: int, speaker: _Speaker, wanted: int, now: datetime) -> int:
    """How many new words the caps leave."""
    today = select(func.count()).select_from(WordNote).where(WordNote.at > now - _DAY)
    used = session.scalar(today.where(WordNote.person == speaker.key)) or 0
    room = policy.within(used, policy.PER_PERSON, min(wanted, policy.PER_TEXT))
    if speaker.standing is not Standing.VISITOR or not room:
        return room
    visitors = today.where(
        WordNote.article_id == article_id, WordNote.standing == Standing.VISITOR.value
    )
    return policy.within(session.scalar(visitors) or 0, policy.VISITORS_PER_ARTICLE, room)
