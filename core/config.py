"""Typed configuration; the only reader of the environment.

`load()` refuses to hand out a half-made configuration: every problem is said in one
`ConfigurationError` before a request is served.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import getaddresses
from pathlib import Path
from urllib.parse import urlsplit

import click

from core.identifiers import IdentifierRefused, normalise_email

ROOT = Path(__file__).resolve().parent.parent
SECRET_BYTES = 32
#: Hosts that mean every address of the machine; nobody can open them.
EVERY_ADDRESS = {"0.0.0.0", "::"}  # noqa: S104  # nosec B104
_NETLOC = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]+)?")


class ConfigurationError(click.ClickException):
    """The environment asks for something that cannot work; the text says what to change.

    A command that meets it ends with one line and status 2, as for any wrong use.
    """

    exit_code = 2


@dataclass(frozen=True)
class Config:
    """What the site was started with. `public_url` has no trailing slash."""

    instance_dir: Path
    database_url: str
    search_backend: str
    secret_key: str
    mail_url: str
    mail_from: str
    ratelimit_storage_uri: str
    rate_limits: bool
    trusted_proxies: int
    public_url: str
    development: bool
    host: str = "127.0.0.1"
    port: int = 8000
    web_workers: int = 2
    testing: bool = False
    worker_in_process: bool = True
    #: MAIL_URL was given: what administrators set for the mail server does not count.
    mail_is_fixed: bool = True
    mail_in_url: str = ""
    mail_in_trusts: str = ""
    extra: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def trusted_hosts(self) -> list[str] | None:
        """Hosts a request may name; None where the site listens on every address and was not
        told its public one (links in mails use PUBLIC_URL alone in any case)."""
        public = urlsplit(self.public_url).hostname or ""
        if self.host in EVERY_ADDRESS and public in {self.host, "localhost"}:
            return None
        return sorted({public, self.host, "localhost", "127.0.0.1", "[::1]"})

    @property
    def index_dir(self) -> Path:
        return self.instance_dir / "index"


def load(environ: Mapping[str, str] | None = None) -> Config:
    """Read the environment (or `environ`). Raises ConfigurationError."""
    env = os.environ if environ is None else environ
    instance = Path(env.get("INSTANCE_DIR") or ROOT / "instance").expanduser().resolve()
    _make_private(instance)
    host = env.get("HOST") or "127.0.0.1"
    port = _integer(env, "PORT", 8000, 1, 65535)
    database_url = _database_url(env.get("DATABASE_URL"), instance)
    return Config(
        instance_dir=instance,
        database_url=database_url,
        search_backend=_search_backend(env, database_url),
        secret_key=_given_key(env) or secret_from_file(instance / "secret_key"),
        mail_url=_mail_url(env.get("MAIL_URL") or "console:"),
        mail_from=_mail_from(env.get("MAIL_FROM") or "soporte@netsolution.example"),
        mail_is_fixed=bool(env.get("MAIL_URL")),
        ratelimit_storage_uri=env.get("RATELIMIT_STORAGE_URI") or "database://",
        rate_limits=_switch(env, "RATE_LIMITS", True),
        trusted_proxies=_integer(env, "TRUSTED_PROXIES", 0, 0, 8),
        public_url=_public_url(env.get("PUBLIC_URL"), host, port),
        development=_switch(env, "DEVELOPMENT", False),
        host=host,
        port=port,
        web_workers=_integer(env, "WEB_WORKERS", 2, 1, 64),
        worker_in_process=_switch(env, "OUTBOX_IN_WEB", True),
        mail_in_url=_mail_in_url(env.get("MAIL_IN_URL") or ""),
        mail_in_trusts=_server_name(env.get("MAIL_IN_TRUSTS") or ""),
    )


def _given_key(env: Mapping[str, str]) -> str:
    key = env.get("SECRET_KEY", "")
    if key and len(key.strip()) < SECRET_BYTES:
        raise ConfigurationError(f"SECRET_KEY must have at least {SECRET_BYTES} characters")
    return key


def secret_from_file(path: Path) -> str:
    """The key kept in `path`, made once; two processes that start together agree on one.

    The file is created beside its place and linked into it, so nobody can read half a key.
    """
    if not path.exists():
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            os.write(descriptor, secrets.token_hex(SECRET_BYTES).encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    key = path.read_text(encoding="ascii", errors="replace").strip()
    if len(key) < SECRET_BYTES:
        raise ConfigurationError(f"{path} holds too short a key; remove it to make a new one")
    return key


def _make_private(folder: Path) -> None:
    was_there = folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ConfigurationError(f"INSTANCE_DIR {folder} cannot be made: {error}") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ConfigurationError(f"INSTANCE_DIR {folder} cannot be written to")
    # It holds the database, the index and the key: a checkout makes it readable by everybody. A
    # folder that somebody else made keeps its mode: it may be shared, as /srv is.
    is_ours = not was_there or folder == ROOT / "instance"
    if is_ours and folder.stat().st_uid == os.geteuid():
        folder.chmod(0o700)


def _database_url(given: str | None, instance: Path) -> str:
    if not given:
        return f"sqlite:///{instance / 'support.db'}"
    for prefix in ("postgres://", "postgresql://", "postgresql+psycopg://"):
        if given.startswith(prefix):
            _check_port("DATABASE_URL", given)
            return "postgresql+psycopg://" + given[len(prefix) :]
    if given.startswith("sqlite:///"):
        # Without a file every connection would have a database of its own, in memory.
        if given.removeprefix("sqlite:///").partition("?")[0] in {"", ":memory:"}:
            raise ConfigurationError("DATABASE_URL names no file after sqlite:///")
        return given
    raise ConfigurationError("DATABASE_URL must begin with sqlite:/// or postgresql://")


def _search_backend(env: Mapping[str, str], database_url: str) -> str:
    backend = _one_of(env, "SEARCH_BACKEND", ("whoosh", "postgres"))
    if backend == "postgres" and not database_url.startswith("postgresql"):
        raise ConfigurationError("SEARCH_BACKEND=postgres needs a DATABASE_URL of PostgreSQL")
    return backend


def _check_port(name: str, url: str) -> None:
    try:
        _port = urlsplit(url).port
    except ValueError as error:
        raise ConfigurationError(f"{name} is no address with a port up to 65535") from error


def _mail_url(given: str) -> str:
    _check_port("MAIL_URL", given)
    scheme = urlsplit(given).scheme
    if scheme not in {"console", "memory", "smtp", "smtps"}:
        raise ConfigurationError("MAIL_URL must be console:, smtp://… or smtps://…")
    if scheme.startswith("smtp") and not urlsplit(given).hostname:
        raise ConfigurationError("MAIL_URL names no mail server")
    return given


def _mail_in_url(given: str) -> str:
    """`imaps://user:password@host/INBOX?hechos=Procesados&apartados=Apartados`, or nothing."""
    if not given:
        return ""
    _check_port("MAIL_IN_URL", given)
    parts = urlsplit(given)
    if parts.scheme not in {"imap", "imaps"} or not parts.hostname or not parts.username:
        raise ConfigurationError("MAIL_IN_URL must be imaps://user:password@host/INBOX")
    if not re.fullmatch(r"[\w./% &=-]*", parts.path + parts.query, re.ASCII):
        raise ConfigurationError("MAIL_IN_URL names a folder with other than plain letters")
    return given


def _server_name(given: str) -> str:
    if given and not re.fullmatch(r"[A-Za-z0-9._-]{1,253}", given):
        raise ConfigurationError("MAIL_IN_TRUSTS must be the name of a mail server")
    return given.lower()


def _mail_from(given: str) -> str:
    """An address, or «Name <address>»."""
    named = getaddresses([given])
    try:
        normalise_email(named[0][1] if len(named) == 1 else "")
    except IdentifierRefused as error:
        raise ConfigurationError("MAIL_FROM must be a mail address") from error
    if not given.isprintable():
        raise ConfigurationError("MAIL_FROM must be a mail address on one line")
    return given


def _public_url(given: str | None, host: str, port: int) -> str:
    near = "localhost" if host in EVERY_ADDRESS else in_address(host)
    url = (given or f"http://{near}:{port}").rstrip("/")
    try:
        parts = urlsplit(url)
        plain = f"{parts.scheme}://{parts.netloc}" == url and bool(_NETLOC.fullmatch(parts.netloc))
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        plain = fits = False
    if not (plain and fits):
        raise ConfigurationError("PUBLIC_URL must be http(s)://host[:port], without a path")
    return url


def in_address(host: str) -> str:
    """A host as it stands before a port: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def _one_of(env: Mapping[str, str], name: str, values: tuple[str, ...]) -> str:
    value = env.get(name) or values[0]
    if value not in values:
        raise ConfigurationError(f"{name} must be one of: {', '.join(values)}")
    return value


def _integer(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = env.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise ConfigurationError(f"{name} must be a number from {low} to {high}")
    return int(text)


def _switch(env: Mapping[str, str], name: str, default: bool) -> bool:
    value = (env.get(name) or ("on" if default else "off")).lower()
    if value not in {"on", "off"}:
        raise ConfigurationError(f"{name} must be on or off")
    return value == "on"
