"""Dots in place of what looks like a password. Pure."""

from __future__ import annotations

from tickets.vault.noticing import find_secrets

DOTS = "••••••"


def masked(text: str) -> str:
    """The text with dots in place of each value."""
    pieces: list[str] = []
    done = 0
    for span in find_secrets(text):
        pieces += [text[done : span.start], DOTS]
        done = span.end
    return "".join([*pieces, text[done:]])
