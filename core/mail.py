"""Mails by name: a template with a subject line, and senders behind one protocol.

Nothing is sent during a request; the outbox calls `deliver`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email import policy
from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.utils import formatdate

from flask import current_app
from flask_babel import force_locale, lazy_gettext

from core import clock, colours, mail_account, mail_log, outbox, settings
from core.config import Config
from core.mail_senders import ConsoleSender, MemorySender, Sender, sender_for
from core.mail_smtp import Refused, SmtpSender, Unwritable
from core.mail_threads import message_id, reference_of
from core.outbox import Undeliverable

__all__ = [
    "ConsoleSender", "FootLine", "Letter", "MemorySender", "Sender", "SmtpSender",
    "deliver", "header_text", "render", "sender_for",
]  # fmt: skip

LONGEST_SUBJECT = 200
#: The accent of static/css/tokens.css, for a company that chose none.
ACCENT = "#0a5e70"
#: Goes through every server as it is, with short lines.
ENCODING = "quoted-printable"
USUAL_REASON = lazy_gettext("Recibe este correo porque alguien usó esta dirección en el sitio.")


class _Whole(UnstructuredHeader):
    """A header of ours that stays on its line: folded, an address in it would be encoded."""

    def fold(self, *, policy: policy.Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]


_registry = HeaderRegistry()
for _name in ("Message-ID", "In-Reply-To", "References", "List-Unsubscribe"):
    _registry.map_to_type(_name, _Whole)  # type: ignore[arg-type]  # mixed in by the registry
POLICY = policy.EmailPolicy(header_factory=_registry)


def header_text(value: str) -> str:
    """Text that stays text in a header.

    Line breaks go, and `=?` is broken up: the standard library would decode an encoded word
    inside user text into real line breaks (CVE-2024-6923).
    """
    return " ".join(value.split()).replace("=?", "= ?")


class Letter(EmailMessage):
    """A finished mail, with the names the log knows it by."""

    name: str = ""
    #: The reference of the mail that began its thread; those of a thread leave in their order.
    thread: str | None = None


@dataclass(frozen=True)
class FootLine:
    """A line under a mail: words, and an address that they speak of."""

    words: object
    url: str = ""


@dataclass(frozen=True)
class Headers:
    """What stands around a mail, beside its subject.

    `reference` makes the Message-ID, so that a mail sent twice is recognised as one; `thread` is
    the reference of the mail that it follows. `unsubscribe` is the address of RFC 8058.
    """

    to: str
    reference: str
    thread: str | None = None
    reply_to: str = ""
    unsubscribe: str = ""


def render(
    name: str,
    *,
    to: str,
    locale: str,
    reference: str,
    thread: str | None = None,
    reply_to: str = "",
    unsubscribe: str = "",
    foot: Sequence[FootLine] = (),
    **values: object,
) -> Letter:
    """The mail `templates/mail/<name>`: its `.txt`, whose first line is the subject, and `.html`.

    `foot` says why somebody gets it; words that are lazy are said in the language of the mail.
    """
    subject, text, html = _written(name, locale, tuple(foot) or (FootLine(USUAL_REASON),), values)
    message = Letter(policy=POLICY)
    message.name, message.thread = name, thread
    _head(message, subject, Headers(to, reference, thread, reply_to, unsubscribe))
    message.set_content(text, cte=ENCODING)
    message.add_alternative(html, subtype="html", cte=ENCODING)
    return message


def _written(
    name: str, locale: str, foot: Sequence[FootLine], values: dict[str, object]
) -> tuple[str, str, str]:
    """(subject, text, HTML) in this language."""
    site = settings.load()
    accent = site.accent or ACCENT
    look = {"day": colours.light_shade(accent), "night": colours.dark_shade(accent)}
    # Not render_template: a mail knows no request, so no page's context belongs in it.
    find = current_app.jinja_env.get_template
    with force_locale(locale):
        words = {"site": settings.in_readers_words(site), "foot": foot, "locale": locale, **values}
        subject, _, text = find(f"mail/{name}.txt").render(words).lstrip().partition("\n")
        below = find("mail/_foot.txt").render(words)
        subject = header_text(subject)[:LONGEST_SUBJECT]
        html = find(f"mail/{name}.html").render(words, subject=subject, look=look)
    # Where answers by mail are read: what is above this line is the answer.
    above = f"{values['answer_line']}\n\n" if values.get("answer_line") else ""
    return subject, f"{above}{text.strip()}\n\n{below.strip()}\n", html


def _head(message: EmailMessage, subject: str, given: Headers) -> None:
    config: Config = current_app.config["SITE"]
    account = None if config.mail_is_fixed else mail_account.load()
    message["From"] = account.sender if account else config.mail_from
    message["To"] = given.to
    if given.reply_to:
        message["Reply-To"] = given.reply_to
    message["Subject"] = subject
    message["Date"] = formatdate()
    message["Message-ID"] = message_id(given.reference)
    if given.thread and given.thread != given.reference:
        root = message_id(given.thread)
        message["In-Reply-To"] = root
        message["References"] = root
    message["Auto-Submitted"] = "auto-generated"
    if given.unsubscribe:
        message["List-Unsubscribe"] = f"<{given.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def deliver(message: Letter) -> None:
    """Hand a message to the mail server, unless it was sent already; every step is logged.

    Raises Undeliverable when asking again is noise, mail_log.Waits when an earlier mail of the
    thread must leave first, and whatever kept the server from an answer.
    """
    attempt = mail_log.begin(_entry(message), now=clock.now())
    if attempt is None:
        return
    try:
        _sender().send(message, handed=lambda: mail_log.handed(attempt, now=clock.now()))
        mail_log.sent(attempt, now=clock.now())
    except mail_log.Superseded:
        return
    except Refused as error:
        mail_log.refused(attempt, str(error), now=clock.now(), for_good=error.for_good)
        if error.for_good:
            raise Undeliverable(f"refused for good: {error}") from error
        raise
    except Unwritable as error:
        mail_log.refused(attempt, str(error), now=clock.now(), for_good=True)
        raise Undeliverable(f"cannot be written: {error}") from error
    except Exception as error:
        mail_log.broke(attempt, f"{type(error).__name__}: {error}"[:500])
        raise


def _entry(message: Letter) -> mail_log.Entry:
    return mail_log.Entry(
        reference=reference_of(message["Message-ID"]) or message["Message-ID"],
        recipient=message["To"].addresses[0].addr_spec,
        name=message.name,
        subject=message["Subject"],
        message_id=message["Message-ID"],
        thread=message.thread,
        job_id=outbox.running(),
    )


def _sender() -> Sender:
    """The mail server of MAIL_URL, else the one an administrator named, else the console."""
    sender: Sender = current_app.extensions["mail_sender"]
    config: Config = current_app.config["SITE"]
    account = None if config.mail_is_fixed else mail_account.load()
    if account is None:
        return sender
    return SmtpSender(account.server(), context=current_app.extensions.get("mail_tls"))
