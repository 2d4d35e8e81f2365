"""The key by which searches for the same thing are grouped, and the words of a referring page."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from kb.analysis import fold, is_courtesy, is_stop, normalise, stem, tokens
from kb.searches.masking import MARK, mask, without_marks
from kb.searches.models import MAX_KEY, MAX_WORDS

RESULTS_PATH = "/preguntas/buscar"


def masked(text: str) -> str:
    """The words of a search as they are stored."""
    return mask(text)[:MAX_WORDS].strip()


def folded(words: str) -> str:
    """Stored words in lower case, without accents, as prefixes of one another are told."""
    return " ".join(fold(normalise(words)).split())


def stems_of(words: str, lang: str) -> frozenset[str]:
    """The stems of stored words; marks of what was masked are kept whole, beside them."""
    said = [token.word for token in tokens(folded(without_marks(words)))]
    told = [w for w in said if not is_stop(w, lang) and not is_courtesy(w)]
    marks = (match.group() for match in MARK.finditer(words))
    return frozenset([*(stem(word, lang) for word in _first(told, said)), *marks])


def _first(*lists: list[str]) -> list[str]:
    return next((words for words in lists if words), [])


def key_of(words: str, lang: str) -> str:
    """The sorted stems between spaces; '' for signs alone, which nobody can answer."""
    key = ""
    for part in sorted(stems_of(words, lang)):
        longer = f"{key} {part}".strip()
        if len(longer) > MAX_KEY:
            break
        key = longer
    return key


def query_of(referer: str, host: str) -> str:
    """What was searched on the page of results that led here; '' from anywhere else."""
    try:
        parts = urlsplit(referer)
        fields = parse_qs(parts.query, max_num_fields=20)
    except ValueError:
        return ""
    if parts.netloc != host or parts.path != RESULTS_PATH:
        return ""
    return " ".join(fields.get("q", [""])[0].split())
