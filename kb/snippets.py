"""The passage of an article that answers a query, and where its words stand: pure.

Text and spans only; HTML is made, and escaped, in the template. Spans are (start, end) pairs,
ascending, that do not overlap, and refer to the text returned, accents and capitals as written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from kb.analysis import LANGUAGES, fold, is_stop, known_language, normalise, stem, tokens
from kb.index import MAX_QUERY_CHARS, MAX_QUERY_TERMS

#: Text before the first marked word, and how far back a sentence may begin to be shown whole.
_LEAD = 40
_SENTENCE_LEAD = 90
#: After so many matches of one word, and so many in all, the text is not looked at further: a word
#: on every line must not hide a telling one that comes later.
_MATCHES, _MATCHES_IN_ALL = 100, 400
#: A passage is looked for in so many characters: the longest tenth of articles has more.
_SEARCHED = 30_000
#: A repeated word against a new one.
_REPEATED = 0.1

_SENTENCE_END = re.compile(r"[.!?:]\s+|\n+")

Span = tuple[int, int]
#: (text, whether it is a word of the query) in order: what a template escapes and marks.
Pieces = list[tuple[str, bool]]
_Match = tuple[int, int, str]  # start, end, and what is equal for forms of the same word


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of an article on one line. `cut_start` and `cut_end`: text was left out there."""

    text: str
    spans: list[Span] = field(default_factory=list)
    cut_start: bool = False
    cut_end: bool = False


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a query: beginnings that find what may be one, and the stems that decide."""

    beginnings: tuple[str, ...]
    stems: frozenset[str]
    exact: tuple[str, ...]
    lang: str

    def found(self, folded: str) -> list[_Match]:
        """Each word of the query in a folded text, in order."""
        matches = [*self._stemmed(folded), *self._whole(folded)]
        matches.sort(key=lambda match: (match[0], -match[1]))
        kept: list[_Match] = []
        for match in matches:
            if not kept or match[0] >= kept[-1][1]:
                kept.append(match)
        return kept

    def _stemmed(self, folded: str) -> Iterator[_Match]:
        for beginning in self.beginnings:
            for at in islice(_places(folded, beginning), _MATCHES):
                if at and folded[at - 1].isalnum():
                    continue
                end = _word_end(folded, at + len(beginning))
                key = stem(folded[at:end], self.lang)
                if key in self.stems:
                    yield at, end, key

    def _whole(self, folded: str) -> Iterator[_Match]:
        for form in self.exact:
            for at in islice(_places(folded, form), _MATCHES):
                end = at + len(form)
                if not folded[at - 1 : at].isalnum() and not folded[end : end + 1].isalnum():
                    yield at, end, form


def _places(folded: str, form: str) -> Iterator[int]:
    at = folded.find(form)
    while at >= 0:
        yield at
        at = folded.find(form, at + 1)


def _word_end(folded: str, at: int) -> int:
    while at < len(folded) and folded[at].isalnum():
        at += 1
    return at


def passage(
    plain_text: str, query: str, lang: str, *, length: int = 240, also: tuple[str, ...] = ()
) -> Passage:
    """The `length` characters or fewer that hold most of the query's words, or of the folded
    words `also`, which were looked up beside them.

    Without any of them, the beginning of the text. `lang` is the article's language.
    """
    text = normalise(plain_text)
    words = _words(query[:MAX_QUERY_CHARS], known_language(lang), also)
    start = _best_start(text, words, length)
    end = _cut_end(text, start, min(len(text), start + length))
    piece = _one_line(text[start:end], length)
    spans = [(first, last) for first, last, _ in words.found(fold(piece))]
    return Passage(piece, spans, bool(text[:start].strip()), bool(text[end:].strip()))


def _one_line(piece: str, length: int) -> str:
    """Rows of a table keep their cells apart; everything else is joined by spaces."""
    if "\t" not in piece:
        return " ".join(piece.split())
    rows = [
        " · ".join(cell.strip() for cell in line.split("\t")) + (";" if "\t" in line else "")
        for line in piece.split("\n")
    ]
    line = " ".join(" ".join(rows).split())
    if len(line) <= length:
        return line.removesuffix(";")
    return line[: max(line.rfind(" ", 0, length + 1), 0) or length].rstrip(" ·;")


def mark(text: str, query: str, lang: str, *, also: tuple[str, ...] = ()) -> list[Span]:
    """Where the query's words, and those `also` looked up, stand in a short text, as a title.

    `text` has to be in NFC, as everything stored is: elsewhere spans would be off, so none is
    returned.
    """
    if not unicodedata.is_normalized("NFC", text):
        return []
    words = _words(query[:MAX_QUERY_CHARS], known_language(lang), also)
    return [(start, end) for start, end, _ in words.found(fold(text))]


@lru_cache(maxsize=256)
def _words(query: str, lang: str, also: tuple[str, ...] = ()) -> _Words:
    forms = [
        form
        for token in islice(tokens(fold(normalise(query))), 2 * MAX_QUERY_TERMS)
        for form in token.forms
        if not any(is_stop(form, code) for code in LANGUAGES)
    ]
    forms += also
    words = [form for form in forms if form.isalnum()]
    beginnings = dict.fromkeys(_beginning(word, stem(word, lang)) for word in words)
    return _Words(
        tuple(beginnings),
        frozenset(stem(word, lang) for word in words),
        tuple(dict.fromkeys(form for form in forms if not form.isalnum())),
        lang,
    )


def _beginning(word: str, root: str) -> str:
    """What every form of the word begins with: a stem may end in a letter of its own («happi»)."""
    sure = root[:-1] if len(root) > 4 else root
    alike = 0
    while alike < min(len(sure), len(word)) and sure[alike] == word[alike]:
        alike += 1
    return word[:alike] or word


def _best_start(text: str, words: _Words, length: int) -> int:
    matches = words.found(fold(text[:_SEARCHED])) if len(text) > length else []
    matches = matches[:_MATCHES_IN_ALL]
    if not matches:
        return 0
    first = max(range(len(matches)), key=lambda at: (_worth(matches, at, length), -at))
    return _sentence_start(text, matches[first][0], length)


def _worth(matches: list[_Match], at: int, length: int) -> float:
    last = matches[at][0] + length - _LEAD
    seen: set[str] = set()
    repeated = 0
    for _, end, key in islice(matches, at, None):
        if end > last:
            break
        repeated += key in seen
        seen.add(key)
    return len(seen) + min(0.5, _REPEATED * repeated)


def _sentence_start(text: str, at: int, length: int) -> int:
    """Where to begin so that the word at `at` is read in its sentence, if that is near."""
    reach = max(0, at - min(_SENTENCE_LEAD, length // 3))
    ends = [reach + match.end() for match in _SENTENCE_END.finditer(text[reach:at])]
    if reach == 0 and at <= _SENTENCE_LEAD:
        return 0
    if ends:
        return ends[-1]
    start = max(0, at - min(_LEAD, length // 3))
    space = text.find(" ", start, at)
    return space + 1 if space >= 0 else at


def _cut_end(text: str, start: int, end: int) -> int:
    if end == len(text) or text[end].isspace():
        return end
    cut = max(text.rfind(" ", start, end), text.rfind("\n", start, end))
    return cut if cut > start else end


def pieces(text: str, spans: Sequence[Span]) -> Pieces:
    """`text` cut at its spans, for a template to escape and mark."""
    out: Pieces = []
    end = 0
    for first, last in spans:
        if first > end:
            out.append((text[end:first], False))
        out.append((text[first:last], True))
        end = last
    if end < len(text):
        out.append((text[end:], False))
    return out
