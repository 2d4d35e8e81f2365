"""Reading conversations: the two doors, what is new, the line, who is on duty, old ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import joinedload, undefer

from accounts.models import Company, Person, UserSession
from accounts.permissions import Actor, may_answer_chat, may_read_old_chats
from accounts.sessions import actor_for
from contact.chat.models import Chat, ChatBlock, ChatDuty, ChatMessage, ChatPicture
from contact.chat.policy import ABSENT_AFTER, Side
from core.clock import LIMA
from core.db import db
from tickets.models import Draft

_WAITS = and_(Chat.holder_id.is_(None), Chat.closed_at.is_(None))


def by_token(token: str) -> Chat | None:
    """The conversation with this private address; whose it is is asked by `is_of`."""
    return db.session.scalar(select(Chat).where(Chat.token == token)) if token else None


def is_of(chat: Chat, actor: Actor | None) -> bool:
    """Whether it belongs to whoever asks: a visitor's to whoever has its address, a customer's
    to that person alone."""
    if chat.person_id is None:
        return True
    return actor is not None and actor.person_id == chat.person_id


def by_reading_token(token: str) -> Chat | None:
    """An ended conversation of a visitor by the private address that was mailed."""
    return db.session.scalar(
        select(Chat).where(Chat.reading_token == token, Chat.closed_at.is_not(None))
    )


def open_chat_of(actor: Actor) -> Chat | None:
    """The conversation that a customer has under way."""
    return db.session.scalar(
        select(Chat)
        .where(Chat.person_id == actor.person_id, Chat.closed_at.is_(None))
        .order_by(Chat.id.desc())
        .limit(1)
    )


def chat_for_staff(actor: Actor | None, chat_id: int) -> Chat | None:
    """One conversation as staff read it: their own, or one that ended; None for any other."""
    mine = Chat.holder_id == actor.person_id if actor and may_answer_chat(actor) else None
    ended = Chat.closed_at.is_not(None) if may_read_old_chats(actor) else None
    doors = [door for door in (mine, ended) if door is not None]
    if not doors:
        return None
    return db.session.scalar(
        select(Chat)
        .where(Chat.id == chat_id, or_(*doors))
        .options(joinedload(Chat.person), joinedload(Chat.company), joinedload(Chat.holder))
    )


def lines_of(chat: Chat, after: int = 0, before: int | None = None) -> Sequence[ChatMessage]:
    """The lines after number `after`, up to the one before `before`, in their order."""
    query = select(ChatMessage).where(ChatMessage.chat_id == chat.id, ChatMessage.seq > after)
    if before is not None:
        query = query.where(ChatMessage.seq < before)
    return db.session.scalars(
        query.options(joinedload(ChatMessage.author), joinedload(ChatMessage.picture)).order_by(
            ChatMessage.seq
        )
    ).all()


def first_words(chat: Chat, messages: int = 10) -> str:
    """What the visitor wrote first: enough to know what it is about."""
    wrote = (ChatMessage.chat_id == chat.id, ChatMessage.side == Side.VISITOR.value)
    rows = select(ChatMessage.body).where(*wrote).order_by(ChatMessage.seq).limit(messages)
    return "\n\n".join(body for body in db.session.scalars(rows) if body)


def last_of(chat: Chat, side: Side) -> int:
    """The number of the last message that this side wrote; 0 before the first."""
    wrote = (ChatMessage.chat_id == chat.id, ChatMessage.side == side.value)
    return db.session.scalar(select(func.max(ChatMessage.seq)).where(*wrote)) or 0


def picture_of(chat: Chat, picture_id: int) -> ChatPicture | None:
    """A picture of this conversation, with its bytes."""
    return db.session.scalar(
        select(ChatPicture)
        .join(ChatMessage, ChatMessage.id == ChatPicture.message_id)
        .where(ChatPicture.id == picture_id, ChatMessage.chat_id == chat.id)
        .options(undefer(ChatPicture.content))
    )


def ahead_of(chat: Chat) -> int:
    """How many came before it and wait."""
    before = tuple_(Chat.arrived_at, Chat.id) < (chat.arrived_at, chat.id)
    return db.session.scalar(select(func.count()).where(_WAITS, before)) or 0


def waiting() -> int:
    """How many wait for a technician."""
    return db.session.scalar(select(func.count()).where(_WAITS)) or 0


def _there(now: datetime) -> ColumnElement[bool]:
    return and_(
        UserSession.seen_at >= now - ABSENT_AFTER,
        UserSession.ends_at > now,
        Person.disabled_at.is_(None),
    )


def _duties(now: datetime) -> Select[int]:
    return (
        select(ChatDuty.person_id)
        .join(UserSession, UserSession.token_hash == ChatDuty.session_hash)
        .join(Person, Person.id == ChatDuty.person_id)
        .where(_there(now))
    )


def on_duty(now: datetime) -> list[int]:
    """The technicians who said that they are there and whose pages are seen, by id."""
    rows = db.session.execute(
        select(Person.id, Person.roles).where(Person.id.in_(_duties(now))).order_by(Person.id)
    )
    return [row.id for row in rows if "technician" in row.roles]


def present(person_ids: Sequence[int], now: datetime) -> set[int]:
    """Which of these people have used the site lately and may still answer."""
    if not person_ids:
        return set()
    rows = db.session.execute(
        select(Person.id, Person.roles)
        .join(UserSession, UserSession.person_id == Person.id)
        .where(Person.id.in_(person_ids), _there(now))
        .distinct()
    )
    return {row.id for row in rows if "technician" in row.roles}


def duty_of(actor: Actor, now: datetime) -> ChatDuty | None:
    """Since when a technician is on duty; None when they are not, or no longer: what was said
    in a session that ended is not said in the next."""
    return db.session.scalar(
        select(ChatDuty)
        .where(ChatDuty.person_id == actor.person_id, ChatDuty.person_id.in_(_duties(now)))
        .execution_options(populate_existing=True)
    )


def calling(actor: Actor, now: datetime) -> int:
    """What calls for a technician on duty: conversations that wait, messages that they have not
    read. 0 for who is not on duty. One query, for every page of the desk."""
    line = select(func.count(Chat.id)).where(_WAITS).scalar_subquery()
    unread = (
        select(func.count(ChatMessage.id))
        .join(Chat, Chat.id == ChatMessage.chat_id)
        .where(Chat.holder_id == actor.person_id, Chat.closed_at.is_(None))
        .where(ChatMessage.seq > Chat.staff_read, ChatMessage.side == Side.VISITOR.value)
        .scalar_subquery()
    )
    mine = (ChatDuty.person_id == actor.person_id, ChatDuty.person_id.in_(_duties(now)))
    return db.session.scalar(select(line + unread).select_from(ChatDuty).where(*mine)) or 0


def colleagues(actor: Actor, now: datetime) -> list[Person]:
    """The others on duty, who can go on with a conversation."""
    others = [number for number in on_duty(now) if number != actor.person_id]
    return list(
        db.session.scalars(select(Person).where(Person.id.in_(others)).order_by(Person.name))
    )


@dataclass(frozen=True)
class Held:
    """An open conversation in its technician's list."""

    id: int
    name: str
    company: str
    version: int
    unread: int
    last_at: datetime
    visitor_typed_at: datetime | None


