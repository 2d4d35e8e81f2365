"""How a ticket ends for its customer: closed, judged, reopened, or followed by another (R11)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_use_tickets
from core import clock
from core.tokens import new_token
from tickets import actions, drafts, links, views
from tickets.ending_forms import CustomerReopenForm, SatisfactionForm
from tickets.forms import ReplyForm
from tickets.lifecycle import StepNotAllowed
from tickets.vault import moving


def add_routes(blueprint: Blueprint) -> None:
    """The addresses on the blueprint of tickets."""
    own = "/tickets/<number:number>"
    for noun, view in (("reapertura", reopen), ("cierre", close), ("satisfaccion", rate)):
        blueprint.add_url_rule(f"{own}/{noun}", view.__name__, view, methods=["POST"])


@requires(may_use_tickets)
def reopen(number: int) -> ResponseReturnValue:
    ticket, form, now = views.writable(number), CustomerReopenForm(), clock.now()
    if not form.validate():
        empty = ReplyForm(formdata=None, formulario=new_token())
        return views.thread_page(ticket, empty, 422, reopen_form=form)
    if not form.case.reopens:
        return _begin_apart(number, form)
    try:
        actions.reopen(
            number=number,
            actor=signed_in_actor(),
            text=moving.text_of(form, number=number, actor=signed_in_actor(), now=now),
            form_id=form.formulario.data,
            reason=form.case,
            now=now,
        )
    except StepNotAllowed:
        return views.say_it_changed()
    flash(_("Reabrió el ticket: vuelve a la cola con su primera llegada."), "success")
    return redirect(url_for("tickets.show", number=number), 303)


def _begin_apart(number: int, form: CustomerReopenForm) -> ResponseReturnValue:
    """Another matter: its own ticket, begun with what was typed and linked with this one."""
    try:
        draft_id = links.begin_apart(
            origin=number,
            actor=signed_in_actor(),
            text=form.texto.data,
            form_id=form.formulario.data,
            now=clock.now(),
        )
    except drafts.AlreadyFiled as filed:
        return redirect(url_for("tickets.show", number=filed.number), 303)
    return redirect(url_for("tickets.new", borrador=draft_id), 303)


@requires(may_use_tickets)
def close(number: int) -> ResponseReturnValue:
    views.writable(number)
    try:
        actions.close(number=number, actor=signed_in_actor(), now=clock.now())
    except StepNotAllowed:
        return views.say_it_changed()
    flash(_("El ticket quedó cerrado."), "success")
    return redirect(url_for("tickets.show", number=number), 303)


@requires(may_use_tickets)
def rate(number: int) -> ResponseReturnValue:
    ticket, form = views.writable(number), SatisfactionForm()
    if not form.validate():
        empty = ReplyForm(formdata=None, formulario=new_token())
        return views.thread_page(ticket, empty, 422, rating_form=form)
    satisfied = form.satisfecho.data == "si"
    try:
        actions.rate(
            number=number,
            actor=signed_in_actor(),
            satisfied=satisfied,
            comment=form.comentario.data or "",
            now=clock.now(),
        )
    except StepNotAllowed:
        return views.say_it_changed()
    if satisfied:
        flash(_("Gracias por decirlo."), "success")
        return redirect(url_for("tickets.show", number=number, _anchor="solucion"), 303)
    flash(_("Lo sentimos. Díganos qué pasa y lo vemos."), "warning")
    return redirect(url_for("tickets.show", number=number, _anchor="reabrir"), 303)
