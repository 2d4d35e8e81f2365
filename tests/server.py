"""The site as users run it: gunicorn on a free loopback port, with the demonstration."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS, STOP_SECONDS = 40, 25


@dataclass(frozen=True)
class Site:
    """A running site: its address, its folder, and the password of the demonstration."""

    url: str
    folder: Path
    password: str


def free_port() -> int:
    """A port of loopback on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def flask(folder: Path, *words: str, **environment: str) -> str:
    """Run `flask …` on an instance; what it printed. Raises CalledProcessError."""
    command = [str(Path(sys.executable).parent / "flask"), *words]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=_environment(folder, environment),
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.stdout


def _environment(folder: Path, more: dict[str, str]) -> dict[str, str]:
    own = {"INSTANCE_DIR": str(folder), "RATE_LIMITS": "off", "DEVELOPMENT": "on", **more}
    return {"PATH": os.defpath, "LANG": "C.UTF-8", **own}


def prepare(folder: Path) -> None:
    """Set up an instance and fill it with the demonstration."""
    flask(folder, "setup")
    flask(folder, "demo")


@contextmanager
def running_site(folder: Path, port: int = 0) -> Iterator[Site]:
    """Serve an instance that was prepared, and end what was started."""
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [str(Path(sys.executable).parent / "gunicorn")],
            cwd=ROOT,
            env=_environment(folder, {"PORT": str(port), "WEB_WORKERS": "1"}),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(url, server)
            yield Site(url, folder, (folder / "demo_password").read_text("utf-8").strip())
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(STOP_SECONDS)


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if server.poll() is not None:
            raise RuntimeError("the server ended while starting")
        try:
            with urllib.request.urlopen(f"{url}/salud/listo", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start in time")
