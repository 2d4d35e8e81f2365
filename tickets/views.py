"""What customers and visitors see of tickets: the form that answers first, the list, the thread."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from accounts.access import current_actor, requires, signed_in_actor
from accounts.permissions import Actor, may_authorise_access, may_use_tickets, may_write_in_ticket
from core import clock
from core.errors import error_page
from core.files import download_headers
from core.protection import accepts_files
from core.tokens import clean_token, new_token
from core.web import Page, checked_page, page_number
from tickets import (
    actions,
    before_filing,
    drafts,
    ending_views,
    event_words,
    filing,
    history_words,
    links,
    places,
    queries,
)
from tickets.consents.log import consents_of
from tickets.diary.queries import diary_of
from tickets.ending_forms import CustomerReopenForm, SatisfactionForm
from tickets.finding import queries as finding
from tickets.finding.forms import ALL, OPEN, CustomerFindForm
from tickets.finding.terms import number_in
from tickets.forms import ReplyForm
from tickets.history import place_changes
from tickets.lifecycle import State, StepNotAllowed
from tickets.models import Satisfaction, Ticket
from tickets.outcomes import views as outcomes
from tickets.participants.queries import participation, takes_part
from tickets.previews.queries import pictures_of
from tickets.vault import moving
from tickets.vault.forms import SecretForm
from tickets.vault.queries import secrets_of
from tickets.words import register_filters

blueprint = Blueprint("tickets", __name__)
filing.add_routes(blueprint)
before_filing.add_routes(blueprint)
outcomes.add_routes(blueprint)
ending_views.add_routes(blueprint)
PAGE_SIZE = 20
#: Changes of place on the ticket's page, and on their own.
CHANGES_FIRST, CHANGES_AT_MOST = 5, 500


def register(app: Flask) -> None:
    """Words as template filters; drafts follow their writer through sign-in."""
    register_filters(app)
    event_words.register_filters(app)
    history_words.register(app)
    app.extensions.setdefault("on_sign_in", []).append(drafts.adopt)


def ticket_or_404(number: int) -> Ticket:
    """The ticket, for whoever may see it. Missing and forbidden look the same."""
    ticket = queries.ticket_for(current_actor(), number)
    if ticket is None:
        raise NotFound
    return ticket


@blueprint.get("/tickets")
@requires(may_use_tickets)
def index() -> ResponseReturnValue:
    actor = signed_in_actor()
    form = CustomerFindForm(formdata=request.args)
    form.offer(places.current_policy(), actor)
    form.check()
    number = number_in(form.q.data or "")
    if number and queries.ticket_for(actor, number):
        return redirect(url_for("tickets.show", number=number), 303)
    return _list_page(form, actor)


def _list_page(form: CustomerFindForm, actor: Actor) -> str:
    """What was asked for; the form offers every state to whoever has not asked for one."""
    at, most = page_number(), finding.SHOWN_AT_MOST
    found = finding.find(actor, form.criteria(actor), limit=most + 1)
    rows = finding.rows_of(found[:most][(at - 1) * PAGE_SIZE : at * PAGE_SIZE])
    state = form.good("estado") or OPEN
    if not form.is_used:
        form.estado.data = ALL
    return render_template(
        "tickets/index.html",
        form=form,
        page=checked_page(Page(rows, at, PAGE_SIZE, min(len(found), most))),
        many=len(found) > most,
        places=places.counts_ahead(rows),
        state=state,
        unsent=queries.unsent_drafts(drafts.owner_of(actor, "")),
    )


@blueprint.get("/tickets/<number:number>")
def show(number: int) -> ResponseReturnValue:
    if not may_use_tickets(current_actor()):
        # A link in a mail works for staff too: their page of the same ticket is at the desk.
        ticket_or_404(number)
        return redirect(url_for("desk.show", number=number), 303)
    ticket = ticket_or_404(number)
    if ticket.merged_into and queries.ticket_for(current_actor(), ticket.merged_into):
        return redirect(url_for("tickets.show", number=ticket.merged_into), 303)
    return thread_page(ticket, ReplyForm(formulario=new_token()))


@blueprint.get("/tickets/<number:number>/puestos", endpoint="places")
@requires(may_use_tickets)
def places_page(number: int) -> ResponseReturnValue:
    """Every change of place with its cause; only counts, never another customer's data."""
    ticket = ticket_or_404(number)
    return render_template(
        "tickets/places.html",
        ticket=ticket,
        changes=place_changes(ticket, limit=CHANGES_AT_MOST),
        changes_shown=CHANGES_AT_MOST,
    )


