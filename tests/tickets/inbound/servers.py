"""A real SMTP server (Exim) and a real IMAP server (Dovecot) of Debian's packages, on loopback.

Both run without rights of their own, from a folder of their own, on free ports, and are ended by
their number. Without their programs a test is skipped; in CI it fails.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "secreto-de-prueba"
USER = "nobody"

EXIM = """
primary_hostname = mail.localhost
spool_directory = {folder}/spool
log_file_path = {folder}/log/%s.log
pid_file_path = {folder}/exim.pid
daemon_smtp_ports = {port}
local_interfaces = 127.0.0.1
deliver_drop_privilege = true
prod_requires_admin = false
exim_user = {user}
exim_group = {group}
tls_advertise_hosts =
keep_environment =
host_lookup =
rfc1413_query_timeout = 0s
message_size_limit = 60M
acl_smtp_rcpt = accept_all
begin acl
accept_all:
  accept
begin routers
site:
  driver = accept
  domains = correo.example
  local_part_suffix = +*
  local_part_suffix_optional
  transport = site
box:
  driver = accept
  domains = buzon.example
  local_part_suffix = +*
  local_part_suffix_optional
  transport = box
people:
  driver = accept
  transport = people
begin transports
site:
  driver = pipe
  command = {python} -m flask --app app mail receive
  current_directory = {root}
  home_directory = {folder}
  environment = {environment}
  envelope_to_add
  delivery_date_add
  temp_errors = 75
  log_output
  timeout = 60s
box:
  driver = appendfile
  directory = {folder}/mail/soporte
  maildir_format
  create_directory
  envelope_to_add
people:
  driver = appendfile
  directory = {folder}/mail/people
  maildir_format
  create_directory
begin retry
* * F,1h,2s
"""
DOVECOT = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log/dovecot.log
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
ssl = required
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
ssl_dh =
mail_location = maildir:{folder}/mail/%n
auth_mechanisms = plain login
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%n
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass(frozen=True)
class Servers:
    """What runs: `url` signs in to a mailbox over TLS, `certificate` vouches for the server."""

    folder: Path
    smtp_port: int
    imap_port: int
    imaps_port: int

    @property
    def url(self) -> str:
        return f"imaps://soporte:{PASSWORD}@localhost:{self.imaps_port}/INBOX"

    @property
    def certificate(self) -> str:
        return str(self.folder / "cert.pem")

    def box(self, name: str, folder: str = "") -> list[Path]:
        """The mails of a mailbox, read or not."""
        place = self.folder / "mail" / name / folder
        return sorted([*place.glob("new/*"), *place.glob("cur/*")])


def _missing(*programs: str) -> None:
    absent = [name for name in programs if not _program(name)]
    if not absent:
        return
    words = f"the programs of {', '.join(absent)} are not installed"
    if os.environ.get("CI") == "true":
        pytest.fail(words)
    pytest.skip(words)


def _program(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _unprivileged() -> list[str]:
    """Root gives up everything but reading where the tests stand."""
    if os.geteuid() != 0:
        return []
    caps = "-all,+dac_override"
    return [
        _program("setpriv") or "setpriv", f"--reuid={USER}", "--regid=nogroup", "--clear-groups",
        f"--inh-caps={caps}", f"--ambient-caps={caps}", "--",
    ]  # fmt: skip


@contextmanager
def running(environment: dict[str, str]) -> Iterator[Servers]:
    """Both servers; the pipe runs `flask mail receive` with this environment."""
    _missing("exim4", "dovecot", "openssl")
    with tempfile.TemporaryDirectory(prefix="mail-") as name:
        folder = Path(name)
        servers = Servers(folder, _free_port(), _free_port(), _free_port())
        _prepare(servers, environment)
        started: list[subprocess.Popen[bytes]] = []
        try:
            # Without the bit that would make it root, and what it was given meanwhile lost.
            exim = folder / "exim"
            started.append(_start([str(exim), "-C", str(folder / "exim.conf"), "-bdf", "-q5s"]))
            dovecot = _program("dovecot") or "dovecot"
            started.append(_start([dovecot, "-F", "-c", str(folder / "dovecot.conf")]))
            for port in (servers.smtp_port, servers.imap_port, servers.imaps_port):
                wait_for(lambda port=port: _listens(port), f"port {port}", folder)  # type: ignore[misc]
            yield servers
        finally:
            for process in started:
                _end(process)


def _prepare(servers: Servers, environment: dict[str, str]) -> None:
    folder = servers.folder
    for part in (
        "instance",
        "spool",
        "log",
        "run",
        "mail/soporte/new",
        "mail/soporte/cur",
        "mail/soporte/tmp",
    ):
        (folder / part).mkdir(parents=True)
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj"]
    made += ["/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    made += ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run(made, check=True, capture_output=True)
    shutil.copyfile(_program("exim4") or "", folder / "exim")
    (folder / "exim").chmod(0o755)
    # The pipe may not be let into the folder of the tests.
    environment = {**environment, "INSTANCE_DIR": str(folder / "instance")}
    said = " : ".join(f"{k}={v.replace(':', '::')}" for k, v in environment.items())
    is_root = os.geteuid() == 0
    user = USER if is_root else subprocess.check_output(["id", "-un"], text=True).strip()
    group = "nogroup" if is_root else subprocess.check_output(["id", "-gn"], text=True).strip()
    words = {"folder": folder, "root": ROOT, "python": sys.executable, "environment": said}
    (folder / "exim.conf").write_text(
        EXIM.format(port=servers.smtp_port, user=user, group=group, **words)
    )
    ports = {"port": servers.imap_port, "tls_port": servers.imaps_port}
    names = {"user": user, "group": group, "password": PASSWORD}
    (folder / "dovecot.conf").write_text(DOVECOT.format(folder=folder, **ports, **names))
    if is_root:
        for path in [folder, *folder.rglob("*")]:
            shutil.chown(path, USER, "nogroup")


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        [*_unprivileged(), *command], cwd="/", stdin=quiet, stdout=quiet, stderr=quiet,
        start_new_session=True,
    )  # fmt: skip


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a server and whatever it started: they are a group of their own."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(5)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(happened: Callable[[], object], what: str, folder: Path, seconds: float = 45) -> None:
    """Wait until it is so; fails with the servers' logs."""
    until = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > until:
            logs = [path.read_text("utf-8", "replace")[-1500:] for path in folder.glob("log/*")]
            pytest.fail(f"waited for {what}: " + "\n".join(logs))
        time.sleep(0.05)
