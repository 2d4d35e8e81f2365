"""The Whoosh adapter where files fail, processes die and others write."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from time import sleep

import pytest

from kb.index import Document, IndexBusy, IndexUnavailable
from kb.whoosh_index import STAMP, WhooshIndex
from tests.limits import ends_soon

ROOT = Path(__file__).parents[2]


def article(number: int, version: str = "1") -> Document:
    return Document(
        number,
        f"articulo-{number}",
        "es",
        "correo",
        f"Artículo {number} del correo",
        "Resumen",
        (),
        f"El buzón número {number} tiene texto de la versión {version}. " * 20,
        version,
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def index(root: Path) -> WhooshIndex:
    made = WhooshIndex(root, lock_seconds=0.2)
    made.rebuild(map(article, range(1, 31)))
    return made


def current(root: Path) -> Path:
    return root / (root / "CURRENT").read_text()


def the_file(root: Path, suffix: str) -> Path:
    (found,) = current(root).glob(f"*{suffix}")
    return found


def _truncate(share: float) -> Callable[[Path], None]:
    def damage(file: Path) -> None:
        content = file.read_bytes()
        file.write_bytes(content[: int(len(content) * share)])

    return damage


def _garble(file: Path) -> None:
    content = bytearray(file.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 64] = bytes(byte ^ 0xFF for byte in content[middle : middle + 64])
    file.write_bytes(content)


def _remove(file: Path) -> None:
    file.unlink()


DAMAGES = {"empty": _truncate(0), "half": _truncate(0.5), "garbled": _garble, "missing": _remove}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("suffix", [".toc", ".seg"])
@ends_soon
def test_damaged_file_is_reported_and_rebuilt(
    index: WhooshIndex, root: Path, suffix: str, damage: str
) -> None:
    DAMAGES[damage](the_file(root, suffix))
    fresh = WhooshIndex(root)
    assert fresh.healthy() is False
    for ask in (
        lambda: fresh.search("correo"),
        lambda: fresh.suggest("correo", "buzón texto"),
        lambda: fresh.complete("corr"),
        fresh.versions,
    ):
        with suppress(IndexUnavailable):  # flipped bytes may still answer
            ask()
    fresh.rebuild([article(1)])
    assert (fresh.healthy(), fresh.search("correo").total) == (True, 1)


@pytest.mark.parametrize("content", ["", "gen-", "../../etc", "gen-\u00e9\u00ff", "gen-00\n" * 99])
def test_damaged_pointer_is_unavailable(index: WhooshIndex, root: Path, content: str) -> None:
    (root / "CURRENT").write_text(content, "utf-8")
    assert index.healthy() is False
    with pytest.raises(IndexUnavailable):
        index.search("correo")


def test_missing_directory_is_unavailable_until_rebuilt(index: WhooshIndex, root: Path) -> None:
    assert index.search("correo").total == 30
    shutil.rmtree(root)
    assert index.healthy() is False
    for ask in (lambda: index.search("correo"), index.generation, lambda: index.apply([], [1])):
        with pytest.raises(IndexUnavailable):
            ask()
    index.rebuild([article(1)])
    assert index.search("correo").total == 1


@pytest.mark.parametrize("part", STAMP)
def test_other_version_is_refused_before_anything_is_unpickled(
    index: WhooshIndex, root: Path, part: str
) -> None:
    (current(root) / "STAMP.json").write_text(json.dumps({**STAMP, part: "another"}))
    the_file(root, ".toc").write_bytes(b"cposix\nsystem\n(S'false'\ntR.")
    fresh = WhooshIndex(root)
    assert fresh.healthy() is False
    with pytest.raises(IndexUnavailable, match="another version"):
        fresh.search("correo")
    with pytest.raises(IndexUnavailable, match="another version"):
        fresh.apply([article(1)], [])


def test_directories_are_closed_to_others(index: WhooshIndex, root: Path) -> None:
    assert [oct(path.stat().st_mode & 0o777) for path in (root, current(root))] == ["0o700"] * 2


def test_open_index_sees_the_changes_of_another_process(index: WhooshIndex, root: Path) -> None:
    reader = WhooshIndex(root)
    assert reader.search("correo").total == 30
    index.apply([article(31)], [1, 2])
    assert reader.search("correo").total == 29
    index.rebuild([article(1)])
    assert reader.search("correo").total == 1


def test_second_writer_is_told_to_wait(index: WhooshIndex, root: Path) -> None:
    other = WhooshIndex(root, lock_seconds=0.1)

    def documents() -> Iterator[Document]:
        with pytest.raises(IndexBusy):
            other.apply([article(99)], [])
        with pytest.raises(IndexBusy):
            other.rebuild([])
        assert other.search("correo").total == 30
        yield article(1)

    index.rebuild(documents())
    other.apply([article(2)], [])
    assert set(other.versions()) == {1, 2}


def test_writers_in_turn_lose_nothing(index: WhooshIndex, root: Path) -> None:
    def write(first: int) -> None:
        mine = WhooshIndex(root, lock_seconds=30)
        for number in range(first, first + 5):
            mine.apply([article(number)], [])

    threads = [threading.Thread(target=write, args=(first,)) for first in (100, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(index.versions()) == {*range(1, 31), *range(100, 105), *range(200, 205)}


def test_failure_while_writing_leaves_the_former_index(index: WhooshIndex, root: Path) -> None:
    def broken() -> Iterator[Document]:
        yield article(1)
        raise OSError(28, "No space left on device")

    with pytest.raises(IndexUnavailable, match="No space left"):
        index.rebuild(broken())
    assert index.search("correo").total == 30
    index.apply([article(31)], [])
    assert index.search("correo").total == 31
    assert [path.name for path in root.glob("gen-*")] == [current(root).name]


_REBUILD_SLOWLY = """
import sys, time
from kb.whoosh_index import WhooshIndex
from tests.kb.test_whoosh_index import article
from pathlib import Path

