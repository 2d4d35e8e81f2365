"""What editors do to articles, with everything each change brings along."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.counters import content_generation
from core.db import db
from core.models import AuditEntry, Job
from kb import actions, categories, queries
from kb.actions import ArticleText
from kb.lifecycle import State, state_of
from kb.models import Article, ArticleRevision, ArticleVote
from kb.policy import slug_from, tags_from
from tests.cast import Cast
from tests.kb.articles import WRITTEN, make_article, make_articles, make_categories

LATER = WRITTEN + timedelta(hours=1)


def text_of(category_id: int, **changes: object) -> ArticleText:
    values: dict[str, object] = {
        "title": "Cómo reinicio mi VPS",
        "slug": "",
        "category_id": category_id,
        "summary": "Desde el panel.",
        "tags": ["vps"],
        "lang": "es",
        "body": "Pulse **Reiniciar**.",
    }
    return ArticleText(**{**values, **changes})  # type: ignore[arg-type]


def stored(article_id: int) -> Article:
    db.session.rollback()
    article = queries.article_to_edit(article_id)
    assert article is not None
    return article


def test_a_new_article_is_a_draft_with_a_slug_of_its_title(cast: Cast) -> None:
    shelf = make_categories()["servidores-vps"]
    article_id = actions.save_article(actor=cast.elena, text=text_of(shelf), now=WRITTEN)
    article = stored(article_id)
    assert (article.slug, article.revision, article.plain) == (
        "como-reinicio-mi-vps",
        1,
        "Pulse Reiniciar.",
    )
    assert state_of(article, LATER) is State.DRAFT
    assert queries.published_article(article.slug) is None


def test_a_change_writes_its_revision_audit_job_and_generation_together(cast: Cast) -> None:
    shelf = make_categories()["servidores-vps"]
    generation = content_generation()
    article_id = actions.save_article(
        actor=cast.elena, text=text_of(shelf), publish=True, now=WRITTEN
    )
    db.session.rollback()
    revision = db.session.get_one(ArticleRevision, (article_id, 1))
    assert (revision.title, revision.body, revision.author_id) == (
        "Cómo reinicio mi VPS",
        "Pulse **Reiniciar**.",
        cast.elena.person_id,
    )
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.subject) == ("article.published", f"article:{article_id}")
    job = db.session.scalars(select(Job)).one()
    assert (job.kind, job.payload) == (actions.INDEX_JOB, {"article_ids": [article_id]})
    assert content_generation() == generation + 1


def test_equal_titles_get_addresses_of_their_own(cast: Cast) -> None:
    shelf = make_categories()["servidores-vps"]
    ids = [
        actions.save_article(actor=cast.elena, text=text_of(shelf), now=WRITTEN) for _ in range(3)
    ]
    assert [stored(article_id).slug for article_id in ids] == [
        "como-reinicio-mi-vps",
        "como-reinicio-mi-vps-2",
        "como-reinicio-mi-vps-3",
    ]


def test_a_typed_address_that_is_taken_is_refused_and_stores_nothing(cast: Cast) -> None:
    shelf = make_categories()["servidores-vps"]
    make_article(cast.elena, slug="vps", category_id=shelf)
    with pytest.raises(actions.SlugTaken):
        actions.save_article(actor=cast.elena, text=text_of(shelf, slug="vps"), now=WRITTEN)
    assert db.session.scalar(select(func.count()).select_from(Article)) == 1


def test_the_address_stays_once_the_article_was_public(cast: Cast) -> None:
    shelf = make_categories()["servidores-vps"]
    article_id = make_article(cast.elena, slug="vps", category_id=shelf)
    actions.archive_article(actor=cast.elena, article_id=article_id, now=LATER)
    actions.save_article(
        actor=cast.elena,
        text=text_of(shelf, slug="otra"),
        article_id=article_id,
        revision=1,
        now=LATER,
    )
    assert stored(article_id).slug == "vps"


def test_the_second_of_two_editors_is_refused_and_the_first_text_stays(cast: Cast) -> None:
    shelf = make_categories()["servidores-vps"]
    article_id = make_article(cast.elena, slug="vps", category_id=shelf)
    save = {"actor": cast.elena, "article_id": article_id, "revision": 1, "now": LATER}
    actions.save_article(text=text_of(shelf, body="Uno"), **save)  # type: ignore[arg-type]
    with pytest.raises(actions.RevisionConflict):
        actions.save_article(text=text_of(shelf, body="Dos"), **save)  # type: ignore[arg-type]
    article = stored(article_id)
    assert (article.body, article.revision) == ("Uno", 2)


def test_withdrawing_and_publishing_twice_change_nothing_the_second_time(cast: Cast) -> None:
    article_id = make_articles(cast.elena, count=1)["no-recibo-correos"]
    for verb in (actions.archive_article, actions.publish_article):
        verb(actor=cast.elena, article_id=article_id, now=LATER)
        jobs = db.session.scalar(select(func.count()).select_from(Job))
        verb(actor=cast.elena, article_id=article_id, now=LATER)
        assert db.session.scalar(select(func.count()).select_from(Job)) == jobs
    assert stored(article_id).published_at == LATER


def test_a_published_article_is_not_deleted(cast: Cast) -> None:
    article_id = make_articles(cast.elena, count=1)["no-recibo-correos"]
    with pytest.raises(actions.StillPublished):
        actions.delete_article(actor=cast.elena, article_id=article_id, now=LATER)
    assert stored(article_id).title == "No recibo correos"


def test_deleting_takes_revisions_and_votes_along(app: Flask, cast: Cast) -> None:
    article_id = make_articles(cast.elena, count=1)["no-recibo-correos"]
    vote(article_id, "a", useful=True)
    actions.archive_article(actor=cast.elena, article_id=article_id, now=LATER)
    actions.delete_article(actor=cast.elena, article_id=article_id, now=LATER)
    for model in (Article, ArticleRevision, ArticleVote):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0
    with pytest.raises(actions.Gone):
        actions.publish_article(actor=cast.elena, article_id=article_id, now=LATER)


def vote(article_id: int, visitor: str, *, useful: bool, comment: str = "") -> None:
    actions.rate_article(
        article_id=article_id,
        revision=1,
        visitor=visitor,
        useful=useful,
        comment=comment,
        now=LATER,
    )


def test_a_visitor_has_one_vote_for_a_revision_and_may_change_it(cast: Cast) -> None:
    article_id = make_articles(cast.elena, count=1)["no-recibo-correos"]
    vote(article_id, "a", useful=True)
    vote(article_id, "a", useful=False, comment="Falta el paso de Outlook")
    vote(article_id, "b", useful=True)
    db.session.rollback()
    rows = db.session.scalars(select(ArticleVote).order_by(ArticleVote.visitor)).all()
    assert [(row.visitor, row.useful, row.comment) for row in rows] == [
        ("a", False, "Falta el paso de Outlook"),
        ("b", True, ""),
    ]
    assert queries.useful_votes(article_id) == 1


def test_a_withdrawn_article_takes_no_votes(cast: Cast) -> None:
    article_id = make_articles(cast.elena, count=1)["no-recibo-correos"]
    actions.archive_article(actor=cast.elena, article_id=article_id, now=LATER)
    with pytest.raises(actions.Gone):
        vote(article_id, "a", useful=True)


def test_a_category_moves_one_place_and_not_beyond_the_ends(cast: Cast) -> None:
    ids = make_categories()
    move = {"actor": cast.elena, "now": LATER}
    categories.move_category(category_id=ids["servidores-vps"], step=-1, **move)  # type: ignore[arg-type]
    categories.move_category(category_id=ids["correo"], step=-1, **move)  # type: ignore[arg-type]
    db.session.rollback()
    assert [category.slug for category in queries.categories()] == [
        "correo",
        "servidores-vps",
        "dominios-dns",
        "facturacion-pagos",
    ]


def test_most_helpful_articles_come_first(cast: Cast) -> None:
    ids = make_articles(cast.elena)
    for visitor in "abc":
        vote(ids["firma-de-correo"], visitor, useful=True)
    vote(ids["correo-en-spam"], "a", useful=True)
    vote(ids["no-recibo-correos"], "a", useful=False)
    db.session.rollback()
    mail = next(s for s in queries.shelves(first=3) if s.category.slug == "correo")
    assert [article.slug for article in mail.articles] == [
        "firma-de-correo",
        "correo-en-spam",
        "cambiar-contrasena-correo",
    ]
    assert [mail.count, queries.most_helpful(1)[0].slug] == [5, "firma-de-correo"]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("¿Cómo cambio mi contraseña?", "como-cambio-mi-contrasena"),
        ("Buscar", "buscar-1"),
        ("¿¡!?", "articulo"),
        ("x" * 300, "x" * 80),
    ],
)
def test_slug_from_proposes_ascii_words(title: str, slug: str) -> None:
    assert slug_from(title) == slug


def test_tags_from_keeps_each_tag_once() -> None:
    assert tags_from(" correo,  spam ,,correo, e  mail ") == ["correo", "spam", "e mail"]
