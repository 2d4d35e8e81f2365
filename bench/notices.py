"""What a page that is left open costs: the bell's question, asked in vain."""

from __future__ import annotations

import re
from statistics import median

from bench import load
from bench.bench import Bench
from bench.browser import customer, signed_in
from bench.load import Side
from bench.rows import BenchError, Row, latency
from bench.server import serve_bare

ROUNDS, SECONDS = 4, 1.0
_STANDING = re.compile(r'data-unread="(\d+)" data-newest="(\d+)"')


def notices(bench: Bench) -> list[Row]:
    """Requests/s of a question that is answered 204, and of the list, against a bare page."""
    site = bench.server()
    visitor = signed_in(site.port, bench.instance, customer())
    page = visitor.get("/avisos")
    known = _STANDING.search(page.text)
    if known is None:
        raise BenchError("/avisos shows no bell")
    folder = bench.folder / "notices"
    folder.mkdir()
    (folder / "vacia").write_bytes(b"-")
    question = f"/avisos/nuevos?sin_leer={known[1]}&desde={known[2]}"
    if visitor.get(question).status != 204:
        raise BenchError(f"{question} is not answered with nothing")
    with serve_bare(bench.instance, folder) as bare:
        sides = {
            "question": Side(site.port, [load.get(question, visitor.cookie)]),
            "page": Side(site.port, [load.get("/avisos", visitor.cookie)]),
            "bare": Side(bare.port, [load.get("/preguntas/vacia")]),
        }
        load.compare(sides, rounds=ROUNDS, seconds=SECONDS)
    question_side, page_side, bare_side = sides.values()
    return [
        _row(
            "notices",
            "the bell's question, nothing new, against bare Flask",
            question_side,
            bare_side,
        ),
        _row("notices_page", "the page of notices, against bare Flask", page_side, bare_side),
    ]


def _row(key: str, what: str, ours: Side, theirs: Side) -> Row:
    share = median(a / b for a, b in zip(ours.rates, theirs.rates, strict=True))
    told = {"site_per_s": round(median(ours.rates)), "bare_per_s": round(median(theirs.rates))}
    return Row(key, what, share, details={**told, **latency("site", ours.seconds)})
