"""Words of a text, as the index and the queries see them: pure functions.

One rule for both sides, so that what is written in an article and what a customer types meet:

1. NFC, then a folding that changes no length: `fold(text)[i]` comes from `text[i]`, so a match
   found in the folded text is a span of the original.
2. Tokens. A compound (`dominio.pe`, `wp-config.php`, `juan@dominio.pe`) counts whole, in parts,
   and joined when a hyphen only spells it differently (`e-mail`, `email`).
3. A stem per token for recall; the folded word itself, unstemmed, for order.

Spanish is stemmed after folding, with the accent of «-ción, -sión» put back first: the stemmer
needs that one, and customers leave it out. Nouns in «-ación» are stemmed as their verbs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from whoosh.lang import stemmer_for_language

from kb.stopwords import COURTESY, STOP_WORDS, STORY

#: Changes whenever the same text would give other words: an index that carries another number
#: has to be rebuilt.
ANALYSIS_VERSION = 1

LANGUAGES = ("es", "en")
DEFAULT_LANGUAGE = "es"

#: A longer token is no word (a key, a line of base64): it is cut, never refused.
MAX_WORD = 64

_TOKEN = re.compile(
    r"[cf]#(?!\w)|c\+\+(?!\w)"  # names of languages that end in a sign
    r"|(?<![\w.])\.[a-z][\w-]*\w(?:\.\w+)*"  # .htaccess
    r"|\w+(?:[-.@_'’]\w+)*"
)
_PIECES = re.compile(r"[^\W_]+(?:\.[^\W_]+)*")
_SIGN_NAMES = frozenset({"c#", "f#", "c++"})


def _fold_table() -> dict[int, str]:
    table = {0x130: "i", 0x2019: "'", 0xAD: " "}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0].lower()
        if len(base) == 1 and base != chr(code):
            table.setdefault(code, base)
    return table


_FOLD = _fold_table()
#: Nearly every text fits this code page, where folding is one table of bytes: ten times faster.
_PAGE = "cp1252"


def _fold_any(text: str) -> str:
    return text.translate(_FOLD).lower()


def _fold_bytes() -> bytes:
    table = bytearray(range(256))
    for code in range(256):
        char = bytes([code]).decode(_PAGE, errors="ignore")
        if char:
            table[code] = _fold_any(char).encode(_PAGE)[0]
    return bytes(table)


_FOLD_BYTES = _fold_bytes()


def normalise(text: str) -> str:
    """The text in NFC, the form every span of this module refers to."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Lower case without accents, of the same length as `text` (which should be NFC)."""
    raw = text.encode(_PAGE, errors="replace")
    folded = raw.translate(_FOLD_BYTES).decode(_PAGE)
    outside = [at for at in _marks(raw) if text[at] != "?"]
    if not outside:
        return folded
    letters = list(folded)
    for at in outside:
        letters[at] = _fold_any(text[at])
    return "".join(letters)


def _marks(raw: bytes) -> Iterator[int]:
    """Where question marks stand: the page has one for each character it lacks."""
    at = raw.find(b"?")
    while at >= 0:
        yield at
        at = raw.find(b"?", at + 1)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a folded text: where it stands, its whole form, its other spellings and parts."""

    start: int
    end: int
    word: str
    joined: str | None = None
    parts: tuple[str, ...] = ()

    @property
    def forms(self) -> tuple[str, ...]:
        """Everything an index should know this token by, the whole form first."""
        return (self.word, self.joined, *self.parts) if self.joined else (self.word, *self.parts)


def tokens(folded: str) -> Iterator[Token]:
    """The tokens of a text that `fold` returned, in order. Stop words are among them."""
    for match in _TOKEN.finditer(folded):
        word = match.group()
        if word.isalnum():
            yield Token(match.start(), match.end(), word[:MAX_WORD])
        elif any(map(str.isalnum, word)):
            yield _compound(match.start(), match.end(), word[:MAX_WORD])


@lru_cache(maxsize=8192)
def _split(word: str) -> tuple[str | None, tuple[str, ...]]:
    if word in _SIGN_NAMES:
        return None, ()
    parts: dict[str, None] = {}
    for piece in _PIECES.findall(word):
        # The numbers of an address or a version mean nothing alone: `5.7.606` stays whole.
        inner = () if piece.replace(".", "").isdigit() else piece.split(".")
        parts.update(dict.fromkeys(part for part in (piece, *inner) if len(part) > 1))
    parts.pop(word, None)
    pieces = word.split("-")
    joined = "".join(pieces) if len(pieces) > 1 and "".join(pieces).isalpha() else None
    return joined, tuple(parts)


def _compound(start: int, end: int, word: str) -> Token:
    joined, parts = _split(word)
    return Token(start, end, word, joined, parts)


def _identity(word: str) -> str:
    return word


_STEMMERS: dict[str, Callable[[str], str]] = {
    "es": stemmer_for_language("es"),  # type: ignore[no-untyped-call]
    "en": stemmer_for_language("en_porter"),  # type: ignore[no-untyped-call]
}


@lru_cache(maxsize=65536)
def stem(word: str, lang: str = DEFAULT_LANGUAGE) -> str:
    """The folded stem of a folded word. A word with a digit or a sign is its own stem."""
    if len(word) < 3 or not word.isalpha():
        return word
    if lang == "es":
        return _stem_spanish(word)
    return fold(_STEMMERS.get(lang, _identity)(word)) or word


def _stem_spanish(word: str) -> str:
    if len(word) > 7 and word.endswith(("acion", "aciones")):
        # As its verb: the stemmer keeps «-ación» on short words and takes too much off others.
        word = word[: word.rindex("acion")] + "ar"
    elif word.endswith(("cion", "sion")):
        word = word[:-2] + "ón"
    elif word.endswith("gen"):
        word += "es"  # «imagen» would lose its «-en» as a verb does, «imágenes» would not
    elif len(word) > 3 and word[-1] == "s" and word[-2] in "bdgklmnprt":
        word = word[:-1]  # plurals of borrowed words: «webs», «plugins», «backups»
    return fold(_STEMMERS["es"](word)) or word


def is_stop(word: str, lang: str = DEFAULT_LANGUAGE) -> bool:
    """Whether a folded word carries no meaning of its own. «no» and «sin» do carry one."""
    return word in STOP_WORDS.get(lang, frozenset())


def is_courtesy(word: str) -> bool:
    """Whether a folded word belongs to the letter («hola», «gracias») and not to its matter."""
    return word in COURTESY


def is_narrative(word: str) -> bool:
    """Whether a folded word only tells the story («ayer», «intenté») or is a courtesy."""
    return word in STORY or word in COURTESY


def known_language(lang: str) -> str:
    """`es` or `en` of a language tag such as `es-PE`; Spanish for what has no analyser."""
    code = lang[:2].lower()
    return code if code in LANGUAGES else DEFAULT_LANGUAGE
