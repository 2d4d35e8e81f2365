"""A mailbox over IMAP: the only module that speaks it. Every step has a time limit.

What was handled is moved to a folder, so what stands in the mailbox is what is left to do,
whoever opened it meanwhile.
"""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

TIMEOUT = 30
DONE, ASIDE = "Procesados", "Apartados"
#: What MailboxAway says of a wrong user or password: never what the server says of them.
REFUSED = "the mailbox refuses the sign-in"


class MailboxAway(Exception):
    """The server cannot be reached, refuses the sign-in or does not answer; the text says why."""


class Mailbox:
    """An open mailbox. Every method raises MailboxAway."""

    def __init__(self, connection: imaplib.IMAP4, done: str, aside: str) -> None:
        self._connection = connection
        self.done = done
        self.aside = aside
        self.validity = ""
        self._can: list[str] = []

    def select(self, folder: str) -> None:
        """Open the folder, and make those beside it where they are not there."""
        # Servers say more of what they can do once somebody has signed in.
        said = b" ".join(self._ask("CAPABILITY", lambda c: c.capability()))
        self._can = said.decode("ascii", "replace").upper().split()
        self._ask("SELECT", lambda c: c.select(_quoted(folder)))
        _kind, data = self._connection.response("UIDVALIDITY")
        self.validity = (data[0] or b"").decode("ascii", "replace") if data else ""
        for beside in (self.done, self.aside):
            with suppress(imaplib.IMAP4.error, OSError):
                self._connection.create(_quoted(beside))

    def uids(self, most: int) -> list[str]:
        """What is there, the oldest first."""
        data = self._ask("SEARCH", lambda c: c.uid("SEARCH", "UNDELETED"))
        return [uid.decode("ascii") for uid in (data[0] or b"").split()[:most]]

    def fetch(self, uid: str, most: int) -> bytes | None:
        """The first `most` bytes of a mail, left unread; None if it is gone."""
        data = self._ask("FETCH", lambda c: c.uid("FETCH", uid, f"(BODY.PEEK[]<0.{most}>)"))
        return next((piece[1] for piece in data if isinstance(piece, tuple)), None)

    def move(self, uid: str, folder: str) -> None:
        """Out of the mailbox, into a folder. Twice is as good as once."""
        if "MOVE" in self._can:
            self._ask("MOVE", lambda c: c.uid("MOVE", uid, _quoted(folder)))
            return
        self._ask("COPY", lambda c: c.uid("COPY", uid, _quoted(folder)))
        self._ask("STORE", lambda c: c.uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)"))
        if "UIDPLUS" in self._can:
            self._ask("EXPUNGE", lambda c: c.uid("EXPUNGE", uid))

    def _ask(self, what: str, command: Any) -> list[Any]:
        try:
            answer, data = command(self._connection)
        except (imaplib.IMAP4.error, OSError, ValueError) as error:
            raise MailboxAway(f"{what}: {error}") from error
        if answer != "OK":
            raise MailboxAway(f"{what}: {data!r}"[:300])
        return list(data or [])


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "").replace('"', "") + '"'


@contextmanager
def opened(url: str) -> Iterator[Mailbox]:
    """The mailbox of an address `imaps://user:password@host:port/INBOX`; `imap://` begins in the
    clear and must go on in TLS before the password is said. Raises MailboxAway."""
    parts = urlsplit(url)
    folders = parse_qs(parts.query)
    try:
        connection = _connected(parts.hostname or "", parts.port, tls=parts.scheme == "imaps")
    except (imaplib.IMAP4.error, OSError) as error:
        raise MailboxAway(f"{parts.hostname}: {error}") from error
    try:
        try:
            _sign_in(connection, unquote(parts.username or ""), unquote(parts.password or ""))
        except (imaplib.IMAP4.abort, OSError) as error:
            # Not in its own words: they may say again what was sent.
            raise MailboxAway(f"LOGIN: {type(error).__name__}") from error
        except imaplib.IMAP4.error as error:
            raise MailboxAway(REFUSED) from error
        names = (folders.get("hechos", [DONE])[0], folders.get("apartados", [ASIDE])[0])
        mailbox = Mailbox(connection, *names)
        mailbox.select(unquote(parts.path.strip("/")) or "INBOX")
        yield mailbox
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            connection.logout()


def _sign_in(connection: imaplib.IMAP4, user: str, password: str) -> None:
    if (user + password).isascii():
        connection.login(user, password)
        return
    # LOGIN takes ASCII alone; RFC 4616 says UTF-8.
    connection.authenticate("PLAIN", lambda _challenge: f"\0{user}\0{password}".encode())


def _connected(host: str, port: int | None, *, tls: bool) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    if tls:
        return imaplib.IMAP4_SSL(host, port or 993, ssl_context=context, timeout=TIMEOUT)
    connection = imaplib.IMAP4(host, port or 143, timeout=TIMEOUT)
    connection.starttls(context)
    return connection
