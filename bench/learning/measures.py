"""What learning brings for paraphrases it has not seen, and what it withstands."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.learning.world import Asked, World, people, site

FOLDS, FIRST = 3, 3
#: What an attacker says beside the words of other articles.
LURE = "casino bono barato"
STOLEN = 12


@dataclass
class Gain:
    """Paraphrases that found their article among the first three, before and after."""

    asked: int = 0
    before: int = 0
    after: int = 0
    won: int = 0
    lost: int = 0

    def add(self, before: Sequence[bool], after: Sequence[bool]) -> None:
        """Add one fold."""
        self.asked += len(before)
        self.before += sum(before)
        self.after += sum(after)
        self.won += sum(now and not then for then, now in zip(before, after, strict=True))
        self.lost += sum(then and not now for then, now in zip(before, after, strict=True))


@dataclass(frozen=True)
class Attack:
    """What somebody reached for one article: hidden words, and searches in which it rose."""

    name: str
    words: int
    rose: int
    probes: int


def gains(
    folder: Path, articles: Path, asked: Sequence[Asked], *, visits: int, seed: int
) -> dict[str, Gain]:
    """Cross-validated: readers use two thirds of the paraphrases, the others are measured.

    `titles` are the articles' own titles: what is learned for one must not hide another.
    """
    found = {"search": Gain(), "suggest": Gain(), "titles": Gain()}
    for fold in range(FOLDS):
        seen = [one for n, one in enumerate(asked) if n % FOLDS != fold]
        unseen = [one for n, one in enumerate(asked) if n % FOLDS == fold]
        with site(folder / f"fold-{fold}", articles):
            world = World(random.Random(seed + fold))
            before = _measured(world, unseen)
            world.traffic(seen, visits * len({one.slug for one in asked}))
            after = _measured(world, unseen)
        for name, gain in found.items():
            gain.add(before[name], after[name])
    return found


def _measured(world: World, unseen: Sequence[Asked]) -> dict[str, list[bool]]:
    titles = [Asked(slug, title) for slug, title in sorted(world.titles.items())]
    return {
        "search": [one.slug in world.found(one.text, FIRST) for one in unseen],
        "suggest": [one.slug in world.suggested(one.text, FIRST) for one in unseen],
        "titles": [one.slug in world.found(one.text, FIRST) for one in titles],
    }


def attacks(folder: Path, articles: Path, asked: Sequence[Asked], *, seed: int) -> list[Attack]:
    """Several attackers, each with an article to push up for words of other articles."""
    with site(folder / "attacks", articles):
        world = World(random.Random(seed))
        targets = world.dice.sample(sorted(world.ids), len(_attackers()))
        return [
            _attack(world, name, target, identities(world), asked)
            for (name, identities), target in zip(_attackers(), targets, strict=True)
        ]


def _attackers() -> list[tuple[str, Callable[[World], list[str]]]]:
    def browsers(count: int) -> list[str]:
        return [f"hostile-{count}-{number}" for number in range(count)]

    def accounts(world: World, companies: int, each: int, prefix: str) -> list[str]:
        return people(companies, each, world.now, prefix=prefix)

    return [
        ("one browser", lambda _world: browsers(1)),
        ("ten browsers", lambda _world: browsers(10)),
        ("fifty browsers", lambda _world: browsers(50)),
        ("one account", lambda world: accounts(world, 1, 1, "x")),
        ("one account and fifty browsers", lambda w: [*accounts(w, 1, 1, "y"), *browsers(50)]),
        ("a company of five accounts", lambda world: accounts(world, 1, 5, "z")),
        ("three accounts of three companies", lambda world: accounts(world, 3, 1, "limit")),
    ]


def _attack(
    world: World, name: str, target: str, identities: Sequence[str], asked: Sequence[Asked]
) -> Attack:
    others = [one.text for one in asked if one.slug != target]
    stolen = world.dice.sample(others, min(STOLEN, len(others)))
    probes = [*others, *world.titles.values(), LURE]
    before = [_place(world, target, text) for text in probes]
    for person in identities:
        for text in [*stolen, LURE]:
            world.vote(target, text, person)
    world.settle()
    after = [_place(world, target, text) for text in probes]
    rose = sum(now < then for then, now in zip(before, after, strict=True))
    return Attack(name, len(world.hidden(target)), rose, len(probes))


def _place(world: World, slug: str, text: str) -> int:
    found = world.found(text)
    return found.index(slug) if slug in found else len(found) + 1_000
