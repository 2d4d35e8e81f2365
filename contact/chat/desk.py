"""The technician's side: duty, the line, several conversations at once, what becomes of them."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound, Unauthorized

from accounts.access import (
    current_actor,
    open_to_all,
    requires,
    session_hash,
    signed_in_actor,
)
from accounts.models import Person
from accounts.permissions import Actor, may_answer_chat, may_read_old_chats
from contact.chat import actions, handling, news, outcome_desk, queries
from contact.chat.forms import PassForm, StaffSayForm
from contact.chat.models import Chat
from contact.chat.pace_views import paced
from contact.chat.policy import Side
from contact.chat.talk_views import (
    MessageRefused,
    news_page,
    picture_answer,
    private,
    read_signals,
    refused_answer,
    said,
    send,
    shown_lines,
    wants_fragment,
)
from core import clock
from core.protection import accepts_files
from core.tokens import clean_token, new_token
from tickets.canned.queries import Offered, offered_outside

blueprint = Blueprint("chat_desk", __name__, url_prefix="/mesa/chat")
outcome_desk.add_routes(blueprint)


@blueprint.get("")
@requires(may_answer_chat)
def index() -> ResponseReturnValue:
    """The line and one's own conversations."""
    desk = news.desk_of(signed_in_actor(), clock.now())
    return render_template(
        "chat_desk/index.html", desk=desk, form_id=new_token(), colleagues=_colleagues(), chat=None
    )


def _colleagues() -> list[Person]:
    return queries.colleagues(signed_in_actor(), clock.now())


@blueprint.post("/turno")
@requires(may_answer_chat)
def duty() -> ResponseReturnValue:
    """«En turno para el chat», on and off."""
    actor, now = signed_in_actor(), clock.now()
    if request.form.get("turno") == "si":
        handling.go_on_duty(actor=actor, session_hash=session_hash(), now=now)
        flash(_("Está en turno para el chat."), "success")
    else:
        handling.go_off_duty(actor=actor, now=now)
        flash(_("Ya no está en turno para el chat."), "info")
    return redirect(url_for("chat_desk.index"), 303)


@blueprint.post("/siguiente")
@requires(may_answer_chat)
def take_next() -> ResponseReturnValue:
    """The conversation that waits longest, and no other."""
    form_id = clean_token(request.form.get("formulario"))
    try:
        taken = handling.take_next(actor=signed_in_actor(), form_id=form_id, now=clock.now())
    except handling.NotOnDuty:
        flash(_("Póngase primero en turno para el chat."), "warning")
    except handling.HoldsEnough:
        flash(_("Ya atiende 8 conversaciones. Termine una antes."), "warning")
    else:
        if taken is not None:
            return redirect(url_for("chat_desk.show", chat_id=taken), 303)
        flash(_("Nadie espera en el chat."), "info")
    return redirect(url_for("chat_desk.index"), 303)


def chat_or_404(chat_id: int) -> Chat:
    """One's own conversation, or one that ended. Missing and another's look the same (V45)."""
    chat = queries.chat_for_staff(current_actor(), chat_id)
    if chat is None:
        raise NotFound
    return chat


@blueprint.get("/<number:chat_id>")
@requires(may_read_old_chats)
def show(chat_id: int) -> ResponseReturnValue:
    """One conversation, with what is known of whoever is on the other side."""
    return talk_page(chat_or_404(chat_id))


def talk_page(
    chat: Chat, *, form: StaffSayForm | None = None, status: int = 200, **sent: object
) -> ResponseReturnValue:
    """The one screen of a conversation; `sent` are forms that were refused, as they came."""
    actor, now = signed_in_actor(), clock.now()
    pass_form = PassForm(formdata=None)
    pass_form.offer(queries.colleagues(actor, now))
    mine = chat.closed_at is None and chat.holder_id == actor.person_id
    told = {"pass_form": pass_form, **outcome_desk.beside(chat), **sent}
    page = render_template(
        "chat_desk/show.html",
        chat=chat,
        lines=shown_lines(chat),
        state=news.for_staff(chat, now),
        desk=news.desk_of(actor, now) if may_answer_chat(actor) else None,
        own_last=queries.last_of(chat, Side.STAFF),
        mine=mine,
        canned=_canned(chat, actor) if mine else [],
        form=form or StaffSayForm(formdata=None, clave=new_token()),
        form_id=new_token(),
        colleagues=_colleagues(),
        **told,
    )
    return private(page, status)