def thread_page(
    ticket: Ticket,
    form: ReplyForm,
    status: int = 200,
    *,
    rating_form: SatisfactionForm | None = None,
    reopen_form: CustomerReopenForm | None = None,
    secret_form: SecretForm | None = None,
) -> ResponseReturnValue:
    """The thread, with whatever was being written."""
    actor = signed_in_actor()
    in_queue, rating = places.queued(ticket), queries.last_rating(ticket)
    messages = queries.thread_of(actor, ticket)
    html = render_template(
        "tickets/show.html",
        ticket=ticket,
        form=form,
        rating_form=rating_form or SatisfactionForm(formdata=None),
        messages=messages,
        pictures=pictures_of(messages),
        events=queries.events_of(actor, ticket),
        ahead=places.ahead_of(ticket) if in_queue else None,
        changes=place_changes(ticket, limit=CHANGES_FIRST) if in_queue else [],
        changes_shown=CHANGES_FIRST,
        why=places.explanation(ticket),
        rating=rating,
        may_write=_may_write(actor, ticket) and ticket.state != State.MERGED,
        may_authorise=may_authorise_access(actor, company_id=ticket.company_id)
        and ticket.state != State.MERGED,
        withdrawn=actions.was_withdrawn(ticket),
        participation=participation(actor, ticket),
        reopen_form=reopen_form or _reopen_form(rating),
        links=links.of(actor, ticket),
        secrets=secrets_of(actor, ticket),
        secret_form=secret_form or SecretForm(formdata=None, formulario=new_token()),
        consents=consents_of(ticket),
        consent_form_id=new_token(),
        diary=diary_of(ticket),
    )
    return html, status


def _reopen_form(rating: Satisfaction | None) -> CustomerReopenForm:
    # Who said what is wrong does not write it again.
    said = rating.comment if rating is not None and not rating.satisfied else ""
    return CustomerReopenForm(formdata=None, formulario=new_token(), texto=said)


def _may_write(actor: Actor, ticket: Ticket) -> bool:
    return may_write_in_ticket(
        actor,
        company_id=ticket.company_id,
        author_id=ticket.author_id,
        participates=takes_part(actor, ticket.number),
    )


def writable(number: int) -> Ticket:
    ticket = ticket_or_404(number)
    if not _may_write(signed_in_actor(), ticket):
        raise NotFound
    return ticket


@blueprint.post("/tickets/<number:number>/respuestas")
@accepts_files
@requires(may_use_tickets)
def reply(number: int) -> ResponseReturnValue:
    ticket, form, now = writable(number), ReplyForm(), clock.now()
    if not form.validate():
        return thread_page(ticket, form, 422)
    try:
        state = actions.reply_as_customer(
            number=number,
            actor=signed_in_actor(),
            text=moving.text_of(form, number=number, actor=signed_in_actor(), now=now),
            form_id=form.formulario.data,
            uploads=form.uploads,
            now=now,
        )
    except StepNotAllowed:
        return say_it_changed()
    flash(_said_after_reply(state), "success")
    return redirect(url_for("tickets.show", number=number), 303)


def _said_after_reply(state: State) -> str:
    if state == State.RESOLVED:
        return _(
            "Su mensaje quedó en el ticket, que sigue resuelto. Si el problema sigue, reábralo."
        )
    return _("Su mensaje quedó en el ticket.")


def say_it_changed() -> Response:
    return error_page(
        409,
        text=_(
            "El ticket cambió de estado. Lo que escribió está abajo; vuelva al ticket y revise."
        ),
    )


@blueprint.post("/tickets/<number:number>/autorizacion")
@requires(may_use_tickets)
def authorise(number: int) -> ResponseReturnValue:
    return _declared(number, actions.authorise, _("Autorizó el acceso para este ticket."))


@blueprint.post("/tickets/<number:number>/autorizacion/retiro")
@requires(may_use_tickets)
def withdraw_authorisation(number: int) -> ResponseReturnValue:
    done = _("Retiró la autorización: el equipo técnico ya no puede entrar a su servidor.")
    return _declared(number, actions.withdraw_authorisation, done)


def _declared(number: int, declare: Callable[..., None], done: str) -> ResponseReturnValue:
    ticket, actor = ticket_or_404(number), signed_in_actor()
    if not may_authorise_access(actor, company_id=ticket.company_id):
        raise NotFound
    declare(
        number=number,
        actor=actor,
        now=clock.now(),
        address=request.remote_addr or "",
        form_id=clean_token(request.form.get("formulario")),
    )
    flash(done, "success")
    return redirect(url_for("tickets.show", number=number), 303)


@blueprint.get("/tickets/<number:number>/adjuntos/<number:attachment_id>")
def attachment(number: int, attachment_id: int) -> ResponseReturnValue:
    found = queries.attachment_for(current_actor(), number, attachment_id)
    fetch = request.headers.get("Sec-Fetch-Dest", "document")
    if found is None or fetch not in {"document", "empty"}:
        raise NotFound
    return Response(found.blob.content, headers=download_headers(found.name))
