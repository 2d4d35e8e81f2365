"""What technicians do with the line of conversations: be on duty, take the next, hand over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from accounts.models import UserSession
from accounts.permissions import Actor, may_answer_chat
from contact.chat import lines, queries
from contact.chat.actions import Ended, NotYours
from contact.chat.models import Chat, ChatBlock, ChatDuty
from contact.chat.policy import ABSENT_AFTER, HELD_AT_MOST, IDLE, KEPT_FOR, Event, end_of_day
from core import audit, clock
from core.db import transaction


class NotOnDuty(Exception):
    """Whoever is not on duty takes nothing, and is handed nothing."""


class HoldsEnough(Exception):
    """The technician has HELD_AT_MOST open conversations."""


def go_on_duty(*, actor: Actor, session_hash: str, now: datetime) -> None:
    """From now on, in this session; the moment stays when it is said again."""
    with transaction() as session:
        duty = session.get(ChatDuty, actor.person_id)
        if duty is not None and duty.session_hash == session_hash:
            return
        session.merge(ChatDuty(person_id=actor.person_id, session_hash=session_hash, on_at=now))
        subject = f"person:{actor.person_id}"
        audit.record("chat.on_duty", subject, actor_id=actor.person_id, now=now)


def go_off_duty(*, actor: Actor, now: datetime) -> None:
    """Nothing new is taken; conversations under way stay with whoever has them."""
    with transaction() as session:
        if _forget_duties(session, [actor.person_id]):
            subject = f"person:{actor.person_id}"
            audit.record("chat.off_duty", subject, actor_id=actor.person_id, now=now)


def _forget_duties(session: Session, person_ids: list[int]) -> int:
    gone = delete(ChatDuty).where(ChatDuty.person_id.in_(person_ids))
    return len(session.scalars(gone.returning(ChatDuty.person_id)).all())


def take_next(*, actor: Actor, form_id: str, now: datetime) -> int | None:
    """Hand out the conversation that waits longest, and no other (R3); None when none waits.

    One transaction at a time hands out. The same form gives the same conversation again.
    Raises NotYours, NotOnDuty, HoldsEnough.
    """
    if not may_answer_chat(actor):
        raise NotYours
    with transaction(queue=True) as session:
        mine = select(Chat.id).where(Chat.holder_id == actor.person_id, Chat.closed_at.is_(None))
        again = session.scalar(mine.where(Chat.taken_with == form_id)) if form_id else None
        if again is not None:
            return again
        if actor.person_id not in queries.on_duty(now):
            raise NotOnDuty
        held = session.scalar(select(func.count()).select_from(mine.subquery())) or 0
        if held >= HELD_AT_MOST:
            raise HoldsEnough
        head = session.scalar(
            select(Chat)
            .where(Chat.holder_id.is_(None), Chat.closed_at.is_(None))
            .order_by(Chat.arrived_at, Chat.id)
            .limit(1)
            .with_for_update()
        )
        if head is None:
            return None
        head.holder_id, head.taken_at, head.taken_with = actor.person_id, now, form_id or None
        lines.say(session, head, Event.ENTERED, actor.name, now=now)
        lines.came(session, head, now=now)
        return head.id


def hand_over(chat_id: int, *, actor: Actor, to: int, now: datetime) -> None:
    """A colleague on duty goes on. Raises LookupError, NotYours, Ended, NotOnDuty."""
    with transaction(queue=True) as session:
        chat = lines.locked(session, chat_id)
        _require_held(chat, actor)
        colleague = next((p for p in queries.colleagues(actor, now) if p.id == to), None)
        if colleague is None:
            raise NotOnDuty
        chat.holder_id, chat.taken_at, chat.taken_with = to, now, None
        chat.staff_typed_at = None
        lines.say(session, chat, Event.HANDED_OVER, colleague.name, now=now)
        lines.call(session, chat, [to], kind="chat_passed", now=now)
        audit.record(
            "chat.handed_over", f"chat:{chat_id}", actor_id=actor.person_id, now=now, to=to
        )


def _require_held(chat: Chat, actor: Actor) -> None:
    if chat.holder_id != actor.person_id or not may_answer_chat(actor):
        raise NotYours
    if chat.closed_at is not None:
        raise Ended


def end_and_block(chat_id: int, *, actor: Actor, now: datetime) -> None:
    """End a visitor's conversation; their network starts no other today. It is said there.

    Raises LookupError, NotYours, also for a customer's, and Ended.
    """
    with transaction() as session:
        chat = lines.locked(session, chat_id)
        _require_held(chat, actor)
        if chat.person_id is not None:
            raise NotYours
        until = end_of_day(clock.in_lima(now))
        if chat.network:
            session.merge(
                ChatBlock(network=chat.network, until=until, chat_id=chat.id, by=actor.person_id)
            )
        lines.end(session, chat, Event.BLOCKED, actor.name, now=now)
        audit.record("chat.blocked", f"chat:{chat_id}", actor_id=actor.person_id, now=now)


def look_after(*, now: datetime) -> int:
    """What nobody presses a button for: duties that lapsed, technicians who are gone, silence,
    old conversations. How many conversations are open afterwards."""
    with transaction(queue=True) as session:
        _lapse_duties(session, now)
        _give_back(session, now)
        silent = select(Chat).where(Chat.closed_at.is_(None), Chat.last_at < now - IDLE)
        for chat in session.scalars(silent.order_by(Chat.id).with_for_update()):
            lines.end(session, chat, Event.IDLE, "", now=now)
        session.execute(delete(Chat).where(Chat.closed_at < now - KEPT_FOR))
        session.execute(delete(ChatBlock).where(ChatBlock.until < now))
        return session.scalar(select(func.count()).where(Chat.closed_at.is_(None))) or 0


def _lapse_duties(session: Session, now: datetime) -> None:
    seen = select(UserSession.token_hash).where(
        UserSession.ends_at > now, UserSession.seen_at >= now - ABSENT_AFTER
    )
    lapsed = select(ChatDuty.person_id).where(ChatDuty.session_hash.not_in(seen))
    people = list(session.scalars(lapsed.order_by(ChatDuty.person_id)))
    _forget_duties(session, people)
    for person in people:
        audit.record("chat.off_duty", f"person:{person}", actor_id=None, now=now)


def _give_back(session: Session, now: datetime) -> None:
    """To the line, where they have the place of their arrival."""
    held = list(
        session.scalars(
            select(Chat)
            .where(Chat.holder_id.is_not(None), Chat.closed_at.is_(None))
            .order_by(Chat.id)
            .with_for_update()
        )
    )
    there = queries.present([chat.holder_id for chat in held if chat.holder_id], now)
    names = queries.names_of({chat.holder_id for chat in held if chat.holder_id} - there)
    on_duty = queries.on_duty(now) if names else []
    for chat in held:
        if chat.holder_id not in names:
            continue
        name = names[chat.holder_id]
        chat.holder_id = chat.taken_at = chat.taken_with = chat.staff_typed_at = None
        lines.say(session, chat, Event.LEFT, name, now=now)
        lines.call(session, chat, on_duty, kind="chat_waiting", now=now)
