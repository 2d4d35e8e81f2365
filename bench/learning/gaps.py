"""Paraphrases for any folder of articles: words are taken out of a text, and readers say those.

An article loses its most telling words; title, summary and tags stay. Readers mix the lost words
with one that is left, so what they say and what the article says meet only in part.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import yaml

from bench.learning.world import Asked
from kb.analysis import fold, is_courtesy, is_stop, normalise, stem, tokens
from kb.importing.entries import Entry
from kb.importing.sources import read
from kb.query_plan import idf

ARTICLES, SUBJECTS = 300, 40
LOST, PARAPHRASES = 6, 9


def gapped(folder: Path, into: Path, dice: random.Random) -> list[Asked]:
    """Write articles of `folder` with gaps to `into`; the paraphrases of some of them."""
    sources = _sources(folder, dice)
    frequency = Counter(root for source in sources for root in set(_stems(source.body)))
    into.mkdir(parents=True)
    asked: list[Asked] = []
    for number, source in enumerate(sources):
        body = source.body
        if number < SUBJECTS:
            lost, kept = _split(source, frequency, len(sources))
            if len(lost) == LOST and kept:
                body = _without(body, set(map(stem, lost)))
                asked += _paraphrases(source.slug, lost, kept, dice)
        _write(into, source, body)
    return asked


def _sources(folder: Path, dice: random.Random) -> list[Entry]:
    found = {one.entry.slug: one.entry for one in read(folder).found if one.entry.lang == "es"}
    return dice.sample(list(found.values()), min(ARTICLES, len(found)))


def _words(text: str) -> list[str]:
    return [
        token.word
        for token in tokens(fold(normalise(text)))
        if token.word.isalpha() and 4 <= len(token.word) <= 16
        if not is_stop(token.word) and not is_courtesy(token.word)
    ]


def _stems(text: str) -> list[str]:
    return [stem(word) for word in _words(text)]


def _split(source: Entry, frequency: Counter[str], total: int) -> tuple[list[str], list[str]]:
    """The words an article loses, and telling ones that it keeps."""
    said = set(_stems(" ".join((source.title, source.summary, *source.tags))))
    forms: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for word in _words(source.body):
        forms.setdefault(stem(word), word)
        counts[stem(word)] += 1
    best = sorted(counts, key=lambda root: (-counts[root] * idf(frequency[root], total), root))
    telling = [root for root in best if root not in said]
    return [forms[r] for r in telling[:LOST]], [forms[r] for r in telling[LOST : LOST + 6]]


def _without(body: str, lost: set[str]) -> str:
    text = normalise(body)
    pieces, end = [], 0
    for token in tokens(fold(text)):
        if any(stem(form) in lost for form in token.forms):
            pieces.append(text[end : token.start])
            end = token.end
    return "".join([*pieces, text[end:]])


def _paraphrases(
    slug: str, lost: Sequence[str], kept: Sequence[str], dice: random.Random
) -> list[Asked]:
    return [
        Asked(slug, " ".join([*dice.sample(lost, 3), dice.choice(kept)]))
        for _ in range(PARAPHRASES)
    ]


def _write(into: Path, source: Entry, body: str) -> None:
    head = {
        "title": source.title,
        "slug": source.slug,
        "category": source.category,
        "summary": source.summary,
        "tags": list(source.tags),
        "lang": source.lang,
    }
    text = yaml.safe_dump(head, allow_unicode=True, sort_keys=False)
    (into / f"{source.slug[:150]}.md").write_text(f"---\n{text}---\n\n{body}\n", "utf-8")
