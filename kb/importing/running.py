"""A bundle of articles brought into the FAQ, or only compared with it.

An address belongs to whoever took it first. An article whose address belongs to one in another
language gets the language at its end: `100-continue-en`. In one import Spanish goes first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from accounts.permissions import Actor
from core.text import plain_text
from kb import actions, categories, editor_queries, policy, queries
from kb.addresses.queries import former_shelves
from kb.importing import addresses, pictures, translations
from kb.importing.entries import (
    Bundle,
    Entry,
    Found,
    Pictures,
    Refusal,
    Refused,
    Remark,
    Shelf,
)
from kb.importing.life import settle
from kb.models import Article

#: Articles stored in one transaction.
BATCH = 100

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Row:
    """One article of an import: `new`, `changed` (and what of it) or `unchanged`."""

    outcome: str
    where: str
    slug: str
    title: str
    changes: tuple[str, ...] = ()


@dataclass
class Report:
    """What an import did, or would do."""

    rows: list[Row] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def count(self, outcome: str) -> int:
        return Counter(row.outcome for row in self.rows)[outcome]

    @property
    def new(self) -> int:
        return self.count("new")

    @property
    def changed(self) -> int:
        return self.count("changed")

    @property
    def unchanged(self) -> int:
        return self.count("unchanged")

    @property
    def files(self) -> int:
        """How many articles were looked at."""
        return len(self.rows) + len(self.refusals)

    def plain(self) -> dict[str, Any]:
        """The report as JSON can hold it."""
        told = [(refusal.where, refusal.error) for refusal in self.refusals]
        return {
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "rows": [asdict(row) for row in self.rows],
            "refused": [
                {"where": where, "line": e.line, "said": e.said, "values": plain(e.values),
                 "reason": e.reason}
                for where, e in told
            ],
            "remarks": [
                {"where": remark.where, "said": remark.said, "values": plain(remark.values)}
                for remark in self.remarks
            ],
        }  # fmt: skip


def plain(values: Mapping[str, object]) -> dict[str, str | int]:
    """Values of a reason as JSON can hold them."""
    return {key: value if isinstance(value, int) else str(value) for key, value in values.items()}


@dataclass(frozen=True)
class _Wanted:
    """An article that differs from what is stored, with its text without markup."""

    entry: Entry
    plain: str


def bring_in(
    bundle: Bundle,
    *,
    now: datetime,
    progress: Progress,
    dry_run: bool = False,
    actor: Actor | None = None,
) -> Report:
    """Store what is new or changed, a hundred articles at a time; `dry_run` stores nothing.

    `progress` is told (articles done, articles in all). Running it again changes nothing.
    """
    report = Report(refusals=list(bundle.refusals), remarks=list(bundle.remarks))
    order = sorted(_settled(bundle.found), key=lambda one: policy.LANGUAGES.index(one.entry.lang))
    first: dict[tuple[str, str], str] = {}
    given: dict[str, str] = {}
    total = len(order) + len(bundle.refusals)

    def take(one: Found) -> Entry:
        return pictures.taken_in(one, bundle.pictures, actor=actor, now=now)

    if bundle.all_shelves and not dry_run:
        _shelf_ids(bundle.shelves, bundle.shelves, actor, now)
    for start in range(0, len(order), BATCH):
        batch = list(_each_once(order[start : start + BATCH], first, report))
        placed = _placed(batch, given, report)
        wanted = list(_compared(placed, None if dry_run else take, report, bundle.pictures))
        if wanted and not dry_run:
            _store(wanted, bundle.shelves, actor, now)
        progress(min(start + BATCH, len(order)) + len(bundle.refusals), total)
    if not order and total:
        progress(total, total)
    if not dry_run:
        translations.link([one.entry for one in order], now=now)
        addresses.take_former([one.entry for one in order], now=now)
    return report


def _settled(found: Sequence[Found]) -> Iterator[Found]:
    """The articles in the categories that theirs are called now."""
    moved = former_shelves()
    for one in found:
        category = moved.get(one.entry.category, one.entry.category)
        yield replace(one, entry=replace(one.entry, category=category))


def _each_once(
    batch: Sequence[Found], first: dict[tuple[str, str], str], report: Report
) -> Iterator[Found]:
    """The articles whose address no article of the same language had before in this source."""
    for one in batch:
        key = (one.entry.lang, one.entry.slug)
        if key in first:
            reason = "slug %(slug)s is also in %(other)s"
            error = Refused(one.entry.slug_line, reason, slug=key[1], other=first[key])
            report.refusals.append(Refusal(one.where, error))
            continue
        first[key] = one.where
        yield one


def _placed(
    batch: Sequence[Found], given: dict[str, str], report: Report
) -> list[tuple[Found, Article | None]]:
    """The articles at their addresses, each with what is stored there."""
    slugs = {name for one in batch for name in (one.entry.slug, _with_language(one.entry))}
    stored = editor_queries.stored_articles(sorted(slugs))
    placed: list[tuple[Found, Article | None]] = []
    for one in batch:
        try:
            slug = _address(one.entry, stored, given)
        except Refused as error:
            report.refusals.append(Refusal(one.where, error))
            continue
        given[slug] = one.entry.lang
        placed.append((replace(one, entry=replace(one.entry, slug=slug)), stored.get(slug)))
    return placed


def _with_language(entry: Entry) -> str:
    return f"{entry.slug}-{entry.lang}"


def _address(entry: Entry, stored: Mapping[str, Article], given: Mapping[str, str]) -> str:
    owner = ""
    for slug in (entry.slug, _with_language(entry)):
        owner = stored[slug].lang if slug in stored else given.get(slug, entry.lang)
        if owner == entry.lang and policy.is_slug(slug):
            return slug
    raise Refused(entry.slug_line, "slug belongs to an article in %(lang)s", lang=owner)


def _compared(
    placed: Sequence[tuple[Found, Article | None]],
    take: Callable[[Found], Entry] | None,
    report: Report,
    pictured: Pictures | None,
) -> Iterator[_Wanted]:
    """What differs from what is stored. `take` takes the pictures in; without it nobody knows
    yet where they will be, so images count as the same wherever they are."""
    for one, before in placed:
        try:
            entry = take(one) if take else one.entry
            changes = () if before is None else tuple(differences(entry, before, dry=take is None))
            unchanged = before is not None and not changes
            words = "" if unchanged else _plain(entry.body)
        except Refused as error:
            report.refusals.append(Refusal(one.where, error))
            continue
        outcome = "new" if before is None else "unchanged" if unchanged else "changed"
        report.rows.append(Row(outcome, one.where, entry.slug, entry.title, changes))
        report.remarks.extend(pictures.remarks_on(one, pictured))
        if not unchanged:
            yield _Wanted(entry, words)


def differences(entry: Entry, article: Article, *, dry: bool = False) -> Iterator[str]:
    """What storing the entry would change of the article."""
    # Lines without words at either end are no change: a file cannot keep them.
    bodies = entry.body.strip("\n"), article.body.strip("\n")
    if dry and bodies[0] != bodies[1] and pictures.shows_any(entry):
        bodies = pictures.without_places(bodies[0]), pictures.without_places(bodies[1])
    pairs = {
        "title": (entry.title, article.title),
        "summary": (entry.summary, article.summary),
        "tags": (list(entry.tags), list(article.tags)),
        "category": (entry.category, article.category.slug),
        "body": bodies,
        "updated": (entry.updated_at or article.updated_at, article.updated_at),
    }
    return (name for name, (wanted, stored) in pairs.items() if wanted != stored)


def _plain(body: str) -> str:
    try:
        return plain_text(body)
    except (ValueError, RecursionError) as error:
        raise Refused(1, "the text is too complex") from error


def _store(
    wanted: Sequence[_Wanted], shelves: Mapping[str, Shelf], actor: Actor | None, now: datetime
) -> None:
    used = {one.entry.category for one in wanted}
    category_ids = _shelf_ids(used, shelves, actor, now)
    entries = {one.entry.slug: one.entry for one in wanted}
    actions.import_articles(
        articles=[_imported(one, category_ids) for one in wanted],
        now=now,
        actor=actor,
        settle=lambda article: settle(article, entries[article.slug], now),
    )


def _shelf_ids(
    used: Iterable[str], shelves: Mapping[str, Shelf], actor: Actor | None, now: datetime
) -> dict[str, int]:
    """The numbers of all categories by address, after those of `used` were made."""
    ids = {category.slug: category.id for category in queries.categories()}
    for slug in sorted(set(used) - ids.keys(), key=lambda slug: (_place(shelves, slug), slug)):
        shelf = shelves.get(slug) or Shelf(policy.name_from(slug))
        ids[slug] = categories.put_category(
            actor=actor, slug=slug, name=shelf.name, description=shelf.description, now=now
        )
    return ids


def _place(shelves: Mapping[str, Shelf], slug: str) -> int:
    shelf = shelves.get(slug)
    return shelf.position if shelf and shelf.position else len(shelves) + 1


def _imported(one: _Wanted, category_ids: Mapping[str, int]) -> actions.ImportedArticle:
    entry = one.entry
    text = actions.ArticleText(
        title=entry.title,
        slug=entry.slug,
        category_id=category_ids[entry.category],
        summary=entry.summary,
        tags=entry.tags,
        lang=entry.lang,
        body=entry.body,
    )
    return actions.ImportedArticle(text=text, plain=one.plain, updated_at=entry.updated_at)
