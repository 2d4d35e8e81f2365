"""What the house says in a conversation, and a conversation as the text of a ticket."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask_babel import force_locale
from flask_babel import gettext as _

from contact.chat.models import Chat, ChatMessage
from contact.chat.policy import Event, Side
from core.presentation import exact
from core.text import clean_line

#: Room for a message's heading in a part of a transcript.
_HEADING = 400


def house_line(message: ChatMessage) -> str:
    """A line of the house in the reader's words."""
    name = message.body
    return {
        Event.ENTERED: _("%(name)s entró en la conversación.", name=name),
        Event.HANDED_OVER: _("Desde ahora le atiende %(name)s.", name=name),
        Event.LEFT: _(
            "%(name)s se fue. La conversación volvió a la espera y conserva su llegada.", name=name
        ),
        Event.VISITOR_CLOSED: _("%(name)s terminó la conversación.", name=name),
        Event.STAFF_CLOSED: _("%(name)s terminó la conversación.", name=name),
        Event.BLOCKED: _(
            "%(name)s terminó la conversación. Por hoy no se puede iniciar otra desde esta "
            "conexión.",
            name=name,
        ),
        Event.IDLE: _("La conversación terminó porque nadie escribió más."),
        Event.OFFERED: _("%(name)s ofrece seguir con un ticket.", name=name),
        Event.FILED: _("La conversación siguió en el ticket %(number)s.", number=name),
        Event.JOINED: _("La conversación se añadió al ticket %(number)s.", number=name),
    }.get(Event(message.event), "")


def who_wrote(message: ChatMessage, chat: Chat) -> str:
    """The name over a message."""
    if message.side == Side.VISITOR:
        return chat.name
    return message.author.name if message.author else _("Equipo técnico")


def transcript_parts(
    chat: Chat, messages: Sequence[ChatMessage], *, locale: str, longest: int
) -> list[str]:
    """The conversation as Markdown, in the reader's language, in parts of up to `longest`
    characters; a message is never cut."""
    with force_locale(locale):
        head = _("Conversación por chat del %(moment)s.", moment=exact(chat.arrived_at))
        parts = [head]
        for piece in _pieces(chat, messages):
            if len(parts[-1]) + len(piece) + 2 > longest:
                parts.append(piece)
            else:
                parts[-1] = f"{parts[-1]}\n\n{piece}"
    return parts


def _pieces(chat: Chat, messages: Sequence[ChatMessage]) -> Iterator[str]:
    for message in messages:
        if message.side == Side.HOUSE:
            yield f"_{_plain(house_line(message))}_"
            continue
        role = _(" (equipo técnico)") if message.side == Side.STAFF else ""
        name = _plain(clean_line(who_wrote(message, chat), 120))
        text = message.body
        if message.picture is not None:
            said = _("Envió una imagen: %(name)s", name=_plain(message.picture.name))
            text = f"{text}\n\n{said}" if text else said
        yield f"**{name}{role}**, {exact(message.written_at)}:\n\n{text}"[: 4_000 + _HEADING]


def _plain(text: str) -> str:
    """A name that is no markup and no link: what it could mean is said to mean itself."""
    text = text.replace("://", ": //")
    return "".join(f"\\{letter}" if letter in "\\*_[]<>`#!&" else letter for letter in text)
