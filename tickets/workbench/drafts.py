"""What is being typed at the desk survives a closed tab: one draft a person and ticket."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.permissions import Actor, may_read_desk
from core.db import transaction
from tickets.refusals import NotAllowed
from tickets.vault.noticing import find_secrets
from tickets.workbench.models import Presence, ReplyDraft
from tickets.workbench.policy import DRAFTS_KEPT_FOR, PRESENT_FOR, put_back


def save_draft(
    *, number: int, actor: Actor, text: str | None = None, note: str | None = None, now: datetime
) -> None:
    """Keep what is being typed; None leaves that part as it is. Raises NotAllowed."""
    if not may_read_desk(actor):
        raise NotAllowed("desk")
    try:
        _store(number, actor, text, note, now)
    except IntegrityError:
        # Two pages of one person saved the first words at once: now the row is there.
        _store(number, actor, text, note, now)


def _store(number: int, actor: Actor, text: str | None, note: str | None, now: datetime) -> None:
    with transaction() as session:
        key = (number, actor.person_id)
        draft = session.get(ReplyDraft, key, with_for_update=True)
        text = text if text is not None else draft.text if draft else ""
        note = note if note is not None else draft.note if draft else ""
        # A password is stored nowhere before its writer decided what becomes of it.
        text, note = ("" if find_secrets(written) else written for written in (text, note))
        if not text.strip() and not note.strip():
            if draft is not None:
                session.delete(draft)
            return
        if draft is None:
            draft = ReplyDraft(ticket_number=number, person_id=actor.person_id)
            session.add(draft)
        draft.text, draft.note, draft.updated_at = text, note, now


def forget_reply(session: Session, number: int, person_id: int) -> None:
    """The reply was sent. Belongs into the transaction that stored it."""
    _forget(session, number, person_id, text="")


def forget_note(session: Session, number: int, person_id: int) -> None:
    """The note was stored. Belongs into the transaction that stored it."""
    _forget(session, number, person_id, note="")


def _forget(session: Session, number: int, person_id: int, **emptied: str) -> None:
    own = (ReplyDraft.ticket_number == number, ReplyDraft.person_id == person_id)
    session.execute(update(ReplyDraft).where(*own).values(**emptied))
    empty = (ReplyDraft.text == "", ReplyDraft.note == "")
    session.execute(delete(ReplyDraft).where(*own, *empty))


def keep_undone(session: Session, number: int, person_id: int, text: str, *, now: datetime) -> None:
    """Put the text of a reply that was undone back into the draft."""
    draft = session.get(ReplyDraft, (number, person_id), with_for_update=True)
    if draft is None:
        draft = ReplyDraft(ticket_number=number, person_id=person_id, text="", note="")
        session.add(draft)
    draft.text, draft.updated_at = put_back(text, draft.text), now


def purge(*, now: datetime) -> int:
    """Forget drafts that nobody came back to, and who was where; how many drafts."""
    with transaction() as session:
        session.execute(delete(Presence).where(Presence.seen_at < now - PRESENT_FOR))
        old = delete(ReplyDraft).where(ReplyDraft.updated_at < now - DRAFTS_KEPT_FOR)
        return len(session.scalars(old.returning(ReplyDraft.ticket_number)).all())
