"""Mail addresses in one form, so that one mailbox is one account however it is typed."""

from __future__ import annotations

import unicodedata

from core.identifiers import MAX_EMAIL, normalise_email


def canonical(text: str) -> str:
    """The address as it is stored and compared: full-width letters too become plain ones (V77).

    Raises ValueError for what is no plain address.
    """
    return normalise_email(unicodedata.normalize("NFKC", text[: 4 * MAX_EMAIL]))


def lookup_key(text: str) -> str:
    """What to look for when somebody signs in: the canonical form, or '' for no address."""
    try:
        return canonical(text)
    except ValueError:
        return ""
