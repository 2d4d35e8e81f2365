"""The visitor's side: the door, the conversation, what follows it."""

from __future__ import annotations

from hashlib import blake2s

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound, Unauthorized

from accounts.access import current_actor, open_to_all
from accounts.addresses import canonical
from accounts.permissions import Actor, may_use_tickets
from contact.calls import views as calls
from contact.chat import actions, after_views, news, queries
from contact.chat.actions import Begun
from contact.chat.forms import SayForm, StartForm
from contact.chat.models import Chat
from contact.chat.pace_views import paced
from contact.chat.policy import Side, first_line
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
from contact.chat.words import house_line, who_wrote
from core import clock
from core.guest_forms import PER_CLIENT, made_something, sent_token
from core.protection import accepts_files
from core.ratelimit import client_address, limiter
from core.tokens import new_token
from core.web import current_locale, visitor_key
from kb.search import suggest_articles
from tickets import drafts
from tickets.actions import reply_as_customer
from tickets.drafts import SUBJECT_LIMIT, Written
from tickets.lifecycle import StepNotAllowed
from tickets.places import open_tickets_with_place
from tickets.refusals import NotAllowed

blueprint = Blueprint("chat", __name__, url_prefix="/chat")
after_views.add_routes(blueprint)
blueprint.add_app_template_filter(house_line, "house_line")
blueprint.add_app_template_filter(who_wrote, "who_wrote")
SUGGESTED, TICKETS = 3, 5


def network_key() -> str:
    """Where a visitor comes from, as a hash that nobody without our key can undo."""
    key = current_app.config["SITE"].secret_key.encode()[:32]
    return blake2s(client_address().encode(), key=key, digest_size=32).hexdigest()


@blueprint.get("")
@open_to_all
def new() -> ResponseReturnValue:
    """The door: a conversation under way, or the form that begins one."""
    form = StartForm(formdata=None)
    form.hand_out()
    return _door(form)


def _door(form: StartForm, status: int = 200) -> ResponseReturnValue:
    actor, now = current_actor(), clock.now()
    customer = actor if may_use_tickets(actor) else None
    page = render_template(
        "chat/new.html",
        form=form,
        on_duty=len(queries.on_duty(now)),
        blocked=actor is None and queries.is_blocked(network_key(), now),
        waiting=queries.waiting(),
        under_way=_under_way(actor),
        tickets=open_tickets_with_place(customer, limit=TICKETS) if customer else (),
    )
    return page, status


def _under_way(actor: Actor | None) -> Chat | None:
    if actor is not None:
        return queries.open_chat_of(actor)
    chat = queries.by_token(str(session.get("chat", "")))
    return chat if chat and chat.closed_at is None and chat.person_id is None else None


def _was_received() -> bool:
    return queries.by_token(sent_token()) is not None


@blueprint.post("")
@open_to_all
@limiter.limit(PER_CLIENT, deduct_when=made_something, exempt_when=_was_received)
def start() -> ResponseReturnValue:
    """Begin a conversation, or go another way with what was typed: nothing of it is lost."""
    actor = current_actor()
    if actor is not None and not actor.is_customer:
        raise NotFound
    form = StartForm()
    if actor is not None:
        form.for_customer(actor.name, actor.email)
    if not form.accepts():
        return _door(form, 422)
    return _begin(form, actor)


def _begin(form: StartForm, actor: Actor | None) -> ResponseReturnValue:
    text = (form.mensaje.data or "").strip()
    wanted = form.accion.data
    if wanted == "ticket":
        return _to_draft(text)
    if wanted == "llamada":
        return calls.callback_with(form.nombre.data or "", text)
    if wanted == "responder" and actor is not None:
        return _to_ticket(form, actor, text)
    if not queries.on_duty(clock.now()) and not _was_received():
        return _door(form)
    return _start(form, actor, text)


def _start(form: StartForm, actor: Actor | None, text: str) -> ResponseReturnValue:
    token = str(form.token.data)
    begun = Begun(
        name=form.nombre.data or "",
        email=canonical(form.correo.data or ""),
        text=text,
        locale=current_locale(),
        network=network_key(),
        about=form.sobre.data,
    )
    try:
        actions.start(begun, token=token, actor=actor, now=clock.now())
    except actions.Blocked:
        return _door(form, 403)
    except LookupError:
        form.sobre.data = None
        form.form_errors.append(_("Ese ticket ya no está abierto. Elija otra vez."))
        return _door(form, 409)
    if actor is None:
        session["chat"] = token
    return redirect(url_for("chat.show", token=token), 303)


