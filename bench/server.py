"""Instances of the site and the servers that show them. Only what is started here is ended."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench.rows import BenchError
from core.config import ROOT
from core.db import sqlite_module

WORKERS = 2
START_SECONDS, STOP_SECONDS = 30.0, 25.0
_BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Instance:
    """A folder as INSTANCE_DIR names it, and what its processes find in the environment."""

    folder: Path
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        return self.folder / "support.db"

    def environment(self, **more: str) -> dict[str, str]:
        """Nothing of the caller's settings: a DATABASE_URL of theirs must not be measured."""
        return {
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "INSTANCE_DIR": str(self.folder),
            "RATE_LIMITS": "off",
            "WEB_WORKERS": str(WORKERS),
            **self.extra,
            **more,
        }

    def flask(self, *words: str, seconds: float = 180) -> str:
        """Run `flask …` on this instance; what it printed. Raises BenchError."""
        command = [str(_BIN / "flask"), *words]
        try:
            done = subprocess.run(
                command,
                cwd=ROOT,
                env=self.environment(),
                capture_output=True,
                text=True,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise BenchError(f"flask {words[0]} took longer than {seconds:.0f} s") from error
        # An import that refuses some files says so with 1 and has stored the others.
        if done.returncode not in ((0, 1) if words[:2] == ("kb", "import") else (0,)):
            raise BenchError(f"flask {' '.join(words[:2])}: {done.stderr[-600:]}")
        return done.stdout

    def copy_to(self, folder: Path, **extra: str) -> Instance:
        """The same people and rows in another folder, without the index."""
        folder.mkdir(mode=0o700)
        module = sqlite_module()
        source, target = module.connect(str(self.database)), None
        try:
            target = module.connect(str(folder / self.database.name))
            source.backup(target)
        finally:
            source.close()
            if target is not None:
                target.close()
        for name in ("secret_key", "demo_password"):
            (folder / name).write_bytes((self.folder / name).read_bytes())
        return Instance(folder, {**self.extra, **extra})


@dataclass(frozen=True)
class Server:
    """A gunicorn that answers on 127.0.0.1.

    `ready_seconds`: from its start to the first answer; `ready_cpu`: what it and its workers
    had computed by then, in seconds, which other work on the machine does not lengthen.
    """

    process: subprocess.Popen[bytes]
    port: int
    ready_seconds: float
    ready_cpu: float

    def workers(self) -> list[int]:
        """The process ids of its workers."""
        return _children(self.process.pid)


def serve_site(instance: Instance) -> AbstractContextManager[Server]:
    """The site as users run it."""
    return _running(instance, ())


def serve_bare(instance: Instance, pages: Path) -> AbstractContextManager[Server]:
    """A bare Flask app that answers with the files of `pages`, on the same server settings."""
    configuration = Path(__file__).with_name("bare_server.py")
    with_pages = Instance(instance.folder, {**instance.extra, "BENCH_PAGES": str(pages)})
    return _running(with_pages, ("-c", str(configuration)))


@contextmanager
def _running(instance: Instance, arguments: Sequence[str]) -> Iterator[Server]:
    port = free_port()
    log = instance.folder / f"server-{port}.log"
    with log.open("wb") as out:
        began = time.perf_counter()
        process = subprocess.Popen(
            [str(_BIN / "gunicorn"), *arguments],
            cwd=ROOT,
            env=instance.environment(PORT=str(port), HOST="127.0.0.1"),
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        _await_answer(process, port, began, log)
        ready = time.perf_counter() - began
        computed = sum(_cpu(pid) for pid in (process.pid, *_children(process.pid)))
        yield Server(process, port, ready, computed)
    finally:
        _stop(process)


def _children(pid: int) -> list[int]:
    return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_answer(process: subprocess.Popen[bytes], port: int, began: float, log: Path) -> None:
    request = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    while time.perf_counter() - began < START_SECONDS:
        if process.poll() is not None:
            break
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 10) as asking:
            asking.sendall(request)
            answer = asking.recv(12)
            if answer.startswith(b"HTTP/1.1 200"):
                return
            if answer:
                raise BenchError(f"the first answer was {answer!r}: {log.read_text()[-600:]}")
        time.sleep(0.005)
    raise BenchError(f"the server does not answer: {log.read_text()[-600:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        # The group is the server's own: it was started as the leader of a new session.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(STOP_SECONDS)
