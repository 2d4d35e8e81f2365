"""What an article may be: its address, its lengths, its state. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

MAX_SLUG, MAX_TITLE, MAX_SUMMARY, MAX_BODY = 200, 300, 600, 200_000
MAX_TAGS, MAX_TAG = 30, 60
MAX_CATEGORY_SLUG, MAX_CATEGORY_NAME, MAX_CATEGORY_DESCRIPTION = 120, 120, 300
MAX_COMMENT = 1000
LANGUAGES = ("es", "en")
#: Addresses below /preguntas that are pages of the site.
RESERVED_SLUGS = frozenset({"buscar", "sugerencias", "categoria"})
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def is_slug(text: str, longest: int = MAX_SLUG) -> bool:
    """Whether `text` can be the address of an article (or, with `longest`, of a category)."""
    return len(text) <= longest and text not in RESERVED_SLUGS and bool(_SLUG.fullmatch(text))


def slug_from(title: str) -> str:
    """The address a title proposes: ASCII words joined by hyphens, at most 80 characters."""
    letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", letters)[:80].strip("-") or "articulo"
    return f"{words}-1" if words in RESERVED_SLUGS else words


def name_from(slug: str) -> str:
    """The name of a category of which only the address is known: «correo-web», «Correo web»."""
    words = slug.replace("-", " ")
    return words[:1].upper() + words[1:]


def tags_from(text: str) -> list[str]:
    """The tags of a line, between commas: each once, none empty."""
    tags = (" ".join(tag.split())[:MAX_TAG].strip() for tag in text.split(","))
    return list(dict.fromkeys(tag for tag in tags if tag))[:MAX_TAGS]


def has_words(text: str) -> bool:
    """Whether a title says anything: signs alone do not."""
    return any(character.isalnum() for character in text)


def version_of(
    revision: int,
    category: str,
    published_at: datetime | None,
    *,
    slug: str = "",
    internal: bool = False,
    learned: int = 0,
) -> str:
    """The text by which the index knows a state of an article. The moment tells an article
    from a deleted one whose number it took over; `learned` counts changes of hidden words."""
    state = f"{revision}:{published_at}:{category}:{slug}:{'staff' if internal else ''}"
    return f"{state}:{learned}" if learned else state
