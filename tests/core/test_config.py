from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.config import Config, ConfigurationError, load, secret_from_file


def settled(tmp_path: Path, **environ: str) -> Config:
    return load({"INSTANCE_DIR": str(tmp_path / "instance"), **environ})


def test_config_of_an_empty_environment_is_the_documented_default(tmp_path: Path) -> None:
    site = settled(tmp_path)
    folder = tmp_path / "instance"
    assert site == Config(
        instance_dir=folder,
        database_url=f"sqlite:///{folder / 'support.db'}",
        search_backend="whoosh",
        secret_key=(folder / "secret_key").read_text(),
        mail_url="console:",
        mail_from="soporte@netsolution.example",
        ratelimit_storage_uri="database://",
        rate_limits=True,
        trusted_proxies=0,
        public_url="http://127.0.0.1:8000",
        development=False,
        host="127.0.0.1",
        port=8000,
        web_workers=2,
        worker_in_process=True,
        mail_is_fixed=False,
    )
    assert (site.is_sqlite, site.https, site.index_dir) == (True, False, folder / "index")


def test_config_takes_every_variable_of_the_environment(tmp_path: Path) -> None:
    site = settled(
        tmp_path,
        DATABASE_URL="postgres://u:p@db.example:5433/support",
        SECRET_KEY="s" * 40,
        MAIL_URL="smtps://user:pass@mail.example:465",
        MAIL_FROM="ayuda@empresa.example",
        RATELIMIT_STORAGE_URI="redis://cache.example",
        RATE_LIMITS="off",
        TRUSTED_PROXIES="1",
        PUBLIC_URL="https://soporte.empresa.example/",
        DEVELOPMENT="ON",
        HOST="0.0.0.0",
        PORT="9000",
        WEB_WORKERS="4",
        OUTBOX_IN_WEB="off",
    )
    assert site.database_url == "postgresql+psycopg://u:p@db.example:5433/support"
    assert site.public_url == "https://soporte.empresa.example"
    assert (site.secret_key, site.mail_from) == ("s" * 40, "ayuda@empresa.example")
    assert (site.rate_limits, site.development, site.worker_in_process) == (False, True, False)
    assert (site.host, site.port, site.web_workers, site.trusted_proxies) == ("0.0.0.0", 9000, 4, 1)
    assert (site.is_sqlite, site.https) == (False, True)
    assert not (tmp_path / "instance" / "secret_key").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://db.example/support"),
        ("DATABASE_URL", "support.db"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "postgresql://127.0.0.1:abc/x"),
        ("DATABASE_URL", "postgresql://127.0.0.1:99999/x"),
        ("SECRET_KEY", "a"),
        ("MAIL_URL", "smtp://mail.example:abc"),
        ("MAIL_URL", "smtp://mail.example:99999"),
        ("MAIL_FROM", "no at all"),
        ("MAIL_FROM", "soporte@empresa.example\nBcc: x@y.example"),
        ("PUBLIC_URL", "http://x:abc"),
        ("PUBLIC_URL", "http://a b"),
        ("MAIL_URL", "smtp://["),
        ("MAIL_FROM", "a@b.pe, c@d.pe"),
        ("SECRET_KEY", " " * 40),
        ("PUBLIC_URL", "https://empresa.example/soporte"),
        ("PUBLIC_URL", "http://user:word@empresa.example"),
        ("PUBLIC_URL", "http://empresa.example?q=1"),
        ("SEARCH_BACKEND", "elastic"),
        ("SEARCH_BACKEND", "postgres"),
        ("MAIL_URL", "mail.example"),
        ("MAIL_URL", "http://mail.example"),
        ("MAIL_URL", "smtp://"),
        ("MAIL_URL", "smtps:"),
        ("RATE_LIMITS", "yes"),
        ("DEVELOPMENT", "1"),
        ("OUTBOX_IN_WEB", "true"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "9"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "٨٠٠٠"),
        ("PORT", "80.0"),
        ("WEB_WORKERS", "0"),
        ("WEB_WORKERS", "many"),
        ("PUBLIC_URL", "soporte.empresa.example"),
        ("PUBLIC_URL", "ftp://soporte.empresa.example"),
        ("PUBLIC_URL", "https://"),
    ],
)
def test_config_refuses_what_cannot_work_and_names_the_variable(
    tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(ConfigurationError, match=name):
        settled(tmp_path, **{name: value})


def test_config_refuses_an_instance_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match=r"INSTANCE_DIR .* cannot be made"):
        load({"INSTANCE_DIR": str(tmp_path / "file" / "instance")})


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_config_refuses_an_instance_folder_that_is_read_only(tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    folder.mkdir(mode=0o500)
    with pytest.raises(ConfigurationError, match="cannot be written to"):
        load({"INSTANCE_DIR": str(folder)})


def test_instance_folder_and_secret_key_are_private(tmp_path: Path) -> None:
    settled(tmp_path)
    folder = tmp_path / "instance"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.iterdir()] == ["secret_key"]


