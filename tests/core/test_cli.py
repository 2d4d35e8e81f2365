"""What commands and the server say where there is nothing to work on."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server import free_port

CURE = "Error: the database is not set up; run: flask setup\n"


def run(root: Path, instance: Path, *words: str, port: int = 0) -> subprocess.CompletedProcess[str]:
    own = {"INSTANCE_DIR": str(instance), "PORT": str(port or free_port())}
    return subprocess.run(
        [str(Path(sys.executable).parent / words[0]), *words[1:]],
        cwd=root,
        env={"PATH": os.defpath, **own},
        capture_output=True,
        stdin=subprocess.DEVNULL,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "words",
    [
        ("kb", "check"),
        ("kb", "import", "demo/articles"),
        ("users", "create", "a@b.pe", "--name", "A", "--role", "admin", "--password-stdin"),
        ("work",),
    ],
    ids=" ".join,
)
def test_command_without_tables_names_the_cure_in_one_line(
    tmp_path: Path, root: Path, words: tuple[str, ...]
) -> None:
    done = run(root, tmp_path, "flask", *words)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", CURE)


def test_server_without_tables_does_not_start(tmp_path: Path, root: Path) -> None:
    done = run(root, tmp_path, "gunicorn")
    assert done.returncode == 1
    assert done.stderr.endswith(CURE)
    assert "Booting worker" not in done.stderr


def test_server_says_in_one_line_that_its_port_is_taken(tmp_path: Path, root: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run(root, tmp_path, "gunicorn", port=port)
    assert done.returncode == 1
    assert done.stderr.endswith(f"Error: HOST 127.0.0.1, PORT {port}: Address already in use\n")


def test_command_without_a_database_says_which_in_one_line(tmp_path: Path, root: Path) -> None:
    (tmp_path / "support.db").mkdir()
    done = run(root, tmp_path, "flask", "kb", "check")
    assert done.returncode == 2
    assert done.stderr.startswith("Error: the database cannot be reached: ")
    assert done.stderr.count("\n") == 1
