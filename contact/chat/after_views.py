"""What follows a conversation, for the visitor: a ticket, a call, a mail; reading it afterwards."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from accounts.access import current_actor, open_to_all, requires, signed_in_actor
from accounts.permissions import may_use_tickets
from contact.calls import views as calls
from contact.chat import queries, settling, views
from contact.chat.talk_views import picture_answer, private
from core import clock
from core.web import Page, checked_page, page_number, visitor_key
from tickets import drafts

LISTED = 20


def add_routes(blueprint: Blueprint) -> None:
    """The addresses on the blueprint of the chat."""
    add = blueprint.add_url_rule
    add("/<token:token>/ticket", "to_ticket", to_ticket, methods=["POST"])
    add("/<token:token>/llamada", "to_call", to_call, methods=["GET"])
    add("/<token:token>/correo", "mail", mail, methods=["POST"])
    add("/transcripcion/<token:token>", "reading", reading, methods=["GET"])
    add(
        "/transcripcion/<token:token>/imagenes/<number:picture_id>",
        "reading_picture",
        reading_picture,
        methods=["GET"],
    )
    add("/anteriores", "own", own, methods=["GET"])


@open_to_all
def to_ticket(token: str) -> ResponseReturnValue:
    """Whoever was not answered, or was offered it, goes on with a ticket."""
    chat, now = views.chat_or_refused(token), clock.now()
    actor = current_actor()
    if actor is not None and not actor.is_customer:
        raise NotFound
    visitor_key(create=actor is None)
    owner = drafts.owner_of(actor, visitor_key())
    try:
        verb = settling.claim if chat.offered_affection else settling.leave
        draft_id = verb(chat.id, owner=owner, now=now)
    except LookupError:
        flash(_("Un técnico ya le atiende aquí: pídale el ticket a él."), "info")
        return redirect(url_for("chat.show", token=token), 303)
    flash(_("Lo que escribió está aquí. Complete lo que falta y envíelo."), "info")
    return redirect(url_for("tickets.new", borrador=draft_id), 303)


@open_to_all
def to_call(token: str) -> ResponseReturnValue:
    """The form to be called, with what was written filled in."""
    chat = views.chat_or_refused(token)
    page = calls.callback_with(chat.name, queries.first_words(chat))
    return private(page, 200)


@open_to_all
def mail(token: str) -> ResponseReturnValue:
    """Have it mailed after its end."""
    chat = views.chat_or_refused(token)
    try:
        settling.ask_for_mail(chat.id, now=clock.now())
    except settling.EnoughMails:
        flash(_("Hoy ya se enviaron a ese correo los enlaces que admitimos."), "warning")
    except settling.NotAnswered:
        flash(_("Ningún técnico escribió en esta conversación: no hay qué enviar."), "warning")
    except LookupError:
        flash(_("Se puede pedir cuando la conversación termine."), "warning")
    else:
        flash(_("Lo enviamos al correo que escribió al empezar."), "success")
    return redirect(url_for("chat.show", token=token), 303)


@open_to_all
def reading(token: str) -> ResponseReturnValue:
    """An ended conversation by the link that was mailed: to be read, nothing else."""
    chat = queries.by_reading_token(token)
    if chat is None or chat.person_id is not None:
        raise NotFound
    page = render_template("chat/reading.html", chat=chat, lines=queries.lines_of(chat))
    return private(page, 200)


@open_to_all
def reading_picture(token: str, picture_id: int) -> ResponseReturnValue:
    chat = queries.by_reading_token(token)
    if chat is None or chat.person_id is not None:
        raise NotFound
    return picture_answer(chat, picture_id)


@requires(may_use_tickets)
def own() -> ResponseReturnValue:
    """A customer's own conversations."""
    number = page_number()
    rows, total = queries.chats_of(signed_in_actor(), offset=(number - 1) * LISTED, limit=LISTED)
    page = checked_page(Page(rows, number, LISTED, total))
    return render_template("chat/own.html", page=page)
