"""What becomes of a mail that came in. Pure: facts come in, an outcome goes out.

What a program sent ends quietly (RFC 3834): answering it begins a loop. What nobody here sent
gets one explanation a day. Only what a participant wrote lands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import StrEnum

#: Mails of one person in one hour; what comes after is quiet.
FROM_ONE, TO_ONE_TICKET = 30, 60
WINDOW = timedelta(hours=1)
#: Explanations: to one address in a day, and to all that nobody here knows in an hour.
ANSWERS_EACH, ANSWERS_WINDOW, ANSWERS_TO_STRANGERS = 1, timedelta(hours=24), 60
#: Lines of the list are forgotten after this long.
KEPT_FOR = timedelta(days=90)
#: How often the same mail may end the process that reads it before it is put aside.
TRIES = 3


class Outcome(StrEnum):
    """What became of a mail; the value is what the database holds."""

    LANDED = "landed"
    # An explanation is sent, unless that address had one today.
    STRANGER = "stranger"
    NO_TICKET = "no_ticket"
    STAFF = "staff"
    CLOSED = "closed"
    NOT_YOURS = "not_yours"
    UNREADABLE = "unreadable"
    EMPTY = "empty"
    # Quiet.
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    LIST = "list"
    OWN = "own"
    FLOOD = "flood"
    NO_SENDER = "no_sender"
    UNVERIFIED = "unverified"
    FAILED = "failed"


#: What is explained to whoever wrote it.
EXPLAINED = frozenset(
    {
        Outcome.STRANGER,
        Outcome.NO_TICKET,
        Outcome.STAFF,
        Outcome.CLOSED,
        Outcome.NOT_YOURS,
        Outcome.UNREADABLE,
        Outcome.EMPTY,
    }
)

_ROBOTS = re.compile(
    r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|noresponder|no-responder|bounces?"
    r"|abuse|nobody|listserv|majordomo|[a-z0-9.-]+-(?:request|owner|bounces)|owner-[a-z0-9.-]+)"
    r"(?:[+=._-].*)?",
    re.IGNORECASE,
)
_AWAY = re.compile(
    r"(?:re:\s*)?[\[(]?(?:respuesta\s+autom[áa]tica|fuera\s+de\s+(?:la\s+)?oficina|out\s+of\s+(?:the\s+)?"
    r"office|automatic\s+reply|auto(?:matic)?[\s:-]*(?:reply|response|respuesta)|autoreply"
    r"|respuesta\s+de\s+ausencia|estoy\s+de\s+vacaciones|vacation\s+(?:reply|response)"
    r"|aviso\s+de\s+ausencia|ausen(?:te|cia)\b[^:]{0,30}:|de\s+vacaciones:|vacaciones:?\s+re:"
    r"|resposta\s+autom[áa]tica|automatische\s+antwort|r[ée]ponse\s+automatique|"
    r"aceptad[ao]:|rechazad[ao]:|accepted:|declined:|tentative:"
    r"|le[íi]do:|read:|recall:)",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"(?:undeliver(?:ed|able)|mail\s+delivery\s+(?:failed|failure|subsystem)|delivery\s+status"
    r"|returned\s+mail|no\s+se\s+(?:puede|pudo)\s+entregar|correo\s+no\s+entregado|failure\s+notice"
    r"|delivery\s+has\s+failed|no\s+entregado)",
    re.IGNORECASE,
)

Fields = Mapping[str, Sequence[str]]


def quiet_end(fields: Fields, *, kind: str, sender: str, subject: str) -> Outcome | None:
    """Why a mail ends quietly, going by what it says of itself; None for a person's mail."""
    name = sender.partition("@")[0]
    empty_path = any(value.replace(" ", "") == "<>" for value in fields.get("return-path", ()))
    if kind == "multipart/report" or _said(fields, "x-failed-recipients"):
        return Outcome.BOUNCE
    if name in ("mailer-daemon", "postmaster") or (empty_path and _FAILED.match(subject)):
        return Outcome.BOUNCE
    if _is_list(fields):
        return Outcome.LIST
    if empty_path or _is_automatic(fields) or _AWAY.match(subject):
        return Outcome.AUTO_REPLY
    if not sender:
        return Outcome.NO_SENDER
    return Outcome.AUTO_REPLY if _ROBOTS.fullmatch(name) else None


def _said(fields: Fields, name: str) -> str:
    return next((value.strip().lower() for value in fields.get(name, ()) if value.strip()), "")


def _is_list(fields: Fields) -> bool:
    return bool(
        _said(fields, "list-id")
        or _said(fields, "list-unsubscribe")
        or _said(fields, "list-post")
        or _said(fields, "feedback-id")
        or _said(fields, "precedence") in ("bulk", "junk", "list")
    )


def _is_automatic(fields: Fields) -> bool:
    submitted = _said(fields, "auto-submitted").partition(";")[0].strip()
    suppressed = _said(fields, "x-auto-response-suppress")
    return bool(
        submitted not in ("", "no")
        or _said(fields, "x-autoreply")
        or _said(fields, "x-autorespond")
        or _said(fields, "x-autoresponder")
        or _said(fields, "x-auto-reply-from")
        or _said(fields, "precedence") == "auto_reply"
        # Exchange writes it in every notice of its own; people's mail has at most «OOF».
        or suppressed == "all"
    )


def is_verified(fields: Fields, *, server: str, sender: str) -> bool:
    """Whether the mail server that we trust vouches for the sender's domain (RFC 8601).

    Only the topmost line of that server counts: others may have come with the mail.
    """
    domain = sender.partition("@")[2]
    for value in fields.get("authentication-results", ()):
        name, _, results = value.lower().partition(";")
        if name.split()[:1] != [server.lower()]:
            continue
        return any(_vouches(one.strip(), domain) for one in _uncommented(results).split(";"))
    return False


def _uncommented(results: str) -> str:
    return re.sub(r"\([^()]*\)", " ", results)


def _vouches(result: str, domain: str) -> bool:
    said = dict(word.split("=", 1) for word in result.split() if "=" in word)
    if said.get("dmarc") == "pass":
        return said.get("header.from", domain) == domain
    signer = said.get("header.d") or said.get("header.i", "").rpartition("@")[2]
    return said.get("dkim") == "pass" and bool(signer) and signer == domain
