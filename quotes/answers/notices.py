"""Mails about quotes. To the customer nothing that a visitor typed is repeated (finding 5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from accounts import letters
from accounts.models import Person
from core import clock, mail, outbox
from core.db import db
from core.web import external_url
from quotes import queries
from quotes.answers.queries import sellers
from quotes.lifecycle import State
from quotes.pricing import links
from quotes.pricing.models import Quote, QuoteQuestion, QuoteVersion
from quotes.words import WHY_QUOTE, WHY_SALES


def _version(version_id: int) -> QuoteVersion | None:
    return db.session.scalar(
        select(QuoteVersion)
        .where(QuoteVersion.id == version_id)
        .options(joinedload(QuoteVersion.quote).joinedload(Quote.seller))
    )


def _named(payloads: Sequence[outbox.Payload]) -> Iterator[QuoteVersion]:
    """The versions that payloads name."""
    for payload in payloads:
        version = _version(payload["version"])
        if version is not None:
            yield version


def _today() -> date:
    return clock.in_lima(clock.now()).date()


def _customer_url(quote_id: int) -> str:
    token = links.token_of(quote_id, now=clock.now())
    return external_url("quote_pages.show", token=token) if token else ""


def _to_customer(
    name: str, version: QuoteVersion, reference: str, asker: Person | None = None, **values: Any
) -> None:
    """To `asker`, a colleague who asked about it, else to the address of the version: as a
    letter where that is the address of whose quote it is."""
    quote = version.quote
    values |= {
        "reference": reference,
        "thread": f"quote-{quote.id}-thread",
        "quote": quote,
        "version": version,
        "url": _customer_url(quote.id),
    }
    person = asker or queries.reader_of(quote.person_id, version.email)
    if person is not None:
        letters.send(person, name, why=WHY_QUOTE, **values)
        return
    locale, foot = queries.locale_of(quote.person_id), (mail.FootLine(WHY_QUOTE),)
    to = version.email
    mail.deliver(mail.render(name, to=to, locale=locale, foot=foot, reader="", **values))


def _to_sales(name: str, quote: Quote, reference: str, **values: Any) -> None:
    for person in sellers(quote):
        letters.send(
            person,
            name,
            why=WHY_SALES,
            reference=f"{reference}-{person.id}",
            thread=f"quote-{quote.id}-sales",
            quote=quote,
            url=external_url("pricing.detail", quote_id=quote.id),
            **values,
        )


@outbox.handles("quotes.sent")
def send_offer(payloads: Sequence[outbox.Payload]) -> None:
    """The private address, while the version is still the one to be read."""
    for payload in payloads:
        version = _version(payload["version"])
        if version is None or version.state(_today()) not in {State.SENT, State.EXPIRED}:
            continue
        if not _customer_url(version.quote_id):
            continue
        _to_customer("quote_sent", version, f"quote-offer-{payload['event']}")


@outbox.handles("quotes.accepted")
def tell_accepted(payloads: Sequence[outbox.Payload]) -> None:
    for version in _named(payloads):
        if version.accepted_at is not None:
            reference = f"quote-accepted-{version.id}"
            _to_sales("quote_accepted", version.quote, reference, version=version)


@outbox.handles("quotes.accepted_copy")
def confirm_accepted(payloads: Sequence[outbox.Payload]) -> None:
    """To whom the quote was sent: what was accepted, and where to read it again."""
    for version in _named(payloads):
        if version.accepted_at is not None:
            _to_customer("quote_accepted_copy", version, f"quote-accepted-copy-{version.id}")


@outbox.handles("quotes.declined")
def tell_declined(payloads: Sequence[outbox.Payload]) -> None:
    for version in _named(payloads):
        if version.declined_at is not None:
            reference = f"quote-declined-{version.id}"
            _to_sales("quote_declined", version.quote, reference, version=version)


@outbox.handles("quotes.asked")
def tell_asked(payloads: Sequence[outbox.Payload]) -> None:
    for payload in payloads:
        question = db.session.get(QuoteQuestion, payload["question"])
        if question is None:
            continue
        quote = db.session.scalars(
            select(Quote).where(Quote.id == question.quote_id).options(joinedload(Quote.seller))
        ).one()
        reference = f"quote-asked-{question.id}"
        _to_sales("quote_asked", quote, reference, question=question)


@outbox.handles("quotes.answered")
def send_answer(payloads: Sequence[outbox.Payload]) -> None:
    """What sales answered: to whoever asked while signed in, else where the quote was sent."""
    for payload in payloads:
        question = db.session.get(QuoteQuestion, payload["question"])
        if question is None or question.answered_at is None:
            continue
        version = db.session.scalar(
            select(QuoteVersion)
            .where(
                QuoteVersion.quote_id == question.quote_id,
                QuoteVersion.version == question.version,
            )
            .options(joinedload(QuoteVersion.quote).joinedload(Quote.seller))
        )
        if version is not None:
            reference, asker = f"quote-answered-{question.id}", _asker(question, version)
            _to_customer("quote_answered", version, reference, asker, answer=question.answer)


def _asker(question: QuoteQuestion, version: QuoteVersion) -> Person | None:
    """Who asked while signed in, where that is another than whom the quote was sent to."""
    person = db.session.get(Person, question.person_id) if question.person_id else None
    if person is None or person.disabled_at is not None or person.email == version.email:
        return None
    return person
