"""SMTP: handing one mail to a mail server, within a time, and knowing what it answered."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from threading import Timer
from urllib.parse import unquote, urlsplit

#: Seconds for one answer, and for the whole mail: a server that takes one byte a second must not
#: hold the worker (V111). Less than the lease of a job, so that nobody else sends it meanwhile.
ANSWER_TIMEOUT = 20.0
WHOLE_TIMEOUT = 120.0
#: Replies from here on say that trying again cannot help (RFC 5321, 4.2.1).
PERMANENT = 500
TOO_LARGE = 552
#: Replies from here on are refusals; smtplib makes «-1» of what is no reply.
REFUSING = 400


class Refused(Exception):
    """The server answered that it does not take this mail: it does not have it."""

    def __init__(self, words: str, *, for_good: bool) -> None:
        super().__init__(words)
        self.for_good = for_good


class Unanswered(Exception):
    """After the last byte came something that is no answer: the server may have the mail."""


class Unwritable(Exception):
    """The mail cannot be put on the wire at all."""


@dataclass(frozen=True)
class Account:
    """A mail server and how to sign in there.

    encryption: none, starttls, tls, or offered (STARTTLS where the server offers it).
    """

    host: str
    port: int
    encryption: str
    user: str = ""
    password: str = ""


def account_of(url: str) -> Account:
    """What a MAIL_URL names: `smtps://` is TLS from the first byte. With a sign-in TLS is
    required: a password never travels in the clear."""
    parts = urlsplit(url)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    tls = parts.scheme == "smtps"
    port = parts.port or (465 if tls else 25)
    encryption = "tls" if tls else ("starttls" if user else "offered")
    return Account(parts.hostname or "localhost", port, encryption, user, password)


class SmtpSender:
    """Hands mails to one server. Certificates are checked; `context` may name another authority."""

    def __init__(
        self,
        account: Account,
        *,
        context: ssl.SSLContext | None = None,
        answer_timeout: float = ANSWER_TIMEOUT,
        whole_timeout: float = WHOLE_TIMEOUT,
    ) -> None:
        self.account = account
        self.context = context
        self.answer_timeout = answer_timeout
        self.whole_timeout = whole_timeout

    def send(self, message: EmailMessage, *, handed: Callable[[], None]) -> None:
        """Raises Refused, Unwritable, OSError, smtplib.SMTPException, and what `handed` raises."""
        wire = _on_the_wire(message)
        with _Limit(self.whole_timeout) as limit, _refusals():
            server = self._open(limit, handed)
            try:
                sender, receivers = _envelope(message)
                server.sendmail(sender, receivers, wire)
                with suppress(OSError, smtplib.SMTPException):
                    server.putcmd("quit")  # polite; nobody waits for what it says
            finally:
                server.close()

    def _open(self, limit: _Limit, handed: Callable[[], None]) -> _Connection:
        account = self.account
        context = self.context or ssl.create_default_context()
        server = _Connection(limit, handed, self.answer_timeout)
        try:
            if account.encryption == "tls":
                server.tls = context
            server.connect(account.host, account.port)
            server.ehlo_or_helo_if_needed()
            if account.encryption == "starttls" or (
                account.encryption == "offered" and server.has_extn("starttls")
            ):
                server.starttls(context=context)
                server.ehlo_or_helo_if_needed()
            if account.user:
                server.login(account.user, account.password)
        except BaseException:
            server.close()
            raise
        return server


class _Connection(smtplib.SMTP):
    """A conversation that says when the last byte of a mail is about to go."""

    def __init__(self, limit: _Limit, handed: Callable[[], None], timeout: float) -> None:
        super().__init__(timeout=timeout)
        self.limit = limit
        self.handed = handed
        self.tls: ssl.SSLContext | None = None

    def connect(
        self, host: str = "", port: int = 0, source_address: object = None
    ) -> tuple[int, bytes]:
        self._host = host  # what a certificate is checked against
        code, words = super().connect(host, port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, words)
        return code, words

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = socket.create_connection((host, port), timeout)
        self.limit.watch(plain)
        return self.tls.wrap_socket(plain, server_hostname=host) if self.tls else plain

    def login(
        self, user: str, password: str, *, initial_response_ok: bool = True
    ) -> tuple[int, bytes]:
        """As smtplib does it, which knows ASCII alone: what is none goes as RFC 4616 says."""
        if (user + password).isascii():
            return super().login(user, password, initial_response_ok=initial_response_ok)
        if "PLAIN" not in self.esmtp_features.get("auth", "").upper().split():
            raise smtplib.SMTPNotSupportedError("no AUTH PLAIN for a password with accents")
        told = b64encode(f"\0{user}\0{password}".encode()).decode("ascii")
        code, words = self.docmd("AUTH", f"PLAIN {told}")
        if code not in (235, 503):
            raise smtplib.SMTPAuthenticationError(code, words)
        return code, words

    def data(self, msg: bytes | str) -> tuple[int, bytes]:  # type: ignore[override]
        """As smtplib does it, in two steps: the mail, and then the dot that hands it over."""
        self.putcmd("data")
        code, words = self.getreply()
        if code != 354:
            raise smtplib.SMTPDataError(code, words)
        self.send(msg if isinstance(msg, bytes) else msg.encode("ascii"))
        self.handed()
        self.send(b".\r\n")
        try:
            code, words = self.getreply()
        except smtplib.SMTPResponseException as error:
            raise Unanswered(_words_of(error.smtp_code, error.smtp_error)) from error
        if code < REFUSING and code != 250:
            raise Unanswered(_words_of(code, words))
        return code, words


class _Limit:
    """Cuts the connection when the time is over: the read or write under way then fails."""

    def __init__(self, seconds: float) -> None:
        self._timer = Timer(seconds, self._cut)
        self._timer.daemon = True
        self._sockets: list[socket.socket] = []

    def __enter__(self) -> _Limit:
        self._timer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._timer.cancel()
        for one in self._sockets:
            one.close()

    def watch(self, connection: socket.socket) -> None:
        # A second handle on the same connection: TLS takes the first one away.
        self._sockets.append(connection.dup())

    def _cut(self) -> None:
        for one in self._sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


@contextmanager
def _refusals() -> Iterator[None]:
    """What the server answered, as Refused; everything else stays what it is."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        answers = list(error.recipients.values())
        for_good = all(code >= PERMANENT for code, _words in answers)
        raise Refused(_words_of(*answers[0]), for_good=for_good) from error
    except smtplib.SMTPDataError as error:
        words = _words_of(error.smtp_code, error.smtp_error)
        raise Refused(words, for_good=error.smtp_code >= PERMANENT) from error
    except smtplib.SMTPResponseException as error:
        # Signing in or the sender's address: somebody mends it, and then the mail can leave.
        words = _words_of(error.smtp_code, error.smtp_error)
        raise Refused(words, for_good=error.smtp_code == TOO_LARGE) from error


def _words_of(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"[:500]


def _envelope(message: EmailMessage) -> tuple[str, list[str]]:
    return message["From"].addresses[0].addr_spec, [a.addr_spec for a in message["To"].addresses]


def _on_the_wire(message: EmailMessage) -> bytes:
    """The mail with its lines ended as SMTP wants them, and single dots doubled."""
    try:
        lines = message.as_bytes(policy=message.policy.clone(linesep=SMTP.linesep))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise Unwritable(f"{type(error).__name__}: {error}") from error
    if not lines.endswith(b"\r\n"):
        lines += b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", lines)
