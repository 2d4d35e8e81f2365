"""What a technician writes at the desk: the reply, the note, the reason of a reopening."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_read_desk, may_work_desk
from core import clock
from core.errors import error_page
from core.protection import accepts_files
from core.web import external_url, site_settings
from core.wording import clean_line
from tickets import desk, handling, refusals
from tickets.canned import queries as canned
from tickets.diary import queries as diary
from tickets.ending_forms import DeskReopenForm
from tickets.forms import DeskReplyForm, NoteForm
from tickets.handling import Reply, Sent
from tickets.lifecycle import State, StepNotAllowed
from tickets.mentions.words import misread_words
from tickets.models import Ticket
from tickets.vault import moving
from tickets.views import ticket_or_404
from tickets.workbench import queries as bench
from tickets.workbench.desk import (
    answer_became_article,
    article_to_insert,
    is_for_staff_alone,
    keep_typed,
)
from tickets.workbench.policy import with_link


def add_routes(blueprint: Blueprint) -> None:
    """The addresses on the blueprint of the desk."""
    own = "/tickets/<number:number>"
    for noun, view in (("respuestas", reply), ("notas", note), ("reapertura", reopen)):
        blueprint.add_url_rule(f"{own}/{noun}", view.__name__, view, methods=["POST"])


@accepts_files
@requires(may_work_desk)
def reply(number: int) -> ResponseReturnValue:
    ticket, form = ticket_or_404(number), DeskReplyForm()
    looked = _looked_at(ticket, form)
    if looked is not None:
        return looked
    if not form.validate():
        if not desk.is_mine(ticket):
            return _refused(number, form, moved=False)
        return desk.desk_page(ticket, form=form, status=form.status)
    actor, now = signed_in_actor(), clock.now()
    try:
        form.texto.data = moving.text_of(form, number=number, actor=actor, now=now)
        sent = handling.reply(number=number, actor=actor, answer=_answer_of(form), now=now)
    except (refusals.ThreadMoved, StepNotAllowed, refusals.NotAllowed) as why:
        return _refused(number, form, moved=isinstance(why, refusals.ThreadMoved))
    return _after_reply(number, form, sent)


def _refused(number: int, form: DeskReplyForm, *, moved: bool) -> ResponseReturnValue:
    """The ticket as it is now, with what was typed."""
    told = {"refused": True, "files_lost": bool(form.uploads)}
    form.adjuntos.data = []
    keep_typed(number, form.texto.data or "")
    return desk.desk_page(ticket_or_404(number), form=form, moved=moved, status=409, more=told)


def _looked_at(ticket: Ticket, form: DeskReplyForm) -> ResponseReturnValue | None:
    """The page again for the buttons that send nothing: preview, insert or find an article."""
    if form.lista.raw_data and desk.is_mine(ticket):
        return _with_canned(form, ticket)
    wanted, slug = request.form.get("accion"), clean_line(request.form.get("insertar", ""), 200)
    if wanted not in {"vista", "buscar"} and not slug:
        return None
    more: dict[str, object] = {"files_lost": any(f.filename for f in form.adjuntos.data or ())}
    form.adjuntos.data = []
    if slug:
        link = article_to_insert(slug)
        form.texto.data = with_link(form.texto.data or "", link) if link else form.texto.data
        if is_for_staff_alone(slug):
            form.texto.errors = [_("Ese artículo es sólo para el personal: no se insertó.")]
    elif wanted == "buscar":
        words = clean_line(request.form.get("buscar_articulo", ""), 200)
        more |= {"article_query": words, "found": bench.found(ticket, words) if words else []}
    elif form.texto.validate(form):
        more["preview"] = form.texto.data
    return desk.desk_page(ticket, form=form, status=422 if form.texto.errors else 200, more=more)


def _with_canned(form: DeskReplyForm, ticket: Ticket) -> ResponseReturnValue:
    """The page again, with a canned answer below what was written."""
    found = canned.offered(form.lista.data or 0, ticket, signed_in_actor())
    form.put_in(found.text if found else "")
    if found is None:
        form.texto.errors = [_("Esa respuesta lista ya no está en uso.")]
    return desk.desk_page(ticket, form=form)


def _answer_of(form: DeskReplyForm) -> Reply:
    return Reply(
        text=form.texto.data,
        then=form.then,
        form_id=form.formulario.data or "",
        uploads=form.uploads,
        promise=form.promised,
        seen=form.visto.data,
        articles=bench.linked_articles(form.texto.data, external_url("home.index").rstrip("/")),
        hold=timedelta(seconds=site_settings().undo_seconds),
    )


def _after_reply(number: int, form: DeskReplyForm, sent: Sent) -> ResponseReturnValue:
    """On: to the next ticket, to the article that the answer became, or back to the thread."""
    if not site_settings().undo_seconds:
        flash(_said_after_reply(sent.state), "success")
    _remind_of_leaving(number, sent.state)
    written = None
    if form.wants_article and sent.message_id is not None:
        ticket = ticket_or_404(number)
        written = answer_became_article(ticket, sent.message_id, form.texto.data)
    if form.siguiente.data:
        return desk.take(form.formulario.data or "")
    return written or redirect(url_for("desk.show", number=number), 303)


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


@requires(may_read_desk)
def note(number: int) -> ResponseReturnValue:
    ticket, form = ticket_or_404(number), NoteForm()
    if not form.validate():
        return desk.desk_page(ticket, note_form=form, status=422)
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


@requires(may_work_desk)
def reopen(number: int) -> ResponseReturnValue:
    ticket, form = ticket_or_404(number), DeskReopenForm()
    if not form.validate():
        return desk.desk_page(ticket, reopen_form=form, status=form.status)
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
