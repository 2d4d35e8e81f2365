"""Pages of the desk where a turn changes hands or a ticket its shape: return, hand over,
correct the afección, merge, undo a merge, split."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from accounts.access import requires, signed_in_actor
from accounts.permissions import Actor, Role, may_work_desk
from accounts.queries import staff_with
from core import clock
from core.errors import error_page
from core.tokens import new_token
from core.web import Form, site_settings
from tickets import desk, joining, links, places, queries, refusals, turns
from tickets.lifecycle import StepNotAllowed
from tickets.models import Ticket
from tickets.turns_forms import (
    HandOverForm,
    LinkForm,
    MergeForm,
    ReclassifyForm,
    ReturnForm,
    SplitForm,
)
from tickets.views import ticket_or_404


def add_routes(blueprint: Blueprint) -> None:
    """The addresses on the blueprint of the desk."""
    add = blueprint.add_url_rule
    own = "/tickets/<number:number>"
    add(f"{own}/devolucion", "give_back", give_back, methods=["POST"])
    add(f"{own}/traspaso", "hand_over", hand_over, methods=["POST"])
    add(f"{own}/afeccion", "reclassify", reclassify, methods=["POST"])
    add(f"{own}/union", "merge", merge, methods=["POST"])
    add(f"{own}/separacion", "unmerge", unmerge, methods=["POST"])
    add(f"{own}/enlaces", "link", link, methods=["POST"])
    add(f"{own}/enlaces/<number:other>/retiro", "unlink", unlink, methods=["POST"])
    message = f"{own}/mensajes/<number:message_id>/division"
    add(message, "split_form", split_form, methods=["GET"])
    add(message, "split", split, methods=["POST"])


def blank_forms(actor: Actor, ticket: Ticket) -> dict[str, Form]:
    """The forms of this module as the ticket's page shows them first."""
    return {
        "return_form": ReturnForm(formdata=None),
        "hand_over_form": _hand_over_form(actor, HandOverForm(formdata=None)),
        "reclassify_form": _reclassify_form(ticket, ReclassifyForm(formdata=None)),
        "merge_form": MergeForm(formdata=None),
        "link_form": LinkForm(formdata=None),
    }


def can_unmerge(ticket: Ticket) -> bool:
    """Whether its merge can still be undone."""
    at = ticket.merged_at
    return at is not None and clock.now() - at <= joining.UNDO_WITHIN


def _hand_over_form(actor: Actor, form: HandOverForm) -> HandOverForm:
    form.formulario.data = form.formulario.data or new_token()
    form.offer([p for p in staff_with(Role.TECHNICIAN) if p.id != actor.person_id])
    return form


def _reclassify_form(ticket: Ticket, form: ReclassifyForm) -> ReclassifyForm:
    form.offer(places.current_policy(), ticket.affection)
    return form


def _back_to(number: int, words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for("desk.show", number=number), 303)


def _changed() -> ResponseReturnValue:
    return error_page(409, text=_("El ticket ya no lo tiene usted, o cambió de estado."))


@requires(may_work_desk)
def give_back(number: int) -> ResponseReturnValue:
    ticket, form = ticket_or_404(number), ReturnForm()
    if not form.validate():
        return desk.desk_page(ticket, return_form=form, status=422)
    try:
        turns.give_back(
            number=number, actor=signed_in_actor(), reason=form.motivo.data, now=clock.now()
        )
    except (StepNotAllowed, refusals.NotAllowed):
        return _changed()
    flash(_("El ticket %(number)s volvió a la cola, en su lugar.", number=number), "success")
    return redirect(url_for("desk.index"), 303)


@requires(may_work_desk)
def hand_over(number: int) -> ResponseReturnValue:
    actor = signed_in_actor()
    ticket, form = ticket_or_404(number), _hand_over_form(actor, HandOverForm())
    if not form.validate():
        return desk.desk_page(ticket, hand_over_form=form, status=422)
    limit = site_settings().held_limit
    try:
        turns.hand_over(
            number=number,
            actor=actor,
            to=form.to,
            note=form.nota.data,
            form_id=form.formulario.data,
            limit=limit,
            now=clock.now(),
        )
    except (refusals.HoldsEnough, refusals.WrongPerson):
        form.a.errors = [_("No puede recibirlo: ya tiene %(n)d en atención.", n=limit)]
        return desk.desk_page(ticket, hand_over_form=form, status=422)
    except (StepNotAllowed, refusals.NotAllowed):
        return _changed()
    return _back_to(number, _("El ticket lo sigue su colega."))