def _to_draft(text: str) -> ResponseReturnValue:
    """What was typed is the draft of a ticket; it survives signing in and registering."""
    visitor_key(create=current_actor() is None)
    draft_id = new_token()
    drafts.save_draft(
        draft_id=draft_id,
        owner=drafts.owner_of(current_actor(), visitor_key()),
        written=Written(first_line(text, SUBJECT_LIMIT), text, "", "normal"),
        now=clock.now(),
    )
    flash(_("Lo que escribió está aquí. Complete lo que falta y envíelo."), "info")
    return redirect(url_for("tickets.new", borrador=draft_id), 303)


def _to_ticket(form: StartForm, actor: Actor, text: str) -> ResponseReturnValue:
    """While a ticket is open, everything about it goes through the ticket (R7)."""
    number = form.sobre.data
    if number is None:
        form.form_errors.append(_("Elija en qué ticket se escribe."))
        return _door(form, 422)
    try:
        reply_as_customer(
            number=number,
            actor=actor,
            text=text,
            form_id=str(form.token.data),
            now=clock.now(),
        )
    except (NotAllowed, StepNotAllowed):
        form.sobre.data = None
        form.form_errors.append(_("Ese ticket ya no está abierto. Elija otra vez."))
        return _door(form, 409)
    flash(_("Su mensaje está en el ticket %(number)s.", number=number), "success")
    return redirect(url_for("tickets.show", number=number), 303)


def chat_or_refused(token: str) -> Chat:
    """Whoever asks, asked anew each time. A customer whose session ended is told so (W1, V83);
    anybody else's conversation is missing."""
    chat = queries.by_token(token)
    if chat is None:
        raise NotFound
    if not queries.is_of(chat, current_actor()):
        raise Unauthorized if current_actor() is None else NotFound
    return chat


@blueprint.get("/<token:token>")
@open_to_all
def show(token: str) -> ResponseReturnValue:
    """The conversation. The address is private."""
    chat = queries.by_token(token)
    if chat is not None and chat.person_id is not None and current_actor() is None:
        return redirect(url_for("accounts.sign_in", next=request.path), 302)
    return _page(chat_or_refused(token), SayForm(formdata=None, clave=new_token()))


def _page(chat: Chat, form: SayForm, status: int = 200) -> ResponseReturnValue:
    now = clock.now()
    lines = shown_lines(chat)
    state = news.for_visitor(chat, now)
    text = queries.first_words(chat) if state.waiting else ""
    suggested = suggest_articles(first_line(text, 200), text, SUGGESTED) if text else []
    page = render_template(
        "chat/show.html",
        chat=chat,
        lines=lines,
        state=state,
        form=form,
        suggested=suggested,
        own_last=queries.last_of(chat, Side.VISITOR),
        ticket_number=queries.ticket_of(chat),
    )
    return private(page, status)


@blueprint.get("/<token:token>/novedades")
@open_to_all
@paced
def updates(token: str) -> ResponseReturnValue:
    """What is new after the line that is named; 204 when nothing is."""
    chat = chat_or_refused(token)
    state = news.for_visitor(chat, clock.now())
    if request.args.get("marca") == state.mark:
        return "", 204
    own = queries.last_of(chat, Side.VISITOR)
    return news_page(chat, state, own_last=own, ticket_number=queries.ticket_of(chat))


@blueprint.post("/<token:token>/senales")
@open_to_all
@paced
def signals(token: str) -> ResponseReturnValue:
    """Read up to here, typing, there."""
    chat = chat_or_refused(token)
    actions.signal(chat, side=Side.VISITOR, **read_signals(), now=clock.now())
    return "", 204


@blueprint.post("/<token:token>/mensajes")
@open_to_all
@accepts_files
def write(token: str) -> ResponseReturnValue:
    """Add a message; with «Actualizar» look for an answer and keep what is typed."""
    chat = chat_or_refused(token)
    actor = current_actor() if chat.person_id else None
    form = SayForm()
    form.person_id = chat.person_id
    if form.accion.data == "mirar":
        return _page(chat, form)
    try:
        send(chat.id, form, side=Side.VISITOR, actor=actor)
    except MessageRefused as refused:
        if wants_fragment():
            return refused_answer(form, refused)
        return refused.after(_page(chat_or_refused(token), form, refused.status))
    return said(url_for("chat.show", token=token, _anchor="escribir"))


@blueprint.post("/<token:token>/cierre")
@open_to_all
def close(token: str) -> ResponseReturnValue:
    """The visitor ends it."""
    chat = chat_or_refused(token)
    actor = current_actor() if chat.person_id else None
    actions.close(chat.id, side=Side.VISITOR, actor=actor, now=clock.now())
    return redirect(url_for("chat.show", token=token), 303)


@blueprint.get("/<token:token>/imagenes/<number:picture_id>")
@open_to_all
def picture(token: str, picture_id: int) -> ResponseReturnValue:
    return picture_answer(chat_or_refused(token), picture_id)
