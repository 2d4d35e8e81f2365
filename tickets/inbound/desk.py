"""Mail that came in, as administrators see it, and the whole words of one for the desk."""

from __future__ import annotations

from flask import Blueprint, Flask, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_administer, may_read_desk
from core.web import Page, checked_page, page_number
from core.wording import clean_line
from tickets.inbound import mailbox, queries
from tickets.inbound.policy import KEPT_FOR, Outcome
from tickets.inbound.words import away_words, outcome_words
from tickets.views import ticket_or_404

blueprint = Blueprint("mail_in", __name__)
PAGE_SIZE = 50


def register(app: Flask) -> None:
    """Threads ask which messages came with more words than they show."""
    app.add_template_filter(queries.with_original, "with_original")


@blueprint.get("/admin/correo-entrante")
@requires(may_administer)
def index() -> str:
    """What came in and what became of it, the last first."""
    given = request.args.get("final", "")
    outcome = given if given in set(Outcome) else ""
    words = clean_line(request.args.get("q", ""), 100)
    number = page_number()
    rows, total = queries.mails(
        outcome=outcome, words=words, offset=(number - 1) * PAGE_SIZE, limit=PAGE_SIZE
    )
    return render_template(
        "mail_in/index.html",
        page=checked_page(Page(rows, number, PAGE_SIZE, total)),
        outcome=outcome,
        words=words,
        outcomes=outcome_words(),
        mailbox=mailbox.address(),
        visit=queries.last_visit(),
        away_words=away_words,
        days=KEPT_FOR.days,
    )


@blueprint.get("/mesa/tickets/<number:number>/mensajes/<number:message_id>/correo")
@requires(may_read_desk)
def original(number: int, message_id: int) -> ResponseReturnValue:
    """All the words of a mail of which the thread shows a part."""
    ticket = ticket_or_404(number)
    found = queries.original_for(signed_in_actor(), number, message_id)
    if found is None:
        raise NotFound
    return render_template("mail_in/original.html", ticket=ticket, original=found)
