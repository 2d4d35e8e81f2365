"""Beside the reply box: drafts, who is there, preview, articles to insert, undo."""

from __future__ import annotations

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_edit_articles, may_read_desk, may_work_desk
from core import clock
from core.errors import error_page
from core.web import external_url, site_settings
from core.wording import clean_line, clean_text
from kb.queries import published_article
from tickets.forms import MESSAGE_LIMIT
from tickets.lifecycle import State
from tickets.models import Message, Ticket
from tickets.queries import thread_of
from tickets.refusals import HoldsEnough, NotAllowed, TooLateToUndo
from tickets.views import ticket_or_404
from tickets.workbench import actions, articles, drafts, queries
from tickets.workbench.actions import Undone
from tickets.workbench.answers import with_links_from_root
from tickets.workbench.policy import article_link
from tickets.workbench.words import presence_line

blueprint = Blueprint("workbench", __name__, url_prefix="/mesa/tickets/<number:number>")


@blueprint.post("/borrador")
@requires(may_read_desk)
def draft(number: int) -> ResponseReturnValue:
    ticket_or_404(number)
    text, note = request.form.get("texto"), request.form.get("nota")
    if any(len(given or "") > MESSAGE_LIMIT for given in (text, note)):
        return "", 422
    drafts.save_draft(number=number, actor=signed_in_actor(), text=text, note=note, now=clock.now())
    return "", 204


@blueprint.post("/presencia")
@requires(may_read_desk)
def presence(number: int) -> ResponseReturnValue:
    ticket_or_404(number)
    actor, writing = signed_in_actor(), request.form.get("escribe", "")
    if writing == "sale":
        actions.leave(number=number, actor=actor)
        return "", 204
    actions.be_seen(number=number, actor=actor, writing=writing == "si", now=clock.now())
    others = queries.others_here(actor, number, now=clock.now())
    return jsonify(texto=presence_line(others))


@blueprint.post("/vista")
@requires(may_work_desk)
def preview(number: int) -> ResponseReturnValue:
    ticket_or_404(number)
    text = clean_text(request.form.get("texto", ""))
    too_long = len(text) > MESSAGE_LIMIT
    html = render_template("workbench/_preview.html", text="" if too_long else text, long=too_long)
    return html, 422 if too_long else 200


@blueprint.get("/articulos", endpoint="articles")
@requires(may_work_desk)
def find_articles(number: int) -> ResponseReturnValue:
    ticket = ticket_or_404(number)
    words = clean_line(request.args.get("buscar_articulo", ""), 200)
    found = queries.found(ticket, words) if words else []
    return render_template("workbench/_found.html", found=found, article_query=words)


@blueprint.post("/respuestas/<number:message_id>/retirada")
@requires(may_work_desk)
def undo(number: int, message_id: int) -> ResponseReturnValue:
    actor = signed_in_actor()
    try:
        undone = actions.undo_reply(
            number=number,
            message_id=message_id,
            actor=actor,
            limit=site_settings().held_limit,
            now=clock.now(),
        )
    except NotAllowed as refused:
        raise NotFound from refused
    except HoldsEnough:
        return error_page(409, text=_("No se deshizo: tomó ya más tickets de los que puede tener."))
    except TooLateToUndo:
        return error_page(409, text=_("Ya no se puede deshacer: el cliente tiene la respuesta."))
    flash(_said_after_undo(undone), "success")
    return redirect(url_for("desk.show", number=number, _anchor="responder"), 303)


def _said_after_undo(undone: Undone) -> str:
    said = [_("Respuesta deshecha: el cliente no la recibió. Su texto está guardado abajo.")]
    if undone.lost_files:
        said.append(_("Los archivos no se conservan: adjúntelos otra vez antes de enviar."))
    if undone.state == State.QUEUED:
        said.append(_("El cliente escribió mientras tanto y el ticket volvió a la cola."))
    return " ".join(said)


def keep_typed(number: int, text: str) -> None:
    """Keep a reply that was refused: its page may be closed before it is read."""
    drafts.save_draft(number=number, actor=signed_in_actor(), text=text, now=clock.now())


def article_to_insert(slug: str) -> str:
    """A published article as a link of a message; '' for any other."""
    article = queries.published_by_slugs([slug]).get(slug)
    return link_to(article.slug, article.title) if article else ""


def is_for_staff_alone(slug: str) -> bool:
    """Whether an article exists that customers must not be sent to."""
    return published_article(slug) is None and published_article(slug, internal=True) is not None


def link_to(slug: str, title: str) -> str:
    """What «Insertar» writes into the reply."""
    return article_link(title, external_url("kb.article", slug=slug))


@blueprint.post("/mensajes/<number:message_id>/articulo")
@requires(may_work_desk)
def article(number: int, message_id: int) -> ResponseReturnValue:
    ticket = ticket_or_404(number)
    messages = {one.id: one for one in thread_of(signed_in_actor(), ticket)}
    message = messages.get(message_id)
    if message is None or not message.from_staff or message.internal:
        raise NotFound
    written = answer_became_article(ticket, message_id, message.body)
    return written or redirect(url_for("desk.show", number=number, _anchor=f"m{message_id}"), 303)


def answer_became_article(
    ticket: Ticket, message_id: int, answer: str
) -> ResponseReturnValue | None:
    """Keep the answer as the draft of an article; for an editor, the way to it."""
    actor = signed_in_actor()
    messages = thread_of(actor, ticket)
    category_id = queries.likely_category(ticket, messages[0].body if messages else "")
    if category_id is None:
        flash(_("No hay categorías todavía: el artículo no se guardó."), "warning")
        return None
    article_id = articles.draft_article(
        actor=actor,
        number=ticket.number,
        message_id=message_id,
        subject=ticket.subject,
        answer=with_links_from_root(answer, external_url("home.index")),
        named=queries.named_in(ticket, messages),
        category_id=category_id,
        now=clock.now(),
    )
    if not may_edit_articles(actor):
        flash(_("La respuesta quedó como borrador de artículo para los editores."), "success")
        return None
    flash(_("La respuesta quedó como borrador de este artículo. Complételo."), "success")
    return redirect(url_for("editor.edit", article_id=article_id), 303)


@blueprint.record_once
def _register(setup: BlueprintSetupState) -> None:
    setup.app.jinja_env.globals.update(
        article_link_to=link_to, presence_line=presence_line, seconds_left=_seconds_left
    )


def _seconds_left(message: Message) -> int:
    """How much longer a reply can be undone."""
    left = (message.released_at or message.written_at) - clock.now()
    return max(0, int(left.total_seconds()))
