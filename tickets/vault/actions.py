"""Keeping, reading and wiping secrets. Each verb is one transaction: rows, events, outbox."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from accounts.permissions import (
    Actor,
    may_read_desk,
    may_read_secret,
    may_remove_secret,
    may_work_desk,
)
from core.db import transaction
from core.tokens import new_token, once_key
from tickets import events
from tickets.lifecycle import State, Step, StepNotAllowed
from tickets.models import Draft, Ticket
from tickets.participants.queries import may_see, may_write
from tickets.queries import thread_numbers
from tickets.refusals import NotAllowed
from tickets.vault import sealing, wiping
from tickets.vault.models import Secret, SecretReading
from tickets.vault.noticing import Kind, find_secrets

USUAL_DAYS = 7
DAYS = (1, USUAL_DAYS, 30)
VALUE_LIMIT, LABEL_LIMIT = 8_000, 80
IN_ATTENTION = frozenset({State.ACTIVE, State.WAITING})
ENDED = frozenset({State.CLOSED, State.MERGED})


class _Filed(Exception):
    """Something new was written in a draft that is a ticket already."""


class Ended(Exception):
    """The value is gone: it expired, was removed, or the ticket was closed."""


_PLACEHOLDER = re.compile(r"\[dato cifrado (\d{1,4})\]")


@dataclass(frozen=True)
class Value:
    """What is to be kept: for how many days, under which name (the kind's own when empty)."""

    text: str
    kind: Kind
    label: str = ""
    days: int = USUAL_DAYS


@dataclass(frozen=True)
class _Place:
    """Where secrets are put: a draft or a ticket, by whom, and when."""

    draft_id: str | None
    number: int | None
    author_id: int | None
    internal: bool
    now: datetime
    #: Nothing is added any more: only what is there keeps its numbers.
    is_filed: bool = False


def keep(*, number: int, actor: Actor, value: Value, form_id: str, now: datetime) -> None:
    """«Añadir un dato secreto». Raises NotAllowed, and StepNotAllowed once the ticket is closed."""
    with transaction() as session:
        _writable(session, number, actor, internal=False, reopens=False)
        once = once_key(form_id or new_token(), number, actor.person_id, value)
        place = _Place(None, number, actor.person_id, internal=False, now=now)
        _put(session, place, value, once)


def hide_in_ticket(
    *,
    number: int,
    actor: Actor,
    text: str,
    form_id: str,
    internal: bool = False,
    reopens: bool = False,
    now: datetime,
) -> str:
    """Keep what is noticed in a message; the text with «[dato cifrado N]» in its place.

    The same form and text give the same numbers. Raises NotAllowed and StepNotAllowed.
    """
    with transaction() as session:
        _writable(session, number, actor, internal=internal, reopens=reopens)
        place = _Place(None, number, actor.person_id, internal=internal, now=now)
        seed = once_key(form_id or new_token(), number, actor.person_id, internal, text)
        return _hide(session, place, text, seed)


def hide_in_draft(
    *, draft_id: str, owner: str, actor: Actor | None, texts: Sequence[str], now: datetime
) -> list[str] | None:
    """The same for the texts of a draft; None when this owner has no such draft.

    A draft that was filed meanwhile gives the numbers it had, so that pressing twice is once.
    """
    with transaction() as session:
        draft = session.scalar(select(Draft).where(Draft.id == draft_id).with_for_update())
        if draft is None or not owner or draft.owner != owner:
            return None
        author, filed = actor.person_id if actor else None, draft.ticket_number is not None
        place = _Place(draft_id, None, author, internal=False, now=now, is_filed=filed)
        seed = once_key("draft", draft_id, *texts)
        try:
            return [_hide(session, place, text, seed, n) for n, text in enumerate(texts)]
        except _Filed:
            return None


def _writable(
    session: Session, number: int, actor: Actor, *, internal: bool, reopens: bool
) -> None:
    ticket = session.scalar(select(Ticket).where(Ticket.number == number).with_for_update())
    if ticket is None:
        raise NotAllowed("write")
    if actor.is_staff:
        holds = may_work_desk(actor) and (reopens or ticket.holder_id == actor.person_id)
        if not (may_read_desk(actor) if internal else holds):
            raise NotAllowed("holder")
    elif internal or not may_write(actor, ticket):
        raise NotAllowed("write")
    if State(ticket.state) in ENDED and not (reopens or internal):
        raise StepNotAllowed(State(ticket.state), Step.ANSWER)


def _hide(session: Session, place: _Place, text: str, seed: str, part: int = 0) -> str:
    pieces: list[str] = []
    done = 0
    for n, span in enumerate(find_secrets(text)):
        value = Value(text[span.start : span.end], span.kind)
        position = _put(session, place, value, once_key(seed, part, n))
        pieces += [text[done : span.start], f"[dato cifrado {position}]"]
        done = span.end
    return "".join([*pieces, text[done:]])


def _put(session: Session, place: _Place, value: Value, once: str) -> int:
    """Add it to the transaction under way; its number, the one it has if it is there already."""
    there = session.scalar(select(Secret.position).where(Secret.once == once))
    if there is not None:
        return there
    if place.is_filed:
        raise _Filed
    home = (
        Secret.ticket_number == place.number if place.number else Secret.draft_id == place.draft_id
    )
    position = (session.scalar(select(func.max(Secret.position)).where(home)) or 0) + 1
    identity = new_token()
    expires_at = place.now + timedelta(days=value.days)
    secret = Secret(
        identity=identity,
        draft_id=place.draft_id,
        ticket_number=place.number,
        position=position,
        author_id=place.author_id,
        internal=place.internal,
        kind=value.kind.value,
        label=value.label,
        sealed=sealing.seal(value.text, identity),
        days=value.days,
        kept_at=place.now,
        expires_at=expires_at,
        once=once,
    )
    session.add(secret)
    session.flush()
    wiping.when(expires_at, now=place.now)
    if place.number:
        _record(secret, "kept", place.author_id, place.now)
    return position


def _record(secret: Secret, what: str, actor_id: int | None, now: datetime) -> None:
    kind = f"{'internal_' if secret.internal else ''}secret_{what}"
    number = secret.ticket_number or 0
    events.record(number, kind, actor_id=actor_id, now=now, secret=secret.position)


def follow_draft(
    session: Session, draft: Draft, ticket: Ticket, *, author_id: int, now: datetime
) -> int:
    """What a draft kept is the ticket's, and its days count from now. Inside the verb.

    In a ticket that kept some before they are numbered after those: by how much.
    """
    before = select(func.max(Secret.position)).where(Secret.ticket_number == ticket.number)
    shift = session.scalar(before) or 0
    kept = session.scalars(select(Secret).where(Secret.draft_id == draft.id)).all()
    for secret in sorted(kept, key=lambda one: one.position):
        secret.ticket_number, secret.author_id = ticket.number, author_id
        secret.position += shift
        if secret.wiped_at is None:
            secret.expires_at = now + timedelta(days=secret.days)
            wiping.when(secret.expires_at, now=now)
        _record(secret, "kept", author_id, now)
    return shift if kept else 0


def renumbered(text: str, shift: int) -> str:
    """A draft's text whose «[dato cifrado N]» are numbered as `follow_draft` numbered them."""
    return _PLACEHOLDER.sub(lambda found: f"[dato cifrado {int(found[1]) + shift}]", text)


def read(*, number: int, secret_id: int, actor: Actor, now: datetime) -> str:
    """The value, for the technician who holds the ticket; who saw it and when is recorded.

    Raises NotAllowed, Ended, and sealing.WrongKey (then nothing was seen and nothing recorded).
    """
    with transaction() as session:
        ticket, secret = _found(session, number, secret_id)
        in_attention = State(ticket.state) in IN_ATTENTION
        if not may_read_secret(actor, holder_id=ticket.holder_id, in_attention=in_attention):
            raise NotAllowed("holder")
        if secret.sealed is None or secret.expires_at <= now:
            raise Ended
        value = sealing.unseal(secret.sealed, secret.identity)
        session.add(SecretReading(secret_id=secret.id, person_id=actor.person_id, at=now))
        _record(secret, "read", actor.person_id, now)
        return value


def remove(*, number: int, secret_id: int, actor: Actor, now: datetime) -> None:
    """Wipe it at once; what was wiped already stays so. Raises NotAllowed."""
    with transaction() as session:
        ticket, secret = _found(session, number, secret_id)
        if not may_see(actor, ticket) or (secret.internal and not may_read_desk(actor)):
            raise NotAllowed("missing")
        if not may_remove_secret(actor, author_id=secret.author_id, company_id=ticket.company_id):
            raise NotAllowed("remove")
        if secret.sealed is not None:
            wiping.wipe(secret, "removed", now)
            _record(secret, "removed", actor.person_id, now)


def _found(session: Session, number: int, secret_id: int) -> tuple[Ticket, Secret]:
    """The ticket and what was kept in its thread, also in a ticket that was merged into it."""
    ticket = session.scalar(select(Ticket).where(Ticket.number == number).with_for_update())
    if ticket is None:
        raise NotAllowed("missing")
    secret = session.scalar(
        select(Secret)
        .where(Secret.id == secret_id, Secret.ticket_number.in_(thread_numbers(ticket)))
        .options(undefer(Secret.sealed))
        .with_for_update()
    )
    if secret is None:
        raise NotAllowed("missing")
    return ticket, secret
