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

ROUNDS, SECONDS = 6, 1.2
#: The site keeps visitors' pages in memory; a browser with a session gets one made for it.
WITH_SESSION = "session=bench"
SUGGESTIONS = "/tickets/nuevo/sugerencias"
KILOBYTE = 1000


def article(bench: Bench) -> list[Row]:
    """Requests/s of article pages against the same bytes from a bare Flask app."""
    site = bench.server()
    folder = bench.folder / "pages"
    folder.mkdir()
    size = 0
    for path in bench.samples.paths:
        body = _page(site.port, path)
        (folder / path.rpartition("/")[2]).write_bytes(body)
        size += len(body)
    requests = [load.get(path) for path in bench.samples.paths]
    with serve_bare(bench.instance, folder) as bare:
        sides = {
            "site": Side(site.port, requests),
            "made": Side(site.port, _with_session(bench)),
            "bare": Side(bare.port, requests),
        }
        load.compare(sides, rounds=ROUNDS, seconds=SECONDS)
    ours, made, theirs = sides.values()
    return [
        Row(
            "article",
            "article page, requests/s against bare Flask, same bytes",
            _share(ours, theirs),
            bar=0.5,
            at_least=True,
            details={
                "site_per_s": round(median(ours.rates)),
                "bare_per_s": round(median(theirs.rates)),
                "mean_bytes": size // len(requests),
                **latency("site", ours.seconds),
                **latency("bare", theirs.seconds),
            },
        ),
        Row(
            "article_made",
            "the same where the page is made for a browser with a session",
            _share(made, theirs),
            details={"site_per_s": round(median(made.rates)), **latency("site", made.seconds)},
        ),
    ]


def search(bench: Bench) -> list[Row]:
    """95th percentile of results pages against article pages, under the same load."""
    asked = [load.get(search_path(words)) for words in bench.samples.searches]
    return _against_article(bench, "search", "search page", asked)


def suggest(bench: Bench) -> list[Row]:
    """95th percentile of the suggestions fragment against article pages, under the same load."""
    visitor = Browser(bench.server().port)
    try:
        token = visitor.token_of("/tickets/nuevo")
        asked = [_suggestion(ticket, token, visitor.cookie) for ticket in bench.samples.tickets]
    finally:
        visitor.close()
    return _against_article(bench, "suggest", "suggestions, 60–200 words", asked)


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


def _with_session(bench: Bench) -> list[bytes]:
    return [load.get(path, WITH_SESSION) for path in bench.samples.paths]


def _share(ours: Side, theirs: Side) -> float:
    return median(a / b for a, b in zip(ours.rates, theirs.rates, strict=True))


def _against_article(bench: Bench, key: str, what: str, asked: list[bytes]) -> list[Row]:
    port = bench.server().port
    sides = {
        "article": Side(port, [load.get(path) for path in bench.samples.paths]),
        "made": Side(port, _with_session(bench)),
        key: Side(port, asked),
    }
    load.compare(sides, rounds=ROUNDS, seconds=SECONDS)
    slow = {name: percentile(side.seconds, 0.95) for name, side in sides.items()}
    ours = sides[key].seconds
    return [
        Row(
            key,
            f"{what}, p95 against the article page",
            slow[key] / slow["article"],
            bar=3,
            details={
                **latency(key, ours),
                **latency("article", sides["article"].seconds),
                f"{key}_requests": len(ours),
            },
        ),
        Row(
            f"{key}_made",
            f"{what}, p95 against an article page made anew",
            slow[key] / slow["made"],
            details=latency("article", sides["made"].seconds),
        ),
    ]
