"""What a canned answer leaves open, such as {{cliente}}. Pure: plain substitution, once.

A value is never looked through for placeholders again, and nothing else between braces means
anything.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

KNOWN = ("cliente", "empresa", "ticket", "asunto", "tecnico")
_PLACEHOLDER = re.compile(r"\{\{([^{}\n]{0,80})\}\}")
#: What a customer typed is text, not markup of the answer.
_MARKUP = re.compile(r"([\\`*\[\]<])")


def unknown(text: str) -> list[str]:
    """The placeholders of a text that nothing is known for, as they are written, each once."""
    named = [match[1].strip() for match in _PLACEHOLDER.finditer(text)]
    return list(dict.fromkeys(name for name in named if _key(name) not in KNOWN))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with a value for each placeholder that has one; others stay as they are."""

    def value(match: re.Match[str]) -> str:
        found = values.get(_key(match[1]))
        return match[0] if found is None else _MARKUP.sub(r"\\\1", " ".join(found.split()))

    return _PLACEHOLDER.sub(value, text)


def _key(name: str) -> str:
    """«{{ Técnico }}» asks for the same as «{{tecnico}}»."""
    bare = unicodedata.normalize("NFKD", name.strip().lower())
    return "".join(character for character in bare if not unicodedata.combining(character))
