"""`flask kb …`: import a folder, rebuild and check the index, search from a file.

Exit status 0, 1 for a failed check or refused files, 2 for wrong use; errors go to stderr.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import click
from flask import Flask, current_app

from core import clock, outbox
from core.cli import Group
from core.db import db, snapshot
from kb import documents, notices, queries
from kb.actions import INDEX_JOB, REBUILD_JOB
from kb.exporting.folder import NotOurs, write_folder
from kb.exporting.formats import export_files
from kb.importing.entries import Refused
from kb.importing.running import bring_in
from kb.importing.sources import read
from kb.index import ArticleIndex, Hit, IndexBusy, IndexUnavailable
from kb.search import article_index, suggested_hits

JOBS = (INDEX_JOB, REBUILD_JOB)
#: Without a terminal, one line of progress for so many files.
LINE_EVERY = 200
#: How long the end of an import waits for a worker that makes no headway.
PATIENCE_SECONDS = 120
SHOWN_DIFFERENCES = 20

group = Group("kb", help="Articles and their search index.")


@group.command("import")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen, and store nothing.")
@click.option("--report", "told", type=click.Path(dir_okay=False, path_type=Path))
def import_articles(source: Path, dry_run: bool, told: Path | None) -> None:
    """Bring SOURCE into the FAQ: a folder or ZIP of Markdown files, a Zendesk export (.json), or
    a sheet (.csv). It may be imported again at any time. --report writes all of it as JSON."""
    started = time.monotonic()
    try:
        bundle = read(source)
    except Refused as error:
        _stop(f"{source}: {error.reason}", 2)
    report = bring_in(bundle, now=clock.now(), progress=_show_progress, dry_run=dry_run)
    if told is not None:
        _write_report(told, report.plain())
    if not report.files:
        holds = "Markdown file" if source.is_dir() else "article"
        _stop(f"{source}: holds no {holds}", 1)
    if not dry_run:
        _index_what_is_new()
    for line in (*report.refusals, *report.remarks):
        click.echo(str(line), err=True)
    click.echo(
        f"new {report.new}, changed {report.changed}, unchanged {report.unchanged}, "
        f"refused {len(report.refusals)} ({time.monotonic() - started:.1f} s)"
        + ("; nothing was stored" if dry_run else "")
    )
    if report.refusals:
        sys.exit(1)


def _write_report(path: Path, told: dict[str, Any]) -> None:
    try:
        path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    except OSError as error:
        _stop(f"{path}: {error.strerror}", 2)


@group.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--format", "kind", type=click.Choice(["markdown", "static"]), default="markdown")
def export(folder: Path, kind: str) -> None:
    """Write the FAQ to FOLDER: Markdown that `import` reads again, or pages that open from the
    folder without a server. FOLDER is new, empty, or an earlier export, which is replaced."""
    started = time.monotonic()
    try:
        with snapshot():
            count = write_folder(folder, kind, export_files(kind, now=clock.now()))
    except NotOurs:
        _stop(f"{folder}: holds other files; choose an empty folder", 2)
    except OSError as error:
        _stop(f"{folder}: {error.strerror or error}", 2)
    click.echo(f"{count} files written to {folder} ({time.monotonic() - started:.1f} s)")


@group.command("reindex")
def reindex() -> None:
    """Build the search index anew."""
    started = time.monotonic()
    try:
        count = notices.rebuild()
    except IndexUnavailable as error:
        _stop(f"the index was not rebuilt: {error}", 1)
    click.echo(f"{count} articles indexed in {time.monotonic() - started:.1f} s")


@group.command("check")
def check() -> None:
    """Compare the search index with the database; exit status 1 when they differ."""
    index = article_index()
    if not index.healthy():
        _stop("the index is missing or damaged; run: flask kb reindex", 1)
    known, wanted = index.versions(), documents.versions()
    found = {
        "missing": wanted.keys() - known.keys(),
        "stale": {key for key in wanted.keys() & known.keys() if wanted[key] != known[key]},
        "surplus": known.keys() - wanted.keys(),
    }
    counts = ", ".join(f"{name} {len(ids)}" for name, ids in found.items())
    click.echo(f"{len(wanted)} articles published, {len(known)} in the index: {counts}")
    for name, ids in found.items():
        for article_id in sorted(ids)[:SHOWN_DIFFERENCES]:
            click.echo(f"{name}: article {article_id}", err=True)
    if any(found.values()):
        sys.exit(1)


@group.command("search")
@click.option("--queries", "questions", required=True, type=click.Path(path_type=Path))
@click.option("--run", "run", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--suggest", is_flag=True, help="Ask as the ticket form does.")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 1000))
def search(questions: Path, run: Path, suggest: bool, limit: int) -> None:
    """Answer a file of {"id", "text"} lines with «id rank slug score», tab-separated."""
    asked = list(_questions(questions))
    index = article_index()
    rows: list[str] = []
    try:
        for key, text in asked:
            hits = _answer(index, text, suggest, limit)
            rows += [f"{key}\t{n}\t{hit.slug}\t{hit.score:.6f}\n" for n, hit in enumerate(hits, 1)]
        run.write_text("".join(rows), "utf-8")
    except IndexUnavailable as error:
        _stop(f"the index cannot answer ({error}); run: flask kb reindex", 1)
    except OSError as error:
        _stop(f"{run}: {error.strerror}", 2)
    except UnicodeEncodeError:
        _stop(f"{questions}: an id holds half a character", 2)
    click.echo(f"{len(asked)} questions, {len(rows)} results")


def _answer(index: ArticleIndex, text: str, suggest: bool, limit: int) -> list[Hit]:
    if suggest:
        hits = suggested_hits("", text, limit)
    else:
        hits = index.search(text, limit=limit).hits
    visible = queries.published_by_ids([hit.article_id for hit in hits])
    return [hit for hit in hits if hit.article_id in visible]


def _questions(path: Path) -> Iterator[tuple[str, str]]:
    try:
        lines = path.read_text("utf-8").split("\n")
    except OSError as error:
        _stop(f"{path}: {error.strerror}", 2)
    except UnicodeDecodeError:
        _stop(f"{path}: is not UTF-8", 2)
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            given = json.loads(line)
            key, text = given["id"], given["text"]
        except (ValueError, KeyError, TypeError, RecursionError):
            _stop(f'{path}:{number}: expected a line like {{"id": "q1", "text": "…"}}', 2)
        if not isinstance(key, str) or not isinstance(text, str) or set(key) & set("\t\r\n"):
            _stop(f"{path}:{number}: id and text must be text, id without tabs", 2)
        yield key, text


def _show_progress(done: int, total: int) -> None:
    if sys.stdout.isatty():
        click.echo(f"\r{done} of {total} files", nl=done == total)
    elif done % LINE_EVERY == 0 or done == total:
        click.echo(f"{done} of {total} files")


def _index_what_is_new() -> None:
    """Bring the index up to date here, or wait for the worker that is doing it."""
    lock = Path(current_app.config["SITE"].instance_dir) / "outbox.lock"
    least, moved_at = sys.maxsize, time.monotonic()
    while True:
        with outbox.worker_lock(lock) as mine:
            if mine:
                _index_here()
                return
        left = outbox.pending(JOBS)
        db.session.rollback()
        if not left:
            return
        if left < least:
            least, moved_at = left, time.monotonic()
        if time.monotonic() - moved_at > PATIENCE_SECONDS:
            _stop("the outbox worker does not index; the articles are stored", 1)
        time.sleep(outbox.POLL_SECONDS)


def _index_here() -> None:
    click.echo("indexing …")
    try:
        notices.bring_up_to_date()
    except IndexBusy:
        click.echo("another process is writing the index; it will follow", err=True)
    except IndexUnavailable as error:
        _stop(f"the articles are stored, the index is not: {error}", 1)
    outbox.drain(clock.now(), kinds=JOBS)


def _stop(message: str, status: int) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(status)


def register(app: Flask) -> None:
    """Add `flask kb`."""
    app.cli.add_command(group)
