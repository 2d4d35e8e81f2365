"""Which words readers have taught the FAQ: decided here, and nowhere else. Pure.

A word becomes a hidden word of an article when people who used it were helped by that article.
Anybody can open fifty browsers, so people who cannot be told apart are never counted one by one
(decision 0026).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

#: So many more people were helped than sought help in vain.
LEAST_PEOPLE = 3
#: They come from so many sides: companies, or the staff that stands behind an answer.
LEAST_SIDES = 2
#: However many visitors without an account used a word, together they are one person.
VISITORS_COUNT = 1
#: An account made for the occasion counts as a visitor.
YOUNG_ACCOUNT = timedelta(days=7)
#: A word that nobody was helped with for so long is forgotten.
KEPT_FOR = timedelta(days=365)
#: Hidden words of one article.
MOST_WORDS = 30
#: A word of more articles than this tells none of them apart.
MOST_HOLDERS = 5
#: Words noted of one text, of one person in a day, and of all visitors for one article in a day.
PER_TEXT, PER_PERSON, VISITORS_PER_ARTICLE = 12, 40, 60


class Source(StrEnum):
    """Where somebody was helped, or was not."""

    VOTE = "vote"
    SOLVED = "solved"
    REPLY = "reply"
    FILED = "filed"


class Standing(StrEnum):
    """How far a person can be told from others."""

    VISITOR = "visitor"
    CUSTOMER = "customer"
    STAFF = "staff"


@dataclass(frozen=True)
class Voice:
    """One person who used the word. `side` names a company, or the staff; `vouched`: a
    technician chose the article. `helped` is False where they filed a ticket all the same."""

    standing: Standing
    side: str
    helped: bool
    vouched: bool
    at: datetime


@dataclass(frozen=True)
class Support:
    """What speaks for a word: people (visitors together as one), sides, people against it."""

    people: int
    sides: int
    against: int
    vouched: int


def standing_of(
    *,
    staff: bool,
    confirmed_at: datetime | None,
    created_at: datetime,
    vouched: bool = False,
    now: datetime,
) -> Standing:
    """The standing of somebody who is signed in. However new the account, a technician has read
    what they wrote (`vouched`)."""
    if staff:
        return Standing.STAFF
    if vouched:
        return Standing.CUSTOMER
    if confirmed_at is None or now - created_at < YOUNG_ACCOUNT:
        return Standing.VISITOR
    return Standing.CUSTOMER


def support_of(voices: Iterable[Voice], *, now: datetime) -> Support:
    """The support of one word of one article; what is too old says nothing any more."""
    fresh = [voice for voice in voices if now - voice.at < KEPT_FOR]
    known = [voice for voice in fresh if voice.standing is not Standing.VISITOR]
    helped = [voice for voice in known if voice.helped]
    vouched = sum(voice.vouched for voice in helped)
    visitors = sum(voice.standing is Standing.VISITOR and voice.helped for voice in fresh)
    sides = {voice.side for voice in helped}
    # The technician who answered with the article is nobody's colleague.
    return Support(
        people=len(helped) + min(visitors, VISITORS_COUNT),
        sides=len(sides) + (1 if vouched and Standing.STAFF.value not in sides else 0),
        against=sum(not voice.helped for voice in known),
        vouched=vouched,
    )


def is_earned(support: Support, *, guarded: bool = False) -> bool:
    """Whether a word becomes a hidden word.

    `guarded`: the title of another article says it. Then only answers of technicians count: a
    vote must not lead readers away from the article that is about it.
    """
    people = support.vouched if guarded else support.people
    return people - support.against >= LEAST_PEOPLE and support.sides >= LEAST_SIDES


def chosen_words(
    voices: Mapping[str, Sequence[Voice]],
    *,
    guarded: frozenset[str],
    holders: Mapping[str, int],
    room: int,
    now: datetime,
) -> list[str]:
    """The words an article has earned, best supported first, at most `room`.

    `holders` is how many other articles have a word hidden already.
    """
    earned = [
        (support, word)
        for word, support in ((w, support_of(said, now=now)) for w, said in voices.items())
        if is_earned(support, guarded=word in guarded) and holders.get(word, 0) < MOST_HOLDERS
    ]
    earned.sort(key=lambda pair: (pair[0].against - pair[0].people, pair[1]))
    return [word for _, word in earned[: max(0, room)]]


def within(day_used: int, most: int, wanted: int) -> int:
    """How many of `wanted` notes still fit under the cap of the day."""
    return max(0, min(wanted, most - day_used))
