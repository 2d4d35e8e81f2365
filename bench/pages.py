"""Pages that visitors read: the article, the results, the suggestions, the first visit."""

from __future__ import annotations

from statistics import median
from urllib.parse import urlencode

from bench import load
from bench.bench import Bench
from bench.browser import Browser, first_visit
from bench.content import Ticket, search_path
from bench.load import Side
from bench.rows import BenchError, Row, latency, percentile
from bench.server import serve_bare

ROUNDS, SECONDS = 6, 1.5
SUGGESTIONS = "/tickets/nuevo/sugerencias"
KILOBYTE = 1000


def article(bench: Bench) -> list[Row]:
    """Requests/s of article pages against the same bytes from a bare Flask app."""
    site = bench.server()
    folder = bench.folder / "pages"
    folder.mkdir()
    requests, size = [], 0
    for path in bench.samples.paths:
        body = _page(site.port, path)
        (folder / path.rpartition("/")[2]).write_bytes(body)
        requests.append(load.get(path))
        size += len(body)
    with serve_bare(bench.instance, folder) as bare:
        sides = {"site": Side(site.port, requests), "bare": Side(bare.port, requests)}
        load.compare(sides, rounds=ROUNDS, seconds=SECONDS)
    ours, theirs = sides["site"], sides["bare"]
    ratio = median(a / b for a, b in zip(ours.rates, theirs.rates, strict=True))
    return [
        Row(
            "article",
            "article page, requests/s against bare Flask, same bytes",
            ratio,
            bar=0.5,
            at_least=True,
            details={
                "site_per_s": round(median(ours.rates)),
                "bare_per_s": round(median(theirs.rates)),
                "mean_bytes": size // len(requests),
                **latency("site", ours.seconds),
                **latency("bare", theirs.seconds),
            },
        )
    ]


def search(bench: Bench) -> list[Row]:
    """95th percentile of results pages against article pages, under the same load."""
    asked = [load.get(search_path(words)) for words in bench.samples.searches]
    return [_against_article(bench, "search", "search page, p95 against the article page", asked)]


def suggest(bench: Bench) -> list[Row]:
    """95th percentile of the suggestions fragment against article pages, under the same load."""
    visitor = Browser(bench.server().port)
    try:
        token = visitor.token_of("/tickets/nuevo")
        asked = [_suggestion(ticket, token, visitor.cookie) for ticket in bench.samples.tickets]
    finally:
        visitor.close()
    what = "suggestions for 60–200 words, p95 against the article page"
    return [_against_article(bench, "suggest", what, asked)]


def home(bench: Bench) -> list[Row]:
    """Everything a browser fetches on its first visit of the home page."""
    sizes = first_visit(bench.server().port, "/")
    largest = sorted(sizes, key=lambda address: -sizes[address])[:4]
    return [
        Row(
            "home",
            "home page on the first visit, over the wire",
            sum(sizes.values()) / KILOBYTE,
            "KB",
            bar=150,
            details={
                "requests": len(sizes),
                **{address.partition("?")[0]: sizes[address] for address in largest},
            },
        )
    ]


def _page(port: int, path: str) -> bytes:
    connection = load.Connection(port)
    try:
        status, _head, body = connection.ask(load.get(path))
    finally:
        connection.close()
    if status != 200:
        raise BenchError(f"{path} answered {status}")
    return body


def _suggestion(ticket: Ticket, token: str, cookie: str) -> bytes:
    fields = {
        "csrf_token": token,
        "asunto": ticket.subject,
        "descripcion": ticket.description,
        "afeccion": "",
        "prioridad": "normal",
    }
    return load.post(SUGGESTIONS, urlencode(fields).encode(), cookie)


def _against_article(bench: Bench, key: str, what: str, asked: list[bytes]) -> Row:
    port = bench.server().port
    articles = Side(port, [load.get(path) for path in bench.samples.paths])
    sides = {"article": articles, key: Side(port, asked)}
    load.compare(sides, rounds=ROUNDS, seconds=SECONDS)
    ours = sides[key]
    ratio = percentile(ours.seconds, 0.95) / percentile(articles.seconds, 0.95)
    return Row(
        key,
        what,
        ratio,
        bar=3,
        details={
            **latency(key, ours.seconds),
            **latency("article", articles.seconds),
            f"{key}_requests": len(ours.seconds),
        },
    )
