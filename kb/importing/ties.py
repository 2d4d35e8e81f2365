"""What ties imported articles to one another: the other language, and what is read after them.

They name one another by their addresses in the source, whatever comes first, so they are tied
when all are there. What a source does not say stays as it is here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from accounts.permissions import Actor
from core.db import db
from kb import policy
from kb.addresses.models import FormerAddress
from kb.importing.entries import Entry, Found, Remark
from kb.importing.reports import Report
from kb.models import Article
from kb.related.actions import MOST, choose_all
from kb.related.queries import chosen_slugs
from kb.translations.actions import link_translations, mark_translations
from kb.translations.queries import ids_behind, twin_slugs

AT_A_TIME = 200
_NOT_THERE = "the related article %(slug)s is not there"
_ITSELF = "an article is not related to itself"
_TOO_MANY = "it names more than %(most)d related articles: the first were taken"
_TAKEN = "%(slug)s is the translation of another article already: the two were not linked"


@dataclass(frozen=True)
class Known:
    """An article that is here, or will be: its present address and its language."""

    slug: str
    lang: str


@dataclass(frozen=True)
class _Before:
    """What an article that is here was tied to before the import."""

    related: tuple[str, ...]
    twin: str
    behind: bool


@dataclass(frozen=True)
class _Tied:
    where: str
    entry: Entry
    slug: str
    before: _Before | None


@dataclass
class Ties:
    """What the articles of one source say of one another, collected while they are stored."""

    places: dict[tuple[str, str], str] = field(default_factory=dict)
    told: list[_Tied] = field(default_factory=list)

    def note(self, placed: Sequence[tuple[Found, str, Article | None]]) -> None:
        """Take down entries, each with what it is called in its source and what is here of it."""
        before = _before([article.id for _, _, article in placed if article is not None])
        for one, named, article in placed:
            entry = one.entry
            slug = article.slug if article is not None else entry.slug
            self.places[(entry.lang, named)] = slug
            if entry.related or entry.translation:
                own = before[article.id] if article is not None else None
                self.told.append(_Tied(one.where, entry, slug, own))

    def tie(self, report: Report, *, actor: Actor | None, now: datetime, dry_run: bool) -> None:
        """Say in the report what changes, and unless it is a dry run change it."""
        claimed: dict[str, str] = {}
        taken = {(row.where, row.slug) for row in report.rows}
        told = [one for one in self.told if (one.where, one.entry.slug) in taken]
        for start in range(0, len(told), AT_A_TIME):
            part = told[start : start + AT_A_TIME]
            known = self._known(part)
            related = dict(self._related(part, known, report))
            twins = dict(self._twins(part, known, claimed, report))
            if not dry_run:
                _store(part, related, twins, actor=actor, now=now)

    def _known(self, part: Sequence[_Tied]) -> dict[str, Known]:
        """The articles that are named, by the address they are named by."""
        said = {name for one in part for name in one.entry.related}
        said |= {name for one in part for name in _candidates(one.entry)}
        known = {slug: Known(slug, lang) for (lang, _), slug in self.places.items()}
        return known | stored_at(sorted(said | {one.slug for one in part}))

    def _related(
        self, part: Sequence[_Tied], known: Mapping[str, Known], report: Report
    ) -> Iterator[tuple[str, list[str]]]:
        """The addresses to be chosen for each address."""
        for one in (one for one in part if one.entry.related):
            wanted: list[str] = []
            for name in one.entry.related:
                there = self._named(name, one.entry.lang, known)
                if there is None:
                    report.remarks.append(Remark(one.where, _NOT_THERE, {"slug": name}))
                elif there.slug == one.slug:
                    report.remarks.append(Remark(one.where, _ITSELF))
                elif there.slug not in wanted:
                    wanted.append(there.slug)
            if len(wanted) > MOST:
                report.remarks.append(Remark(one.where, _TOO_MANY, {"most": MOST}))
            wanted = wanted[:MOST]
            if wanted:
                yield one.slug, wanted
                if one.before is not None and one.before.related != tuple(wanted):
                    report.amend(one.where, one.entry.slug, "related")

    def _named(self, name: str, lang: str, known: Mapping[str, Known]) -> Known | None:
        """The article that a source calls so: first its own ones, those in one language first."""
        other = (tongue for tongue in policy.LANGUAGES if tongue != lang)
        own = (self.places.get((tongue, name)) for tongue in (lang, *other))
        found = (known.get(slug) for slug in own if slug is not None)
        return next((one for one in found if one is not None), known.get(name))

    def _twins(
        self,
        part: Sequence[_Tied],
        known: Mapping[str, Known],
        claimed: dict[str, str],
        report: Report,
    ) -> Iterator[tuple[str, str]]:
        """The address in the other language for each address; who names one first has it."""
        for one in (one for one in part if one.entry.translation):
            twin = self._twin(one.entry, known)
            if twin is None:
                continue
            if claimed.get(one.slug, twin) != twin or claimed.get(twin, one.slug) != one.slug:
                report.remarks.append(Remark(one.where, _TAKEN, {"slug": one.entry.translation}))
                continue
            claimed[one.slug], claimed[twin] = twin, one.slug
            yield one.slug, twin
            if one.before is not None:
                late = one.entry.behind if _may_be_behind(one.entry) else None
                new = one.before.twin != twin
                is_late = one.before.behind and not new
                told = {"translation": new, "behind": late is not None and late is not is_late}
                report.amend(
                    one.where, one.entry.slug, *(name for name, is_told in told.items() if is_told)
                )

    def _twin(self, entry: Entry, known: Mapping[str, Known]) -> str | None:
        other = _other(entry.lang)
        names = (self.places.get((other, entry.translation)), *_candidates(entry))
        found = (known.get(name) for name in names if name)
        return next((one.slug for one in found if one is not None and one.lang == other), None)


def stored_at(slugs: Sequence[str]) -> dict[str, Known]:
    """The articles that are here, by the address they are asked for by: theirs, or a former."""
    moved = select(FormerAddress.slug, Article.slug, Article.lang)
    moved = moved.join(Article, Article.id == FormerAddress.article_id)
    found: dict[str, Known] = {}
    for start in range(0, len(slugs), AT_A_TIME):
        part = slugs[start : start + AT_A_TIME]
        for asked, slug, lang in db.session.execute(moved.where(FormerAddress.slug.in_(part))):
            found[asked] = Known(slug, lang)
        own = select(Article.slug, Article.lang).where(Article.slug.in_(part))
        found |= {slug: Known(slug, lang) for slug, lang in db.session.execute(own)}
    return found


def _before(ids: Collection[int]) -> dict[int, _Before]:
    """What these articles are tied to now."""
    related, twins, late = chosen_slugs(ids), twin_slugs(ids), ids_behind(ids)
    return {
        key: _Before(tuple(related.get(key, ())), twins.get(key, ""), key in late) for key in ids
    }


def _store(
    part: Iterable[_Tied],
    related: Mapping[str, Sequence[str]],
    twins: Mapping[str, str],
    *,
    actor: Actor | None,
    now: datetime,
) -> None:
    named = {*related, *twins, *twins.values()}
    named |= {slug for slugs in related.values() for slug in slugs}
    if not named:
        return
    rows = db.session.execute(select(Article.slug, Article.id).where(Article.slug.in_(named)))
    ids: dict[str, int] = dict(rows.all())
    db.session.rollback()
    pairs = [(ids[a], ids[b]) for a, b in twins.items() if a in ids and b in ids]
    if pairs:
        link_translations(pairs=pairs, now=now)
    late = {
        ids[one.slug]: one.entry.behind
        for one in part
        if one.slug in twins and one.slug in ids and one.entry.behind is not None
    }
    if late:
        mark_translations(behind=late, now=now)
    chosen = {
        ids[slug]: [ids[one] for one in wanted if one in ids]
        for slug, wanted in related.items()
        if slug in ids
    }
    if chosen:
        choose_all(chosen=chosen, actor=actor, now=now)


def _may_be_behind(entry: Entry) -> bool:
    """Whether it can be the translation of the two: the first language is the original."""
    return entry.lang != policy.LANGUAGES[0]


def _other(lang: str) -> str:
    return next(tongue for tongue in policy.LANGUAGES if tongue != lang)


def _candidates(entry: Entry) -> tuple[str, ...]:
    """The addresses that the other language may have here, the likelier first."""
    twin = entry.translation
    return (f"{twin}-{_other(entry.lang)}", twin) if twin else ()
