"""Whether a word looks like a password: what it is made of. Pure."""

from __future__ import annotations

import re

from tickets.vault.patterns import NO_VALUE, NOT_A_VALUE, PLACEHOLDER, SYMBOL

#: From which length on a word under a lone «Contraseña» is taken for one.
ALONE_CHARS = 8


def is_placeholder(value: str) -> bool:
    return value.lower() in NO_VALUE or PLACEHOLDER.fullmatch(value) is not None


def has_letter_and_digit(value: str) -> bool:
    return any(c.isalpha() for c in value) and any(c.isdigit() for c in value)


def _classes(value: str) -> int:
    return sum(
        (
            any(c.islower() for c in value),
            any(c.isupper() for c in value),
            any(c.isdigit() for c in value),
            bool(SYMBOL.search(value)),
        )
    )


def is_fair(value: str) -> bool:
    """Whether this is no word of a language: digits, signs or capitals inside."""
    if len(value) < 4:
        return False
    if value.isdigit() or has_letter_and_digit(value):
        return True
    inner = any(c.isupper() for c in value[1:]) and any(c.islower() for c in value)
    return inner or bool(re.search(r"[!@#$%^&*+=?~|\\]", value))


def is_strong(value: str) -> bool:
    """Whether a person would only ever write this as a password."""
    if len(value) < 6 or is_placeholder(value) or NOT_A_VALUE.fullmatch(value):
        return False
    return (
        is_fair(value)
        and (_classes(value) >= 3 or bool(re.search(r"[a-zA-Z0-9][!@#$%^&*+=?]", value)))
        and has_letter_and_digit(value)
    )


def is_mixed(value: str) -> bool:
    """Whether letters stand among digits or signs, at some length and without a space."""
    letters = any(c.isalpha() for c in value)
    others = any(c.isdigit() for c in value) or bool(re.search(r"[!@#$%^&*+=?~|\\]", value))
    return len(value) >= ALONE_CHARS and letters and others and " " not in value
