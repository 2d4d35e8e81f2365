"""Between a form that noticed a password and the text that is stored."""

from __future__ import annotations

from datetime import datetime

from accounts.permissions import Actor
from tickets.vault import actions
from tickets.vault.forms import SecretsNoticed


def text_of(form: SecretsNoticed, *, number: int, actor: Actor, now: datetime) -> str:
    """The text of a message to a ticket, without what its writer wants kept encrypted.

    Raises NotAllowed and StepNotAllowed.
    """
    text = form.texts[0]
    if not (form.noticed and form.hides):
        return text
    return actions.hide_in_ticket(
        number=number,
        actor=actor,
        text=text,
        form_id=form.formulario.data or "",  # type: ignore[attr-defined]
        internal=form.is_internal,
        reopens=form.reopens,
        now=now,
    )


def hide_in_draft(
    form: SecretsNoticed, draft_id: str, *, owner: str, actor: Actor | None, now: datetime
) -> bool:
    """The same for a draft, in the form itself. False when it must be decided anew."""
    if not (form.noticed and form.hides):
        return True
    texts = actions.hide_in_draft(
        draft_id=draft_id, owner=owner, actor=actor, texts=form.texts, now=now
    )
    if texts is None:
        form.stop()
        return False
    form.put_texts(texts)
    return True
