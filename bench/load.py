"""Load from the same machine: keep-alive connections over plain sockets, one thread each.

A request is bytes made beforehand and an answer is read by its Content-Length: the client
costs some ten microseconds a request, so that the server is what is measured.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bench.rows import BenchError

CONNECTIONS = 4
_TIMEOUT = 20.0
_CHUNK = 65_536


class Connection:
    """One keep-alive connection to 127.0.0.1. Raises BenchError where the server misbehaves."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), _TIMEOUT)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> tuple[int, bytes, bytes]:
        """Status, head and body of the answer."""
        self._socket.sendall(request)
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head = data[:end]
        length = _content_length(head)
        parts, missing = [data[end + 4 :]], length - (len(data) - end - 4)
        while missing > 0:
            parts.append(self._more())
            missing -= len(parts[-1])
        return int(head[9:12]), head, b"".join(parts)

    def _more(self) -> bytes:
        chunk = self._socket.recv(_CHUNK)
        if not chunk:
            raise BenchError("the server closed a connection in the middle of an answer")
        return chunk

    def close(self) -> None:
        self._socket.close()


def _content_length(head: bytes) -> int:
    if head[9:12] == b"204":
        return 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    raise BenchError(f"an answer without Content-Length: {head[:200]!r}")


def get(path: str, cookie: str = "") -> bytes:
    """A GET as bytes."""
    sent = f"Cookie: {cookie}\r\n" if cookie else ""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\n{sent}\r\n".encode()


def post(path: str, body: bytes, cookie: str) -> bytes:
    """A POST of a form as bytes."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@dataclass
class Side:
    """One of the things compared: a server's port and the requests that go to it in turn."""

    port: int
    requests: Sequence[bytes]
    seconds: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    _next: int = 0
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def take(self) -> bytes:
        """The next request; each is sent once before the first is sent again."""
        with self._turn:
            self._next += 1
            return self.requests[(self._next - 1) % len(self.requests)]


def compare(
    sides: Mapping[str, Side], *, rounds: int, seconds: float, connections: int = CONNECTIONS
) -> None:
    """Put load on the sides in turn, `rounds` times `seconds` each, so that what else happens on
    the machine hits all alike. Connections are new in each round: which worker gets how many is
    chance, and evens out. Fills in latencies (s) and the rate of each round (requests/s)."""
    for side in sides.values():
        run(side, seconds=min(seconds, 1.0), connections=connections, keep=False)
    for _ in range(rounds):
        for side in sides.values():
            run(side, seconds=seconds, connections=connections)


def run(side: Side, *, seconds: float, connections: int, keep: bool = True) -> None:
    """One round of load. Raises BenchError on any answer but 200 and 204."""
    found: list[list[float]] = [[] for _ in range(connections)]
    problems: list[BaseException] = []
    began = time.perf_counter()
    threads = [
        threading.Thread(target=_guarded, args=(_visit, problems, side, began + seconds, mine))
        for mine in found
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds + 2 * _TIMEOUT)
    spent = time.perf_counter() - began
    if problems:
        raise BenchError(f"load on port {side.port}: {problems[0]}")
    if keep:
        latencies = [one for mine in found for one in mine]
        side.seconds.extend(latencies)
        side.rates.append(len(latencies) / spent)


def _guarded(work: Callable[..., None], problems: list[BaseException], *rest: object) -> None:
    try:
        work(*rest)
    except (BenchError, OSError, ValueError) as error:
        problems.append(error)


def _visit(side: Side, until: float, found: list[float]) -> None:
    connection = Connection(side.port)
    try:
        while (began := time.perf_counter()) < until:
            request = side.take()
            status, _head, body = connection.ask(request)
            found.append(time.perf_counter() - began)
            if status not in (200, 204):
                line = request.split(b"\r\n", 1)[0].decode()
                raise BenchError(f"{line} answered {status}: {body[:200]!r}")
    finally:
        connection.close()
