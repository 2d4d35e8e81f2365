"""The server's process: how soon it answers, how much memory it takes."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median

from bench import load
from bench.bench import Bench
from bench.rows import BenchError, Row
from bench.server import Server, serve_site

STARTS = 3
REST_SECONDS = 3.0
#: New connections for one page each, so that every worker has served.
VISITS = 24
MEGABYTE = 1_000_000


def start(bench: Bench) -> list[Row]:
    """From the start of gunicorn to the end of the first answer; files are in the page cache."""
    instance, times, computed = bench.instance, [], []
    for _ in range(STARTS):
        with serve_site(instance) as server:
            times.append(server.ready_seconds)
            computed.append(server.ready_cpu)
    return [
        Row(
            "start",
            "cold start to first answer, median of three",
            median(times),
            "s",
            bar=1.5,
            details={
                "fastest_s": round(min(times), 2),
                "slowest_s": round(max(times), 2),
                "cpu_s_of_all_processes": round(median(computed), 2),
            },
        )
    ]


def memory(bench: Bench) -> list[Row]:
    """Proportional set size of the largest worker that has served some pages and now rests."""
    paths = ["/", *bench.samples.paths]
    with serve_site(bench.instance) as server:
        for number in range(VISITS):
            connection = load.Connection(server.port)
            connection.ask(load.get(paths[number % len(paths)]))
            connection.close()
        time.sleep(REST_SECONDS)
        rested, own = memory_of(server), memory_of(server, "Private_Dirty:")
    return [
        Row(
            "memory",
            "memory of a worker at rest (PSS), the largest",
            max(rested),
            "MB",
            bar=120,
            details={"all_mb": _list(rested), "private_mb": _list(own)},
        )
    ]


def memory_after_load(bench: Bench) -> list[Row]:
    """The same of the server that the other rows have put load on: caches are full now."""
    rested = memory_of(bench.server())
    own = memory_of(bench.server(), "Private_Dirty:")
    return [
        Row(
            "memory_loaded",
            "memory of a worker after the load of this run (PSS)",
            max(rested),
            "MB",
            details={"all_mb": _list(rested), "private_mb": _list(own)},
        )
    ]


def memory_of(server: Server, kind: str = "Pss:") -> list[float]:
    """Memory of each worker in MB, the largest first: `kind` is a line of smaps_rollup.
    Raises BenchError."""
    sizes = [_memory(pid, kind) for pid in server.workers()]
    if not sizes:
        raise BenchError("the server has no workers")
    return sorted(sizes, reverse=True)


def _memory(pid: int, kind: str) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
        if line.startswith(kind):
            return int(line.split()[1]) * 1024 / MEGABYTE
    raise BenchError(f"no {kind} of process {pid}")


def _list(sizes: list[float]) -> str:
    return ", ".join(f"{size:.0f}" for size in sizes)
