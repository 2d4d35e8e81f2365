"""Export and import are one another's inverse: nothing that is stored is lost on the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from core.db import db, transaction
from core.wording import clean_line, clean_text
from kb import actions, policy
from kb.exporting import markdown
from kb.exporting.folder import File, NotOurs, write_folder, zip_parts
from kb.importing.archives import Archive
from kb.importing.folders import Folder, entry_from, read_tree, text_of
from kb.importing.life import state_of
from kb.importing.running import bring_in
from kb.models import Article, ArticleRevision, Category
from tests.cast import Cast
from tests.kb.articles import make_article, make_articles, make_categories

NOW = datetime(2026, 3, 2, 15, 0, 0, 123456, tzinfo=UTC)
LINES = st.text(max_size=60).map(lambda text: clean_line(text, 300))
FIRST, LAST = datetime(1970, 1, 2), datetime(2199, 12, 30)  # noqa: DTZ001
MOMENTS = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
BODIES = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from("-:#\n\t \"'|>[]{}&*!%@`")), max_size=200
).map(lambda text: clean_text(text).strip("\n"))


@given(
    title=LINES.filter(policy.has_words),
    summary=LINES,
    body=BODIES.filter(lambda body: body.strip()),
    tags=st.lists(st.text(max_size=20), max_size=5),
    lang=st.sampled_from(policy.LANGUAGES),
    moments=st.tuples(MOMENTS, MOMENTS, st.none() | MOMENTS, st.none() | MOMENTS),
)
def test_whatever_an_article_says_is_read_again(
    title: str,
    summary: str,
    body: str,
    tags: list[str],
    lang: str,
    moments: tuple[datetime, datetime, datetime | None, datetime | None],
) -> None:
    created, updated, published, withdrawn = moments
    kept = tuple(policy.tags_from(",".join(clean_line(tag, policy.MAX_TAG) for tag in tags)))
    article = Article(
        title=title, slug="una-respuesta", summary=summary, body=body, tags=list(kept), lang=lang,
        created_at=created, updated_at=updated, published_at=published,
        category=Category(slug="correo"), archived_at=withdrawn,
    )  # fmt: skip
    entry = entry_from(text_of(markdown.article_file(article)), "otro-nombre")
    assert (entry.title, entry.slug, entry.summary, entry.body, entry.tags, entry.lang) == (
        title,
        "una-respuesta",
        summary,
        body,
        kept,
        lang,
    )
    assert (entry.updated_at, entry.state) == (updated, state_of(article))
    given = {"created": created, "published": published, "archived": withdrawn}
    assert entry.moments == {name: moment for name, moment in given.items() if moment}


def exported() -> dict[str, bytes]:
    db.session.rollback()
    return {file.name: file.content for file in markdown.files()}


def empty() -> None:
    with transaction() as session:
        for model in (ArticleRevision, Article, Category):
            session.execute(delete(model))


def test_an_export_taken_into_an_empty_site_exports_the_same_bytes(
    cast: Cast, tmp_path: Path
) -> None:
    make_articles(cast.elena)
    shelf = make_categories()["correo"]
    for slug, more in {
        "borrador-raro": {"title": "--- : «raro» #1 'x' \"y\"", "publish": False},
        "in-english": {"lang": "en", "title": "null", "summary": "2026-01-01"},
        "con-guiones": {"body": "---\n\ntexto\n\n---\nfin   \n\n```\n---\n```"},
        "emoji": {"title": "🚀 1 & <b>", "body": "\n\n  sangría\n\n| a | b |\n|---|---|\n\n"},
    }.items():
        make_article(cast.elena, slug=slug, category_id=shelf, **{"title": "Así", **more})
    withdrawn = db.session.scalars(select(Article.id).where(Article.slug == "disco-lleno")).one()
    actions.archive_article(actor=cast.elena, article_id=withdrawn, now=NOW)
    before = exported()
    assert {"categories.yaml", "es/borrador-raro.md", "en/in-english.md"} <= before.keys()
    for name, content in before.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    empty()
    report = bring_in(
        read_tree(Folder(tmp_path)), now=NOW + timedelta(days=9), progress=lambda *_: None
    )
    assert (report.new, report.refusals, report.remarks) == (len(before) - 1, [], [])
    assert exported() == before
    again = bring_in(read_tree(Folder(tmp_path)), now=NOW, progress=lambda *_: None)
    assert (again.new, again.changed) == (0, 0)


def test_a_zip_holds_the_same_files_and_the_same_bytes_each_time(app: Flask, cast: Cast) -> None:
    make_articles(cast.elena, count=3)
    made = [b"".join(zip_parts("markdown", markdown.files())) for _ in range(2)]
    assert made[0] == made[1]
    archive = Archive(made[0])
    assert {name: archive.read(name, 10**6) for name in archive.names()} == {
        **exported(),
        "export.txt": b"markdown\n",
    }


def test_a_folder_is_replaced_whole_and_only_where_it_is_ours(tmp_path: Path) -> None:
    target = tmp_path / "copia"
    write_folder(target, "markdown", [File("a/viejo.md", b"1"), File("b.md", b"1")])
    assert write_folder(target, "markdown", [File("b.md", b"2")]) == 1
    assert sorted(p.name for p in target.rglob("*")) == ["b.md", "export.txt"]

    def breaks() -> list[File]:
        raise OSError("disco lleno")

    with pytest.raises(OSError):
        write_folder(target, "markdown", (file for _ in "x" for file in breaks()))
    assert (target / "b.md").read_bytes() == b"2"
    strange = tmp_path / "fotos"
    strange.mkdir()
    (strange / "boda.jpg").write_bytes(b"x")
    with pytest.raises(NotOurs):
        write_folder(strange, "markdown", [File("b.md", b"2")])
    with pytest.raises(NotOurs):
        write_folder(strange / "boda.jpg", "markdown", [File("b.md", b"2")])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["copia", "fotos"]