def documents():
    for number in range(1, 400):
        if number == 50:
            print("busy", flush=True)
        time.sleep(0.002)
        yield article(number, "2")

WhooshIndex(Path(sys.argv[1])).rebuild(documents())
"""


@pytest.mark.parametrize("delay", [0.0, 0.1, 0.4])
def test_killed_rebuild_leaves_the_former_index(
    index: WhooshIndex, root: Path, delay: float
) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", _REBUILD_SLOWLY, str(root)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert child.stdout is not None
    child.stdout.readline()
    sleep(delay)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    fresh = WhooshIndex(root, lock_seconds=1)
    assert fresh.healthy() is True
    assert set(fresh.versions().values()) == {"1"}
    fresh.apply([article(31)], [])
    assert [path.name for path in root.glob("gen-*")] == [current(root).name]


def test_killed_commit_leaves_an_index_that_opens(index: WhooshIndex, root: Path) -> None:
    program = (
        "import sys, itertools; from pathlib import Path;"
        "from kb.whoosh_index import WhooshIndex;"
        "from tests.kb.test_whoosh_index import article;"
        "index = WhooshIndex(Path(sys.argv[1]));"
        "[(index.apply([article(n)], []), print(n, flush=True)) for n in itertools.count(1000)]"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(root)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    for _ in range(5):
        acknowledged = int(child.stdout.readline())
    child.send_signal(signal.SIGKILL)
    child.communicate()
    fresh = WhooshIndex(root, lock_seconds=1)
    assert fresh.healthy() is True
    assert {*range(1, 31), *range(1000, acknowledged + 1)} <= set(fresh.versions())


def test_readers_never_fail_while_articles_change(index: WhooshIndex, root: Path) -> None:
    done = threading.Event()
    failures: list[Exception] = []
    totals: set[int] = set()
    shared = WhooshIndex(root)

    def read(reader: WhooshIndex) -> None:
        while not done.is_set():
            try:
                totals.add(reader.search("correo").total)
                reader.complete("art")
            except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
                failures.append(error)

    readers = [shared, shared, WhooshIndex(root), WhooshIndex(root)]
    threads = [threading.Thread(target=read, args=(reader,)) for reader in readers]
    for thread in threads:
        thread.start()
    for number in range(31, 46):
        index.apply([article(number), article(1, str(number))], [])
    index.rebuild(map(article, range(1, 31)))
    index.apply([article(31)], [])
    done.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert totals <= set(range(30, 46))


def test_open_files_do_not_grow(index: WhooshIndex) -> None:
    def change_and_read(number: int) -> int:
        index.apply([article(number)], [number - 1])
        index.search("correo")
        return len(os.listdir("/proc/self/fd"))

    change_and_read(100)
    before = change_and_read(101)
    assert max(change_and_read(number) for number in range(102, 112)) <= before + 3


def test_stray_seal_of_a_crash_does_not_condemn_the_index(index: WhooshIndex, root: Path) -> None:
    index.apply([article(31)], [])
    for seal in current(root).glob("SEAL-*.json"):
        seal.unlink()
    assert WhooshIndex(root).healthy() is True
