"""Notices as a person reads them: in their language, of what they may see now."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from flask_babel import format_date, gettext, ngettext

from accounts.bell.models import Notice
from accounts.bell.queries import Row
from accounts.bell.registry import Thing, finders, words_of
from accounts.permissions import Actor
from core import clock

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Line:
    """One line of the bell; `url` is empty where there is nothing left to see."""

    id: int
    label: str
    title: str
    words: str
    url: str
    at: datetime
    unread: bool


def unread_words(count: int) -> str:
    """The count, for whoever does not see the badge."""
    if not count:
        return gettext("No tiene avisos sin leer")
    return ngettext("%(num)d aviso sin leer", "%(num)d avisos sin leer", count)


def lines(actor: Actor, rows: Sequence[Row]) -> list[Line]:
    """These notices in words."""
    things = _things(actor, {row.notice.about for row in rows})
    return [_line(row, things.get(row.notice.about)) for row in rows]


def address(actor: Actor, notice: Notice) -> str:
    """Where what a notice is about stands now; '' where the actor may not see it (any more)."""
    thing = _things(actor, {notice.about}).get(notice.about)
    return thing.url if thing else ""


def by_day(found: Sequence[Line], now: datetime) -> list[tuple[str, list[Line]]]:
    """The lines under «Hoy», «Ayer» and earlier days, as days are counted in Lima."""
    today = clock.in_lima(now).date()
    names = {today: gettext("Hoy"), today - timedelta(days=1): gettext("Ayer")}
    days = groupby(found, key=lambda line: clock.in_lima(line.at).date())
    return [
        (names.get(day) or str(format_date(day, "EEEE d MMM y", rebase=False)), list(some))
        for day, some in days
    ]


def _things(actor: Actor, abouts: set[str]) -> dict[str, Thing]:
    keys: dict[str, list[str]] = {}
    for about in sorted(abouts):
        name, _, key = about.partition(":")
        keys.setdefault(name, []).append(key)
    found: dict[str, Thing] = {}
    for name, some in keys.items():
        finder = finders.get(name)
        if finder is not None:
            found.update({f"{name}:{key}": it for key, it in finder(actor, some).items()})
    return found


def _line(row: Row, thing: Thing | None) -> Line:
    notice = row.notice
    if thing is None:
        thing = Thing(gettext("Ya no está disponible"), "", "")
        words = gettext("Este aviso es de algo que usted ya no puede ver.")
    else:
        words = _words(notice)
        if row.count > 1:
            words = ngettext(
                "%(num)d novedad. La última: %(words)s",
                "%(num)d novedades. La última: %(words)s",
                row.count,
                words=words,
            )
    return Line(
        id=notice.id,
        label=thing.label,
        title=thing.title,
        words=words,
        url=thing.url,
        at=notice.at,
        unread=notice.read_at is None,
    )


def _words(notice: Notice) -> str:
    say = words_of.get(notice.kind)
    try:
        if say is not None:
            return say(notice.facts)
    except Exception:
        # Facts of an older version must not take the page away from its reader.
        log.exception("a notice of the kind %s cannot be said", notice.kind)
    return gettext("Hay una novedad.")
