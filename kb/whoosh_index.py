"""The article index on Whoosh: the default adapter of `kb.index.ArticleIndex`.

Whoosh stores words and finds them; `kb.impacts` weighs them when an article is indexed, and
`kb.ranking` plans and ranks. The directories and their safety are `kb.whoosh_store`'s.

Nothing newer than Whoosh 2.7.4 is used, so that the package can be exchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

from whoosh import index
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import FileStorage
from whoosh.util.filelock import try_for

from kb.analysis import DEFAULT_LANGUAGE
from kb.index import Document, Hit, IndexBusy, IndexUnavailable, Results
from kb.planning import plan_search, plan_suggest
from kb.query_plan import corrections_of, looked_up_beside
from kb.ranking import (
    Reader,
    rank_completion,
    rank_search,
    rank_suggest,
)
from kb.vocabulary import Vocabulary, nothing
from kb.whoosh_reader import Snapshot
from kb.whoosh_schema import STAMP, entry, schema
from kb.whoosh_store import (
    INDEX_NAME,
    IndexDirectories,
    commit_of,
    is_whole,
    require_files,
    seal,
    stamp_of,
)

_LOCK_FILE = "writer.lock"
_OPEN_ATTEMPTS = 3
#: Our own lock is held already; this one only outlasts a reader of the lock file.
_ENGINE_LOCK_SECONDS = 5.0
_WRITER_MEGABYTES = 128
#: Blocks large and as they are: a third more disk, half the time to write and to read.
_CODEC = W3Codec(blocklimit=1024, compression=0)  # type: ignore[no-untyped-call]
_T = TypeVar("_T")


class WhooshIndex:
    """`ArticleIndex` in a directory (mode 0700) that one indexer writes and many read.

    `lock_seconds` is how long a writer waits for another before `IndexBusy`. `vocabulary` hands
    out the synonyms in force, and is asked for every query.
    """

    def __init__(
        self,
        directory: Path,
        *,
        vocabulary: Callable[[], Vocabulary] = nothing,
        lock_seconds: float = 10.0,
    ) -> None:
        self._directories = IndexDirectories(directory)
        self._vocabulary = vocabulary
        self._lock_seconds = lock_seconds
        self._guard = RLock()
        self._snapshot: Snapshot | None = None
        self._generation = ""
        self._verified = ""

    def search(
        self,
        text: str,
        *,
        category: str | None = None,
        offset: int = 0,
        limit: int = 10,
        lang: str = DEFAULT_LANGUAGE,
        internal: bool = False,
    ) -> Results:
        """See `ArticleIndex.search`."""

        synonyms = self._vocabulary()

        def run(snapshot: Snapshot) -> Results:
            plan = plan_search(text, snapshot, synonyms)
            ranking = rank_search(plan, snapshot, Reader(lang, internal))
            found = snapshot.page(ranking, category, offset, limit)
            corrections = corrections_of(plan, snapshot.written)
            return replace(found, corrections=corrections, also=looked_up_beside(plan))

        return self._read(run)

    def suggest(
        self,
        subject: str,
        description: str,
        *,
        limit: int = 5,
        lang: str = DEFAULT_LANGUAGE,
        internal: bool = False,
    ) -> list[Hit]:
        """See `ArticleIndex.suggest`."""

        synonyms = self._vocabulary()

        def run(snapshot: Snapshot) -> list[Hit]:
            plan = plan_suggest(subject, description, snapshot, synonyms)
            return snapshot.hits(rank_suggest(plan, snapshot, Reader(lang, internal), limit).scored)

        return self._read(run)

    def complete(
        self,
        prefix_text: str,
        limit: int = 8,
        *,
        lang: str = DEFAULT_LANGUAGE,
        internal: bool = False,
    ) -> list[Hit]:
        """See `ArticleIndex.complete`."""
        synonyms = self._vocabulary()

        def run(snapshot: Snapshot) -> list[Hit]:
            reader = Reader(lang, internal)
            ranking = rank_completion(prefix_text, snapshot, synonyms, reader, limit)
            return snapshot.hits(ranking.scored)

        return self._read(run)

    def versions(self) -> dict[int, str]:
        """See `ArticleIndex.versions`."""
        return self._read(
            lambda snapshot: {
                int(kept["article"]): kept["version"]
                for kept in (snapshot.reader.all_stored_fields() if snapshot.doc_count else ())
            }
        )

    def generation(self) -> str:
        """See `ArticleIndex.generation`."""
        with _translated():
            path = self._directories.current()
            return f"{path.name}.{commit_of(path)}"

    def healthy(self) -> bool:
        """See `ArticleIndex.healthy`. Every file is read once for each generation."""
        for _ in range(_OPEN_ATTEMPTS):
            try:
                generation = self.generation()
                if generation != self._verified:
                    path = self._directories.current()
                    if is_whole(path, commit_of(path)):
                        self._verified = generation
                self._read(lambda snapshot: snapshot.frequency("stem", "a"))
                if generation == self._verified:
                    return True
                if generation == self.generation():
                    return False
            except IndexUnavailable:
                return False
        return False

    def apply(self, upserts: Sequence[Document], deletes: Sequence[int]) -> None:
        """See `ArticleIndex.apply`."""
        with _translated(), self._writing():
            path = self._directories.current()
            if stamp_of(path) != STAMP:
                raise IndexUnavailable(f"{path.name} is of another version")
            with _writer(index.open_dir(str(path), indexname=INDEX_NAME)) as writer:
                for article_id in deletes:
                    writer.delete_by_term("article", str(article_id))
                for document in upserts:
                    writer.update_document(**entry(document))
            seal(path, commit_of(path))
            self._directories.sweep()

    def rebuild(self, documents: Iterable[Document]) -> int:
        """See `ArticleIndex.rebuild`. The former directory stays until the next write, so that
        a reader that has just read the pointer still finds it."""
        count = 0
        with _translated(), self._writing():
            self._directories.sweep()
            path = self._directories.create(STAMP)
            with _writer(index.create_in(str(path), schema(), indexname=INDEX_NAME)) as writer:
                for document in documents:
                    writer.add_document(**entry(document))
                    count += 1
            seal(path, commit_of(path))
            self._directories.switch(path)
        return count

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._directories.prepare()
        storage = FileStorage(str(self._directories.root), supports_mmap=False)  # type: ignore[no-untyped-call]
        lock = storage.lock(_LOCK_FILE)  # type: ignore[no-untyped-call]
        if not try_for(lock.acquire, timeout=self._lock_seconds, delay=0.05):
            raise IndexBusy("another process is writing the index")
        try:
            yield
        finally:
            lock.release()

    def _read(self, query: Callable[[Snapshot], _T]) -> _T:
        with self._guard, _translated():
            try:
                return query(self._current())
            except Exception:
                self._drop()
                raise

    def _current(self) -> Snapshot:
        for attempt in range(1, _OPEN_ATTEMPTS + 1):
            try:
                generation = self.generation()
                if self._snapshot is not None and generation == self._generation:
                    return self._snapshot
                snapshot = _open(self._directories.current())
            except (FileNotFoundError, index.EmptyIndexError, IndexUnavailable):
                # A commit removed a segment, or a rebuild the directory, after it was named.
                if attempt == _OPEN_ATTEMPTS:
                    raise
                continue
            self._drop()
            self._snapshot, self._generation = snapshot, generation
            return snapshot
        raise IndexUnavailable("the index changed while it was opened")

    def _drop(self) -> None:
        stale, self._snapshot = self._snapshot, None
        if stale is not None:
            with suppress(Exception):
                stale.close()


def _open(path: Path) -> Snapshot:
    if stamp_of(path) != STAMP:
        raise IndexUnavailable(f"{path.name} is of another version")
    require_files(path, commit_of(path))
    return Snapshot(index.open_dir(str(path), indexname=INDEX_NAME, readonly=True).reader())  # type: ignore[no-untyped-call]


@contextmanager
def _writer(opened: Any) -> Iterator[Any]:
    writer = opened.writer(timeout=_ENGINE_LOCK_SECONDS, limitmb=_WRITER_MEGABYTES, codec=_CODEC)
    try:
        yield writer
        writer.commit()
    except BaseException:
        with suppress(Exception):
            writer.cancel()
        raise


@contextmanager
def _translated() -> Iterator[None]:
    """Every failure inside as `IndexUnavailable`: damaged files make Whoosh raise anything from
    TypeError to UnpicklingError, and none of it may reach a page."""
    try:
        yield
    except IndexUnavailable:
        raise
    except Exception as error:
        raise IndexUnavailable(f"{type(error).__name__}: {error}") from error
