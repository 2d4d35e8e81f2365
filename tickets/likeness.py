"""How much a draft looks like an open ticket of the same company (R8): pure.

Two texts are compared as sets of stems. A stem weighs the more, the fewer of the company's open
tickets hold it, and half where every support ticket says it:

    weight(s) = ln((N + PRIOR) / (n(s) + 1))          N tickets, of which n(s) hold s
    likeness  = Σ weight(shared) / √(Σ weight(draft) · Σ weight(ticket))        0 to 1

The root keeps a short text from looking like every long one that happens to contain it. Words
alone are not enough: the affection must be the same, or a machine named in both; with both the
words may be fewer. And one of the shared words must not be ordinary.

The same subject with the same affection is enough, however long the texts, if it has two stems.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

#: As if the company had this many more tickets: few say little about which words are rare.
PRIOR = 10
#: What a stem of `ordinary` weighs of its own.
ORDINARY_SHARE = 0.5
#: From which likeness on a ticket is shown: with the same affection and machine, or one of them.
ENOUGH_WITH_BOTH, ENOUGH_WITH_ONE = 0.22, 0.3
SHARED_WITH_BOTH, SHARED_WITH_ONE = 2, 3
#: How many stems a subject needs to say by itself that two tickets are about the same.
SUBJECT_STEMS = 2


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: A word after a full stop without a space is no top level: the longer ones are listed.
_HOST = re.compile(
    r"(?<![\w.-])(?:[\w-]{1,63}\.)+"
    r"(?:[a-z]{2}|com|net|org|edu|gob|gov|info|biz|online|site|store|cloud|dev|app|xyz|shop|tech|"
    r"local|lan|example)(?![\w-]|\.\w)"
)
_ADDRESS = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\d)")
#: Ends of file names, which look like the names of machines.
_FILES = _words(
    "php html htm css js json xml yml yaml ini conf cnf log txt sql zip gz tar rar pdf png jpg"
    " jpeg gif doc docx xls xlsx csv exe sh py bak pem crt key service sock msi eml pst"
)
#: Where half the world has its mail or its pages: naming it says nothing of the machine.
_EVERYBODYS = _words(
    "gmail.com hotmail.com outlook.com outlook.es yahoo.com yahoo.es icloud.com live.com"
    " google.com microsoft.com office365.com facebook.com whatsapp.com wordpress.org"
    " wordpress.com sunat.gob.pe cloudflare.com zoho.com amazonaws.com"
)
#: Second levels under which a company has its own name: `andina.com.pe`.
_SECOND_LEVELS = _words("com net org edu gob gov mil nom co sld")


@dataclass(frozen=True)
class Told:
    """A text as it is compared."""

    stems: frozenset[str]
    affection: str = ""
    machines: frozenset[str] = field(default_factory=frozenset)
    #: The stems of the subject alone.
    subject: frozenset[str] = frozenset()


def machines_in(text: str) -> frozenset[str]:
    """Addresses, hosts and their domains that a text names, in lower case.

    `ventas@mail.andina.com.pe` names the host and `andina.com.pe`.
    """
    found = set(_ADDRESS.findall(text))
    for host in _HOST.findall(text):
        labels = host.lower().removeprefix("www.").split(".")
        domain = _domain(labels)
        if labels[-1] not in _FILES and domain not in _EVERYBODYS:
            found |= {".".join(labels), domain}
    return frozenset(found)


def _domain(labels: Sequence[str]) -> str:
    short = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVELS
    return ".".join(labels[-3:] if short else labels[-2:])


def weights_of(texts: Iterable[Told], ordinary: frozenset[str] = frozenset()) -> Weights:
    """What each stem weighs among a company's tickets."""
    counts: Counter[str] = Counter()
    total = 0
    for told in texts:
        counts.update(told.stems)
        total += 1
    return Weights(counts, total, ordinary)


@dataclass(frozen=True)
class Weights:
    """The weight of a stem, and of several."""

    counts: Mapping[str, int]
    total: int
    ordinary: frozenset[str]

    def of(self, stem: str) -> float:
        rare = math.log((self.total + PRIOR) / (self.counts.get(stem, 0) + 1))
        return rare * (ORDINARY_SHARE if stem in self.ordinary else 1.0)

    def sum(self, stems: Iterable[str]) -> float:
        return sum(map(self.of, stems))


def likeness(one: Told, other: Told, weights: Weights) -> float:
    """From 0 for no word in common to 1 for the same words."""
    size = weights.sum(one.stems) * weights.sum(other.stems)
    return weights.sum(one.stems & other.stems) / math.sqrt(size) if size > 0 else 0.0


def looks_like(draft: Told, ticket: Told, weights: Weights) -> float:
    """The likeness where it is enough to show the ticket; 0 where it is not."""
    same_affection = bool(draft.affection) and draft.affection == ticket.affection
    same_machine = bool(draft.machines & ticket.machines)
    if not (same_affection or same_machine):
        return 0.0
    found = likeness(draft, ticket, weights)
    if same_affection and len(draft.subject) >= SUBJECT_STEMS and draft.subject == ticket.subject:
        return max(found, ENOUGH_WITH_ONE)
    both = same_affection and same_machine
    shared = draft.stems & ticket.stems
    if len(shared) < (SHARED_WITH_BOTH if both else SHARED_WITH_ONE) or shared <= weights.ordinary:
        return 0.0
    return found if found >= (ENOUGH_WITH_BOTH if both else ENOUGH_WITH_ONE) else 0.0


def most_alike(
    draft: Told, tickets: Sequence[Told], ordinary: frozenset[str] = frozenset()
) -> list[int]:
    """Which of these tickets the draft looks like: their places in the list, the likest first."""
    weights = weights_of(tickets, ordinary)
    found = [(looks_like(draft, told, weights), -place) for place, told in enumerate(tickets)]
    return [-place for score, place in sorted(found, reverse=True) if score > 0]
