"""What the measured site is filled with, and the words and texts its visitors send."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_plus

import yaml

from bench.rows import BenchError
from core.config import ROOT
from core.db import sqlite_module

DEMO = ROOT / "demo"
DEMO_ARTICLES = DEMO / "articles"
#: Every run asks for the same pages, words and texts of the same content.
SEED = 20_260
LEAST_WORDS, MOST_WORDS = 60, 200
SUBJECT_WORDS = 8
_WORD = re.compile(r"\w{3,}")
_HEAD = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)


@dataclass(frozen=True)
class Ticket:
    """What a customer types: one line, and 60 to 200 words."""

    subject: str
    description: str


@dataclass(frozen=True)
class Samples:
    """What visitors ask of this content. `paths` are article pages."""

    paths: list[str]
    searches: list[str]
    tickets: list[Ticket]


def variations(source: Path, into: Path, count: int) -> None:
    """Write `count` Markdown articles made from those of `source`: each has an address and a
    title of its own, and takes half of its paragraphs from other articles."""
    dice = random.Random(SEED)
    files = sorted(source.glob("*.md"))
    if not files:
        raise BenchError(f"{source} holds no articles")
    read = [_read(path) for path in files]
    paragraphs = [part for _head, body in read for part in body.split("\n\n") if part.strip()]
    into.mkdir(parents=True)
    for number in range(count):
        head, body = read[number % len(read)]
        own = body.split("\n\n")
        mixed = [part if dice.random() < 0.5 else dice.choice(paragraphs) for part in own]
        slug = f"{head['slug'][:150]}-v{number}"
        changed = {**head, "slug": slug, "title": f"{head['title'][:250]} ({number})"}
        text = yaml.safe_dump(changed, allow_unicode=True, sort_keys=False)
        (into / f"{slug}.md").write_text(f"---\n{text}---\n\n" + "\n\n".join(mixed), "utf-8")


def _read(path: Path) -> tuple[dict[str, str], str]:
    text = path.read_text("utf-8")
    found = _HEAD.match(text)
    if found is None:
        raise BenchError(f"{path} has no front matter")
    head = yaml.safe_load(found[1])
    return {"slug": path.stem, "title": path.stem, **head}, text[found.end() :]


def articles(database: Path) -> list[tuple[str, str, str]]:
    """(slug, title, plain text) of every published article in Spanish, in a fixed order."""
    connection = sqlite_module().connect(f"file:{database}?mode=ro", uri=True)
    try:
        rows = connection.execute(
            "SELECT slug, title, plain FROM articles"
            " WHERE published_at IS NOT NULL AND lang = 'es' ORDER BY slug"
        )
        return [(slug, title, plain) for slug, title, plain in rows]
    finally:
        connection.close()


def samples(rows: list[tuple[str, str, str]], *, pages: int = 40, texts: int = 1200) -> Samples:
    """Pages, searches of one to four words out of titles, and tickets cut out of articles."""
    dice = random.Random(SEED)
    chosen = dice.sample(rows, min(pages, len(rows)))
    long = [row for row in rows if len(row[2].split()) >= LEAST_WORDS]
    if not long:
        raise BenchError("no article is long enough to cut a ticket from")
    return Samples(
        paths=[f"/preguntas/{slug}" for slug, _title, _plain in chosen],
        searches=list(dict.fromkeys(_search(dice, rows) for _ in range(5 * texts))),
        tickets=[_ticket(dice, dice.choice(long)[2]) for _ in range(texts)],
    )


def search_path(words: str) -> str:
    """The address of the results for these words."""
    return f"/preguntas/buscar?q={quote_plus(words)}"


def _search(dice: random.Random, rows: list[tuple[str, str, str]]) -> str:
    while True:
        words = _WORD.findall(dice.choice(rows)[1])
        if words:
            count = min(dice.randint(1, 4), len(words))
            places = sorted(dice.sample(range(len(words)), count))
            return " ".join(words[place] for place in places)


def _ticket(dice: random.Random, plain: str) -> Ticket:
    words = plain.split()
    length = min(dice.randint(LEAST_WORDS, MOST_WORDS), len(words))
    start = dice.randint(0, len(words) - length)
    cut = words[start : start + length]
    return Ticket(" ".join(cut[:SUBJECT_WORDS])[:200], " ".join(cut))
