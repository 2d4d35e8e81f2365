"""Search over a sample of real support articles, where the corpus lies beside the repository."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.text import plain_text
from kb.importing.entries import Entry
from kb.importing.folders import Folder, read_tree
from kb.index import Document
from kb.vocabulary import nothing
from kb.whoosh_index import WhooshIndex

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "es"
SAMPLED = 200
WORD = re.compile(r"[a-záéíóúñü]{5,}", re.IGNORECASE)

pytestmark = pytest.mark.skipif(
    not CORPUS.exists(), reason="the large corpus is not beside the repository"
)


class Sample(Folder):
    """Every so many files of the folder, SAMPLED in all."""

    def names(self) -> list[str]:
        found = [name for name in super().names() if name.endswith(".md")]
        return found[:: len(found) // SAMPLED][:SAMPLED]


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return [one.entry for one in read_tree(Sample(CORPUS)).found]


@pytest.fixture(scope="module")
def index(entries: list[Entry], tmp_path_factory: pytest.TempPathFactory) -> WhooshIndex:
    made = WhooshIndex(tmp_path_factory.mktemp("corpus") / "index", vocabulary=nothing)
    made.rebuild(
        Document(
            article_id=number,
            slug=entry.slug,
            lang=entry.lang,
            category=entry.category,
            title=entry.title,
            summary=entry.summary,
            tags=entry.tags,
            body=plain_text(entry.body),
            version="1",
        )
        for number, entry in enumerate(entries, 1)
    )
    return made


def share(found: list[bool]) -> float:
    return sum(found) / len(found)


def test_the_sample_is_read_whole(entries: list[Entry], index: WhooshIndex) -> None:
    assert (len(entries), len(index.versions())) == (SAMPLED, SAMPLED)


def test_the_title_of_an_article_finds_it(entries: list[Entry], index: WhooshIndex) -> None:
    def finds(entry: Entry) -> bool:
        return entry.slug in [hit.slug for hit in index.search(entry.title[:200], limit=3).hits]

    assert share([finds(entry) for entry in entries]) >= 0.95


def test_words_of_an_article_suggest_it(entries: list[Entry], index: WhooshIndex) -> None:
    def suggests(entry: Entry) -> bool:
        words = " ".join(WORD.findall(plain_text(entry.body))[:40])
        return entry.slug in [hit.slug for hit in index.suggest("", words, limit=3)]

    assert share([suggests(entry) for entry in entries]) >= 0.9


def test_a_letter_left_out_of_a_long_word_changes_little(
    entries: list[Entry], index: WhooshIndex
) -> None:
    def finds(entry: Entry) -> bool:
        word = max(WORD.findall(entry.title) or [""], key=len)
        if len(word) < 8:
            return True
        broken = entry.title.replace(word, word[:4] + word[5:])[:200]
        return entry.slug in [hit.slug for hit in index.search(broken, limit=3).hits]

    assert share([finds(entry) for entry in entries]) >= 0.85