def held_by(actor: Actor) -> list[Held]:
    """A technician's open conversations in the order in which they took them."""
    unread = (
        select(func.count())
        .where(ChatMessage.chat_id == Chat.id, ChatMessage.seq > Chat.staff_read)
        .where(ChatMessage.side == Side.VISITOR.value)
        .correlate(Chat)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            Chat.id,
            Chat.name,
            func.coalesce(Company.name, "").label("company"),
            Chat.version,
            unread.label("unread"),
            Chat.last_at,
            Chat.visitor_typed_at,
        )
        .outerjoin(Company, Company.id == Chat.company_id)
        .where(Chat.holder_id == actor.person_id, Chat.closed_at.is_(None))
        .order_by(Chat.taken_at, Chat.id)
    )
    return [Held(**row._mapping) for row in rows]


def is_blocked(network: str, now: datetime) -> bool:
    """Whether a technician ended the chat for this network today."""
    block = select(ChatBlock.network).where(ChatBlock.network == network, ChatBlock.until > now)
    return bool(network) and db.session.scalar(block) is not None


@dataclass(frozen=True)
class Search:
    """What to look for among ended conversations: words of a name, mail or company; days."""

    words: str = ""
    since: date | None = None
    until: date | None = None


def old_chats(search: Search, *, offset: int, limit: int) -> tuple[Sequence[Chat], int]:
    """Ended conversations, the last first, and how many there are."""
    query = select(Chat).outerjoin(Company, Company.id == Chat.company_id)
    query = query.where(Chat.closed_at.is_not(None), *_conditions(search))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = query.order_by(Chat.closed_at.desc(), Chat.id.desc()).offset(offset).limit(limit)
    rows = rows.options(joinedload(Chat.company), joinedload(Chat.holder))
    return db.session.scalars(rows).all(), total


def _conditions(search: Search) -> list[ColumnElement[bool]]:
    found = [
        or_(
            *(
                func.lower(column).contains(word, autoescape=True)
                for column in (Chat.name, Chat.email, Company.name)
            )
        )
        for word in search.words.lower().split()[:6]
    ]
    if search.since:
        found.append(Chat.arrived_at >= _midnight(search.since))
    if search.until:
        found.append(Chat.arrived_at < _midnight(search.until) + timedelta(days=1))
    return found


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=LIMA)


def chats_of(actor: Actor, *, offset: int, limit: int) -> tuple[Sequence[Chat], int]:
    """A customer's own conversations, the last first, and how many there are."""
    own = Chat.person_id == actor.person_id
    total = db.session.scalar(select(func.count()).where(own)) or 0
    rows = select(Chat).where(own).order_by(Chat.id.desc()).offset(offset).limit(limit)
    return db.session.scalars(rows).all(), total


def names_of(person_ids: set[int]) -> dict[int, str]:
    """The names of people by id."""
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {row.id: row.name for row in rows}


def ticket_of(chat: Chat) -> int | None:
    """The ticket it ended in, also where its visitor filed the draft that was made of it."""
    if chat.ticket_number is not None or chat.draft_id is None:
        return chat.ticket_number
    return db.session.scalar(select(Draft.ticket_number).where(Draft.id == chat.draft_id))


def customer_of(chat: Chat) -> Actor | None:
    """The customer on the other side, with the rights they have now; None for a visitor, and for
    whoever has no account any more."""
    person = db.session.get(Person, chat.person_id) if chat.person_id else None
    if person is None or person.disabled_at is not None or person.company_id is None:
        return None
    company = db.session.get(Company, person.company_id)
    return actor_for(person, company.name if company else "")
