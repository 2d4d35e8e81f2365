"""The words a ticket is found by, and those of a search: the analysis of articles on both sides.

A search names clauses, and a ticket must hold all of them. A clause is a word by its stem; a
number, a domain or an address counts as it is written. Pure but for `kb.analysis`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.analysis import ANALYSIS_VERSION, LANGUAGES, Token, fold, is_stop, normalise, stem, tokens
from kb.index import MAX_QUERY_CHARS, MAX_QUERY_TERMS

#: Moves with `kb.analysis` and with this module: tickets indexed under another are done again.
VERSION = ANALYSIS_VERSION * 100 + 1

#: One of these written forms is enough for the clause.
Clause = tuple[str, ...]
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)+")


def terms_of(*texts: str) -> set[str]:
    """Every word these texts can be found by."""
    found: set[str] = set()
    for text in texts:
        for token in tokens(fold(normalise(text))):
            found.update(_stems(token))
    return found


def _stems(token: Token) -> Iterator[str]:
    for form in token.forms:
        if not _stops(form):
            yield stem(form)
    for host in (token.word, *token.parts):
        yield from _upper_domains(host)


def _upper_domains(host: str) -> Iterator[str]:
    """`example.com` of `correo.example.com`: whoever looks for a domain means its hosts too."""
    if not _HOST.fullmatch(host) or host.replace(".", "").isdigit():
        return
    labels = host.split(".")
    for start in range(1, len(labels) - 1):
        yield ".".join(labels[start:])


def _stops(word: str) -> bool:
    return any(is_stop(word, lang) for lang in LANGUAGES)


def clauses_of(query: str) -> tuple[Clause, ...]:
    """What a ticket must hold for these words; nothing when none of them carries a meaning."""
    clauses: dict[Clause, None] = {}
    for token in tokens(fold(normalise(query[:MAX_QUERY_CHARS]))):
        forms = (token.word, token.joined) if token.joined else (token.word,)
        clause = tuple(dict.fromkeys(stem(form) for form in forms if not _stops(form)))
        if clause:
            clauses[clause] = None
    return tuple(clauses)[:MAX_QUERY_TERMS]


def number_in(query: str) -> int | None:
    """The ticket's number that was typed alone: «1008», «#1008»; None for anything else."""
    found = re.fullmatch(r"#?([1-9][0-9]{0,8})", query.strip())
    return int(found.group(1)) if found and found.group(1).isascii() else None
