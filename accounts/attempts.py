"""Tries that are counted before they are judged, and given back when they were right.

Counted first, so that fifty wrong passwords sent side by side are fifty (SECURITY V98); given
back, so that nobody is kept out by being right often.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute

from core.ratelimit import LimitReached, client_address, limiter
from core.tokens import token_hash

#: ASVS 5.0 6.3.1. The lock of an account is per network: a stranger cannot lock its owner out.
PER_ACCOUNT = RateLimitItemPerMinute(10, 15)
PER_CLIENT = RateLimitItemPerHour(100)
REGISTRATIONS = RateLimitItemPerHour(5)
RESETS = RateLimitItemPerHour(20)
MAILED_LINKS = RateLimitItemPerHour(20)

_Hit = tuple[RateLimitItem, tuple[str, ...]]


@dataclass(frozen=True)
class Attempt:
    """One counted try."""

    hits: tuple[_Hit, ...]

    def give_back(self) -> None:
        """Take the try out of the count again."""
        for item, names in self.hits:
            limiter.limiter.hit(item, *names, cost=-1)


def password_try(account: str) -> Attempt:
    """Count a try of the password of `account`. Raises LimitReached."""
    client = client_address()
    return _count(
        (PER_CLIENT, ("password", client)),
        (PER_ACCOUNT, ("password", client, token_hash(account))),
    )


def registration() -> Attempt:
    """Count a registration. Raises LimitReached."""
    return _count((REGISTRATIONS, ("registration", client_address())))


def reset_try() -> Attempt:
    """Count a reset asked for or a new password set by link. Raises LimitReached."""
    return _count((RESETS, ("reset", client_address())))


def mailed_link() -> Attempt:
    """Count a confirmation or an invitation to be mailed. Raises LimitReached."""
    return _count((MAILED_LINKS, ("mailed-link", client_address())))


def _count(*hits: _Hit) -> Attempt:
    if not current_app.config["RATELIMIT_ENABLED"]:
        return Attempt(())
    for item, names in hits:
        if not limiter.limiter.hit(item, *names):
            raise LimitReached(item, limiter.limiter.get_window_stats(item, *names).reset_time)
    return Attempt(hits)
