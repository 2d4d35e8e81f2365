"""One draft with two problems becomes two drafts (R6)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from core.db import transaction
from core.tokens import once_key
from tickets.drafts import SUBJECT_LIMIT, NotYours
from tickets.models import Draft
from tickets.policy import Mark
from tickets.two_problems import divide


def divide_draft(*, draft_id: str, owner: str, now: datetime) -> bool:
    """Leave the first problem in the draft and put the second into another; whether it did.

    Files, affection and mark stay with the first: of the second only its writer can say what is
    affected. The same text divided twice makes one second draft. Raises NotYours.
    """
    with transaction() as session:
        draft = session.scalar(select(Draft).where(Draft.id == draft_id).with_for_update())
        if draft is None or draft.owner != owner or not owner:
            raise NotYours
        parts = divide(draft.subject, draft.description)
        if draft.ticket_number is not None or parts is None:
            return False
        second_id = once_key(draft_id, "division", parts.second.text)
        if session.get(Draft, second_id) is None:
            session.add(
                Draft(
                    id=second_id,
                    owner=owner,
                    subject=parts.second.subject[:SUBJECT_LIMIT],
                    description=parts.second.text,
                    affection="",
                    mark=Mark.NORMAL.value,
                    divided_from=draft_id,
                    created_at=now,
                    updated_at=now,
                    attachments=[],
                )
            )
        draft.subject = parts.first.subject[:SUBJECT_LIMIT]
        draft.description = parts.first.text
        # What was shown answers a text that is another one now.
        draft.shown = list(draft.opened)
        draft.updated_at = now
        return True
