"""A bundle of articles brought into the FAQ, or only compared with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from accounts.permissions import Actor
from kb import actions, categories, editor_queries, policy, queries
from kb.addresses.queries import former_shelves
from kb.importing import addresses, pictures
from kb.importing.comparing import words_of
from kb.importing.entries import Bundle, Entry, Found, Refusal, Refused, Shelf
from kb.importing.holding import Held, hold
from kb.importing.life import settle
from kb.importing.looking import Looking, Wanted
from kb.importing.numbers import remember
from kb.importing.placing import Placing
from kb.importing.reports import Report as Report
from kb.importing.ties import Ties
from kb.learning.taking import take_words

#: Articles stored in one transaction.
BATCH = 100

Progress = Callable[[int, int], None]


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
    ties = Ties()
    placing = Placing(bundle, report, ties)
    total = len(order) + len(bundle.refusals)

    def take(one: Found) -> Entry:
        return pictures.taken_in(one, bundle.pictures, actor=actor, now=now)

    if bundle.all_shelves and not dry_run:
        _shelf_ids(bundle.shelves, bundle.shelves, actor, now)
    for start in range(0, len(order), BATCH):
        batch = list(_each_once(order[start : start + BATCH], first, report))
        wanted = list(Looking(report, bundle, None if dry_run else take).at(placing.at(batch)))
        if not dry_run:
            _store(wanted, bundle.shelves, actor, now)
            remember(source=bundle.source, slugs=placing.numbered)
        progress(min(start + BATCH, len(order)) + len(bundle.refusals), total)
    if not order and total:
        progress(total, total)
    ties.tie(report, actor=actor, now=now, dry_run=dry_run)
    if not dry_run:
        addresses.take_former([one.entry for one in order], now=now)
    return report


def _settled(found: Sequence[Found]) -> Iterator[Found]:
    """The articles in the categories that theirs are called now."""
    moved = former_shelves()
    for one in found:
        waiting = _shelved(one.waiting, moved) if one.waiting is not None else None
        yield replace(_shelved(one, moved), waiting=waiting)


def _shelved(one: Found, moved: Mapping[str, str]) -> Found:
    category = moved.get(one.entry.category, one.entry.category)
    return replace(one, entry=replace(one.entry, category=category))


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


def _store(
    wanted: Sequence[Wanted], shelves: Mapping[str, Shelf], actor: Actor | None, now: datetime
) -> None:
    if not wanted:
        return
    texts = [one.entry for one in wanted]
    texts += [one.waiting for one in wanted if one.waiting is not None]
    category_ids = _shelf_ids({text.category for text in texts}, shelves, actor, now)
    entries = {one.entry.slug: one.entry for one in wanted}
    shown = [
        _imported(one.entry, one.plain, category_ids) for one in wanted if one.plain is not None
    ]
    if shown:
        actions.import_articles(
            articles=shown,
            now=now,
            actor=actor,
            settle=lambda article: settle(article, entries[article.slug], now),
        )
    held = [
        Held(_text(one.waiting, category_ids), one.waiting.updated_at)
        for one in wanted
        if one.waiting is not None
    ]
    if held:
        hold(texts=held, actor=actor, now=now)
    words = {one.entry.slug: words_of(one.entry) for one in wanted if one.has_words}
    if words:
        stored = editor_queries.stored_articles(sorted(words))
        told = {stored[slug].id: words[slug] for slug in words if slug in stored}
        take_words(told=told, actor=actor, now=now)


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


def _imported(entry: Entry, plain: str, category_ids: Mapping[str, int]) -> actions.ImportedArticle:
    return actions.ImportedArticle(
        text=_text(entry, category_ids), plain=plain, updated_at=entry.updated_at
    )


def _text(entry: Entry, category_ids: Mapping[str, int]) -> actions.ArticleText:
    return actions.ArticleText(
        title=entry.title,
        slug=entry.slug,
        category_id=category_ids[entry.category],
        summary=entry.summary,
        tags=entry.tags,
        lang=entry.lang,
        body=entry.body,
    )
