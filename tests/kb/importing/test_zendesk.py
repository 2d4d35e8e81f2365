"""A help centre of Zendesk, taken in from the JSON of its API."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import delete

from core.db import db, transaction
from kb import queries, steps
from kb.addresses.actions import change_address
from kb.editor_queries import stored_articles
from kb.importing.entries import Bundle, Refused, State
from kb.importing.models import SourceNumber
from kb.importing.running import bring_in
from kb.importing.zendesk import read_export
from kb.models import Category
from tests.cast import Cast
from tests.kb.importing.sources import zendesk_article, zendesk_export

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def read(*articles: dict[str, Any], **more: Any) -> Bundle:
    return read_export("z.json", zendesk_export(*articles, **more))


def test_an_article_comes_with_all_it_has() -> None:
    entry = read(zendesk_article(7, "No llegan mis correos")).found[0].entry
    assert (entry.slug, entry.title, entry.body, entry.tags, entry.lang) == (
        "no-llegan-mis-correos",
        "No llegan mis correos",
        "Texto de **No llegan mis correos**.",
        ("correo", "spam"),
        "es",
    )
    assert (entry.state, entry.updated_at, entry.moments["created"]) == (
        State.PUBLISHED,
        datetime(2025, 11, 3, 14, 5, 9, tzinfo=UTC),
        datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC),
    )


def test_what_is_no_article_is_told() -> None:
    given = zendesk_article(1, "Buena")
    bundle = read_export("z.json", json.dumps({"articles": ["mala", given, None]}).encode())
    assert [str(one) for one in bundle.refusals] == [
        "z.json [1]: is no article",
        "z.json [3]: is no article",
    ]
    assert [one.entry.title for one in bundle.found] == ["Buena"]


def test_drafts_and_closed_articles_stay_unseen() -> None:
    bundle = read(
        zendesk_article(1, "Borrador", draft=True),
        zendesk_article(2, "Sólo agentes", user_segment_id=99),
        zendesk_article(3, "De todos"),
    )
    assert [one.entry.state for one in bundle.found] == [
        State.DRAFT,
        State.DRAFT,
        State.PUBLISHED,
    ]
    assert [remark.where for remark in bundle.remarks] == ["z.json #2"]


def test_sections_become_categories_and_are_told_apart(cast: Cast) -> None:
    rows = [zendesk_article(n, f"Uno {n}", section_id=20 + n) for n in range(3)]
    bundle = read(*rows, zendesk_article(9, "Sin lugar", section_id=404))
    bring_in(bundle, now=NOW, progress=lambda *_: None)
    db.session.rollback()
    found = {c.slug: (c.name, c.description) for c in db.session.query(Category)}
    assert found == {
        "correo-problemas": ("Correo: Problemas", "Ay."),
        "cuenta-problemas": ("Cuenta: Problemas", ""),
        "pagos": ("Pagos", ""),
        "zendesk": ("Zendesk", ""),
    }


@pytest.mark.parametrize("inside", [True, False])
def test_translations_are_articles_linked_to_one_another(inside: bool) -> None:
    english = {"locale": "en-us", "title": "Mail is late", "body": "<p>Wait.</p>", "source_id": 7}
    article = zendesk_article(7, "El correo tarda")
    if inside:
        bundle = read({**article, "translations": [english]})
    else:
        bundle = read(
            article, translations=[english, {"source_id": 7, "locale": "fr", "title": "x"}]
        )
        assert [str(refusal) for refusal in bundle.refusals] == [
            "z.json #7: lang is none of es, en"
        ]
    assert [
        (e.entry.lang, e.entry.slug, e.entry.translation, e.entry.body) for e in bundle.found
    ] == [
        ("es", "el-correo-tarda", "mail-is-late", "Texto de **El correo tarda**."),
        ("en", "mail-is-late", "el-correo-tarda", "Wait."),
    ]


def test_two_articles_of_one_title_get_their_numbers() -> None:
    bundle = read(zendesk_article(1, "Lo mismo"), zendesk_article(2, "Lo mismo"))
    assert [one.entry.slug for one in bundle.found] == ["lo-mismo", "lo-mismo-2"]


def brought(*rows: dict[str, Any], dry_run: bool = False) -> list[tuple[str, str, tuple[str, ...]]]:
    """What an import of these says of each article."""
    db.session.rollback()
    report = bring_in(read(*rows), now=NOW, progress=lambda *_: None, dry_run=dry_run)
    db.session.rollback()
    assert report.refusals == []
    return [(row.outcome, row.slug, row.changes) for row in report.rows]


def test_a_title_that_changes_there_changes_the_article_here(cast: Cast) -> None:
    english = {"locale": "en-us", "title": "Mail is late", "body": "<p>Wait.</p>"}
    row = zendesk_article(7, "El correo tarda", translations=[english])
    brought(row)
    row = zendesk_article(
        7, "El correo no llega", translations=[{**english, "title": "Mail does not come"}]
    )
    expected = [
        ("changed", "el-correo-tarda", ("title", "summary", "body")),
        ("changed", "mail-is-late", ("title",)),
    ]
    for dry_run in (True, False):
        assert brought(row, dry_run=dry_run) == expected
    assert [outcome for outcome, *_ in brought(row)] == ["unchanged", "unchanged"]
    found = stored_articles(["el-correo-tarda", "mail-is-late"])
    assert found["el-correo-tarda"].title == "El correo no llega"
    assert found["mail-is-late"].translation_of == found["el-correo-tarda"].id


def test_an_article_keeps_its_number_where_its_title_goes_to_another(cast: Cast) -> None:
    brought(zendesk_article(1, "Lo mismo"))
    rows = [zendesk_article(1, "Otra cosa"), zendesk_article(2, "Lo mismo")]
    for order in (rows, rows[::-1]):
        for dry_run in (True, False):
            told = {slug: outcome for outcome, slug, _ in brought(*order, dry_run=dry_run)}
            assert told.keys() == {"lo-mismo", "lo-mismo-2"}
    assert told == {"lo-mismo": "unchanged", "lo-mismo-2": "unchanged"}
    found = stored_articles(["lo-mismo", "lo-mismo-2"])
    assert [found[slug].title for slug in ("lo-mismo", "lo-mismo-2")] == ["Otra cosa", "Lo mismo"]


def test_what_came_before_there_were_numbers_is_known_by_its_address_once_more(cast: Cast) -> None:
    brought(zendesk_article(1, "Uno"))
    with transaction() as session:
        session.execute(delete(SourceNumber))
    assert brought(zendesk_article(1, "Uno")) == [("unchanged", "uno", ())]
    assert brought(zendesk_article(1, "Dos")) == [("changed", "uno", ("title", "summary", "body"))]


def test_written_again_there_it_is_the_article_of_its_address(cast: Cast) -> None:
    brought(zendesk_article(1, "Uno"))
    assert brought(zendesk_article(8, "Uno")) == [("unchanged", "uno", ())]
    # Both are there again: one keeps the article, the other one gets its own, and so it stays.
    both = [zendesk_article(1, "Uno"), zendesk_article(8, "Uno")]
    assert sorted(slug for _, slug, _ in brought(*both)) == ["uno", "uno-8"]
    assert {outcome for outcome, *_ in brought(*both)} == {"unchanged"}


def test_a_number_follows_a_moved_address_and_is_forgotten_with_its_article(cast: Cast) -> None:
    brought(zendesk_article(1, "Uno"))
    article = stored_articles(["uno"])["uno"]
    change_address(actor=cast.elena, article_id=article.id, slug="primero", now=NOW)
    assert brought(zendesk_article(1, "Dos")) == [
        ("changed", "primero", ("title", "summary", "body"))
    ]
    steps.archive_article(actor=cast.elena, article_id=article.id, now=NOW)
    steps.delete_article(actor=cast.elena, article_id=article.id, now=NOW)
    assert brought(zendesk_article(1, "Dos")) == [("new", "dos", ())]


def test_a_bad_article_costs_only_itself_and_again_changes_nothing(cast: Cast) -> None:
    rows = [
        zendesk_article(1, "Bueno"),
        zendesk_article(2, "***"),
        zendesk_article(3, "Vacío", body="<p> </p>"),
        zendesk_article(4, "Largo", body="x" * 200_001),
        zendesk_article(5, "Fecha", edited_at="ayer"),
        zendesk_article(6, "Nada", body=None, label_names=7, locale=None),
    ]
    report = bring_in(read(*rows), now=NOW, progress=lambda *_: None)
    assert [(r.where[-1], r.error.reason.split(" ")[0]) for r in report.refusals] == [
        ("2", "title"),
        ("3", "the"),
        ("4", "the"),
        ("5", "updated_at"),
        ("6", "the"),
    ]
    again = bring_in(read(*rows), now=NOW, progress=lambda *_: None)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 1)
    db.session.rollback()
    assert queries.published_article("bueno") is not None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no",
        b"[]",
        b"{}",
        b"[1]",
        b'{"articles": 3}',
        b'{"articles": [1]}',
        b"\xff",
        b"[" * 9000,
    ],
)
def test_what_is_no_export_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(Refused):
        read_export("z.json", data)


def test_pages_and_bare_lists_are_taken_too() -> None:
    page = json.loads(zendesk_export(zendesk_article(1, "Uno")))
    second = {"articles": [zendesk_article(2, "Dos")]}
    found = read_export("z.json", json.dumps([page, second]).encode()).found
    assert [one.entry.slug for one in found] == ["uno", "dos"]
    bare = read_export("z.json", json.dumps([zendesk_article(1, "Uno")]).encode())
    assert [one.entry.category for one in bare.found] == ["zendesk"]
