"""What stands beside the texts of articles goes out and comes back: nothing of it is lost."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from core import clock, outbox
from core.db import db, transaction
from core.models import Job
from kb import actions, documents, editor_queries, steps
from kb.exporting import markdown
from kb.importing.entries import Refused
from kb.importing.folders import Folder, entry_from, read_tree
from kb.importing.running import Report, bring_in
from kb.learning import editing
from kb.learning.models import HiddenWord
from kb.learning.words import typed_words
from kb.models import Article, ArticleRevision, Category
from kb.related import actions as related
from kb.related.queries import chosen_articles
from kb.translations import actions as translations
from kb.translations.queries import ids_behind
from tests.cast import Cast
from tests.kb.articles import WRITTEN, make_article, make_articles, make_categories
from tests.kb.images.test_images import address_of
from tests.kb.importing.test_folders import article, write

LATER = WRITTEN + timedelta(hours=1, microseconds=7)
PAGE = "no-recibo-correos"


def exported() -> dict[str, bytes]:
    db.session.rollback()
    return {file.name: file.content for file in markdown.files()}


def put(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        write(folder, name, content)


def empty() -> None:
    with transaction() as session:
        session.execute(Article.__table__.update().values(translation_of=None))
        for model in (ArticleRevision, Article, Category, Job):
            session.execute(delete(model))


def run(folder: Path, *, dry_run: bool = False) -> Report:
    db.session.rollback()
    now = WRITTEN + timedelta(days=9)
    report = bring_in(read_tree(Folder(folder)), now=now, progress=lambda *_: None, dry_run=dry_run)
    db.session.rollback()
    return report


def changes(report: Report) -> dict[str, tuple[str, ...]]:
    return {row.slug: row.changes for row in report.rows if row.outcome == "changed"}


def save(cast: Cast, article_id: int, *, hold: bool = False, **parts: object) -> None:
    db.session.rollback()
    before = editor_queries.working_text(stored(article_id))
    text = actions.ArticleText(**{**before.__dict__, **parts})  # type: ignore[arg-type]
    actions.save_article(
        actor=cast.elena, text=text, article_id=article_id, hold=hold, now=LATER,
        revision=db.session.get_one(Article, article_id).last_revision,
    )  # fmt: skip
    db.session.rollback()


def stored(article_id: int) -> Article:
    slug = db.session.scalars(select(Article.slug).where(Article.id == article_id)).one()
    return editor_queries.stored_articles([slug])[slug]


def hide(cast: Cast, article_id: int, words: str, *, out: str = "") -> None:
    typed = typed_words(f"{words} {out}", "es")
    editing.add_words(actor=cast.elena, article_id=article_id, words=typed, now=LATER)
    for stem in typed_words(out, "es"):
        editing.remove_word(actor=cast.elena, article_id=article_id, stem=stem, now=LATER)


@pytest.fixture
def filled(cast: Cast, app: Flask) -> dict[str, int]:
    """A site in which everything that an export can say is said."""
    ids = make_articles(cast.elena)
    shelves = make_categories()
    for slug, title in {"mailbox": "The mailbox", "invoice": "An invoice"}.items():
        ids[slug] = make_article(
            cast.elena, slug=slug, title=title, category_id=shelves["correo"], lang="en"
        )
    for spanish, english in ((PAGE, "mailbox"), ("factura-ruc", "invoice")):
        translations.link(
            actor=cast.elena, article_id=ids[spanish], other_id=ids[english], now=WRITTEN
        )
    save(cast, ids[PAGE], body="Lo que el original dice ahora.")
    save(cast, ids["factura-ruc"], tags=["sólo", "etiquetas"])
    # The first of all files leads to the last ones, and back.
    slugs = sorted(ids)
    for one, others in {slugs[0]: (slugs[-1], slugs[-2]), slugs[-1]: (slugs[0], "mailbox")}.items():
        for other in others:
            related.choose(actor=cast.elena, article_id=ids[one], related_id=ids[other], now=LATER)
    hide(cast, ids[PAGE], "rebotan null true", out="zancudo yes")
    hide(cast, ids["disco-lleno"], "atorado")
    picture = address_of(cast)
    save(
        cast, ids["disco-lleno"], hold=True, title="Otro título", tags=["nuevas"],
        summary="Otro resumen", category_id=shelves["correo"],
        body=f"---\n\n![Una foto]({picture})\n\n---\nfin",
    )  # fmt: skip
    save(cast, ids["formas-de-pago"], hold=True, body="Sin publicar y archivado.")
    steps.archive_article(actor=cast.elena, article_id=ids["formas-de-pago"], now=LATER)
    save(cast, ids["llaves-ssh"], hold=True, lang="en", title="Waits in English")
    return ids


def test_everything_comes_back_and_is_exported_to_the_same_bytes(
    app: Flask, cast: Cast, filled: dict[str, int], tmp_path: Path
) -> None:
    before = exported()
    waiting = {name for name in before if name.endswith(".borrador.md")}
    assert waiting == {
        f"es/{slug}.borrador.md" for slug in ("disco-lleno", "formas-de-pago", "llaves-ssh")
    }
    assert b"\nbehind: true\n" in before["en/mailbox.md"]
    assert b"\nbehind: false\n" in before["en/invoice.md"]
    assert b"behind" not in before[f"es/{PAGE}.md"]
    put(tmp_path, before)
    empty()
    report = run(tmp_path)
    assert (report.new, report.refusals, report.remarks) == (len(filled), [], [])
    assert exported() == before
    for dry_run in (True, False):
        again = run(tmp_path, dry_run=dry_run)
        assert (again.new, again.changed, again.unchanged) == (0, 0, len(filled))
    assert exported() == before
    outbox.drain(clock.now(), kinds=[actions.INDEX_JOB])
    db.session.rollback()
    known = {document.slug: document for document in documents.documents()}
    assert known[PAGE].hidden == ("null", "rebotan", "true")
    assert (known["disco-lleno"].title, known["disco-lleno"].hidden) == (
        "El disco del servidor está lleno",
        ("atorado",),
    )
    assert "formas-de-pago" not in known


def test_what_waits_is_what_an_editor_goes_on_writing(
    app: Flask, client: FlaskClient, cast: Cast, filled: dict[str, int], tmp_path: Path
) -> None:
    put(tmp_path, exported())
    empty()
    run(tmp_path)
    found = editor_queries.stored_articles(["disco-lleno"])["disco-lleno"]
    last = editor_queries.working_text(found)
    assert (found.title, last.title, last.tags) == (
        "El disco del servidor está lleno",
        "Otro título",
        ["nuevas"],
    )
    assert "Otro título" not in client.get("/preguntas/disco-lleno").text
    page = cast.sign_in(app, cast.elena).get(f"/editor/articulos/{found.id}").text
    assert "Otro título" in page
    steps.publish_article(actor=cast.elena, article_id=found.id, now=LATER)
    assert "Otro título" in client.get("/preguntas/disco-lleno").text


def test_the_report_names_what_changes_and_leaves_texts_alone(
    app: Flask, cast: Cast, filled: dict[str, int], tmp_path: Path
) -> None:
    put(tmp_path, exported())
    first = sorted(filled)[0]
    chosen = [one.id for one in chosen_articles(filled[first])]
    for other in chosen[:1]:
        related.drop(actor=cast.elena, article_id=filled[first], related_id=other, now=LATER)
    translations.confirm_translation(actor=cast.elena, article_id=filled["mailbox"], now=LATER)
    translations.unlink(actor=cast.elena, article_id=filled["invoice"], now=LATER)
    with transaction() as session:
        session.execute(delete(HiddenWord).where(HiddenWord.article_id == filled["disco-lleno"]))
    save(cast, filled["disco-lleno"], hold=True, body="Lo que otra persona escribe.")
    revisions = dict(db.session.execute(select(Article.slug, Article.revision)).all())
    expected = {
        first: ("related",),
        "mailbox": ("behind",),
        "factura-ruc": ("translation",),
        "invoice": ("translation",),
        "disco-lleno": ("waiting", "hidden"),
    }
    for dry_run in (True, False):
        report = run(tmp_path, dry_run=dry_run)
        assert (changes(report), report.new, report.refusals) == (expected, 0, [])
    assert changes(run(tmp_path)) == {}
    assert dict(db.session.execute(select(Article.slug, Article.revision)).all()) == revisions
    assert ids_behind() == {filled["mailbox"]}
    assert [one.id for one in chosen_articles(filled[first])] == chosen


def test_an_import_that_changes_a_text_keeps_what_waits_beside_it(
    cast: Cast, filled: dict[str, int], tmp_path: Path
) -> None:
    before = exported()
    put(tmp_path, before)
    save(cast, filled["disco-lleno"], body="Publicado después.")
    expected = {
        "disco-lleno": ("title", "summary", "tags", "category", "body", "updated", "waiting")
    }
    for dry_run in (True, False):
        assert changes(run(tmp_path, dry_run=dry_run)) == expected
    assert exported()["es/disco-lleno.borrador.md"] == before["es/disco-lleno.borrador.md"]


def test_what_a_file_does_not_say_stays(cast: Cast, filled: dict[str, int], tmp_path: Path) -> None:
    before = exported()
    keys = (b"related:", b"hidden:", b"hidden-removed:", b"translation:", b"behind:", b"- ")
    for name, content in before.items():
        if name.endswith(".md") and ".borrador" not in name:
            lines = [line for line in content.split(b"\n") if not line.startswith(keys)]
            write(tmp_path, name, b"\n".join(lines).replace(b"tags:", b"tags: [soporte]"))
    report = run(tmp_path)
    assert {name for names in changes(report).values() for name in names} <= {"tags", "body"}
    after = exported()
    for name in ("en/mailbox.md", f"es/{PAGE}.md", "es/llaves-ssh.md"):
        assert after[name] == before[name]


HOSTILE = "related: [aa, nada, '../x', bb, cc, dd, ee, ff]\nhidden: ['¡!', '--', de, rebotan]\n"


def test_hostile_values_are_passed_over_in_words(cast: Cast, tmp_path: Path) -> None:
    for slug in ("bb", "cc", "dd", "ee", "ff"):
        write(tmp_path, f"{slug}.md", article(slug))
    write(tmp_path, "aa.md", article("aa", more=HOSTILE))
    many = ", ".join(f"qu{a}{b}x" for a in "bcdfg" for b in "bcdfgkmp")
    both = f"hidden: [{many}]\nhidden-removed: [zumbido, qubbx]\n"
    write(tmp_path, "mm.md", article("mm", more=both))
    left = ", ".join(many.split(", ")[30:])
    for dry_run in (True, False, False):
        report = run(tmp_path, dry_run=dry_run)
        assert [str(one).removeprefix(f"{tmp_path}/") for one in report.remarks] == [
            *(
                f"aa.md: nobody can search for the hidden word {word}: it was passed over"
                for word in ("¡!", "--", "de")
            ),
            f"mm.md: there is room for 30 hidden words: {left} were passed over",
            "aa.md: an article is not related to itself",
            "aa.md: the related article nada is not there",
            "aa.md: the related article ../x is not there",
            "aa.md: it names more than 4 related articles: the first were taken",
        ]
    assert (report.changed, report.refusals) == (0, [])
    found = editor_queries.stored_articles(["aa", "mm"])
    assert [one.slug for one in chosen_articles(found["aa"].id)] == ["bb", "cc", "dd", "ee"]
    rows = db.session.scalars(
        select(HiddenWord).where(HiddenWord.article_id == found["mm"].id)
    ).all()
    assert (len(rows), sum(row.removed_at is None for row in rows)) == (31, 30)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ("behind: quizás\n", "behind is neither true nor false: 'quizás'"),
        ("behind: [true]\n", "behind is no text"),
        ("hidden: {a: b}\n", "hidden is no list of words"),
        ("related: [[a]]\n", "related is no list of words"),
    ],
)
def test_what_is_no_such_field_is_refused_in_words(more: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        entry_from(article("aa", more=more), "aa")
    assert (refused.value.reason, refused.value.line) == (reason, 5)


def test_a_draft_alone_is_refused_and_is_no_article_to_an_earlier_reader(
    cast: Cast, filled: dict[str, int], tmp_path: Path
) -> None:
    text = exported()["es/disco-lleno.borrador.md"].decode()
    with pytest.raises(Refused, match="slug is not lower-case"):
        entry_from(text, "disco-lleno.borrador")
    write(tmp_path, "es/disco-lleno.borrador.md", text)
    write(tmp_path, "es/otro.borrador.md", article("otro"))
    write(tmp_path, "es/malo.md", "nada")
    write(tmp_path, "es/malo.borrador.md", article("malo"))
    report = run(tmp_path)
    assert report.rows == []
    assert sorted(str(one).rpartition("/")[2] for one in report.refusals) == [
        "disco-lleno.borrador.md:1: the article disco-lleno.md, of which this is the draft, was "
        "not read",
        "malo.borrador.md:1: the article malo.md, of which this is the draft, was not read",
        "malo.md:1: front matter between two lines --- is missing",
        "otro.borrador.md:1: the article otro.md, of which this is the draft, was not read",
    ]


def test_a_draft_does_not_change_the_language_of_one_of_two(
    cast: Cast, filled: dict[str, int], tmp_path: Path
) -> None:
    write(tmp_path, "a.md", article("mailbox", more="lang: en\n"))
    write(tmp_path, "a.borrador.md", article("otro", "Espera.", more="lang: es\n"))
    for dry_run in (True, False):
        report = run(tmp_path, dry_run=dry_run)
        assert [one.error.reason for one in report.refusals] == [
            "lang is not that of its article, which has a translation"
        ]
    found = editor_queries.stored_articles(["mailbox"])["mailbox"]
    assert (found.lang, found.has_waiting_changes) == ("en", False)


def test_two_that_claim_one_translation_do_not_take_it_from_each_other(
    cast: Cast, tmp_path: Path
) -> None:
    for slug in ("aa", "bb"):
        write(tmp_path, f"{slug}.md", article(slug, more="translation: cc\n"))
    write(tmp_path, "cc.md", article("cc", more="lang: en\nbehind: true\ntranslation: aa\n"))
    for count in (3, 0):
        report = run(tmp_path)
        assert (report.new, report.changed) == (count, 0)
        assert [str(one).rpartition("/")[2] for one in report.remarks] == [
            "bb.md: cc is the translation of another article already: the two were not linked"
        ]
    found = editor_queries.stored_articles(["aa", "cc"])
    assert found["cc"].translation_of == found["aa"].id
    assert ids_behind() == {found["cc"].id}


def test_the_page_says_what_would_change(app: Flask, cast: Cast, filled: dict[str, int]) -> None:
    editor = cast.sign_in(app, cast.elena)
    content = editor.get("/editor/exportar/articulos.zip").data
    translations.confirm_translation(actor=cast.elena, article_id=filled["mailbox"], now=LATER)
    answer = editor.post(
        "/editor/importar",
        data={"archivo": (io.BytesIO(content), "articulos.zip")},
        content_type="multipart/form-data",
    )
    page = editor.get(answer.location).text
    assert "/preguntas/mailbox: si la traducción está atrasada" in page
    assert "Importar 1 artículo" in page
