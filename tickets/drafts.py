"""Writing a draft: what a person types is kept from the first press of a button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from accounts.permissions import Actor
from core.db import transaction
from core.files import MAX_PER_MESSAGE, CheckedFile
from core.models import Blob
from core.tokens import token_hash
from tickets.models import Attachment, Draft
from tickets.outcomes.policy import Seen
from tickets.outcomes.recording import (
    adopt_episodes,
    forget_owners,
    record_confirmation,
    record_return,
    record_seen,
)
from tickets.teaching import actions as teaching
from tickets.vault import wiping

SUBJECT_LIMIT, DESCRIPTION_LIMIT = 200, 20_000
#: A draft that nobody filed is forgotten after this long.
KEPT_FOR = timedelta(days=14)


class NotYours(Exception):
    """The draft belongs to another browser or person."""


class AlreadyFiled(Exception):
    """The draft became a ticket; `number` is it."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@dataclass(frozen=True)
class Upload:
    """A file that passed the rules of `core.files`, with its bytes."""

    checked: CheckedFile
    content: bytes


@dataclass(frozen=True)
class Written:
    """What the form holds; texts may be incomplete."""

    subject: str
    description: str
    affection: str
    mark: str


def owner_of(actor: Actor | None, visitor: str) -> str:
    """Who a draft belongs to: a person, or a browser before sign-in."""
    if actor is not None:
        return f"p:{actor.person_id}"
    return f"v:{token_hash(visitor)}" if visitor else ""


def save_draft(
    *,
    draft_id: str,
    owner: str,
    written: Written,
    uploads: Sequence[Upload] = (),
    dropped: Sequence[int] = (),
    origin: int | None = None,
    seen: Seen | None = None,
    solving: bool = False,
    now: datetime,
) -> bool:
    """Store the draft as it is written now; whether its files found room.

    `origin` is the ticket out of which it is begun; a draft that exists keeps its own. `seen` is
    what its writer has read meanwhile. A draft that was solved is not any more, unless this save
    belongs to `solving` it: then pressing twice is as good as once.

    With more than MAX_PER_MESSAGE files in all the text is stored and the new ones are not. A
    file that the draft has already, as when a page is sent again, is not added twice.
    Raises NotYours and AlreadyFiled; then nothing is changed.
    """

    def store() -> bool:
        with transaction() as session:
            draft = _kept_draft(session, draft_id, owner, origin, now)
            _write(draft, written, now)
            if not solving:
                _unsolve(session, draft, now)
            session.flush()
            if seen is not None:
                record_seen(session, draft, seen, now=now)
            return _take_files(session, draft, uploads, dropped, now)

    try:
        return store()
    except IntegrityError:
        # The same form arrived twice at once and the other one made the row: now it is there.
        return store()


def _kept_draft(
    session: Session, draft_id: str, owner: str, origin: int | None, now: datetime
) -> Draft:
    draft = _own_draft(session, draft_id, owner)
    if draft is None:
        draft = Draft(id=draft_id, owner=owner, created_at=now, attachments=[])
        draft.origin_number = origin
        draft.shown, draft.opened, draft.searched = [], [], []
        session.add(draft)
    return draft


def _write(draft: Draft, written: Written, now: datetime) -> None:
    draft.subject = " ".join(written.subject.split())[:SUBJECT_LIMIT]
    draft.description = written.description[:DESCRIPTION_LIMIT]
    draft.affection = written.affection[:40]
    draft.mark = written.mark[:10] or "normal"
    draft.updated_at = now


def _unsolve(session: Session, draft: Draft, now: datetime) -> None:
    """Whoever goes on was not helped after all."""
    if draft.solved_at is not None:
        draft.solved_by = draft.solved_at = None
        record_return(session, draft.id, now=now)


def _take_files(
    session: Session,
    draft: Draft,
    uploads: Sequence[Upload],
    dropped: Sequence[int],
    now: datetime,
) -> bool:
    for attachment in [a for a in draft.attachments if a.id in set(dropped)]:
        draft.attachments.remove(attachment)
        session.delete(attachment)
    session.flush()
    known = {(attachment.name, attachment.sha256) for attachment in draft.attachments}
    new = {(u.checked.name, u.checked.sha256): u for u in uploads}
    added = [upload for key, upload in new.items() if key not in known]
    if len(known) + len(added) > MAX_PER_MESSAGE:
        return False
    for upload in added:
        session.add(attach(session, upload, now=now, draft_id=draft.id))
    return True


