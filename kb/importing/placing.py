"""At which address each article of a source stands here, and what is stored there.

An address belongs to whoever took it first. An article whose address belongs to one in another
language gets the language at its end: `100-continue-en`. In one import Spanish goes first. Where
a source has numbers they go before addresses: whoever had the number keeps its address here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kb import editor_queries, policy
from kb.importing.entries import Bundle, Entry, Found, Refusal, Refused
from kb.importing.numbers import Key, known_slugs, numbers_of
from kb.importing.reports import Report
from kb.importing.ties import Ties
from kb.models import Article


@dataclass
class Placing:
    """What the articles of one source were given, from one batch to the next."""

    bundle: Bundle
    report: Report
    ties: Ties
    given: dict[str, str] = field(default_factory=dict)
    #: The addresses of the numbered articles of the last batch, by their number.
    numbered: dict[Key, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        entries = (one.entry for one in self.bundle.found)
        self._numbers = {_key(entry) for entry in entries if entry.number}

    def at(self, batch: Sequence[Found]) -> list[tuple[Found, Article | None]]:
        """The articles at their addresses, each with what is stored there."""
        keys = {_key(one.entry) for one in batch if one.entry.number}
        known = known_slugs(self.bundle.source, keys) if keys else {}
        slugs = {name for one in batch for name in _candidates(one.entry)}
        stored = editor_queries.stored_articles(sorted({*slugs, *known.values()}))
        owners = self._owners(stored) if keys else {}
        placed: list[tuple[Found, Article | None]] = []
        noted: list[tuple[Found, str, Article | None]] = []
        self.numbered = {}
        for one in batch:
            try:
                slug = self._address(one.entry, stored, owners, known)
            except Refused as error:
                self.report.refusals.append(Refusal(one.where, error))
                continue
            self.given[slug] = one.entry.lang
            if one.entry.number:
                self.numbered[_key(one.entry)] = slug
            entry = replace(one.entry, slug=slug)
            placed.append((replace(one, entry=entry), stored.get(slug)))
            noted.append((placed[-1][0], one.entry.slug, stored.get(slug)))
        self.ties.note(noted)
        return placed

    def _owners(self, stored: Mapping[str, Article]) -> dict[int, set[Key]]:
        """The numbers of what is stored, as far as they are in this source still."""
        found = numbers_of(self.bundle.source, {article.id for article in stored.values()})
        return {article_id: keys & self._numbers for article_id, keys in found.items()}

    def _address(
        self,
        entry: Entry,
        stored: Mapping[str, Article],
        owners: Mapping[int, set[Key]],
        known: Mapping[Key, str],
    ) -> str:
        key, owner = _key(entry), ""
        if entry.number and key in known and known[key] not in self.given:
            return known[key]
        is_anothers = False
        for slug in _candidates(entry):
            article = stored.get(slug)
            owner = article.lang if article else self.given.get(slug, entry.lang)
            if owner == entry.lang and entry.number:
                others = owners.get(article.id, set()) - {key} if article else set()
                if others or slug in self.given:
                    is_anothers = True
                    continue
            # The language tells it from another language's, not from another number's.
            told_apart = slug != f"{entry.slug}-{entry.lang}" or not is_anothers
            if owner == entry.lang and told_apart and policy.is_slug(slug):
                return slug
        raise Refused(entry.slug_line, "slug belongs to an article in %(lang)s", lang=owner)


def _key(entry: Entry) -> Key:
    return entry.number, entry.lang


def _candidates(entry: Entry) -> Iterator[str]:
    """The addresses an article may have here, the likeliest first."""
    yield entry.slug
    yield f"{entry.slug}-{entry.lang}"
    if entry.number:
        yield f"{entry.slug}-{entry.number}"
