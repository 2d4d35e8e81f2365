"""What sales does with a quote that is written: send, send again, withdraw, change its address."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.permissions import Actor
from core import clock, outbox
from core.db import transaction
from quotes import terms
from quotes.answers import rings
from quotes.lifecycle import Step, StepRefused
from quotes.pricing import links
from quotes.pricing.drafting import settle_owner
from quotes.pricing.models import Quote, QuoteEvent, QuoteVersion
from quotes.pricing.pieces import Changed, note, require, sold, version_of, words_of

#: Pressed again within this, «enviar otra vez» is the same press.
SAME_PRESS = timedelta(minutes=1)


class Unready(Exception):
    """It cannot be sent as it is; `code`: `lines` (there are none), `day` (it has passed)
    or `tax` (it was counted with another)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def send(*, actor: Actor, quote_id: int, revision: int, email: str, now: datetime) -> None:
    """Fix the draft as it is and mail its address to `email`; the version before is replaced.

    Sending what was sent already changes nothing. Raises LookupError, StepRefused, Changed,
    Unready.
    """
    with transaction() as session:
        quote = sold(session, actor, quote_id)
        version = version_of(session, quote_id)
        if version.sent_at is not None and version.revision == revision:
            return
        require(version, Step.SEND, now)
        if version.revision != revision:
            raise Changed
        _require_ready(version, now)
        settle_owner(session, quote, email)
        version.email, version.issuer = email, terms.issuer()
        version.words = words_of(version)
        version.sent_at, version.sent_by = now, actor.person_id
        _replace_former(session, quote, actor, now)
        quote.current = version.version
        links.keep_alive(session, quote_id, now=now)
        _mail(session, version, "sent", actor, now)
        rings.to_customer(session, quote, "quote_sent", version.id, now=now)


def _require_ready(version: QuoteVersion, now: datetime) -> None:
    if not version.lines:
        raise Unready("lines")
    if version.valid_until < clock.in_lima(now).date():
        raise Unready("day")
    if version.tax_points != terms.load().tax_points:
        raise Unready("tax")


def _replace_former(session: Session, quote: Quote, actor: Actor, now: datetime) -> None:
    if not quote.current:
        return
    former = version_of(session, quote.id, quote.current)
    if former.accepted_at is not None:
        raise StepRefused(former.state(clock.in_lima(now).date()), Step.REPLACE)
    if former.declined_at is None and former.withdrawn_at is None:
        former.replaced_at = now
        note(session, quote.id, former.version, "replaced", actor_id=actor.person_id, now=now)


def send_again(*, actor: Actor, quote_id: int, now: datetime) -> None:
    """Mail the address of what was sent once more, at most once a minute.

    Raises LookupError, StepRefused.
    """
    with transaction() as session:
        sold(session, actor, quote_id)
        version = version_of(session, quote_id)
        require(version, Step.ACCEPT, now)
        mailed = select(QuoteEvent.id).where(
            QuoteEvent.quote_id == quote_id,
            QuoteEvent.kind.in_(("sent", "resent")),
            QuoteEvent.at > now - SAME_PRESS,
        )
        if session.scalar(mailed.limit(1)) is not None:
            return
        links.keep_alive(session, quote_id, now=now)
        _mail(session, version, "resent", actor, now)


def _mail(session: Session, version: QuoteVersion, kind: str, actor: Actor, now: datetime) -> None:
    event = note(
        session, version.quote_id, version.version, kind,
        actor_id=actor.person_id, now=now, detail=version.email,
    )  # fmt: skip
    outbox.enqueue("quotes.sent", {"version": version.id, "event": event.id}, now=now)


def withdraw(*, actor: Actor, quote_id: int, version: int, now: datetime) -> None:
    """Take back a version that nobody answered, or a draft. Again changes nothing.

    Taking back a draft shows the version before again. Raises LookupError, StepRefused.
    """
    with transaction() as session:
        sold(session, actor, quote_id)
        taken = version_of(session, quote_id, version)
        if taken.withdrawn_at is not None:
            return
        require(taken, Step.WITHDRAW, now)
        taken.withdrawn_at = now
        if taken.is_latest and taken.sent_at is None:
            _show_former(session, taken)
        note(session, quote_id, version, "withdrawn", actor_id=actor.person_id, now=now)


def _show_former(session: Session, draft: QuoteVersion) -> None:
    """Lists show again what was sent before a draft that is no more."""
    former = session.scalar(
        select(QuoteVersion)
        .where(QuoteVersion.quote_id == draft.quote_id, QuoteVersion.sent_at.is_not(None))
        .order_by(QuoteVersion.version.desc())
        .limit(1)
    )
    if former is not None:
        draft.is_latest = False
        session.flush()
        former.is_latest = True


def renew_link(*, actor: Actor, quote_id: int, now: datetime) -> None:
    """Make a new private address; the former opens nothing any more. Raises LookupError."""
    with transaction() as session:
        quote = sold(session, actor, quote_id)
        if not quote.current:
            raise LookupError(quote_id)
        links.make(session, quote_id, now=now)
        note(session, quote_id, quote.current, "link_made", actor_id=actor.person_id, now=now)


def withdraw_link(*, actor: Actor, quote_id: int, now: datetime) -> None:
    """End the private address. Raises LookupError."""
    with transaction() as session:
        quote = sold(session, actor, quote_id)
        if links.withdraw_all(session, quote_id, now=now):
            by = actor.person_id
            note(session, quote_id, quote.current, "link_withdrawn", actor_id=by, now=now)
