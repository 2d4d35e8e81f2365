"""Whether a text promises when something will be done (R4). Pure.

The time to resolve a ticket is never estimated; who writes it all the same is stopped once. So
this errs on neither side: a fact with a duration in it («vence en 30 días») is no promise.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

import core.promise_verbs as verbs
from core.promise_marks import own_words
from core.promise_times import TAKES_MAYBE, TAKES_NOW, THIS_DAY, TIMES

#: What to write instead, by language.
AGREED = {
    "es": "No estimamos cuánto tardará: lo atendemos en el orden de las condiciones y le avisamos"
    " aquí en cuanto haya un avance.",
    "en": "We do not estimate how long it will take: we attend to it in the order of the"
    " conditions and tell you here as soon as there is progress.",
}
_DROPPED = frozenset("*_~`")
_END = re.compile(r"[.!?…]+(?=\s|$)|[;\n]")
#: A full stop after these ends no sentence.
_SHORT = re.compile(
    r"(?:\b(?:[apm]|hrs?|h|mins?|aprox|approx|seg|sra?|dra?|ing|no|nro|mr|ms|mrs|e\.g|i\.e))$"
)
_BREAK = re.compile(
    r"[,:()|«»\"“”—–]| - "
    r"|\b(?:y|pero|aunque|porque|asi que|entonces|luego|and|but|so|then|because|though)\b"
)
_ITEM = re.compile(r"\s*(?:[-+*•]|\d{1,3}[.)]|#{1,6}|\|)\s")
_ENGLISH = re.compile(
    r"\b(?:the|we|you|your|will|is|it|to|be|and|have|this|for|i|by|of|are|in|with|back|soon|asap)\b"
)
_SPANISH = re.compile(
    r"\b(?:el|la|los|las|de|que|en|se|lo|le|su|un|una|para|por|con|es|y|del|al|queda|manana|hoy)\b"
)
#: Two accents that tell words apart: «sí» is no condition, «envió» lies behind.
_YES = re.compile(r"\bsí\b", re.IGNORECASE)
_PAST = re.compile(r"(?<=\w)ó\b")
#: What a line begins with before its words: the mark of a list or a heading, «¡».
_MARKS = re.compile(r"\W*(?:\d{1,3}[.)] )?")
#: Up to a moment is no moment at which something is done.
_UNTIL = re.compile(r"\bhasta (?:el |la |las )?$")
_CLOCK_END = re.compile(r"[ap]\. ?m\.$")
#: A few words beside a time say nothing but the time: «En 20 min».
_FEW_WORDS = 2


@dataclass(frozen=True)
class Promise:
    """A promise in a text: the phrase and the whole sentence, as (start, end) in it."""

    phrase: tuple[int, int]
    sentence: tuple[int, int]


@dataclass(frozen=True)
class _Plain:
    """A text as it is read: `at` tells where each character of `text` stands in the source."""

    text: str
    at: list[int]
    raw: str

    def source(self, start: int, end: int) -> tuple[int, int]:
        return self.at[start], self.at[end - 1] + 1


@dataclass(frozen=True)
class _Sense:
    """What a clause says. `strength` of its verb: 3 to come, 2 planned, 1 perhaps, 0 none;
    `ours`: the writer says what they will do; `condition`: where one begins, or -1."""

    strength: int
    ours: bool
    state: bool
    alone: bool
    past: bool
    fact: bool
    others: bool
    work: bool
    order: bool
    denied: bool
    condition: int

    @property
    def silent(self) -> bool:
        stops = self.past or self.fact or self.order or self.denied or self.condition >= 0
        return not (self.strength or self.ours or self.state or self.alone or stops)


def find_promise(text: str) -> str | None:
    """The first phrase that promises a time, as it stands in `text`; None when there is none.

    Lines and words that quote somebody (`> …`, «…») and blocks of code are not the writer's
    verbs. The time it takes is linear in the length of the text.
    """
    found = promise_in(text)
    return None if found is None else text[slice(*found.phrase)]


def promise_in(text: str) -> Promise | None:
    """The first promise of a text, with where it stands."""
    plain = _plain(text)
    for start, end, asks in _sentences(plain):
        sentence = plain.text[start:end]
        phrase = None if asks else _promised(sentence)
        if phrase is not None:
            first, last = phrase
            spoken = _MARKS.match(sentence).end()  # type: ignore[union-attr]
            return Promise(
                plain.source(start + first, start + last),
                plain.source(start + spoken, start + len(sentence.rstrip())),
            )
    return None


def put_agreed(text: str) -> str:
    """The text with the agreed sentence where it first promised a time, and no other promise."""
    agreed = agreed_sentence(text)
    kept = text
    while (found := promise_in(kept)) is not None:
        start, end = found.sentence
        kept = kept[:start] + ("" if agreed in kept else agreed) + kept[end:]
    return kept.strip()


def agreed_sentence(text: str) -> str:
    """What to write instead of a promise, in the language of the text."""
    plain = _plain(text).text
    english, spanish = (len(found.findall(plain)) for found in (_ENGLISH, _SPANISH))
    return AGREED["en" if english > spanish else "es"]


def _plain(text: str) -> _Plain:
    """Lower case, no accents, single spaces; \\n where a line ends what was said."""
    characters: list[str] = []
    at: list[int] = []
    position, fenced = 0, False
    for line in text.splitlines(keepends=True):
        start, position = position, position + len(line)
        bare = line.lstrip()
        fence = bare.startswith(("```", "~~~"))
        fenced ^= fence
        if fence or fenced or not bare or bare.startswith(">"):
            line = ""
        if not line or _ITEM.match(line) or not (bare[0].islower() or bare[0].isdigit()):
            characters.append("\n")
            at.append(start)
        for place, character in enumerate(_told_apart(line), start):
            read = _read(character)
            if read and not (read == " " and characters[-1:] in ([" "], ["\n"], [])):
                characters.append(read)
                at.append(place)
    return _Plain("".join(characters), at, text)


def _told_apart(line: str) -> str:
    return _PAST.sub("ø", _YES.sub("ok", own_words(line)))


def _read(character: str) -> str:
    """One character as it is compared; '' for what changes nothing."""
    if character in _DROPPED:
        return ""
    if character.isspace():
        return " "
    if character.isascii():
        return character.lower()
    if character in "’‘´":
        return "'"
    if unicodedata.category(character) in {"Mn", "Cf"}:
        return ""
    return unicodedata.normalize("NFKD", character)[:1].lower()[:1]


def _sentences(plain: _Plain) -> Iterator[tuple[int, int, bool]]:
    """(start, end, whether it is a question) of each sentence."""
    start, text = 0, plain.text
    for stop in _END.finditer(text):
        if stop[0] == "." and _SHORT.search(text[max(start, stop.start() - 7) : stop.start()]):
            after = text[stop.end() : stop.end() + 2].lstrip()
            follows = plain.raw[plain.at[stop.end() + 1]] if after else ""
            if not follows.isupper():
                continue
        yield start, stop.end(), "?" in stop[0]
        start = stop.end()
    yield start, len(text), False


def _promised(sentence: str) -> tuple[int, int] | None:
    """Where a sentence, as it is read, promises a time."""
    breaks: list[tuple[int, int]] | None = None
    senses: dict[tuple[int, int], _Sense] = {}
    spoken, others = len(sentence.split()), verbs.OTHERS.search(sentence) is not None
    for time in TIMES.finditer(sentence):
        if _UNTIL.search(sentence[max(0, time.start() - 9) : time.start()]):
            continue
        if breaks is None:
            breaks = [found.span() for found in _BREAK.finditer(sentence)]
        left, right = _clause(breaks, time.start(), time.end(), len(sentence))
        for part in ((left, right), (0, len(sentence))):
            if part not in senses:
                senses[part] = _sense(sentence[slice(*part)])
            sense, before = senses[part], time.start() - part[0]
            if not sense.silent:
                break
        few = spoken - len(time[0].split()) <= _FEW_WORDS
        if time.lastgroup == "take" and TAKES_MAYBE.match(time[0]):
            sense = replace(sense, others=sense.others or others)
        if _is_promise(time, sense, before=before, few=few):
            stop = time[0].endswith(".") and not _CLOCK_END.search(time[0])
            return time.start(), time.end() - stop
    return None


def _clause(breaks: list[tuple[int, int]], start: int, end: int, length: int) -> tuple[int, int]:
    """The part of a sentence around (start, end) that no comma or «y» divides."""
    before = bisect_right(breaks, start, key=lambda span: span[1])
    after = bisect_left(breaks, end, key=lambda span: span[0])
    left = breaks[before - 1][1] if before else 0
    right = breaks[after][0] if after < len(breaks) else length
    return left, right


def _sense(clause: str) -> _Sense:
    condition = verbs.CONDITION.search(clause)
    ours = verbs.OURS.search(clause) is not None
    levels = (verbs.MAYBE, verbs.PLAN, verbs.AHEAD)
    told = [level for level, verb in enumerate(levels, 1) if verb.search(clause)]
    return _Sense(
        strength=max(told, default=0),
        ours=ours,
        state=verbs.STATE.search(clause) is not None,
        alone=verbs.STANDS_ALONE.search(clause) is not None,
        past=verbs.PAST.search(clause) is not None,
        fact=verbs.FACT.search(clause) is not None,
        others=verbs.OTHERS.search(clause) is not None,
        work=verbs.WORK.search(clause) is not None,
        order=verbs.ORDER.search(clause.strip()) is not None,
        denied=verbs.DENIED.search(clause) is not None,
        condition=condition.start() if condition else -1,
    )


def _is_promise(time: re.Match[str], sense: _Sense, *, before: int, few: bool) -> bool:
    """Whether a time with this sense around it is promised."""
    kind = time.lastgroup
    if sense.denied or 0 <= sense.condition < before:
        return False
    if kind == "sure":
        return sense.strength == 3 or sense.ours or not (sense.past or sense.fact)
    if sense.ours and kind != "take":
        return True
    if sense.fact or (sense.others and not sense.ours):
        return False
    if kind == "take":
        return not sense.past and (sense.work or not TAKES_NOW.match(time[0]))
    if sense.order:
        return False
    if sense.strength == 3:
        return True
    if sense.past:
        return False
    if kind == "either":
        later = sense.state and not THIS_DAY.match(time[0])
        return sense.strength == 2 or later
    later = sense.state and kind == "ahead"
    return kind == "soon" or sense.strength > 0 or later or few
