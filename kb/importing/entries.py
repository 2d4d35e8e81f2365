"""What every import speaks of: an article as it comes from outside, and why one is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from kb import policy


class Refused(Exception):
    """What cannot be taken: the line (from 1; 0 where there is none) and the reason.

    `said` is the reason in English with its values left open, so that `words.reason` can say it
    in the reader's language; `reason` is the whole of it, for a terminal.
    """

    def __init__(self, line: int, said: str, **values: object) -> None:
        self.line = line
        self.said = said
        self.values: Mapping[str, object] = values
        self.reason = said % values if values else said
        super().__init__(self.reason)


class State(StrEnum):
    """What a source says of an article; the site knows it by its moments."""

    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"
    ARCHIVED = "archived"


@dataclass(frozen=True)
class Entry:
    """An article as its source has it, checked and cleaned. `category` is a slug.

    `state` is None where the source says nothing of it: then a new article is public at once.
    `moments` are those of its life, by their names in a file (`kb.importing.life`).
    `translation` is the slug of the same article in the other language, and `behind` whether the
    original says something newer; `former` are addresses it had before, `related` those of the
    articles to be read after it. `hidden` are words it is found by, `hidden_removed` those that
    shall not be learned. `number` is how the source knows the article, whatever its title says.
    What a source does not say (None, nothing) stays as it is here.
    """

    slug: str
    category: str
    title: str
    body: str
    slug_line: int = 1
    summary: str = ""
    tags: tuple[str, ...] = ()
    lang: str = policy.LANGUAGES[0]
    updated_at: datetime | None = None
    state: State | None = None
    moments: Mapping[str, datetime] = field(default_factory=dict)
    audience: str = ""
    translation: str = ""
    behind: bool | None = None
    number: str = ""
    former: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    hidden_removed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shelf:
    """A category as its source describes it; it is only used where the site has none so called."""

    name: str
    description: str = ""
    position: int | None = None


@dataclass(frozen=True)
class Found:
    """One article of a source. `where` is what people find it by: a file, a row, a number.

    `waiting` is its text that was saved and not published, with the place of its own.
    """

    where: str
    entry: Entry
    waiting: Found | None = None


@dataclass(frozen=True)
class Refusal:
    """Something of a source that was not taken, and why."""

    where: str
    error: Refused

    def __str__(self) -> str:
        line = f":{self.error.line}" if self.error.line else ""
        return f"{self.where}{line}: {self.error.reason}"


@dataclass(frozen=True)
class Remark:
    """Something of a source that was taken, and what is odd about it; `said` as in `Refused`."""

    where: str
    said: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.where}: {self.said % self.values if self.values else self.said}"


class Pictures(Protocol):
    """Where the pictures of a source are read from, by the path an article names them with."""

    def picture(self, where: str, target: str) -> bytes | None:
        """The bytes of `target` as seen from the article at `where`; None where there are none.

        Raises Refused for a picture that may not be read.
        """
        ...


@dataclass(frozen=True)
class Bundle:
    """Everything a source holds. `all_shelves`: its categories are made even if they are empty.
    `source` is whose the numbers of its articles are."""

    found: Sequence[Found]
    refusals: Sequence[Refusal] = ()
    remarks: Sequence[Remark] = ()
    shelves: Mapping[str, Shelf] = field(default_factory=dict)
    pictures: Pictures | None = None
    all_shelves: bool = False
    source: str = ""


def shortened(text: str, length: int) -> str:
    """`text` in at most `length` characters, cut after a word."""
    if len(text) <= length:
        return text
    cut = text[: length - 2]
    return f"{cut.rpartition(' ')[0] or cut} …"


#: The states by the words a source may use for them.
STATES = {
    "borrador": State.DRAFT,
    "en revisión": State.REVIEW,
    "en revision": State.REVIEW,
    "revision": State.REVIEW,
    "publicado": State.PUBLISHED,
    "publicada": State.PUBLISHED,
    "archivado": State.ARCHIVED,
    "archivada": State.ARCHIVED,
    "retirado": State.ARCHIVED,
    "withdrawn": State.ARCHIVED,
    **{state.value: state for state in State},
}


def state_from(word: str, line: int) -> State | None:
    """The state a source names; None where it names none. Raises Refused."""
    if not word:
        return None
    state = STATES.get(word.casefold())
    if state is None:
        known = ", ".join(State)
        raise Refused(line, "state is none of %(known)s: %(word)r", known=known, word=word[:40])
    return state


def checked_title(title: str, line: int) -> str:
    """A title that may be stored. Raises Refused."""
    if not policy.has_words(title):
        raise Refused(line, "title is missing")
    if len(title) > policy.MAX_TITLE:
        raise Refused(line, "title is longer than %(most)d characters", most=policy.MAX_TITLE)
    return title


def checked_body(body: str, line: int) -> str:
    """A text that may be stored. Raises Refused."""
    if not body.strip():
        raise Refused(line, "the text is empty")
    if len(body) > policy.MAX_BODY:
        raise Refused(line, "the text is longer than %(most)d characters", most=policy.MAX_BODY)
    return body


def checked_slug(slug: str, line: int) -> str:
    """An address that may be stored. Raises Refused."""
    if not policy.is_slug(slug):
        reason = "slug is not lower-case words with hyphens: %(word)r"
        raise Refused(line, reason, word=slug[:80])
    return slug


def checked_lang(lang: str, line: int) -> str:
    """A language of the site. Raises Refused."""
    if lang not in policy.LANGUAGES:
        raise Refused(line, "lang is none of %(known)s", known=", ".join(policy.LANGUAGES))
    return lang
