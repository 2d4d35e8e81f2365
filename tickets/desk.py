"""The desk: the queue, `Tomar siguiente`, and one screen to work a ticket.

What that screen sends is in `reply_desk.py` and `turns_desk.py`.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import tickets.mentions.queries as mentions
from accounts.access import requires, signed_in_actor
from accounts.permissions import Actor, may_read_desk, may_work_desk
from core import clock
from core.tokens import clean_token, new_token
from core.web import Form, Page, checked_page, page_number, site_settings
from tickets import handling, links, places, queries, refusals, reply_desk, turns_desk
from tickets.canned import queries as canned
from tickets.consents.log import consents_of
from tickets.diary import queries as diary
from tickets.diary.forms import EntryForm
from tickets.ending_forms import DeskReopenForm
from tickets.forms import DeskReplyForm, NoteForm
from tickets.lifecycle import State
from tickets.models import Message, Ticket
from tickets.participants.queries import participation
from tickets.previews.queries import pictures_of
from tickets.vault.queries import secrets_of
from tickets.views import ticket_or_404
from tickets.workbench import queries as bench

blueprint = Blueprint("desk", __name__, url_prefix="/mesa")
turns_desk.add_routes(blueprint)
reply_desk.add_routes(blueprint)
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
        undoable=bench.undoable(signed_in_actor(), now=clock.now()),
        form_id=new_token(),
    )


@blueprint.post("/siguiente")
@requires(may_work_desk)
def take_next() -> ResponseReturnValue:
    return take(clean_token(request.form.get("formulario")))


def take(form_id: str) -> ResponseReturnValue:
    """The head of the queue for whoever is signed in, or why there is none."""
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


def is_mine(ticket: Ticket) -> bool:
    """Whether whoever is signed in holds it."""
    held = ticket.state in {State.ACTIVE, State.WAITING}
    return held and ticket.holder_id == signed_in_actor().person_id


def desk_page(
    ticket: Ticket,
    *,
    status: int = 200,
    moved: bool = False,
    more: Mapping[str, object] | None = None,
    **sent: Form,
) -> ResponseReturnValue:
    """The one screen of a ticket; `sent` are forms by name that were refused, as they came.

    `moved` shows what others wrote after what the reply had seen.
    """
    actor, mine = signed_in_actor(), is_mine(ticket)
    messages = queries.thread_of(actor, ticket)
    beside = bench.bench(actor, ticket, messages, now=clock.now(), writes=mine)
    forms = {**_blank_forms(actor, ticket, messages, beside), **sent}
    seen = forms["form"]["visto"]
    between = bench.later_messages(actor, messages, seen.data or 0) if moved else []
    if moved:
        seen.data = _newest(messages)
    html = render_template(
        "desk/show.html",
        **forms,
        **_facts(actor, ticket),
        ticket=ticket,
        mine=mine,
        canned=canned.offered_for(ticket, actor) if mine else [],
        messages=messages,
        pictures=pictures_of(messages),
        between=between,
        bench=beside,
        undoable=beside.undoable,
        next_form_id=new_token(),
        **(more or {}),
    )
    return html, status


def _newest(messages: list[Message]) -> int | None:
    # What was merged into a ticket stands among its messages by its moment.
    return max((message.id for message in messages), default=None)


def _facts(actor: Actor, ticket: Ticket) -> dict[str, object]:
    """What stands beside the thread."""
    return {
        "events": queries.events_of(actor, ticket),
        "why": places.explanation(ticket),
        "place": places.count_ahead(ticket) + 1 if places.queued(ticket) else None,
        "others": queries.others_of_company(ticket),
        "merged": queries.merged_tickets(ticket),
        "can_unmerge": turns_desk.can_unmerge(ticket),
        "links": links.of(actor, ticket),
        "rating": queries.last_rating(ticket),
        "secrets": secrets_of(actor, ticket),
        "consents": consents_of(ticket),
        "diary": diary.diary_of(ticket),
        "inside": diary.inside_now(actor),
        "participation": participation(actor, ticket),
        "called": mentions.unseen_in(actor, number=ticket.number),
        "handles": mentions.handles(actor),
    }


def _blank_forms(
    actor: Actor, ticket: Ticket, messages: list[Message], beside: bench.Bench
) -> dict[str, Form]:
    kept = beside.draft
    form = DeskReplyForm(formdata=None, formulario=new_token(), texto=kept.text if kept else "")
    form.visto.data = _newest(messages)
    note = NoteForm(formdata=None, formulario=new_token(), texto=kept.note if kept else "")
    return {
        "form": form,
        "note_form": note,
        "reopen_form": DeskReopenForm(formdata=None, formulario=new_token()),
        "entry_form": EntryForm(formdata=None, formulario=new_token()),
        **turns_desk.blank_forms(actor, ticket),
    }
