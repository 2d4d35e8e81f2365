"""The desk: the queue, `Tomar siguiente`, and one screen to work a ticket."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import tickets.mentions.queries as mentions
from accounts.access import requires, signed_in_actor
from accounts.permissions import Actor, may_read_desk, may_work_desk
from core import clock
from core.errors import error_page
from core.protection import accepts_files
from core.tokens import clean_token, new_token
from core.web import Form, Page, checked_page, page_number, site_settings
from tickets import handling, links, places, queries, refusals, turns_desk
from tickets.canned import queries as canned
from tickets.consents.log import consents_of
from tickets.diary import queries as diary
from tickets.diary.forms import EntryForm
from tickets.forms import DeskReopenForm, DeskReplyForm, NoteForm
from tickets.handling import Reply, Then
from tickets.lifecycle import State, StepNotAllowed
from tickets.mentions.words import misread_words
from tickets.models import Ticket
from tickets.participants.queries import participation
from tickets.previews.queries import pictures_of
from tickets.refusals import NotAllowed
from tickets.vault import moving
from tickets.vault.queries import secrets_of
from tickets.views import ticket_or_404

blueprint = Blueprint("desk", __name__, url_prefix="/mesa")
turns_desk.add_routes(blueprint)
PAGE_SIZE = 50


@blueprint.get("")
@requires(may_read_desk)
def index() -> ResponseReturnValue:
    number, total = page_number(), places.queue_length()
    offset = (number - 1) * PAGE_SIZE
    rows = places.queue(offset=offset, limit=PAGE_SIZE)
    page = checked_page(Page(rows, number, PAGE_SIZE, min(total, places.COUNT_AT_MOST)))
    return render_template(
        "desk/index.html",
        page=page,
        many=total > places.COUNT_AT_MOST,
        whys=places.explanations(rows),
        held=queries.held_by(signed_in_actor()),
        inside=diary.inside_now(signed_in_actor()),
        mentions=mentions.of(signed_in_actor()),
        form_id=new_token(),
    )


@blueprint.post("/siguiente")
@requires(may_work_desk)
def take_next() -> ResponseReturnValue:
    return _take(clean_token(request.form.get("formulario")))


def _take(form_id: str) -> ResponseReturnValue:
    limit = site_settings().held_limit
    try:
        number = handling.take_next(
            actor=signed_in_actor(), limit=limit, form_id=form_id, now=clock.now()
        )
    except refusals.HoldsEnough:
        flash(
            _("Ya tiene %(n)d tickets en atención. Responda uno antes de tomar otro.", n=limit),
            "warning",
        )
        return redirect(url_for("desk.index"), 303)
    if number is None:
        flash(_nobody_left(), "info")
        return redirect(url_for("desk.index"), 303)
    return redirect(url_for("desk.show", number=number), 303)


def _nobody_left() -> str:
    if places.queue_length():
        return _("Lo que queda en la cola lo devolvió usted: se ofrece antes a sus colegas.")
    return _("No hay nadie en la cola.")


@blueprint.get("/tickets/<number:number>")
@requires(may_read_desk)
def show(number: int) -> ResponseReturnValue:
    return desk_page(ticket_or_404(number))


def desk_page(ticket: Ticket, *, status: int = 200, **sent: Form) -> ResponseReturnValue:
    """The one screen of a ticket; `sent` are forms by name that were refused, as they came."""
    actor = signed_in_actor()
    mine = _is_mine(ticket)
    messages = queries.thread_of(actor, ticket)
    html = render_template(
        "desk/show.html",
        **{**_blank_forms(actor, ticket), **sent},
        ticket=ticket,
        canned=canned.offered_for(ticket, actor) if mine else [],
        messages=messages,
        pictures=pictures_of(messages),
        events=queries.events_of(actor, ticket),
        why=places.explanation(ticket),
        others=queries.others_of_company(ticket),
        merged=queries.merged_tickets(ticket),
        rating=queries.last_rating(ticket),
        links=links.of(actor, ticket),
        mine=mine,
        place=places.count_ahead(ticket) + 1 if places.queued(ticket) else None,
        next_form_id=new_token(),
        can_unmerge=turns_desk.can_unmerge(ticket),
        secrets=secrets_of(actor, ticket),
        consents=consents_of(ticket),
        diary=diary.diary_of(ticket),
        inside=diary.inside_now(actor),
        entry_form=EntryForm(formdata=None, formulario=new_token()),
        participation=participation(actor, ticket),
        called=mentions.unseen_in(actor, number=ticket.number),
        handles=mentions.handles(actor),
    )
    return html, status


def _blank_forms(actor: Actor, ticket: Ticket) -> dict[str, Form]:
    return {
        "form": DeskReplyForm(formdata=None, formulario=new_token()),
        "note_form": NoteForm(formdata=None, formulario=new_token()),
        "reopen_form": DeskReopenForm(formdata=None, formulario=new_token()),
        **turns_desk.blank_forms(actor, ticket),
    }


@blueprint.post("/tickets/<number:number>/respuestas")
@accepts_files
@requires(may_work_desk)
def reply(number: int) -> ResponseReturnValue:
    ticket, form = ticket_or_404(number), DeskReplyForm()
    if not _is_mine(ticket):
        return _not_yours()
    if form.insertar.raw_data:
        return _inserted(form, ticket)
    if not form.validate():
        return desk_page(ticket, form=form, status=form.status)
    actor, now = signed_in_actor(), clock.now()
    try:
        text = moving.text_of(form, number=number, actor=actor, now=now)
        answer = Reply(
            text=text,
            then=Then(form.accion.data),
            form_id=form.formulario.data or "",
            uploads=form.uploads,
            promise=form.promised,
        )
        state = handling.reply(number=number, actor=actor, answer=answer, now=now)
    except (StepNotAllowed, NotAllowed):
        return _not_yours()
    flash(_said_after_reply(state), "success")
    _remind_of_leaving(number, state)
    if form.siguiente.data:
        return _take(form.formulario.data or "")
    return redirect(url_for("desk.show", number=number), 303)


def _is_mine(ticket: Ticket) -> bool:
    held = ticket.state in {State.ACTIVE, State.WAITING}
    return held and ticket.holder_id == signed_in_actor().person_id


def _not_yours() -> ResponseReturnValue:
    return error_page(409, text=_("El ticket ya no lo tiene usted, o cambió de estado."))


def _inserted(form: DeskReplyForm, ticket: Ticket) -> ResponseReturnValue:
    """The page again, with a canned answer below what was written."""
    found = canned.offered(form.insertar.data or 0, ticket, signed_in_actor())
    form.put_in(found.text if found else "")
    if found is None:
        form.texto.errors = [_("Esa respuesta lista ya no está en uso.")]
    return desk_page(ticket, form=form)


def _said_after_reply(state: State) -> str:
    return {
        State.WAITING: _("Respuesta enviada; el ticket espera al cliente."),
        State.RESOLVED: _("Respuesta enviada; el ticket quedó resuelto."),
    }.get(state, _("Respuesta enviada."))


def _remind_of_leaving(number: int, state: State) -> None:
    """Whoever resolves a ticket is often still inside the server."""
    inside = [e for e in diary.inside_now(signed_in_actor()) if e.ticket_number == number]
    if state == State.RESOLVED and inside:
        flash(
            _("En el ticket %(number)s usted figura aún dentro del servidor.", number=number),
            "warning",
        )


@blueprint.post("/tickets/<number:number>/notas")
@requires(may_read_desk)
def note(number: int) -> ResponseReturnValue:
    ticket, form = ticket_or_404(number), NoteForm()
    if not form.validate():
        return desk_page(ticket, note_form=form, status=422)
    actor, now = signed_in_actor(), clock.now()
    misread = handling.note(
        number=number,
        actor=actor,
        text=moving.text_of(form, number=number, actor=actor, now=now),
        form_id=form.formulario.data or "",
        now=now,
    )
    for words in misread_words(misread):
        flash(words, "warning")
    return redirect(url_for("desk.show", number=number, _anchor="notas"), 303)


@blueprint.post("/tickets/<number:number>/reapertura")
@requires(may_work_desk)
def reopen(number: int) -> ResponseReturnValue:
    ticket, form = ticket_or_404(number), DeskReopenForm()
    if not form.validate():
        return desk_page(ticket, reopen_form=form, status=form.status)
    actor, now = signed_in_actor(), clock.now()
    try:
        handling.reopen(
            number=number,
            actor=actor,
            text=moving.text_of(form, number=number, actor=actor, now=now),
            form_id=form.formulario.data or "",
            promise=form.promised,
            now=now,
        )
    except StepNotAllowed:
        return error_page(409)
    flash(_("El ticket volvió a la cola, en su lugar."), "success")
    return redirect(url_for("desk.show", number=number), 303)
