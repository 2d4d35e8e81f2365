"""The private addresses of quotes (V72).

The secret of an address is made of the site's own key and a number of the link, so it can be
shown again to sales and written into a mail that is sent twice, and yet the table alone, with
its hashes, opens nothing. Whoever holds it reads one quote; it signs nobody in (V95).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import db
from core.tokens import new_token, token_hash
from quotes.pricing.models import QuoteLink

#: How long an address works after the last sending, or after an answer.
LIFE = timedelta(days=365)


class LinkGone(Exception):
    """The address was withdrawn, or ended."""


def _secret(nonce: str) -> str:
    key = current_app.config["SECRET_KEY"]
    digest = hmac.new(str(key).encode(), f"quote-link:{nonce}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def make(session: Session, quote_id: int, *, now: datetime) -> QuoteLink:
    """Add an address to the transaction under way; those of before are withdrawn."""
    withdraw_all(session, quote_id, now=now)
    nonce = new_token()
    link = QuoteLink(
        quote_id=quote_id,
        nonce=nonce,
        token_hash=token_hash(_secret(nonce)),
        made_at=now,
        ends_at=now + LIFE,
    )
    session.add(link)
    return link


def keep_alive(session: Session, quote_id: int, *, now: datetime) -> None:
    """Let the address work for its life from now on; make one where there is none."""
    link = _working(session, quote_id, now)
    if link is None:
        make(session, quote_id, now=now)
    else:
        link.ends_at = now + LIFE


def keep_alive_if_any(session: Session, quote_id: int, *, now: datetime) -> None:
    """Let the address work for its life from now on, unless sales has withdrawn it."""
    link = _working(session, quote_id, now)
    if link is not None:
        link.ends_at = now + LIFE


def withdraw_all(session: Session, quote_id: int, *, now: datetime) -> bool:
    """End every address of a quote; whether there was one."""
    links = session.scalars(
        select(QuoteLink).where(QuoteLink.quote_id == quote_id, QuoteLink.withdrawn_at.is_(None))
    ).all()
    for link in links:
        link.withdrawn_at = now
    return bool(links)


def token_of(quote_id: int, *, now: datetime) -> str | None:
    """The secret of the address that works; None without one, or after the site's key changed."""
    link = _working(db.session(), quote_id, now)
    if link is None:
        return None
    secret = _secret(link.nonce)
    return secret if hmac.compare_digest(token_hash(secret), link.token_hash) else None


def quote_behind(token: str, *, now: datetime) -> int | None:
    """The id of the quote of an address; None when it is none of ours. Raises LinkGone."""
    link = db.session.scalar(select(QuoteLink).where(QuoteLink.token_hash == token_hash(token)))
    if link is None:
        return None
    if link.withdrawn_at is not None or link.ends_at <= now:
        raise LinkGone
    return link.quote_id


def _working(session: Session, quote_id: int, now: datetime) -> QuoteLink | None:
    return session.scalar(
        select(QuoteLink)
        .where(
            QuoteLink.quote_id == quote_id,
            QuoteLink.withdrawn_at.is_(None),
            QuoteLink.ends_at > now,
        )
        .order_by(QuoteLink.id.desc())
        .limit(1)
    )
