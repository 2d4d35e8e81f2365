"""What becomes of a conversation, at the desk: a ticket, an open ticket's thread; old ones."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from accounts.access import requires, signed_in_actor
from accounts.permissions import Actor, may_answer_chat, may_read_old_chats
from contact.chat import actions, desk, queries, settling
from contact.chat.forms import JoinForm, OutcomeForm
from contact.chat.models import Chat
from contact.chat.policy import first_line
from core import clock
from core.web import Page, checked_page, page_number
from core.wording import clean_line
from tickets import places
from tickets.drafts import SUBJECT_LIMIT
from tickets.duplicates import duplicates_of
from tickets.lifecycle import StepNotAllowed
from tickets.places import open_tickets_with_place
from tickets.refusals import Incomplete, NotAllowed

LISTED, TICKETS = 30, 8


def add_routes(blueprint: Blueprint) -> None:
    """The addresses on the blueprint of the chat's desk."""
    add = blueprint.add_url_rule
    add("/<number:chat_id>/ticket", "to_ticket", to_ticket, methods=["POST"])
    add("/<number:chat_id>/union", "join", join, methods=["POST"])
    add("/anteriores", "old", old, methods=["GET"])


def beside(chat: Chat) -> dict[str, object]:
    """Who is on the other side, what they have open, and the forms of what may follow (R8, R10)."""
    customer = queries.customer_of(chat)
    text = queries.first_words(chat)
    form = OutcomeForm(formdata=None, asunto=first_line(text, SUBJECT_LIMIT))
    form.offer(places.current_policy())
    return {
        "customer": customer,
        "tickets": open_tickets_with_place(customer, limit=TICKETS) if customer else (),
        "alike": _alike(customer, text),
        "outcome_form": form,
        "join_form": JoinForm(formdata=None, ticket=chat.about_number or ""),
        "ticket_number": queries.ticket_of(chat),
    }


def _alike(customer: Actor | None, text: str) -> frozenset[int]:
    found = duplicates_of(
        customer, subject=first_line(text, SUBJECT_LIMIT), description=text, affection=""
    )
    return frozenset(one.ticket.number for one in found.visible)


@requires(may_answer_chat)
def to_ticket(chat_id: int) -> ResponseReturnValue:
    """A customer's becomes a ticket; to a visitor it is offered."""
    chat, form = desk.chat_or_404(chat_id), OutcomeForm()
    form.offer(places.current_policy())
    if not form.validate():
        return desk.talk_page(chat, outcome_form=form, status=422)
    if chat.person_id is None:
        return _offer(chat, form)
    try:
        number = settling.make_ticket(
            chat.id,
            actor=signed_in_actor(),
            subject=form.asunto.data or "",
            affection=form.afeccion.data or "",
            now=clock.now(),
        )
    except (NotAllowed, Incomplete, settling.NoAccount) as refused:
        form.form_errors.append(_why_not(refused))
        return desk.talk_page(desk.chat_or_404(chat_id), outcome_form=form, status=409)
    except actions.NotYours:
        raise NotFound from None
    flash(_("La conversación es ahora el ticket %(number)s.", number=number), "success")
    return redirect(url_for("desk.show", number=number), 303)


def _why_not(refused: Exception) -> str:
    if isinstance(refused, NotAllowed):
        return _("Esa persona no tiene permiso para abrir ese tipo de ticket en su empresa.")
    return _("Esa persona ya no tiene una cuenta con la que abrir un ticket.")


def _offer(chat: Chat, form: OutcomeForm) -> ResponseReturnValue:
    try:
        settling.offer(
            chat.id,
            actor=signed_in_actor(),
            subject=form.asunto.data or "",
            affection=form.afeccion.data or "",
            now=clock.now(),
        )
    except (actions.Ended, actions.NotYours):
        form.form_errors.append(_("La conversación terminó: ya no hay a quién ofrecérselo."))
        return desk.talk_page(desk.chat_or_404(chat.id), outcome_form=form, status=409)
    flash(_("Se lo ofrecimos: se registra y lo envía; conserva su llegada."), "success")
    return redirect(url_for("chat_desk.show", chat_id=chat.id), 303)


@requires(may_answer_chat)
def join(chat_id: int) -> ResponseReturnValue:
    """Into the thread of an open ticket of theirs."""
    chat, form = desk.chat_or_404(chat_id), JoinForm()
    if not form.validate():
        return desk.talk_page(chat, join_form=form, status=422)
    try:
        number = settling.join(chat.id, actor=signed_in_actor(), number=form.other, now=clock.now())
    except (NotAllowed, StepNotAllowed, settling.NoAccount):
        form.ticket.errors = [_("No es un ticket abierto en el que esa persona pueda escribir.")]
        return desk.talk_page(desk.chat_or_404(chat_id), join_form=form, status=409)
    except actions.NotYours:
        raise NotFound from None
    flash(_("La conversación está en el ticket %(number)s.", number=number), "success")
    return redirect(url_for("desk.show", number=number), 303)


@requires(may_read_old_chats)
def old() -> ResponseReturnValue:
    """Ended conversations, by visitor, company and day."""
    words = clean_line(request.args.get("q", ""), 200)
    since, until = _day("desde"), _day("hasta")
    number = page_number()
    rows, total = queries.old_chats(
        queries.Search(words, since, until), offset=(number - 1) * LISTED, limit=LISTED
    )
    page = checked_page(Page(rows, number, LISTED, total))
    asked = {"q": words, "desde": since or "", "hasta": until or ""}
    return render_template("chat_desk/old.html", page=page, asked=asked)


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, "")[:10])
    except ValueError:
        return None
