"""`make bench`: measure, print a table and JSON; `--strict` makes a failed bar exit with 1.

Exit status 0, 1 for a failed bar with `--strict` or a measurement that went wrong, 2 for wrong use.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import platform
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from types import FrameType
from typing import Any

import whoosh

from bench import (
    chat,
    chat_streams,
    engine,
    filing,
    load,
    notices,
    pages,
    process,
    proof,
    waiting,
)
from bench.bench import Bench, Options
from bench.rows import BenchError, Row, table
from bench.server import WORKERS
from core.config import ROOT
from core.db import sqlite_module

CORPUS = ROOT.parent / "shared" / "corpus" / "es"
#: After so many seconds no further row is begun; the longest row takes about one minute.
SECONDS, SECONDS_LONG = 300, 1800

#: In the order they run: what wants the machine for itself comes before and after the server.
MEASURES: dict[str, Callable[[Bench], list[Row]]] = {
    "start": process.start,
    "memory": process.memory,
    "home": pages.home,
    "article": pages.article,
    "search": pages.search,
    "suggest": pages.suggest,
    "notices": notices.notices,
    "memory_loaded": process.memory_after_load,
    "publish": engine.publish,
    "rebuild": engine.rebuild,
    "engine": engine.suggest_engine,
    "queue": waiting.queue,
    "filing": filing.filing,
    "audit": proof.audit,
    "chat": chat.chat,
    "streams": chat_streams.streams,
}
#: These have servers of their own, or none.
ALONE = {"engine", "queue", "filing", "audit", "chat", "streams"}


def main() -> int:
    """Run what was asked for; the exit status."""
    asked = _arguments()
    chosen = asked.only or list(MEASURES)
    # A terminated run must still end its servers and remove its folder.
    signal.signal(signal.SIGTERM, _leave)
    logging.getLogger().addHandler(logging.NullHandler())
    began, busy = time.monotonic(), os.getloadavg()[0]
    options = Options(asked.corpus, million=asked.million, large=asked.large)
    limit = SECONDS_LONG if asked.million or asked.large else SECONDS
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        with closing(Bench(Path(folder), options)) as bench:
            rows = _measure(bench, chosen, began + limit)
        report = _report(bench, rows, time.monotonic() - began, busy)
    text = json.dumps(report, ensure_ascii=False, indent=2)
    print(f"\n{table(rows)}\n\n{text}")
    if asked.json:
        asked.json.write_text(text + "\n", "utf-8")
    broken = any("error" in row.details for row in rows)
    failed = asked.strict and any(row.passed is False for row in rows)
    return 1 if broken or failed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="Measure the site on this machine.")
    parser.add_argument("--only", type=_names, help=f"rows to measure: {','.join(MEASURES)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the JSON there too")
    parser.add_argument("--strict", action="store_true", help="exit with 1 when a bar fails")
    parser.add_argument("--million", action="store_true", help="also 1,000,000 waiting tickets")
    parser.add_argument("--large", action="store_true", help="also publish among 10,000 articles")
    parser.add_argument(
        "--corpus", type=_folder, metavar="DIR", help="articles to import instead of variations"
    )
    parser.add_argument(
        "--demo", action="store_true", help="demonstration articles with variations, no corpus"
    )
    asked = parser.parse_args()
    if asked.demo:
        asked.corpus = None
    elif asked.corpus is None and CORPUS.is_dir():
        asked.corpus = CORPUS
    return asked


def _names(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in MEASURES]
    if unknown or not names:
        raise argparse.ArgumentTypeError(f"no such row: {', '.join(unknown) or text!r}")
    return [name for name in MEASURES if name in names]


def _folder(text: str) -> Path:
    path = Path(text).resolve()
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is no folder")
    return path


def _measure(bench: Bench, chosen: Sequence[str], until: float) -> list[Row]:
    rows: list[Row] = []
    for name in chosen:
        began = time.monotonic()
        if name in ALONE:
            bench.stop_server()
        try:
            if began > until:
                raise BenchError("not measured: the time of the whole run was used up")
            rows += MEASURES[name](bench)
        except (BenchError, OSError) as error:
            rows.append(Row(name, name, None, details={"error": str(error)}))
        print(f"{name}: {time.monotonic() - began:.1f} s", file=sys.stderr, flush=True)
    return rows


def _report(bench: Bench, rows: Sequence[Row], seconds: float, busy: float) -> dict[str, Any]:
    return {
        "content": bench.filling or "the demonstration",
        "server": f"gunicorn, {WORKERS} workers, gunicorn.conf.py",
        "load": f"{load.CONNECTIONS} keep-alive connections of this process, same machine",
        "machine": {
            "cpus": os.cpu_count(),
            "load_average_before": round(busy, 2),
            "python": platform.python_version(),
            "sqlite": sqlite_module().sqlite_version,
            "whoosh": whoosh.versionstring(),
        },
        "seconds": round(seconds),
        "ratios": {row.key: row.as_json()["value"] for row in rows},
        "rows": [row.as_json() for row in rows],
    }


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(1)


if __name__ == "__main__":
    sys.exit(main())
