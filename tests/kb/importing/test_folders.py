"""A folder of Markdown files: taken once, changed where it changed, refused by name and line."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.db import db
from core.models import Job
from kb import actions, editor_queries, queries
from kb.importing.entries import Refused, shortened
from kb.importing.folders import Folder, entry_from, read_tree, text_of
from kb.importing.running import Report, bring_in
from kb.models import Article, ArticleRevision, Category
from tests.cast import Cast

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)

ARTICLE = """---
title: "No llegan: mis correos"
slug: no-llegan
category: correo-web
tags:
- correo
- "spam, filtros"
summary: Qué revisar primero.
lang: es
updated: 2026-02-28
source: "no se usa"
---

Revise la **bandeja** de spam.
"""


def write(folder: Path, name: str, text: str | bytes = ARTICLE) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def article(slug: str, body: str = "Texto.", more: str = "") -> str:
    return f"---\ntitle: Artículo {slug}\nslug: {slug}\ncategory: correo\n{more}---\n{body}\n"


def run(folder: Path) -> Report:
    db.session.rollback()
    report = bring_in(read_tree(Folder(folder)), now=NOW, progress=lambda done, total: None)
    db.session.rollback()
    return report


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.new, report.changed, report.unchanged, len(report.refusals)


def test_a_file_becomes_a_published_article(cast: Cast, tmp_path: Path) -> None:
    write(tmp_path, "a/b/c.md")
    assert counts(run(tmp_path)) == (1, 0, 0, 0)
    stored = queries.published_article("no-llegan")
    assert stored is not None
    assert (stored.title, stored.body, stored.summary, stored.tags, stored.lang) == (
        "No llegan: mis correos",
        "Revise la **bandeja** de spam.",
        "Qué revisar primero.",
        ["correo", "spam", "filtros"],
        "es",
    )
    assert (stored.category.slug, stored.category.name) == ("correo-web", "Correo web")
    assert stored.published_at == NOW
    assert stored.updated_at == datetime(2026, 2, 28, 17, 0, tzinfo=UTC)
    assert db.session.get_one(ArticleRevision, (stored.id, 1)).author_id is None


def test_a_second_run_changes_nothing_and_a_changed_file_only_itself(
    cast: Cast, tmp_path: Path
) -> None:
    for number in range(3):
        write(tmp_path, f"{number}.md", article(f"numero-{number}"))
    assert counts(run(tmp_path)) == (3, 0, 0, 0)
    jobs = db.session.scalar(select(func.count()).select_from(Job))
    assert counts(run(tmp_path)) == (0, 0, 3, 0)
    assert db.session.scalar(select(func.count()).select_from(Job)) == jobs
    write(tmp_path, "1.md", article("numero-1", "Otro texto."))
    assert counts(run(tmp_path)) == (0, 1, 2, 0)
    rows = db.session.execute(select(Article.slug, Article.revision).order_by(Article.slug))
    assert [tuple(row) for row in rows] == [("numero-0", 1), ("numero-1", 2), ("numero-2", 1)]


@pytest.mark.parametrize(
    "change",
    [
        ("No llegan:", "Ya llegan:"),
        ("Qué revisar", "Qué mirar"),
        ("- correo\n", "- mensajes\n"),
        ("correo-web", "otra"),
        ("2026-02-28", "2026-03-01"),
        ("**bandeja**", "carpeta"),
    ],
)
def test_every_field_is_compared(cast: Cast, tmp_path: Path, change: tuple[str, str]) -> None:
    write(tmp_path, "a.md")
    run(tmp_path)
    write(tmp_path, "a.md", ARTICLE.replace(*change))
    assert counts(run(tmp_path)) == (0, 1, 0, 0)
    assert counts(run(tmp_path)) == (0, 0, 1, 0)


def test_what_an_editor_withdrew_stays_withdrawn(cast: Cast, tmp_path: Path) -> None:
    write(tmp_path, "a.md")
    run(tmp_path)
    stored = queries.published_article("no-llegan")
    assert stored is not None
    actions.archive_article(actor=cast.elena, article_id=stored.id, now=NOW)
    write(tmp_path, "a.md", ARTICLE.replace("bandeja", "carpeta"))
    assert counts(run(tmp_path)) == (0, 1, 0, 0)
    assert queries.published_article("no-llegan") is None


BROKEN = {
    "yaml.md": ("---\ntitle: x\nslug: [a\ncategory: b\n---\nT\n", 4, "broken YAML"),
    "nada.md": ("", 1, "front matter"),
    "sin-fin.md": ("---\ntitle: x\n", 1, "front matter"),
    "lista.md": ("---\n- a\n---\nT\n", 1, "no list of fields"),
    "titulo.md": ("---\nslug: a\ncategory: b\n---\nT\n", 1, "title is missing"),
    "signos.md": ('---\nslug: a\ntitle: "***"\ncategory: b\n---\nT\n', 3, "title is missing"),
    "largo.md": (f"---\ntitle: {'x' * 301}\nslug: a\ncategory: b\n---\nT\n", 2, "title is longer"),
    "slug.md": ("---\ntitle: x\nslug: Con Espacio\ncategory: b\n---\nT\n", 3, "slug is not"),
    "reservado.md": ("---\ntitle: x\nslug: buscar\ncategory: b\n---\nT\n", 3, "slug is not"),
    "sin-categoria.md": ("---\ntitle: x\n---\nT\n", 1, "category is missing"),
    "estante.md": ('---\ntitle: x\ncategory: "***"\n---\nT\n', 3, "category is missing"),
    "idioma.md": ("---\ntitle: x\nlang: fr\ncategory: b\n---\nT\n", 3, "lang is none"),
    "fecha.md": ("---\ntitle: x\nupdated: 2026-02-30\ncategory: b\n---\nT\n", 3, "updated is no"),
    "etiquetas.md": ("---\ntitle: x\ntags: [[a]]\ncategory: b\n---\nT\n", 3, "tags is no list"),
    "vacio.md": ("---\ntitle: x\ncategory: b\n---\n \n\n", 4, "the text is empty"),
    "texto.md": (f"---\ntitle: x\ncategory: b\n---\n{'x' * 200_001}", 5, "the text is longer"),
    "utf8.md": (b"---\ntitle: x\ncategory: b\n---\nT\nma\xf1ana\n", 6, "is not UTF-8"),
    "nul.md": (b"---\ntitle: x\ncategory: b\n---\nT\n\0\n", 6, "NUL"),
    "enorme.md": ("x" * (2 * 1024 * 1024 + 1), 1, "larger than"),
    "bucle.md": ("---\ntitle: &a [*a]\ncategory: b\n---\nT\n", 2, "title is no text"),
    "siglo.md": (
        "---\ntitle: x\nupdated: 0001-01-01T00:00:00+00:00\ncategory: b\n---\nT\n",
        3,
        "updated is no",
    ),
    "lejos.md": ("---\ntitle: x\nupdated: 9999-12-31\ncategory: b\n---\nT\n", 3, "updated is no"),
    "doble.md": ("---\ntitle: x\ntitle: y\ncategory: b\n---\nT\n", 3, "title stands there twice"),
    "hondo.md": (f"---\ntitle: {'[' * 9000}\n---\nT\n", 0, "broken YAML"),
}


def test_a_bad_file_is_named_with_its_line_and_costs_only_itself(
    cast: Cast, tmp_path: Path
) -> None:
    for name, (text, _line, _reason) in BROKEN.items():
        write(tmp_path, name, text)
    write(tmp_path, "buena.md")
    report = run(tmp_path)
    assert (report.new, len(report.refusals)) == (1, len(BROKEN))
    for refusal in report.refusals:
        name, error = Path(refusal.where).name, refusal.error
        _text, wanted_line, wanted = BROKEN[name]
        assert error.reason.startswith(wanted) or wanted in error.reason, name
        assert wanted_line in (0, error.line), name
    assert db.session.scalars(select(Category.slug)).all() == ["correo-web"]


def test_what_is_no_file_is_named_too_and_every_markdown_suffix_counts(
    cast: Cast, tmp_path: Path
) -> None:
    (tmp_path / "rota.md").symlink_to(tmp_path / "nada")
    os.mkfifo(tmp_path / "tubo.md")
    (tmp_path / "carpeta.md").mkdir()
    write(tmp_path, "uno.MD", article("uno"))
    write(tmp_path, "dos.markdown", article("dos"))
    report = run(tmp_path)
    assert counts(report) == (2, 0, 0, 2)
    told = [(Path(refusal.where).name, refusal.error.reason) for refusal in report.refusals]
    assert told == [
        ("rota.md", "is no file, or a link to nothing"),
        ("tubo.md", "is no file, or a link to nothing"),
    ]


def test_the_second_file_of_one_address_is_refused(cast: Cast, tmp_path: Path) -> None:
    write(tmp_path, "a.md", article("uno", "El primero."))
    second = write(tmp_path, "b.md", article("uno", "El segundo."))
    report = run(tmp_path)
    assert counts(report) == (1, 0, 0, 1)
    told = [str(refusal) for refusal in report.refusals]
    assert told == [f"{second}:3: slug uno is also in {tmp_path / 'a.md'}"]
    assert editor_queries.stored_articles(["uno"])["uno"].body == "El primero."


def test_an_address_of_another_language_gets_its_language(cast: Cast, tmp_path: Path) -> None:
    write(tmp_path, "en/a.md", article("uno", "In English.", more="lang: en\n"))
    write(tmp_path, "es/a.md", article("uno", "En español."))
    assert counts(run(tmp_path)) == (2, 0, 0, 0)
    stored = editor_queries.stored_articles(["uno", "uno-en", "uno-es"])
    assert {slug: found.body for slug, found in stored.items()} == {
        "uno": "En español.",
        "uno-en": "In English.",
    }
    assert counts(run(tmp_path)) == (0, 0, 2, 0)
    assert counts(run(tmp_path / "en")) == (0, 0, 1, 0)


def test_an_address_that_is_taken_in_both_forms_is_refused(cast: Cast, tmp_path: Path) -> None:
    write(tmp_path, "es/a.md", article("uno"))
    write(tmp_path, "es/b.md", article("uno-en"))
    write(tmp_path, "en/a.md", article("uno", more="lang: en\n"))
    report = run(tmp_path)
    assert counts(report) == (2, 0, 0, 1)
    assert report.refusals[0].error.reason == "slug belongs to an article in es"
    assert counts(run(tmp_path)) == (0, 0, 2, 1)


def test_a_state_is_taken_by_new_articles_and_kept_by_others(cast: Cast, tmp_path: Path) -> None:
    write(tmp_path, "a.md", article("uno", more="state: borrador\n"))
    write(tmp_path, "b.md", article("dos", more="state: archived\narchived: 2026-01-05\n"))
    write(tmp_path, "c.md", article("tres", more="published: 2026-01-05T10:00:00Z\n"))
    write(tmp_path, "d.md", article("mal", more="state: listo\n"))
    assert counts(run(tmp_path)) == (3, 0, 0, 1)
    stored = editor_queries.stored_articles(["uno", "dos", "tres"])
    assert [stored[slug].published_at for slug in ("uno", "dos", "tres")] == [
        None,
        None,
        datetime(2026, 1, 5, 10, tzinfo=UTC),
    ]
    actions.publish_article(actor=cast.elena, article_id=stored["uno"].id, now=NOW)
    write(tmp_path, "a.md", article("uno", "Otro.", more="state: borrador\n"))
    assert counts(run(tmp_path)) == (0, 1, 2, 1)
    assert queries.published_article("uno") is not None


def test_a_dry_run_tells_all_and_stores_nothing(cast: Cast, tmp_path: Path) -> None:
    write(tmp_path, "a.md", article("uno"))
    write(tmp_path, "b.md", "x")
    run(tmp_path)
    write(tmp_path, "a.md", article("uno", "Otro texto.", more="summary: Algo.\n"))
    write(tmp_path, "c.md", article("dos", more=""))
    db.session.rollback()
    nothing = db.session.scalars(select(Article.body)).all()
    bundle = read_tree(Folder(tmp_path))
    report = bring_in(bundle, now=NOW, progress=lambda *_: None, dry_run=True)
    assert counts(report) == (1, 1, 0, 1)
    assert [row.changes for row in report.rows if row.slug == "uno"] == [("summary", "body")]
    db.session.rollback()
    assert db.session.scalars(select(Article.body)).all() == nothing


def test_categories_of_a_folder_are_named_by_it(cast: Cast, tmp_path: Path) -> None:
    write(tmp_path, "a.md", article("uno"))
    write(tmp_path, "b.md", article("dos").replace("category: correo", "category: vps"))
    named = "- {slug: vps, name: Los VPS, description: De todo.}\n- {slug: correo, name: Correo}\n"
    write(tmp_path, "categories.yaml", named)
    run(tmp_path)
    rows = db.session.scalars(select(Category).order_by(Category.position)).all()
    assert [(row.slug, row.name, row.description) for row in rows] == [
        ("vps", "Los VPS", "De todo."),
        ("correo", "Correo", ""),
    ]


def test_a_file_name_is_the_address_where_none_is_given(tmp_path: Path) -> None:
    path = write(tmp_path, "mi-archivo.md", "﻿---\r\ntitle: 404\r\ncategory: b\r\n---\r\nT\r\n")
    source = entry_from(text_of(path.read_bytes()), path.stem)
    assert (source.slug, source.title, source.body) == ("mi-archivo", "404", "T")
    with pytest.raises(Refused):
        entry_from("---\ntitle: x\ncategory: b\n---\nT\n", "Mi archivo")


def test_a_long_summary_is_cut_after_a_word() -> None:
    cut = shortened("palabra " * 100, 600)
    assert len(cut) <= 600
    assert cut.endswith("palabra …")
    assert shortened("x" * 700, 600) == "x" * 598 + " …"
    assert shortened("corta", 600) == "corta"


def test_other_files_and_folders_are_passed_over(cast: Cast, tmp_path: Path) -> None:
    write(tmp_path, "leeme.txt")
    (tmp_path / "carpeta.md").mkdir()
    assert counts(run(tmp_path)) == (0, 0, 0, 0)


def test_a_link_to_a_file_becomes_one_to_its_article(tmp_path: Path) -> None:
    body = "[dos](../web/dos.md#parte) `[x](dos.md)` [no](no.md) [fuera](https://a.example/b.md)"
    write(tmp_path, "correo/uno.md", article("primero", body))
    write(tmp_path, "web/dos.md", article("segundo", "[uno](../correo/uno.md)"))
    bundle = read_tree(Folder(tmp_path))
    assert [one.entry.body for one in bundle.found] == [
        "[dos](/preguntas/segundo#parte) `[x](dos.md)` [no](no.md) [fuera](https://a.example/b.md)",
        "[uno](/preguntas/primero)",
    ]
    assert [str(remark) for remark in bundle.remarks] == [
        f"{tmp_path}/correo/uno.md: the linked file no.md is not there"
    ]


def test_a_category_may_be_given_by_its_name(tmp_path: Path) -> None:
    text = article("uno").replace("category: correo", "category: Correo y Spam")
    write(tmp_path, "uno.md", text)
    bundle = read_tree(Folder(tmp_path))
    assert bundle.found[0].entry.category == "correo-y-spam"
    assert bundle.shelves["correo-y-spam"].name == "Correo y Spam"
