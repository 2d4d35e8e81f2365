"""Outbox jobs that keep the index at the database's state.

They read what is stored when they run, so running twice, late or out of order does no harm.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence

from core import clock, outbox
from core.counters import touch_content
from core.db import transaction
from kb import documents
from kb.actions import INDEX_JOB, REBUILD_JOB
from kb.index import IndexUnavailable
from kb.links.actions import read_what_is_behind
from kb.search import article_index

log = logging.getLogger(__name__)
#: Jobs of one batch. The importer names a hundred articles in a job, an editor one.
JOBS_AT_ONCE = 20
#: Above this share of changed articles a whole new index is cheaper than mending the old one.
REBUILD_SHARE = 0.5


@outbox.handles(INDEX_JOB, batch=JOBS_AT_ONCE)
def index_articles(payloads: Sequence[outbox.Payload]) -> None:
    """Bring articles to their present state in the index, in one commit of it; then read where
    their texts lead."""
    ids = {int(article_id) for payload in payloads for article_id in payload["article_ids"]}
    if article_index().healthy():
        _mend(ids)
    else:
        rebuild()
    read_what_is_behind(now=clock.now())


@outbox.handles(REBUILD_JOB)
def replace_failed_index(payloads: Sequence[outbox.Payload]) -> None:
    """Make a new index, unless the one that failed was replaced in the meantime."""
    failed = {payload.get("generation", "") for payload in payloads}
    index = article_index()
    if not index.healthy() or index.generation() in failed:
        rebuild()


def catch_up() -> None:
    """`bring_up_to_date` for a worker that starts: whatever a crash left undone is done now.

    A worker that cannot write the index works all the same; searches use the database then.
    """
    try:
        done = bring_up_to_date()
    except IndexUnavailable:
        log.exception("the article index could not be brought up to date")
    else:
        if done:
            log.info("article index: %d articles brought up to date", done)


def bring_up_to_date() -> int:
    """Bring the whole index to the state of the database: mend it, or make it anew where it is
    missing, damaged or far behind. Returns how many articles had to be done. Raises
    IndexUnavailable."""
    if not article_index().healthy():
        return rebuild()
    known = article_index().versions()
    behind = different(known, documents.versions())
    if len(behind) > REBUILD_SHARE * max(len(known), 1):
        return rebuild()
    _mend(behind)
    return len(behind)


def rebuild() -> int:
    """A whole new index; how many articles it holds."""
    count = article_index().rebuild(documents.documents())
    _announce()
    return count


def different(known: dict[int, str], wanted: dict[int, str]) -> set[int]:
    """Ids whose version in the index is not the database's: missing, stale or surplus ones."""
    return {key for key in known.keys() | wanted.keys() if known.get(key) != wanted.get(key)}


def _mend(ids: Iterable[int]) -> None:
    wanted, known = documents.versions(), article_index().versions()
    behind = [key for key in ids if known.get(key) != wanted.get(key)]
    if behind:
        upserts = list(documents.documents([key for key in behind if key in wanted]))
        kept = {document.article_id for document in upserts}
        article_index().apply(upserts, [key for key in behind if key not in kept])
        _announce()


def _announce() -> None:
    # Result pages kept in memory were made with the index as it was.
    with transaction():
        touch_content()
