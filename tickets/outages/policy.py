"""What an outage is made of, and the words of a ticket that joins one. Pure."""

from __future__ import annotations

TITLE_LIMIT, BODY_LIMIT, SEEN_LIMIT = 120, 5_000, 300
SERVICES_LIMIT, SERVICE_LIMIT = 12, 60
#: As many joined tickets are answered with one press; the rest with the next.
ANSWERED_AT_ONCE = 200


def services_in(text: str) -> list[str]:
    """One service a line, or between commas; each once, in the order in which it was written."""
    lines = text.replace(",", "\n").replace(";", "\n").splitlines()
    return list(dict.fromkeys(" ".join(line.split()) for line in lines if line.strip()))


def description(body: str, seen: str) -> str:
    """What a joining ticket says: the customer's line first, then the outage's text, quoted."""
    quoted = "\n".join(f"> {line}".rstrip() for line in body.strip().splitlines())
    return f"{seen.strip()}\n\n{quoted}" if seen.strip() else quoted
