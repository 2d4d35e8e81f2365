"""Passwords and keys in a text that somebody wrote. Pure, and linear in the length of the text.

A word such as «clave» alone is no secret: what follows it must look like a value. How much it
must look like one depends on what stands between: «clave: perrito» is one, «clave del correo» is
none, «clave del cpanel Xy12$abc» is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tickets.vault.looks import (
    has_letter_and_digit,
    is_fair,
    is_mixed,
    is_placeholder,
    is_strong,
)
from tickets.vault.patterns import (
    AFTER_NOT,
    BARE,
    BEARER,
    BEFORE_NOT,
    BEGIN,
    COMMAND,
    END,
    ENDINGS,
    IS,
    KEYS,
    LOST,
    LOST_OR_SAID,
    MAIL_LABELS,
    NO_VALUE,
    NOT_A_VALUE,
    OF,
    PAIR,
    PAIR_AT_HOST,
    PLAIN_MINE,
    PLAIN_URL,
    PUTTY,
    QUOTED,
    REACH,
    SEPARATOR,
    SHORT,
    SOFT,
    TOKEN_KEYS,
    TOKENS,
    UNDER,
    URL,
    USERINFO,
    WORDS,
)


class Kind(StrEnum):
    """What a found value is."""

    PASSWORD = "password"  # noqa: S105  # nosec B105
    TOKEN = "token"  # noqa: S105  # nosec B105
    CONNECTION = "connection"
    PRIVATE_KEY = "private_key"


@dataclass(frozen=True)
class Span:
    """Where a secret value stands: `text[start:end]`."""

    start: int
    end: int
    kind: Kind


def find_secrets(text: str) -> list[Span]:
    """The secret values of a text, in order, none over another."""
    blocks, hidden = _blocks(text)
    found = [*blocks, *_tokens(text), *_connections(text)]
    shut = sorted([*hidden, *((span.start, span.end) for span in found)])
    found.extend(_announced(text, shut))
    return _apart(found)


def _apart(found: list[Span]) -> list[Span]:
    """Without those that overlap one that began before."""
    kept: list[Span] = []
    for span in sorted(found, key=lambda span: (span.start, -span.end)):
        if span.end > span.start and (not kept or span.start >= kept[-1].end):
            kept.append(span)
    return kept


def _blocks(text: str) -> tuple[list[Span], list[tuple[int, int]]]:
    """Private keys; and what only looks like secrets: addresses, certificates, public keys."""
    spans: list[Span] = []
    hidden: list[tuple[int, int]] = []
    place = 0
    unended: set[str] = set()
    while match := BEGIN.search(text, place):
        mark = f"-----END {match.group(1)}-----"
        at = -1 if mark in unended else text.find(mark, match.end())
        if at < 0:
            unended.add(mark)
        end = at + len(mark) if at >= 0 else match.end()
        if "PRIVATE KEY" in match.group(1):
            # A key that was cut off when it was copied is one all the same.
            end = end if at >= 0 else len(text)
            spans.append(Span(match.start(), end, Kind.PRIVATE_KEY))
        else:
            hidden.append((match.start(), end))
        place = end
    if putty := PUTTY.search(text):
        at = text.find("Private-MAC:", putty.end())
        end = text.find("\n", at) if at >= 0 else -1
        spans.append(Span(putty.start(), end if end >= 0 else len(text), Kind.PRIVATE_KEY))
    for pattern in (URL, PLAIN_URL):
        hidden.extend(match.span() for match in pattern.finditer(text))
    return spans, hidden


def _tokens(text: str) -> Iterator[Span]:
    for match in TOKENS.finditer(text):
        yield Span(*match.span(), Kind.TOKEN)
    for match in BEARER.finditer(text):
        if is_placeholder(match.group(1)) or not re.search(r"\d", match.group(1)):
            continue
        yield Span(*match.span(1), Kind.TOKEN)


def _connections(text: str) -> Iterator[Span]:
    for match in USERINFO.finditer(text):
        if not is_placeholder(match.group(1)):
            yield Span(*match.span(1), Kind.CONNECTION)
    for match in PAIR_AT_HOST.finditer(text):
        if match.group(1).lower() not in MAIL_LABELS and is_fair(match.group(2)):
            yield Span(*match.span(2), Kind.CONNECTION)
    for match in COMMAND.finditer(text):
        group = match.lastindex or 1
        if not is_placeholder(match.group(group).strip("'\"")):
            yield _trimmed(text, *match.span(group), Kind.PASSWORD)
    for match in PAIR.finditer(text):
        value = _trimmed(text, *match.span(1), Kind.PASSWORD)
        if is_strong(text[value.start : value.end]):
            yield value


def _announced(text: str, shut: list[tuple[int, int]]) -> Iterator[Span]:
    """Values that a word such as «clave» or `DB_PASSWORD` announces."""
    index = 0
    before = ""
    for word in WORDS.finditer(text):
        while index < len(shut) and shut[index][1] <= word.start():
            index += 1
        inside = index < len(shut) and shut[index][0] <= word.start() < shut[index][1]
        name = word.group().lower()
        if not inside and (kind := _announces(name, before)):
            value = _value_after(text, word, kind)
            if value is not None:
                yield value
        before = name


def _announces(name: str, before: str) -> Kind | None:
    if name in KEYS or name.endswith(ENDINGS):
        return None if name == "clave" and before in BEFORE_NOT else Kind.PASSWORD
    return Kind.TOKEN if len(name) <= 60 and TOKEN_KEYS.match(name) else None


def _value_after(text: str, word: re.Match[str], kind: Kind) -> Span | None:
    """The value that belongs to this word, if what follows looks like one."""
    end = min(len(text), word.end() + REACH)
    place = word.end()
    follows = WORDS.match(text, place + 1) if place < end and text[place] in " \t" else None
    if follows and follows.group().lower() in AFTER_NOT:
        return None
    if kind == Kind.PASSWORD and (under := UNDER.match(text, place, end)):
        alone = not text[text.rfind("\n", 0, word.start()) + 1 : word.start()].strip(" \t*_#-•>")
        return _on_next_line(text, under.end(), kind, mixed=True) if alone else None
    direct = True
    for _round in range(3):
        if hard := SEPARATOR.match(text, place, end):
            return _judged(text, hard.end(), end, kind, "hard", word)
        if kind == Kind.TOKEN:
            return None
        if soft := IS.match(text, place, end):
            return _judged(text, soft.end(), end, kind, "is:" if ":" in soft[0] else "is", word)
        # A value may stand where «de root» could: «pass de5Xy$» is tried before it is passed over.
        if at_once := SOFT.match(text, place, end):
            found = _judged(text, at_once.end(), end, kind, "direct" if direct else "soft", word)
            if found:
                return found
        described = OF.match(text, place, end)
        if described is None:
            return None
        place, direct = described.end(), False
    return None


def _judged(
    text: str, start: int, end: int, kind: Kind, how: str, word: re.Match[str]
) -> Span | None:
    if how == "hard" and start < len(text) and text[start] == "\n":
        return _on_next_line(text, start + 1, kind)
    quoted = QUOTED.match(text, start, end)
    if quoted:
        value, alone = Span(*quoted.span(2), kind), True
    else:
        bare = BARE.match(text, start)
        if bare is None:
            return None
        value = _trimmed(text, *bare.span(), kind)
        alone = bool(END.match(text, value.end))
    found = text[value.start : value.end]
    if is_placeholder(found) or NOT_A_VALUE.fullmatch(found):
        return None
    return value if _convinces(text, found, how, alone, word, kind) else None


def _convinces(
    text: str, found: str, how: str, alone: bool, word: re.Match[str], kind: Kind
) -> bool:
    if kind == Kind.TOKEN:
        return len(found) >= 12 and has_letter_and_digit(found)
    line = text[max(0, text.rfind("\n", 0, word.start()) + 1, word.start() - 80) : word.start()]
    name = word.group().lower()
    if how == "hard":
        return len(found) >= 3 and (is_fair(found) or (alone and len(found) >= 4))
    if name == "contra" and not how.startswith("is"):
        return False
    if how == "is:" and alone and len(found) >= 4 and " " in found:
        said = found.split()[0].lower() in NO_VALUE
        return not said and not LOST_OR_SAID.search(line)
    if how.startswith("is"):
        mine = PLAIN_MINE.search(line + name) is not None
        return is_fair(found) or (alone and mine and len(found) >= 5 and found.isalpha())
    if is_strong(found):
        return True
    if how != "direct" or LOST.search(line) or not is_fair(found):
        return False
    return name in SHORT or (alone and not found.isdigit())


def _on_next_line(text: str, start: int, kind: Kind, *, mixed: bool = False) -> Span | None:
    """A value that stands alone on the line under its word."""
    end = text.find("\n", start, start + REACH)
    line = text[start : end if end >= 0 else start + REACH]
    value = line.strip()
    fits = is_mixed(value) if mixed else is_fair(value)
    if not value or " " in value or not fits or NOT_A_VALUE.fullmatch(value):
        return None
    if is_placeholder(value) or (kind == Kind.TOKEN and len(value) < 12):
        return None
    at = start + line.index(value)
    return Span(at, at + len(value), kind)


def _trimmed(text: str, start: int, end: int, kind: Kind) -> Span:
    """Without the punctuation and the closing marks around a value."""
    while start < end and text[start] in "\"'`“«‘(":
        start += 1
    for mark in ("</", "\\n", "&amp"):
        at = text.find(mark, start, end)
        end = at if at > start else end
    while end > start and text[end - 1] in ".,;:)]»”’\"'`":
        end -= 1
    return Span(start, end, kind)
