"""Rate limits that hold across processes: a storage for `limits` over our database.

The memory storage of the library would multiply every limit by the number of processes.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from ipaddress import IPv6Network, ip_address

from flask import Flask, current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, errors
from limits.storage import Storage
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from werkzeug.exceptions import HTTPException, TooManyRequests

from core import clock
from core.config import ConfigurationError
from core.db import db, transaction
from core.models import RateWindow


class DatabaseStorage(Storage):
    """Fixed windows in the table `rate_windows`."""

    STORAGE_SCHEME = ["database"]

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        return Exception

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count `amount` more hits in the window of `expiry` seconds; the hits so far."""
        now = clock.now()
        dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
        with transaction() as session:
            session.execute(delete(RateWindow).where(RateWindow.ends_at <= now))
            statement = dialect.insert(RateWindow).values(
                key=key, hits=amount, ends_at=now + timedelta(seconds=expiry)
            )
            return session.execute(
                statement.on_conflict_do_update(
                    index_elements=[RateWindow.key], set_={"hits": RateWindow.hits + amount}
                ).returning(RateWindow.hits)
            ).scalar_one()

    def get(self, key: str) -> int:
        row = db.session.execute(
            select(RateWindow.hits).where(RateWindow.key == key, RateWindow.ends_at > clock.now())
        ).scalar()
        return row or 0

    def get_expiry(self, key: str) -> float:
        row = db.session.execute(select(RateWindow.ends_at).where(RateWindow.key == key)).scalar()
        return row.timestamp() if row else time.time()

    def check(self) -> bool:
        db.session.execute(select(RateWindow.key).limit(1))
        return True

    def reset(self) -> int:
        with transaction() as session:
            return len(session.scalars(delete(RateWindow).returning(RateWindow.key)).all())

    def clear(self, key: str) -> None:
        with transaction() as session:
            session.execute(delete(RateWindow).where(RateWindow.key == key))


def client_address() -> str:
    """The visitor's network: an IPv4 address, or the /64 of an IPv6 one."""
    return network_of(get_remote_address() or "unknown")


@lru_cache(maxsize=1024)
def network_of(address: str) -> str:
    """An IPv4 address as it is, the /64 of an IPv6 one; what is neither stays as it is."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    return str(parsed.ipv4_mapped or IPv6Network((int(parsed), 64), strict=False))


@dataclass(frozen=True)
class Window:
    """The time in which a limit counts, and what is left of it, in seconds."""

    length: int
    left: int


class LimitReached(TooManyRequests):
    """A limit that is counted by hand was reached."""

    def __init__(self, item: RateLimitItem, ends_at: float) -> None:
        self.window = Window(item.get_expiry(), _until(ends_at))
        super().__init__(retry_after=self.window.left)


def window_of(refused: HTTPException) -> Window:
    """The window whose limit refused a request; a quarter of an hour if unknown."""
    if isinstance(refused, LimitReached):
        return refused.window
    current = limiter.current_limit
    if current is None:
        return Window(900, 900)
    return Window(current.limit.get_expiry(), _until(current.reset_at))


def _until(moment: float) -> int:
    return max(1, round(moment - time.time()))


def spend(item: RateLimitItem, *names: str, cost: int = 1) -> None:
    """Count by hand what no decorator can: how many of something a request brings.

    Raises LimitReached.
    """
    if not current_app.config["RATELIMIT_ENABLED"] or not cost:
        return
    if not limiter.limiter.hit(item, *names, cost=cost):
        raise LimitReached(item, limiter.limiter.get_window_stats(item, *names).reset_time)


def register(app: Flask) -> None:
    """Count where the configuration says. Raises ConfigurationError where that cannot work."""
    try:
        limiter.init_app(app)
    except errors.ConfigurationError as error:
        raise ConfigurationError(f"RATELIMIT_STORAGE_URI: {error}") from error


limiter = Limiter(key_func=client_address, default_limits=[], headers_enabled=False)
