"""Click-to-chat addresses of WhatsApp: a number, and words that are written in beforehand. Pure."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

#: Of the encoded words: longer addresses are cut by some telephones.
LONGEST = 700


def chat_url(number: str, text: str = "") -> str:
    """The address that opens a chat with an E.164 number; '' where there is no number.

    The text is one line: nothing that cannot be seen is in it, and what is too long is cut
    between two words, or within one that is longer than all.
    """
    digits = re.sub(r"[^0-9]", "", number)
    if not digits:
        return ""
    words = _short(_visible(text))
    return f"https://wa.me/{digits}" + (f"?text={words}" if words else "")


def _visible(text: str) -> str:
    # Cc: control characters; Cf: those that turn the direction of a text, or hide in it; Cs:
    # halves of a character, which nothing can encode. A joiner of emoji goes with them.
    shown = (" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in text)
    return " ".join(
        "".join(c for c in shown if unicodedata.category(c) not in {"Cf", "Cs"}).split()
    )


def _short(text: str) -> str:
    encoded = _encoded(text)
    if len(encoded) <= LONGEST:
        return encoded
    room, kept = LONGEST - len(_encoded("…")), 0
    for place, character in enumerate(text):
        room -= len(_encoded(character))
        if room < 0:
            break
        kept = place + 1
    cut = text[:kept]
    between = cut.rpartition(" ")[0]
    return _encoded((between if len(between) > kept // 2 else cut).rstrip() + "…")


def _encoded(text: str) -> str:
    return quote(text, safe="")