def test_folder_that_somebody_made_keeps_its_mode(tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    folder.mkdir()
    folder.chmod(0o1777)
    settled(tmp_path)
    assert folder.stat().st_mode & 0o7777 == 0o1777
    assert (folder / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("host", "public"),
    [
        ("::1", "http://[::1]:9000"),
        ("::", "http://localhost:9000"),
        ("0.0.0.0", "http://localhost:9000"),
    ],
)
def test_host_may_be_any_address_of_the_machine(tmp_path: Path, host: str, public: str) -> None:
    site = settled(tmp_path, HOST=host, PORT="9000")
    assert (site.host, site.public_url) == (host, public)


def test_sender_of_mails_may_have_a_name(tmp_path: Path) -> None:
    site = settled(tmp_path, MAIL_FROM="Soporte de Empresa <ayuda@empresa.example>")
    assert site.mail_from == "Soporte de Empresa <ayuda@empresa.example>"


def test_secret_key_is_256_bits_and_the_same_at_the_next_start(tmp_path: Path) -> None:
    first = settled(tmp_path).secret_key
    assert len(bytes.fromhex(first)) == 32
    assert settled(tmp_path).secret_key == first
    assert load({"INSTANCE_DIR": str(tmp_path / "another")}).secret_key != first


@pytest.mark.parametrize("content", [b"", b"short\n", b" " * 64, b"\xff\xfe" * 8])
def test_secret_key_that_is_too_short_stops_the_start(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "secret_key"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match="too short"):
        secret_from_file(path)
    assert path.read_bytes() == content


def test_secret_key_is_made_once_by_eight_processes_that_start_together(
    tmp_path: Path, root: Path
) -> None:
    gate = tmp_path / "gate"
    source = (
        "import sys, time, pathlib\n"
        "from core.config import secret_from_file\n"
        "print('ready', flush=True)\n"
        "while not pathlib.Path(sys.argv[2]).exists(): time.sleep(0.001)\n"
        "print(secret_from_file(pathlib.Path(sys.argv[1])))\n"
    )
    command = [sys.executable, "-c", source, str(tmp_path / "secret_key"), str(gate)]
    runs = [
        subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) for _ in range(8)
    ]
    for run in runs:
        assert run.stdout is not None
        assert run.stdout.readline() == "ready\n"
    gate.touch()
    keys = {run.communicate(timeout=60)[0].strip() for run in runs}
    assert keys == {(tmp_path / "secret_key").read_text()}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["gate", "secret_key"]


@pytest.mark.parametrize(
    ("environ", "hosts"),
    [
        ({}, ["127.0.0.1", "[::1]", "localhost"]),
        (
            {"PUBLIC_URL": "https://soporte.empresa.example", "HOST": "0.0.0.0"},
            ["0.0.0.0", "127.0.0.1", "[::1]", "localhost", "soporte.empresa.example"],
        ),
        ({"HOST": "0.0.0.0"}, None),
    ],
)
def test_trusted_hosts_are_the_public_one_and_this_machine(
    tmp_path: Path, environ: dict[str, str], hosts: list[str] | None
) -> None:
    assert settled(tmp_path, **environ).trusted_hosts == hosts


def test_start_says_a_bad_configuration_in_one_line_without_a_traceback(
    tmp_path: Path, root: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "flask", "doctor"],
        cwd=root,
        env={**os.environ, "INSTANCE_DIR": str(tmp_path), "PORT": "none"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert "PORT must be a number from 1 to 65535" in done.stderr


def test_config_takes_the_index_inside_postgresql_on_postgresql(tmp_path: Path) -> None:
    environ = {
        "INSTANCE_DIR": str(tmp_path / "instance"),
        "DATABASE_URL": "postgresql://db.example/support",
        "SEARCH_BACKEND": "postgres",
    }
    assert load(environ).search_backend == "postgres"
