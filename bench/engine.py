"""The search engine alone, and how soon it knows what was published."""

from __future__ import annotations

import re
import secrets
import time
from pathlib import Path
from statistics import median
from typing import Any

from bench import content
from bench.bench import LARGE, Bench
from bench.browser import Browser, signed_in, staff
from bench.content import Ticket, search_path
from bench.rows import BenchError, Row, latency, percentile
from bench.server import Instance, serve_site
from core.db import sqlite_module
from home.setup import FIRST_SYNONYMS
from kb.synonyms.phrases import groups_in
from kb.vocabulary import Vocabulary
from kb.whoosh_index import WhooshIndex

TEXTS = 100
SHOWN = 5
PUBLISHED = 5
PATIENCE_SECONDS, POLL_SECONDS = 15.0, 0.02
#: So many searches in a row, each on a new connection, must find it: every worker knows.
IN_A_ROW = 6
_WORD = re.compile(r"\w+")
_REINDEXED = re.compile(r"(\d+) articles indexed in ([\d.]+) s")


def suggest_engine(bench: Bench) -> list[Row]:
    """`ArticleIndex.suggest` against SQLite FTS5 that is given all the words, text by text."""
    # The site reads its synonyms from the database, within some microseconds.
    synonyms = Vocabulary(groups_in(FIRST_SYNONYMS.read_text("utf-8")))
    index = WhooshIndex(bench.instance.folder / "index", vocabulary=lambda: synonyms)
    rival = _fts5(bench.instance.database, bench.folder / "fts5.db")
    ours, theirs = [], []
    try:
        for number, ticket in enumerate(bench.samples.tickets[-TEXTS - 10 :]):
            began = time.perf_counter()
            index.suggest(ticket.subject, ticket.description, limit=SHOWN)
            between = time.perf_counter()
            _all_words(rival, ticket)
            ended = time.perf_counter()
            if number >= 10:
                ours.append(between - began)
                theirs.append(ended - between)
    finally:
        rival.close()
    return [
        Row(
            "engine",
            "suggestions, engine time against SQLite FTS5 with all the words",
            sum(ours) / sum(theirs),
            bar=0.3,
            details={
                **latency("engine", ours),
                **latency("fts5", theirs),
                "ratio_of_medians": round(median(ours) / median(theirs), 3),
                "ratio_of_p95": round(percentile(ours, 0.95) / percentile(theirs, 0.95), 3),
            },
        )
    ]


def publish(bench: Bench) -> list[Row]:
    """From the answer to «publicar» until every search finds the article; the worst of five."""
    bench.server()
    rows = [_publish_row("publish", bench.instance, bench.server().port)]
    if bench.options.large:
        bench.stop_server()
        large = _large(bench)
        with serve_site(large) as server:
            time.sleep(3)
            rows.append(_publish_row("publish_large", large, server.port))
    return rows


def rebuild(bench: Bench) -> list[Row]:
    """`flask kb reindex` while the site runs."""
    bench.server()
    found = _REINDEXED.search(bench.instance.flask("kb", "reindex"))
    if found is None:
        raise BenchError("flask kb reindex did not say how long it took")
    count, seconds = int(found[1]), float(found[2])
    return [
        Row(
            "rebuild",
            "index rebuilt while the site runs, for 2,000 articles",
            seconds * 2_000 / count,
            "s",
            bar=30,
            details={"articles": count, "seconds": seconds},
        )
    ]


def _fts5(database: Path, path: Path) -> Any:
    connection = sqlite_module().connect(str(path))
    connection.execute(
        "CREATE VIRTUAL TABLE found USING fts5("
        "title, body, tokenize = 'unicode61 remove_diacritics 2')"
    )
    rows = ((title, plain) for _slug, title, plain in content.articles(database))
    connection.executemany("INSERT INTO found (title, body) VALUES (?, ?)", rows)
    connection.execute("INSERT INTO found (found) VALUES ('optimize')")
    connection.commit()
    return connection


def _all_words(connection: Any, ticket: Ticket) -> list[Any]:
    words = dict.fromkeys(_WORD.findall(f"{ticket.subject} {ticket.description}".lower()))
    query = " OR ".join(f'"{word}"' for word in words)
    rows: list[Any] = connection.execute(
        "SELECT rowid FROM found WHERE found MATCH ? ORDER BY rank LIMIT ?", (query, SHOWN)
    ).fetchall()
    return rows


def _large(bench: Bench) -> Instance:
    made = bench.new_instance("large")
    source = bench.options.corpus or content.DEMO_ARTICLES
    folder = bench.folder / "large-articles"
    content.variations(source, folder, LARGE)
    made.flask("kb", "import", str(folder), seconds=600)
    return made


def _publish_row(key: str, instance: Instance, port: int) -> Row:
    editor = signed_in(port, instance, staff("editor"))
    try:
        waits = [_publish_once(editor, port) for _ in range(PUBLISHED)]
    finally:
        editor.close()
    count = len(content.articles(instance.database))
    return Row(
        key,
        f"publish → searchable among {count:,} articles, worst of five",
        max(waits),
        "s",
        bar=2,
        details={"median_s": round(median(waits), 2)},
    )


def _publish_once(editor: Browser, port: int) -> float:
    word = f"zyx{secrets.token_hex(6)}"
    form = editor.get("/editor/articulos/nuevo").text
    token = editor.token_of("/editor/articulos/nuevo")
    category = re.search(r'<option[^>]*value="(\d+)"', form)
    if category is None:
        raise BenchError("the editor offers no category")
    answer = editor.post(
        "/editor/articulos/nuevo",
        csrf_token=token,
        titulo=f"Medición {word}",
        categoria=category[1],
        idioma="es",
        texto=f"Un texto para medir cuándo se encuentra {word}.",
        accion="publicar",
    )
    if answer.status != 303:
        raise BenchError(f"publishing answered {answer.status}")
    return _until_found(port, word)


def _until_found(port: int, word: str) -> float:
    began, found_at, in_a_row = time.perf_counter(), 0.0, 0
    while in_a_row < IN_A_ROW:
        asked_at = time.perf_counter()
        if asked_at - began > PATIENCE_SECONDS:
            raise BenchError(f"not searchable {PATIENCE_SECONDS:.0f} s after publishing")
        visitor = Browser(port)
        try:
            is_found = f"-{word}" in visitor.get(search_path(word)).text
        finally:
            visitor.close()
        if not is_found:
            in_a_row = 0
            time.sleep(POLL_SECONDS)
            continue
        in_a_row += 1
        if in_a_row == 1:
            found_at = time.perf_counter() - began
    return found_at
