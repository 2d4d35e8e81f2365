"""Looking at articles of a source beside what is here: rows of the report, and what to store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from core.text import plain_text
from kb import queries
from kb.importing import comparing, pictures
from kb.importing.entries import Bundle, Entry, Found, Refusal, Refused, Remark
from kb.importing.reports import Report, Row
from kb.learning.policy import MOST_WORDS
from kb.learning.taking import change_of, rows_of
from kb.models import Article

Placed = Sequence[tuple[Found, Article | None]]
_USELESS = "nobody can search for the hidden word %(word)s: it was passed over"
_NO_ROOM = "there is room for %(most)d hidden words: %(words)s were passed over"
_LANG = "lang is not that of its article, which has a translation"
#: Words of one article that a remark names.
MOST_TOLD = 10


@dataclass(frozen=True)
class Wanted:
    """What is to be stored of an article. `plain` is its text without markup, None where readers
    see that text already; `waiting` is to wait beside it; `has_words`: its hidden words change."""

    entry: Entry
    plain: str | None
    waiting: Entry | None
    has_words: bool


@dataclass(frozen=True)
class Looking:
    """`take` takes the pictures of an article in; without it nobody knows yet where they will
    be, so images count as the same wherever they are."""

    report: Report
    bundle: Bundle
    take: Callable[[Found], Entry] | None

    def at(self, placed: Placed) -> Iterator[Wanted]:
        """Tell what differs from what is stored, and give it."""
        shelves = {shelf.id: shelf.slug for shelf in queries.categories()}
        with_words = self._words(placed)
        for one, before in placed:
            try:
                entry = self._entry(one)
                changes = self._changes(entry, before)
                words = None if changes == () else _plain(entry.body)
            except Refused as error:
                self.report.refusals.append(Refusal(one.where, error))
                continue
            self._tell(one, entry, before, changes or ())
            waiting = self._waiting(one, entry, before, shelves)
            if waiting is not None:
                self.report.amend(one.where, entry.slug, comparing.WAITING)
            if one.where in with_words:
                self.report.amend(one.where, entry.slug, comparing.HIDDEN)
            if words is not None or waiting is not None or one.where in with_words:
                yield Wanted(entry, words, waiting, one.where in with_words)

    def _entry(self, one: Found) -> Entry:
        return self.take(one) if self.take else one.entry

    def _changes(self, entry: Entry, before: Article | None) -> tuple[str, ...] | None:
        """What readers see changed; None where all of it is new."""
        if before is None:
            return None
        return tuple(comparing.differences(entry, before, dry=self.take is None))

    def _tell(
        self, one: Found, entry: Entry, before: Article | None, changes: tuple[str, ...]
    ) -> None:
        outcome = "new" if before is None else "changed" if changes else "unchanged"
        self.report.rows.append(Row(outcome, one.where, entry.slug, entry.title, changes))
        for text in (one, one.waiting):
            if text is not None:
                self.report.remarks.extend(pictures.remarks_on(text, self.bundle.pictures))

    def _waiting(
        self, one: Found, entry: Entry, before: Article | None, shelves: Mapping[int, str]
    ) -> Entry | None:
        """The text that is to wait beside an article, if storing it changes anything."""
        if one.waiting is None:
            return None
        try:
            waiting = replace(self._entry(one.waiting), slug=entry.slug)
            dry = self.take is None
            if not comparing.waits(waiting, entry, before, shelves, dry=dry):
                return None
            _plain(waiting.body)
            if not comparing.keeps_its_language(waiting, before):
                raise Refused(1, _LANG)
        except Refused as error:
            self.report.refusals.append(Refusal(one.waiting.where, error))
            return None
        return waiting

    def _words(self, placed: Placed) -> set[str]:
        """The articles, by their place, whose hidden words change; what is odd is remarked."""
        having = [pair for pair in placed if pair[0].entry.hidden or pair[0].entry.hidden_removed]
        rows = rows_of([before.id for _, before in having if before is not None])
        changing: set[str] = set()
        for one, before in having:
            told = comparing.words_of(one.entry)
            change = change_of(told, rows.get(before.id, []) if before is not None else [])
            remarks = [Remark(one.where, _USELESS, {"word": word}) for word in told.useless]
            if change.without_room:
                words = ", ".join(change.without_room[:MOST_TOLD])
                values = {"most": MOST_WORDS, "words": words}
                remarks.append(Remark(one.where, _NO_ROOM, values))
            self.report.remarks.extend(remarks[:MOST_TOLD])
            if change:
                changing.add(one.where)
        return changing


def _plain(body: str) -> str:
    try:
        return plain_text(body)
    except (ValueError, RecursionError) as error:
        raise Refused(1, "the text is too complex") from error
