"""200 conversations open: how long a message takes to reach the other side.

Each page asks as `static/js/chat.js` does: 1.2 s after the answer before, a technician's page
once for all their conversations. People write at their pace; each message is preceded by a typing
mark and followed by a read mark. Meanwhile somebody reads an article.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import time
from collections import defaultdict
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bench.bench import Bench
from bench.chat_world import Identity, Talk, Worker, fill
from bench.rows import BenchError, Row, latency, percentile
from bench.server import Instance, serve_site
from core.tokens import new_token

TALKS, EACH = 200, 8
SECONDS, WARM = float(os.environ.get("BENCH_CHAT_SECONDS", "25")), 4.0
POLL_MS, JITTER = 1200, 0.05
#: Each side of a conversation writes about this often.
PACE = 30.0
BAR_SECONDS = 2.0
ARTICLE, ARTICLE_EVERY = "/preguntas/spf-dkim-dmarc", 0.2
_MARK = re.compile(rb'data-mark="([^"]*)" data-last="(\d+)"')
_TOLD = re.compile(rb"mensaje-(\d+)\.")
_UNREAD = re.compile(rb'href="/mesa/chat/(\d+)"[^>]*>(?:(?!</a>).)*?chat-unread', re.DOTALL)


class Page:
    """One keep-alive connection of a browser."""

    def __init__(self, port: int, who: Identity) -> None:
        self._port, self._who = port, who
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._turn = asyncio.Lock()

    async def ask(self, path: str, fields: dict[str, str] | None = None) -> tuple[int, bytes]:
        async with self._turn:
            for attempt in (1, 2):
                try:
                    return await self._ask(path, fields)
                except (ConnectionError, asyncio.IncompleteReadError):
                    # The server closes a connection that rested longer than `keepalive`.
                    self._streams = None
                    if attempt == 2:
                        raise
        raise BenchError("unreachable")

    async def _ask(self, path: str, fields: dict[str, str] | None) -> tuple[int, bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        body = urlencode(fields).encode() if fields is not None else b""
        verb = "POST" if fields is not None else "GET"
        head = f"{verb} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Chat: 1\r\n"
        if self._who.cookie:
            head += f"Cookie: {self._who.cookie}\r\n"
        if fields is not None:
            head += f"X-CSRFToken: {self._who.csrf}\r\nContent-Length: {len(body)}\r\n"
            head += "Content-Type: application/x-www-form-urlencoded\r\n"
        writer.write(head.encode() + b"\r\n" + body)
        top = await reader.readuntil(b"\r\n\r\n")
        status = int(top[9:12])
        found = re.search(rb"content-length: (\d+)", top, re.IGNORECASE)
        content = await reader.readexactly(int(found[1])) if found else b""
        return status, content

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()


@dataclass
class Measured:
    """Seconds until the other side had it, of each poll, and of each article."""

    until: float
    delivered: list[float] = field(default_factory=list)
    polls: list[float] = field(default_factory=list)
    articles: list[float] = field(default_factory=list)
    sent: dict[int, float] = field(default_factory=dict)
    #: Messages to the technician by conversation, not seen yet.
    waiting: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    refused: int = 0
    numbers: int = 0

    def arrived(self, number: int) -> None:
        began = self.sent.pop(number, None)
        if began is not None:
            self.delivered.append(time.perf_counter() - began)


def chat(bench: Bench) -> list[Row]:
    """Delivery with 1, 2 and 4 workers; the bar is for the default, 2."""
    base = bench.new_instance("chat")
    workers = fill(base, talks=TALKS, each=EACH)
    chosen = os.environ.get("BENCH_CHAT_WORKERS", "1,2,4")
    return [_row(_run(base, workers, int(count)), int(count)) for count in chosen.split(",")]


def _run(base: Instance, workers: list[Worker], count: int) -> Measured:
    instance = Instance(base.folder, {**base.extra, "WEB_WORKERS": str(count)})
    with serve_site(instance) as server:
        time.sleep(2)
        return asyncio.run(_everybody(server.port, workers))


def _row(found: Measured, count: int) -> Row:
    slow = percentile(found.delivered, 0.95)
    return Row(
        f"chat_{count}",
        f"chat, {TALKS} open: p95 of a message, {count} worker{'s' * (count > 1)}",
        slow,
        unit="s",
        bar=BAR_SECONDS if count == 2 else None,
        details={
            **latency("message", found.delivered),
            "message_p99_ms": round(percentile(found.delivered, 0.99) * 1000),
            **latency("poll", found.polls),
            **latency("article", found.articles),
            "messages": len(found.delivered),
            "not_delivered": len(found.sent),
            "refused": found.refused,
            "polls_a_second": round(len(found.polls) / SECONDS, 1),
        },
    )


async def _everybody(port: int, workers: list[Worker]) -> Measured:
    found = Measured(until=time.perf_counter() + WARM + SECONDS)
    async with asyncio.TaskGroup() as group:
        group.create_task(_reader(port, found))
        for worker in workers:
            page = Page(port, worker.staff)
            group.create_task(_technician(page, worker, found))
            for talk in worker.talks:
                group.create_task(_visitor(Page(port, talk.visitor), talk, found))
                group.create_task(_writes(page, f"/mesa/chat/{talk.id}", 0, found))
    return found


async def _pause(seconds: float) -> None:
    await asyncio.sleep(seconds * random.uniform(1 - JITTER, 1 + JITTER))


async def _visitor(page: Page, talk: Talk, found: Measured) -> None:
    address, mark, last = f"/chat/{talk.token}", "", "0"
    await asyncio.sleep(random.uniform(0, POLL_MS / 1000))
    writing = asyncio.create_task(_writes(page, address, talk.id, found))
    while time.perf_counter() < found.until:
        body = await _poll(page, f"{address}/novedades?desde={last}&marca={mark}", found)
        if told := _MARK.search(body):
            mark, last = told[1].decode(), told[2].decode()
        numbers = [int(number) for number in _TOLD.findall(body)]
        for number in numbers:
            found.arrived(number)
        if numbers:
            await page.ask(f"{address}/senales", {"leido": last})
        await _pause(POLL_MS / 1000)
    await writing
    page.close()


async def _technician(page: Page, worker: Worker, found: Measured) -> None:
    """Looks at one conversation and sees in the list where something is unread; goes there."""
    mark, last, shown = "", "0", worker.talks[0].id
    await asyncio.sleep(random.uniform(0, POLL_MS / 1000))
    while time.perf_counter() < found.until:
        path = f"/mesa/chat/novedades?chat={shown}&desde={last}&marca={mark}"
        body = await _poll(page, path, found)
        if told := _MARK.search(body):
            mark, last = told[1].decode(), told[2].decode()
        unread = [int(number) for number in _UNREAD.findall(body)]
        for chat_id in unread:
            for number in found.waiting.pop(chat_id, []):
                found.arrived(number)
        if unread:
            if shown in unread:
                await page.ask(f"/mesa/chat/{shown}/senales", {"leido": last})
            shown, last, mark = random.choice(unread), "0", ""
        await _pause(POLL_MS / 1000)


async def _poll(page: Page, path: str, found: Measured) -> bytes:
    began = time.perf_counter()
    status, body = await page.ask(path)
    if found.until - began < SECONDS:
        found.polls.append(time.perf_counter() - began)
    if status not in {200, 204}:
        raise BenchError(f"{path} answered {status}: {body[:200]!r}")
    return body


async def _writes(page: Page, address: str, to: int, found: Measured) -> None:
    """A message now and then; `to` is the conversation whose technician gets it."""
    await asyncio.sleep(min(random.uniform(0, PACE), WARM + SECONDS))
    while (left := found.until - time.perf_counter()) > 3:
        await page.ask(f"{address}/senales", {"escribe": "si"})
        await asyncio.sleep(min(left - 3, 2))
        found.numbers += 1
        number, began = found.numbers, time.perf_counter()
        if found.until - began < SECONDS:
            found.sent[number] = began
        fields = {"texto": f"Esto es el mensaje-{number}. ¿Qué ve?", "clave": new_token()}
        status, body = await page.ask(f"{address}/mensajes", fields)
        if status not in {204, 429}:
            raise BenchError(f"a message was answered {status}: {body[:300]!r}")
        if status == 429:
            found.refused += 1
            found.sent.pop(number, None)
        elif to:
            found.waiting[to].append(number)
        left = max(0.0, found.until - time.perf_counter())
        await asyncio.sleep(min(left, random.uniform(0.5, 1.5) * PACE))


async def _reader(port: int, found: Measured) -> None:
    page = Page(port, Identity("session=none", ""))
    while time.perf_counter() < found.until:
        began = time.perf_counter()
        status, _body = await page.ask(ARTICLE)
        if status != 200:
            raise BenchError(f"{ARTICLE} answered {status}")
        found.articles.append(time.perf_counter() - began)
        await asyncio.sleep(ARTICLE_EVERY)
    page.close()
