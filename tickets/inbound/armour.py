"""Words sealed or signed inside the text itself, as PGP does without MIME. Pure and linear."""

from __future__ import annotations

import re

_BEGINS = "-----BEGIN PGP {}-----"
_ENDS = "-----END PGP {}-----"
_HEADER = re.compile(r"[A-Z][A-Za-z]{1,20}: \S.{0,80}")


def opened(words: str) -> str:
    """The words without what signs them; '' where they are nothing but something sealed."""
    if "-----BEGIN PGP " not in words:
        return words
    lines = words.split("\n")
    if not "".join(_without(lines, "MESSAGE")).strip():
        return ""
    if _BEGINS.format("SIGNED MESSAGE") not in lines:
        return words
    return "\n".join(_bare(_without(lines, "SIGNATURE"))).strip()


def _without(lines: list[str], name: str) -> list[str]:
    """Without blocks of this name; one that does not end is words."""
    begins, ends = _BEGINS.format(name), _ENDS.format(name)
    kept: list[str] = []
    began = None
    for line in lines:
        if began is None and line == begins:
            began = len(kept)
        kept.append(line)
        if began is not None and line == ends:
            del kept[began:]
            began = None
    return kept


def _bare(lines: list[str]) -> list[str]:
    """Without the line that begins what is signed and the headers under it, nor escaped dashes."""
    kept: list[str] = []
    heads = False
    for line in lines:
        if line == _BEGINS.format("SIGNED MESSAGE"):
            heads = True
        elif heads and (not line or _HEADER.fullmatch(line)):
            heads = bool(line)
        else:
            heads = False
            kept.append(line.removeprefix("- ") if line.startswith("- -") else line)
    return kept
