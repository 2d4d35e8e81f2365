"""What the pages of both sides have in common: a message sent, news, pictures, refusals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from accounts.permissions import Actor
from contact.chat import actions, news, queries
from contact.chat.actions import Sent
from contact.chat.forms import SayForm
from contact.chat.models import Chat, ChatMessage
from contact.chat.pace_views import may_send
from contact.chat.policy import SHOWN_AT_MOST, Side, position
from core import clock, imaging
from core.web import clean_number

#: A page's script says by this header that it sends a form in the page's place.
HEADER = "X-Chat"
PICTURE_HEADERS = {
    "Content-Type": imaging.MEDIA_TYPE,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class MessageRefused(Exception):
    """The message was not stored; the form holds it, and says why in words."""

    def __init__(self, status: int, retry_after: int = 0) -> None:
        super().__init__(status)
        self.status = status
        self.retry_after = retry_after

    def after(self, answer: ResponseReturnValue) -> Response:
        """The answer, with the time to wait where there is one."""
        response = make_response(answer)
        if self.retry_after:
            response.headers["Retry-After"] = str(self.retry_after)
        return response


def wants_fragment() -> bool:
    """Whether the page's script asks."""
    return HEADER in request.headers


def send(chat_id: int, form: SayForm, *, side: Side, actor: Actor | None) -> None:
    """Store what the form holds. Raises MessageRefused."""
    if not may_send():
        form.texto.errors = [_too_fast()]
        raise MessageRefused(429, 60)
    if not form.validate():
        raise MessageRefused(getattr(form, "status", 422))
    sent = Sent(
        text=(form.texto.data or "").strip(),
        key=form.clave.data or "",
        picture=form.content,
        picture_name=form.checked.name if form.checked else "",
    )
    try:
        actions.write(chat_id, sent, side=side, actor=actor, now=clock.now())
    except actions.TooFast:
        form.texto.errors = [_too_fast()]
        raise MessageRefused(429, 60) from None
    except actions.Ended:
        form.texto.errors = [_("La conversación terminó: su mensaje no se envió.")]
        raise MessageRefused(409) from None
    except actions.NotYours:
        form.texto.errors = [_("Ya no atiende esta conversación: su mensaje no se envió.")]
        raise MessageRefused(409) from None
    except imaging.Broken:
        form.imagen.errors = [_("Esa imagen no se puede leer. Ábrala, guárdela otra vez y súbala.")]
        raise MessageRefused(422) from None


def _too_fast() -> str:
    return _("Escribió muchos mensajes seguidos. Espere un momento y pulse otra vez «Enviar».")


def refused_answer(form: SayForm, refused: MessageRefused) -> Response:
    """Why, for the page's script: what was typed stays in the page."""
    page = render_template("chat/_refused.html", form=form, status=refused.status)
    return refused.after((page, refused.status))


def said(address: str) -> ResponseReturnValue:
    """A message was stored: the script asks for news, a browser without it sees the page."""
    return ("", 204) if wants_fragment() else redirect(address, 303)


def news_page(chat: Chat, state: news.State, **more: object) -> Response:
    """The lines that are new, and the parts of the page that may have changed."""
    lines = news.lines_after(chat, request.args.get("desde"))
    page = render_template("chat/_news.html", chat=chat, lines=lines, state=state, **more)
    return private(page, 200)


def shown_lines(chat: Chat) -> Sequence[ChatMessage]:
    """What a page shows: the last lines, or those before the one that `?antes=` names."""
    before = clean_number(request.args.get("antes"))
    if before is None or before > chat.last_seq:
        return queries.lines_of(chat, position(None, chat.last_seq))
    return queries.lines_of(chat, max(0, before - 1 - SHOWN_AT_MOST), before)


def read_signals() -> dict[str, Any]:
    """What a page says of itself."""
    text = request.form.get("leido", "")
    return {
        "read": int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0,
        "typing": request.form.get("escribe") == "si",
    }


def picture_answer(chat: Chat, picture_id: int) -> Response:
    """A picture of our own making, to whoever may read the conversation."""
    found = queries.picture_of(chat, picture_id)
    fetch = request.headers.get("Sec-Fetch-Dest", "document")
    if found is None or fetch not in {"image", "document", "empty"}:
        raise NotFound
    return Response(found.content, headers=PICTURE_HEADERS)


def private(page: ResponseReturnValue, status: int) -> Response:
    """A page that is kept nowhere; where its address is a secret, it is told nobody."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    if "token" in (request.view_args or {}):
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
    return response