def is_repeat(draft: Draft, written: Written, uploads: Sequence[Upload]) -> bool:
    """Whether this is what the draft holds already, sent once more."""
    known = {(attachment.name, attachment.sha256) for attachment in draft.attachments}
    return (
        draft.subject == " ".join(written.subject.split())[:SUBJECT_LIMIT]
        and draft.description == written.description[:DESCRIPTION_LIMIT]
        and (draft.affection, draft.mark) == (written.affection[:40], written.mark[:10] or "normal")
        and {(upload.checked.name, upload.checked.sha256) for upload in uploads} <= known
    )


def _own_draft(session: Session, draft_id: str, owner: str) -> Draft | None:
    draft = session.scalar(
        select(Draft)
        .where(Draft.id == draft_id)
        .options(selectinload(Draft.attachments))
        .with_for_update()
    )
    if draft is None:
        return None
    if draft.owner != owner or not owner:
        raise NotYours
    if draft.ticket_number is not None:
        raise AlreadyFiled(draft.ticket_number)
    return draft


def attach(
    session: Session,
    upload: Upload,
    *,
    now: datetime,
    draft_id: str | None = None,
    message_id: int | None = None,
) -> Attachment:
    """An attachment row; its bytes are stored once however often they are sent."""
    checked = upload.checked
    if session.get(Blob, checked.sha256) is None:
        session.add(Blob(sha256=checked.sha256, size=checked.size, content=upload.content))
        session.flush()
    return Attachment(
        draft_id=draft_id,
        message_id=message_id,
        name=checked.name,
        media_type=checked.media_type,
        size=checked.size,
        sha256=checked.sha256,
        added_at=now,
    )


def remember(*, draft_id: str, owner: str, seen: Seen, now: datetime) -> None:
    """Add what was shown with the draft or opened beside it, so that staff do not repeat it.

    Nothing happens to a draft that is not theirs, or was filed.
    """
    with transaction() as session:
        draft = _unfiled(session, draft_id, owner)
        if draft is not None:
            record_seen(session, draft, seen, now=now)


def _unfiled(session: Session, draft_id: str, owner: str) -> Draft | None:
    own = (Draft.id == draft_id, Draft.owner == owner, Draft.ticket_number.is_(None))
    return session.scalar(select(Draft).where(*own).with_for_update()) if owner else None


def solve(*, draft_id: str, owner: str, slug: str, counts: bool = True, now: datetime) -> bool:
    """«Esto lo resolvió»: the article ended it. False when there is no such draft.

    Pressing again, on whatever article, changes nothing. Whoever presses all day long is
    answered as ever, and not counted (`counts`).
    """
    with transaction() as session:
        draft = _unfiled(session, draft_id, owner)
        if draft is not None and draft.solved_at is None:
            draft.solved_by, draft.solved_at = slug[:200], now
            if counts:
                record_confirmation(session, draft, slug, now=now)
                teaching.plan_solved(draft_id, now=now)
        return draft is not None


def come_back(*, draft_id: str, owner: str, now: datetime) -> bool:
    """«No, sigue igual»: back to the draft as it was. False when there is no such draft."""
    with transaction() as session:
        draft = _unfiled(session, draft_id, owner)
        if draft is not None:
            _unsolve(session, draft, now)
        return draft is not None


def discard(*, draft_id: str, owner: str) -> bool:
    """Forget a draft that will not be sent, with its files. False when there is no such draft."""
    with transaction() as session:
        own = select(Draft.id).where(
            Draft.id == draft_id, Draft.owner == owner, Draft.ticket_number.is_(None)
        )
        return _forget(session, own) > 0


def adopt(actor: Actor, visitor: str) -> None:
    """After sign-in the drafts of this browser belong to the person, where they file tickets."""
    if not visitor or not actor.is_customer:
        return
    with transaction() as session:
        session.execute(
            update(Draft)
            .where(Draft.owner == owner_of(None, visitor), Draft.ticket_number.is_(None))
            .values(owner=owner_of(actor, ""))
        )
        adopt_episodes(session, before=owner_of(None, visitor), after=owner_of(actor, ""))


def purge(*, now: datetime) -> int:
    """Forget drafts that were left behind, with their files; how many."""
    with transaction() as session:
        stale = select(Draft.id).where(
            Draft.ticket_number.is_(None), Draft.updated_at < now - KEPT_FOR
        )
        gone = _forget(session, stale)
        kept = select(Attachment.sha256)
        session.execute(delete(Blob).where(Blob.sha256.not_in(kept)))
        forget_owners(session, now=now)
        return gone


def _forget(session: Session, which: Select[str]) -> int:
    session.execute(delete(Attachment).where(Attachment.draft_id.in_(which)))
    wiping.with_drafts(session, which)
    return len(session.scalars(delete(Draft).where(Draft.id.in_(which)).returning(Draft.id)).all())
