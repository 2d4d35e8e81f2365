"""Real `flask work` processes and a real mail server on loopback."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from core.config import ROOT
from tests import databases

PATIENCE_SECONDS = 30


class Mailbox:
    """Takes mails; `hold` makes the server keep the next one until it is let go."""

    def __init__(self) -> None:
        self.envelopes: list[Any] = []
        self.arrived = threading.Event()
        self.refusal = ""
        self.hold = False

    @property
    def mails(self) -> list[EmailMessage]:
        return [
            message_from_bytes(envelope.content, policy=policy.default)  # type: ignore[misc]
            for envelope in self.envelopes
        ]

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        import asyncio

        self.arrived.set()
        while self.hold:
            await asyncio.sleep(0.02)
        if self.refusal:
            return self.refusal
        self.envelopes.append(envelope)
        return "250 OK"


@contextmanager
def mail_server(port: int = 0) -> Iterator[tuple[Mailbox, int]]:
    """A mail server on 127.0.0.1; what it got and its port."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=port or free_port())
    controller.start()
    try:
        yield box, controller.port
    finally:
        box.hold = False
        controller.stop()


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def worker(
    backend: databases.Backend, mail_port: int, log: Path
) -> Iterator[subprocess.Popen[str]]:
    """A running `flask work`; ended afterwards if it still runs."""
    environ = {
        **os.environ,
        "INSTANCE_DIR": str(backend.folder),
        "DATABASE_URL": backend.url,
        "SECRET_KEY": "k" * 64,
        "MAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "flask", "work"]
    with log.open("a") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environ, stdout=output, stderr=subprocess.STDOUT, text=True
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()


def until(happened: Callable[[], object], log: Path | None = None) -> None:
    """Wait until something is so. Raises AssertionError when it never is."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        if time.monotonic() > end:
            raise AssertionError(log.read_text() if log else "it never happened")
        time.sleep(0.05)