@requires(may_work_desk)
def reclassify(number: int) -> ResponseReturnValue:
    ticket = ticket_or_404(number)
    form = _reclassify_form(ticket, ReclassifyForm())
    if not form.validate():
        return desk.desk_page(ticket, reclassify_form=form, status=form.status)
    try:
        turns.reclassify(
            number=number,
            actor=signed_in_actor(),
            correction=turns.Correction(form.afeccion.data, form.motivo.data, form.promised),
            now=clock.now(),
        )
    except (StepNotAllowed, refusals.NotAllowed, refusals.SameAffection):
        return _changed()
    return _back_to(number, _("La afección quedó corregida; el cliente lo lee con el motivo."))


@requires(may_work_desk)
def merge(number: int) -> ResponseReturnValue:
    ticket, form = ticket_or_404(number), MergeForm()
    if not form.validate():
        return desk.desk_page(ticket, merge_form=form, status=422)
    try:
        kept = joining.merge(
            number=number, other=form.other, actor=signed_in_actor(), now=clock.now()
        )
    except refusals.CannotMerge as refused:
        form.ticket.errors = [_why_not(refused.reason)]
        return desk.desk_page(ticket, merge_form=form, status=422)
    return _back_to(kept, _("Ahora son un solo ticket: sigue el más antiguo."))


def _why_not(reason: str) -> str:
    return {
        "company": _("Son de empresas distintas: no se pueden unir."),
        "ended": _("Sólo se unen tickets abiertos."),
        "typology": _("Uno es incidencia y el otro petición: corrija antes la afección."),
        "holder": _("Ese ticket lo tiene un colega en atención: pídale que lo una."),
    }.get(reason, _("No hay otro ticket con ese número."))


@requires(may_work_desk)
def unmerge(number: int) -> ResponseReturnValue:
    ticket_or_404(number)
    try:
        joining.unmerge(number=number, actor=signed_in_actor(), now=clock.now())
    except (StepNotAllowed, refusals.CannotMerge):
        return error_page(409, text=_("La unión ya no se puede deshacer."))
    return _back_to(number, _("El ticket vuelve a ir por su cuenta, en su lugar de la cola."))


@requires(may_work_desk)
def link(number: int) -> ResponseReturnValue:
    ticket, form = ticket_or_404(number), LinkForm()
    if not form.validate():
        return desk.desk_page(ticket, link_form=form, status=422)
    try:
        links.relate(number=number, other=form.other, actor=signed_in_actor(), now=clock.now())
    except LookupError:
        form.ticket.errors = [_("No hay otro ticket con ese número.")]
        return desk.desk_page(ticket, link_form=form, status=422)
    return _back_to(number, _("Los tickets quedaron enlazados."))


@requires(may_work_desk)
def unlink(number: int, other: int) -> ResponseReturnValue:
    ticket_or_404(number)
    ticket_or_404(other)
    links.unrelate(number=number, other=other, actor=signed_in_actor(), now=clock.now())
    return _back_to(number, _("Se quitó el enlace."))


@requires(may_work_desk)
def split_form(number: int, message_id: int) -> ResponseReturnValue:
    return _split_page(ticket_or_404(number), message_id, SplitForm(formdata=None))


def _split_page(
    ticket: Ticket, message_id: int, form: SplitForm, status: int = 200
) -> ResponseReturnValue:
    thread = queries.thread_of(signed_in_actor(), ticket)
    message = next((m for m in thread if m.id == message_id and not m.from_staff), None)
    if message is None:
        raise NotFound
    form.offer(places.current_policy())
    html = render_template("desk/split.html", ticket=ticket, message=message, form=form)
    return html, status


@requires(may_work_desk)
def split(number: int, message_id: int) -> ResponseReturnValue:
    ticket, form = ticket_or_404(number), SplitForm()
    form.offer(places.current_policy())
    if not form.validate():
        return _split_page(ticket, message_id, form, form.status)
    try:
        new = joining.split(
            number=number,
            message_id=message_id,
            actor=signed_in_actor(),
            part=joining.Part(form.asunto.data, form.afeccion.data, form.motivo.data),
            now=clock.now(),
        )
    except LookupError:
        raise NotFound from None
    except (StepNotAllowed, refusals.NotAllowed):
        return _changed()
    return _back_to(new, _("El ticket nuevo está en la cola, con la llegada de su mensaje."))
