"""Whom a note calls: `@dora`, `@dora.luna`, `@dluna`. Pure.

A name counts when it is one person's alone: the first name, the full name with dots or
underscores, or what stands before the @ of their mail address. Accents and case do not matter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

#: A note calls at most so many; more is no conversation but a list.
MOST_NAMES = 20
#: Not within a word or an address: `soporte@example.com` calls nobody.
_NAME = re.compile(r"(?<![\w.@/+-])@(\w+(?:[.\-_]\w+)*)")


@dataclass(frozen=True)
class Colleague:
    """Somebody of the desk who can be called."""

    person_id: int
    name: str
    email: str


@dataclass(frozen=True)
class Misread:
    """A name that calls nobody, or more than one: then `options` are names that would do."""

    name: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Called:
    """Who was understood, in the order of the note, and what was not."""

    person_ids: tuple[int, ...] = ()
    misread: tuple[Misread, ...] = ()


def called_in(text: str, colleagues: Sequence[Colleague]) -> Called:
    """Whom this note calls among these colleagues."""
    by_name: dict[str, set[int]] = {}
    for one in colleagues:
        for name in _names_of(one):
            by_name.setdefault(name, set()).add(one.person_id)
    people: dict[int, None] = {}
    misread: dict[Misread, None] = {}
    for written in _written(text):
        found = by_name.get(_plain(written), set())
        if len(found) == 1:
            people[next(iter(found))] = None
        else:
            options = [handle for pid, handle in handles(colleagues).items() if pid in found]
            misread[Misread(written, tuple(options))] = None
    return Called(tuple(people), tuple(misread))


def handles(colleagues: Iterable[Colleague]) -> dict[int, str]:
    """The shortest name that calls each one alone, by person; who has none is left out."""
    known = list(colleagues)
    taken: dict[str, set[int]] = {}
    for one in known:
        for name in _names_of(one):
            taken.setdefault(name, set()).add(one.person_id)
    found: dict[int, str] = {}
    for one in known:
        own = [name for name in _names_of(one) if len(taken[name]) == 1]
        if own:
            found[one.person_id] = own[0]
    return found


def _written(text: str) -> Iterator[str]:
    seen = dict.fromkeys(match.group(1) for match in _NAME.finditer(text))
    yield from list(seen)[:MOST_NAMES]


def _names_of(one: Colleague) -> list[str]:
    """First name, full name, mail's local part: what people type first, first."""
    words = _plain(one.name).split()
    names = [words[0], ".".join(words), "_".join(words)] if words else []
    return list(dict.fromkeys([*names, _plain(one.email.split("@")[0])]))


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
