"""What open streams of events would cost: each holds a thread of the default server."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.bench import Bench
from bench.load import get
from bench.rows import Row
from bench.server import Instance, serve_bare

COUNTS, ASKED = (0, 8, 16, 500), 6
PATIENCE = 3.0


def streams(bench: Bench) -> list[Row]:
    """Seconds to a page of a few bytes beside so many idle streams; no bar."""
    folder = bench.folder / "streams"
    pages = folder / "pages"
    pages.mkdir(parents=True)
    (pages / "one").write_text("one", "utf-8")
    rows = []
    for count in COUNTS:
        with serve_bare(Instance(folder), Path(pages)) as server, _opened(server.port, count):
            took = _page(server.port)
        said = "no answer" if took is None else f"{took * 1000:.1f} ms"
        rows.append(
            Row(
                f"streams_{count}",
                f"a page beside {count} idle streams, 2 workers",
                took,
                unit="s",
                details={"answer": said},
            )
        )
    return rows


@contextmanager
def _opened(port: int, count: int) -> Iterator[None]:
    with ExitStack() as opened:
        for _ in range(count):
            one = opened.enter_context(socket.create_connection(("127.0.0.1", port), 5))
            one.sendall(get("/stream"))
        time.sleep(1)
        yield


def _page(port: int) -> float | None:
    """The slowest of some askings at once; None where one has no answer."""
    with ThreadPoolExecutor(ASKED) as pool:
        took = list(pool.map(lambda _n: _ask(port), range(ASKED)))
    return None if None in took else max(one for one in took if one is not None)


def _ask(port: int) -> float | None:
    began = time.perf_counter()
    try:
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as asking:
            asking.settimeout(PATIENCE)
            asking.sendall(get("/preguntas/one"))
            answered = asking.recv(12)
    except OSError:
        return None
    return time.perf_counter() - began if answered == b"HTTP/1.1 200" else None
