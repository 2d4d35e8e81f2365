"""What a reader does with the answers shown: opens one, says that it helped, comes back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from limits import RateLimitItemPerHour
from werkzeug.exceptions import NotFound

from accounts.access import open_to_all
from core import clock
from core.protection import accepts_files
from core.ratelimit import LimitReached, client_address, limiter, spend
from core.wording import clean_line
from kb.queries import published_article
from tickets import drafts, filing, places
from tickets.forms import TicketForm
from tickets.outcomes.policy import Seen
from tickets.workbench.queries import published_by_slugs

#: As many confirmations from one address are counted; more are only thanked for.
CONFIRMATIONS = RateLimitItemPerHour(10)


def add_routes(blueprint: Blueprint) -> None:
    """The addresses on the blueprint of tickets."""
    add, own = blueprint.add_url_rule, "/tickets/borradores/<token:draft_id>"
    add(f"{own}/solucion", "solved", solved, methods=["GET"])
    add(f"{own}/solucion", "solve", solve, methods=["POST"])
    add(f"{own}/regreso", "come_back", come_back, methods=["POST"])
    add(f"{own}/lecturas/<slug:slug>", "opened", opened, methods=["POST"])


@accepts_files
@open_to_all
@limiter.limit("120/hour")
def solve(draft_id: str) -> ResponseReturnValue:
    slug = clean_line(request.form.get("articulo", ""), 200)
    before = filing.own_draft(draft_id)
    if before is not None and before.ticket_number is not None:
        return redirect(url_for("tickets.show", number=before.ticket_number), 303)
    if published_article(slug) is None:
        raise NotFound
    draft_id = _keep_typed(draft_id)
    if not drafts.solve(
        draft_id=draft_id, owner=filing.owner(), slug=slug, counts=_counts(), now=clock.now()
    ):
        raise NotFound
    return redirect(url_for("tickets.solved", draft_id=draft_id), 303)


def _keep_typed(draft_id: str) -> str:
    """Beside the form the button sends all of it: what was typed is kept for the way back."""
    if "descripcion" not in request.form:
        return draft_id
    filing.not_for_staff()
    form = TicketForm()
    form.offer(places.current_policy())
    form.borrador.data = draft_id
    form.enough_to_suggest()
    return filing.keep(form, solving=True)


def _counts() -> bool:
    try:
        spend(CONFIRMATIONS, "confirmed", client_address())
    except LimitReached:
        return False
    return True


@open_to_all
def solved(draft_id: str) -> ResponseReturnValue:
    draft = filing.own_draft(draft_id)
    if draft is None or draft.solved_by is None:
        raise NotFound
    article = published_by_slugs([draft.solved_by]).get(draft.solved_by)
    return render_template("tickets/solved.html", draft=draft, article=article)


@open_to_all
def come_back(draft_id: str) -> ResponseReturnValue:
    """«No, sigue igual»."""
    owner = filing.owner()
    if not drafts.come_back(draft_id=draft_id, owner=owner, now=clock.now()):
        raise NotFound
    flash(_("Su borrador está como lo dejó."), "info")
    return redirect(url_for("tickets.new", borrador=draft_id), 303)


@open_to_all
@limiter.limit("600/hour")
def opened(draft_id: str, slug: str) -> ResponseReturnValue:
    seen = Seen(opened=[slug])
    drafts.remember(draft_id=draft_id, owner=filing.owner(), seen=seen, now=clock.now())
    return "", 204
