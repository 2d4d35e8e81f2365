"""What is offered before a ticket is sent: known outages, the company's open tickets, answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from accounts.permissions import Actor
from kb.analysis import fold, is_courtesy, is_stop, normalise, tokens
from kb.search import Suggestion, suggest_articles
from tickets.drafts import Written
from tickets.duplicates import Duplicates, duplicates_of
from tickets.outages.fitting import fitting
from tickets.outages.queries import Notice

#: Only the provider can mend these: no article is held against the customer (SEARCH.md).
STRAIGHT_TO_SENDING = frozenset({"corte-de-red", "maquina-no-arranca"})
#: Candidates of all kinds together; where outages and duplicates fill them, an answer still fits.
AT_MOST = 5
#: A text with fewer words that say something, or fewer letters, is too short to answer.
TELLING_WORDS, TELLING_CHARS = 2, 12


@dataclass(frozen=True)
class Offered:
    """The candidates in the order in which they are shown. `straight`: nothing to read first."""

    straight: bool = False
    outages: Sequence[Notice] = ()
    duplicates: Duplicates = field(default_factory=Duplicates)
    articles: Sequence[Suggestion] = ()


def offered(actor: Actor | None, written: Written, known: Sequence[Notice]) -> Offered:
    """What fits this text, for this reader and in their language; `known` are the open outages."""
    texts = {"subject": written.subject, "description": written.description}
    straight = written.affection in STRAIGHT_TO_SENDING
    outages = fitting(known, affection=written.affection, **texts)
    duplicates = duplicates_of(actor, affection=written.affection, **texts)
    room = max(1, AT_MOST - len(outages) - len(duplicates.visible))
    articles = (
        []
        if straight or not says_enough(**texts)
        else suggest_articles(written.subject, written.description, room)
    )
    return Offered(straight, outages, duplicates, articles)


def read_again(offer: Offered, actor: Actor | None, written: Written) -> Offered:
    """The same after a transaction, which lets go of the tickets that were read before it."""
    found = duplicates_of(
        actor,
        subject=written.subject,
        description=written.description,
        affection=written.affection,
    )
    return replace(offer, duplicates=found)


def says_enough(subject: str, description: str) -> bool:
    """Whether a text is long enough for anything but rubbish to be found for it."""
    text = f"{subject}\n{description}"[:4000]
    words = (token.word for token in tokens(fold(normalise(text))))
    telling = {word for word in words if not is_stop(word) and not is_courtesy(word)}
    return len(telling) >= TELLING_WORDS and sum(map(len, telling)) >= TELLING_CHARS