def _canned(chat: Chat, actor: Actor) -> list[Offered]:
    known = {"cliente": chat.name, "tecnico": actor.name}
    if chat.company is not None:
        known["empresa"] = chat.company.name
    return offered_outside(known, chat.locale)


@blueprint.get("/novedades")
@open_to_all
@paced
def updates() -> ResponseReturnValue:
    """What is new in one's list, and in the conversation that is shown; 204 when nothing is."""
    actor, now = current_actor(), clock.now()
    if actor is None:
        raise Unauthorized
    if not may_answer_chat(actor):
        raise NotFound
    desk = news.desk_of(actor, now)
    asked = request.args.get("chat", "")
    chat = (
        chat_or_404(int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None
    )
    state = news.for_staff(chat, now) if chat else None
    mark = f"{desk.mark}.{state.mark if state else ''}"
    if request.args.get("marca") == mark:
        return "", 204
    if chat is None or state is None:
        page = render_template("chat_desk/_news.html", desk=desk, chat=None, mark=mark)
        return private(page, 200)
    own = queries.last_of(chat, Side.STAFF)
    ticket = queries.ticket_of(chat)
    return news_page(chat, state, desk=desk, mark=mark, own_last=own, ticket_number=ticket)


@blueprint.post("/<number:chat_id>/senales")
@requires(may_answer_chat)
@paced
def signals(chat_id: int) -> ResponseReturnValue:
    """Read up to here, typing."""
    chat = chat_or_404(chat_id)
    if chat.holder_id == signed_in_actor().person_id:
        actions.signal(chat, side=Side.STAFF, **read_signals(), now=clock.now())
    return "", 204


@blueprint.post("/<number:chat_id>/mensajes")
@requires(may_answer_chat)
@accepts_files
def write(chat_id: int) -> ResponseReturnValue:
    """Answer."""
    chat, actor, form = chat_or_404(chat_id), signed_in_actor(), StaffSayForm()
    form.person_id = actor.person_id
    if form.accion.data == "mirar":
        return talk_page(chat, form=form)
    try:
        send(chat.id, form, side=Side.STAFF, actor=actor)
    except MessageRefused as refused:
        if wants_fragment():
            return refused_answer(form, refused)
        page = talk_page(chat_or_404(chat_id), form=form, status=refused.status)
        return refused.after(make_response(page))
    return said(url_for("chat_desk.show", chat_id=chat_id, _anchor="escribir"))


@blueprint.post("/<number:chat_id>/cierre")
@requires(may_answer_chat)
def close(chat_id: int) -> ResponseReturnValue:
    """End it, as the technician or with a block for the day."""
    chat, actor, now = chat_or_404(chat_id), signed_in_actor(), clock.now()
    try:
        if request.form.get("bloquear") == "si":
            handling.end_and_block(chat.id, actor=actor, now=now)
        else:
            actions.close(chat.id, side=Side.STAFF, actor=actor, now=now)
    except (actions.Ended, actions.NotYours):
        flash(_("La conversación ya no la atiende usted, o ya terminó."), "warning")
        return redirect(url_for("chat_desk.index"), 303)
    return redirect(url_for("chat_desk.show", chat_id=chat_id), 303)


@blueprint.post("/<number:chat_id>/traspaso")
@requires(may_answer_chat)
def hand_over(chat_id: int) -> ResponseReturnValue:
    """A colleague on duty goes on."""
    chat, actor, now = chat_or_404(chat_id), signed_in_actor(), clock.now()
    form = PassForm()
    form.offer(queries.colleagues(actor, now))
    if not form.validate():
        return talk_page(chat, pass_form=form, status=422)
    try:
        handling.hand_over(chat.id, actor=actor, to=int(form.a.data), now=now)
    except handling.NotOnDuty:
        form.a.errors = [_("Esa persona ya no está en turno. Elija a otra.")]
        return talk_page(chat_or_404(chat_id), pass_form=form, status=409)
    except (actions.Ended, actions.NotYours):
        flash(_("La conversación ya no la atiende usted, o ya terminó."), "warning")
        return redirect(url_for("chat_desk.index"), 303)
    flash(_("La conversación sigue con su colega."), "success")
    return redirect(url_for("chat_desk.index"), 303)


@blueprint.get("/<number:chat_id>/imagenes/<number:picture_id>")
@requires(may_read_old_chats)
def picture(chat_id: int, picture_id: int) -> ResponseReturnValue:
    return picture_answer(chat_or_404(chat_id), picture_id)
