"""What a customer does with an offer: accept, decline, ask; and what sales answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.permissions import Actor, may_sell
from core import clock, outbox
from core.db import transaction
from core.tokens import once_key
from core.visits import Visit
from quotes.answers import rings
from quotes.answers.talk import (
    adopt,
    goes_to_ticket,
    is_live,
    may_talk,
    open_ticket,
    write_in_ticket,
)
from quotes.lifecycle import READABLE, Step, StepRefused
from quotes.money import format_money
from quotes.pricing import links
from quotes.pricing.models import Quote, QuoteQuestion, QuoteVersion
from quotes.pricing.pieces import locked, note, require, version_of


@dataclass(frozen=True)
class Signed:
    """Who answers: a signed-in customer or nobody we know. `shown` is the version of the
    conditions of support that the page showed, `address` where the request came from (R12)."""

    actor: Actor | None = None
    shown: int | None = None
    address: str = ""

    @property
    def person_id(self) -> int | None:
        return self.actor.person_id if self.actor else None


def accept(*, quote_id: int, version: int, name: str, by: Signed, now: datetime) -> bool:
    """Accept a version, exactly once; whether this was it. A draft of a next one is taken back.

    With a customer who has an account it opens the ticket of the quote, or is written into it.
    Raises LookupError; StepRefused for a version that cannot be accepted any more;
    ConditionsChanged of tickets.
    """
    with transaction(queue=True) as session:
        quote = locked(session, quote_id)
        wanted = version_of(session, quote_id, version)
        if wanted.accepted_at is not None:
            return False
        require(wanted, Step.ACCEPT, now)
        wanted.accepted_at, wanted.accepted_name = now, name
        wanted.accepted_by = by.person_id
        _take_back_draft(session, quote_id, wanted, now)
        links.keep_alive_if_any(session, quote_id, now=now)
        note(session, quote_id, version, "accepted", actor_id=by.person_id, now=now, detail=name)
        adopt(by.actor, quote, wanted)
        had_ticket = quote.ticket_number if is_live(quote.ticket_number) else None
        if by.actor is not None and not had_ticket and may_talk(by.actor, quote, wanted):
            _accepted_ticket(session, quote, wanted, by, by.actor, now)
        outbox.enqueue("quotes.accepted", {"version": wanted.id}, now=now)
        outbox.enqueue("quotes.accepted_copy", {"version": wanted.id}, now=now)
        rings.to_sales(session, quote, "quote_accepted", wanted.id, now=now)
        words = _accepted_words(quote, wanted)
        key = once_key("accepted", wanted.id)
    if had_ticket and by.actor is not None:
        write_in_ticket(had_ticket, actor=by.actor, text=words, form_id=key, now=now)
    return True


def _accepted_words(quote: Quote, version: QuoteVersion) -> str:
    total = format_money(version.total, version.currency)
    return (
        f"Aceptamos la cotización {quote.number}, versión {version.version}, por {total} con IGV.\n"
        f"La acepta: {version.accepted_name}."
    )


def _accepted_ticket(
    session: Session, quote: Quote, version: QuoteVersion, by: Signed, actor: Actor, now: datetime
) -> None:
    lines = "\n".join(f"- {line.quantity} × {line.description}" for line in version.lines[:50])
    open_ticket(
        session,
        quote,
        actor=actor,
        subject=f"Cotización {quote.number} aceptada",
        text=f"{_accepted_words(quote, version)}\n\n{lines}",
        shown=by.shown,
        now=now,
        address=by.address,
    )


def _take_back_draft(
    session: Session, quote_id: int, accepted: QuoteVersion, now: datetime
) -> None:
    newest = version_of(session, quote_id)
    if newest.id != accepted.id:
        newest.is_latest = False
        newest.withdrawn_at = newest.withdrawn_at or now
        session.flush()
        accepted.is_latest = True


def decline(
    *, quote_id: int, version: int, reason: str, text: str, by: Signed, now: datetime
) -> bool:
    """Decline a version with a reason, once; whether this was it.

    Raises LookupError, StepRefused.
    """
    with transaction() as session:
        quote = locked(session, quote_id)
        wanted = version_of(session, quote_id, version)
        if wanted.declined_at is not None:
            return False
        require(wanted, Step.DECLINE, now)
        wanted.declined_at, wanted.decline_reason, wanted.decline_text = now, reason, text
        adopt(by.actor, quote, wanted)
        note(
            session, quote_id, version, "declined",
            actor_id=by.person_id, now=now, detail=text or reason,
        )  # fmt: skip
        outbox.enqueue("quotes.declined", {"version": wanted.id}, now=now)
        rings.to_sales(session, quote, "quote_declined", wanted.id, now=now)
        return True


def ask(
    *, quote_id: int, version: int, text: str, form_id: str, renewal: bool = False, by: Signed,
    now: datetime,
) -> int | None:  # fmt: skip
    """Keep a question with the quote, once per `form_id`, and tell sales, who answer it there.

    Once the quote is accepted it is written into the ticket of the quote, while that lives, by
    who may write there; the ticket's number then. Raises LookupError, and StepRefused for a
    version that customers do not read.
    """
    try:
        return _ask(quote_id, version, text, form_id, renewal, by, now)
    except IntegrityError:
        # The same form at the same moment: the other one stored it.
        return _ask(quote_id, version, text, form_id, renewal, by, now)


def _ask(
    quote_id: int, version: int, text: str, form_id: str, renewal: bool, by: Signed, now: datetime
) -> int | None:
    number = _in_present_ticket(quote_id, version, text, form_id, by, now)
    with transaction() as session:
        quote = locked(session, quote_id)
        known = session.scalar(select(QuoteQuestion).where(QuoteQuestion.form_id == form_id))
        if known is not None:
            return known.ticket_number
        about = version_of(session, quote_id, version)
        _require_readable(about, now)
        adopt(by.actor, quote, about)
        question = QuoteQuestion(
            quote_id=quote_id, version=version, form_id=form_id, person_id=by.person_id,
            renewal=renewal, text=text, asked_at=now, ticket_number=number,
        )  # fmt: skip
        session.add(question)
        session.flush()
        kind = "renewal" if renewal else "asked"
        note(session, quote_id, version, kind, actor_id=by.person_id, now=now)
        outbox.enqueue("quotes.asked", {"question": question.id}, now=now)
        rings.to_sales(session, quote, f"quote_{kind}", question.id, now=now)
        return number


def _require_readable(version: QuoteVersion, now: datetime) -> None:
    state = version.state(clock.in_lima(now).date())
    if state not in READABLE:
        raise StepRefused(state, Step.ACCEPT)


def _in_present_ticket(
    quote_id: int, version: int, text: str, form_id: str, by: Signed, now: datetime
) -> int | None:
    """The ticket of an accepted quote, after the question was written into it; else None."""
    with transaction() as session:
        quote = locked(session, quote_id)
        about = version_of(session, quote_id, version)
        told = session.scalar(select(QuoteQuestion.id).where(QuoteQuestion.form_id == form_id))
        if by.actor is None or told is not None or not goes_to_ticket(by.actor, quote, about):
            return None
        number = quote.ticket_number
    if number is None:
        return None
    is_written = write_in_ticket(number, actor=by.actor, text=text, form_id=form_id, now=now)
    return number if is_written else None


def answer_question(*, actor: Actor, question_id: int, text: str, now: datetime) -> bool:
    """Answer once; whether this is the answer. Raises LookupError for who does not sell."""
    with transaction() as session:
        if not may_sell(actor):
            raise LookupError(question_id)
        row = session.execute(
            update(QuoteQuestion)
            .where(QuoteQuestion.id == question_id, QuoteQuestion.answered_at.is_(None))
            .values(answer=text, answered_at=now, answered_by=actor.person_id)
            .returning(QuoteQuestion.quote_id, QuoteQuestion.version, QuoteQuestion.person_id)
        ).first()
        if row is None:
            # Pressed twice, it is the answer still.
            told = session.get(QuoteQuestion, question_id)
            mine = told is not None and told.answered_by == actor.person_id
            return told is not None and mine and told.answer == text
        note(session, row.quote_id, row.version, "answered", actor_id=actor.person_id, now=now)
        outbox.enqueue("quotes.answered", {"question": question_id}, now=now)
        quote = session.get_one(Quote, row.quote_id)
        rings.to_customer(session, quote, "quote_answered", question_id, to=row.person_id, now=now)
        return True


def record_opened(visits: Sequence[Visit]) -> None:
    """Note the first time that a customer's browser showed a version."""
    seen = {visit.facts["o"]: visit.at for visit in reversed(visits) if visit.facts["k"] == "quote"}
    if not seen:
        return
    with transaction() as session:
        for version_id, at in seen.items():
            row = session.execute(
                update(QuoteVersion)
                .where(QuoteVersion.id == version_id, QuoteVersion.opened_at.is_(None))
                .values(opened_at=at)
                .returning(QuoteVersion.quote_id, QuoteVersion.version)
            ).first()
            if row is not None:
                note(session, row.quote_id, row.version, "opened", actor_id=None, now=at)
