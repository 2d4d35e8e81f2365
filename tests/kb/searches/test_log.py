"""Searches as they are written down: once per intention, without anybody in them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import visits
from core.db import db, transaction
from core.tokens import token_hash
from kb.searches import actions
from kb.searches.models import ArticleOpening, Search, SearchMonth, SearchSalt
from kb.searches.queries import most_read, recent_searches
from tests.cast import Cast
from tests.kb.articles import make_article
from tests.kb.searches.visitors import FIREFOX, NOON, Visitor, Watch, told, write_down

pytestmark = pytest.mark.usefixtures("watch")


@pytest.fixture
def faq(indexed: dict[str, int]) -> dict[str, int]:
    return indexed


def words() -> list[str]:
    return [search.words for search in told()]


def test_search_is_kept_masked_with_what_it_showed(app: Flask, faq: dict[str, int]) -> None:
    Visitor(app).search("mensajes caen en spam ana@andina.pe")
    (kept,) = told()
    assert kept.words == "mensajes caen en spam [correo]"
    assert (kept.total, kept.shown[0]) == (len(kept.shown), faq["correo-en-spam"])
    assert (kept.opened_id, kept.reworded_at, kept.ticket_at) == (None, None, None)
    assert (kept.at, kept.lang) == (NOON, "es")
    assert "203.0.113" not in kept.visitor + kept.browser


def test_pages_from_memory_count_like_any_other(app: Flask, faq: dict[str, int]) -> None:
    for last in range(3):
        answer = app.test_client().get(
            "/preguntas/buscar?q=factura",
            environ_base={"REMOTE_ADDR": f"203.0.113.{last}", "HTTP_USER_AGENT": FIREFOX},
        )
        assert visits.HEADER not in answer.headers
    write_down(app)
    assert words() == ["factura"] * 3
    assert len({search.visitor for search in told()}) == 3


def test_prefixes_typed_within_half_a_minute_are_one_search(
    app: Flask, faq: dict[str, int], watch: Watch
) -> None:
    ana = Visitor(app)
    for typed in ("fac", "factura", "factura con ruc"):
        ana.search(typed)
        watch.pass_by(seconds=10)
    (kept,) = told()
    assert (kept.words, kept.at, kept.reworded_at) == ("factura con ruc", NOON, None)
    assert kept.shown[0] == faq["factura-ruc"]


def test_other_words_after_nothing_was_opened_are_a_rewording(
    app: Flask, faq: dict[str, int], watch: Watch
) -> None:
    ana, beto = Visitor(app), Visitor(app, network="203.0.113.8")
    ana.search("boleta electrónica")
    watch.pass_by(minutes=1)
    beto.search("otro asunto")
    ana.search("factura con ruc")
    first, second, third = told()
    assert (first.reworded_at, second.reworded_at, third.reworded_at) == (watch.now, None, None)


def test_opening_a_result_is_noted_with_its_place(
    app: Flask, faq: dict[str, int], watch: Watch
) -> None:
    ana = Visitor(app)
    ana.search("correo")
    shown = told()[0].shown
    watch.pass_by(seconds=5)
    slug = next(slug for slug, key in faq.items() if key == shown[1])
    ana.open(slug, after="correo")
    ana.open("factura-ruc", after="correo")
    (kept,) = told()
    assert (kept.opened_id, kept.opened_place, kept.opened_at) == (shown[1], 2, watch.now)


def test_opening_counts_for_its_own_search_and_visitor_alone(
    app: Flask, faq: dict[str, int], watch: Watch
) -> None:
    Visitor(app).search("factura")
    Visitor(app, network="203.0.113.8").open("factura-ruc", after="factura")
    Visitor(app).open("factura-ruc", after="otra cosa")
    Visitor(app).open("factura-ruc")
    assert told()[0].opened_id is None
    watch.pass_by(hours=2)
    Visitor(app).open("factura-ruc", after="factura")
    assert told()[0].opened_id is None


@pytest.mark.parametrize(
    ("browser", "headers"),
    [
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", {}),
        ("curl/8.5", {}),
        ("", {}),
        (FIREFOX, {"Sec-Purpose": "prefetch"}),
    ],
)
def test_programs_and_pages_fetched_ahead_are_not_counted(
    app: Flask, faq: dict[str, int], browser: str, headers: dict[str, str]
) -> None:
    Visitor(app, browser=browser).search("factura", **headers)
    assert told() == []


def test_staff_filters_further_pages_and_refused_texts_are_not_counted(
    app: Flask, cast: Cast, faq: dict[str, int]
) -> None:
    Visitor(app, client=cast.sign_in(app, cast.elena)).search("factura")
    visitor = Visitor(app)
    for address in ("q=correo&categoria=correo", "q=", "q=" + "x" * 201, "q=🙂"):
        visitor.client.get(f"/preguntas/buscar?{address}")
    visitor.client.head("/preguntas/buscar?q=factura")
    visitor.client.get("/preguntas/sugerencias?q=factura")
    write_down(app)
    assert told() == []


def test_recent_searches_are_the_visitors_own_the_newest_first(
    app: Flask, cast: Cast, faq: dict[str, int], watch: Watch
) -> None:
    ana = Visitor(app, client=cast.sign_in(app, cast.ana))
    for typed in ("correo", "factura", "correo", "ana@x.pe"):
        ana.search(typed)
        watch.pass_by(minutes=40)
    Visitor(app).search("ajena")
    name = f"p:{cast.ana.person_id}"
    found = recent_searches(visitor=name, since=NOON)
    assert found == ["[correo]", "correo", "factura"]
    assert recent_searches(visitor=name, since=NOON, limit=1) == ["[correo]"]
    assert recent_searches(visitor=name, since=watch.now) == []
    assert recent_searches(visitor="p:999", since=NOON) == []


def test_a_session_that_begins_later_finds_what_its_browser_searched(
    app: Flask, faq: dict[str, int]
) -> None:
    visitor = Visitor(app)
    visitor.search("factura")
    browser = told()[0].browser
    name = token_hash("a-key-made-later")
    assert recent_searches(visitor=name, since=NOON) == []
    assert recent_searches(visitor=name, since=NOON, browser=browser) == ["factura"]


def test_a_ticket_marks_the_last_search_and_those_it_reworded(
    app: Flask, cast: Cast, faq: dict[str, int], watch: Watch
) -> None:
    ana = Visitor(app, client=cast.sign_in(app, cast.ana))
    for typed in ("renovar dominio", "boleta", "factura"):
        ana.search(typed)
        if typed == "renovar dominio":
            ana.open("renovar-dominio-pe", after=typed)
        watch.pass_by(minutes=2)
    with transaction() as session:
        marked = actions.followed_by_ticket(
            session, visitor=f"p:{cast.ana.person_id}", now=watch.now
        )
    assert marked == 2
    assert [search.ticket_at for search in told()] == [None, watch.now, watch.now]
    with transaction() as session:
        assert actions.followed_by_ticket(session, visitor="p:999", now=watch.now) == 0


def test_a_network_counts_sixty_looks_in_ten_minutes(app: Flask, faq: dict[str, int]) -> None:
    for number in range(70):
        Visitor(app, browser=f"{FIREFOX} {number}").search(f"asunto {number}", write=False)
    Visitor(app, network="203.0.113.8").search("otro")
    assert len(told()) == visits.PER_NETWORK + 1


def test_a_visitor_keeps_a_hundred_searches_a_day(
    app: Flask, faq: dict[str, int], watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "PER_VISITOR", 3)
    visitor = Visitor(app)
    for number in range(5):
        visitor.search(f"asunto {number}")
        watch.pass_by(minutes=11)
    assert words() == ["asunto 0", "asunto 1", "asunto 2"]
    monkeypatch.setattr(actions, "PER_DAY", 3)
    Visitor(app, network="203.0.113.8").search("otro")
    assert len(told()) == 3


def test_the_name_of_a_browser_changes_every_day_and_yesterdays_is_gone(
    app: Flask, faq: dict[str, int], watch: Watch
) -> None:
    visitor = Visitor(app)
    visitor.search("factura")
    watch.pass_by(days=1)
    visitor.search("factura")
    assert len({search.browser for search in told()}) == 2
    assert db.session.scalar(select(func.count()).select_from(SearchSalt)) == 1


def test_after_ninety_days_searches_are_counts(
    app: Flask, faq: dict[str, int], watch: Watch
) -> None:
    visitor = Visitor(app)
    visitor.search("facturas")
    visitor.open("factura-ruc", after="facturas")
    Visitor(app, network="203.0.113.8").search("factura")
    watch.pass_by(days=40)
    Visitor(app).search("zzzz")
    watch.pass_by(days=51)
    Visitor(app).search("dominio")
    assert words() == ["zzzz", "dominio"]
    (month,) = db.session.scalars(select(SearchMonth))
    assert (month.month, month.key, month.lang) == ("2026-03", "factur", "es")
    assert (month.searches, month.unanswered, month.opened, month.tickets) == (2, 0, 1, 0)
    watch.pass_by(days=60)
    Visitor(app).search("dominio")
    assert db.session.scalar(select(func.sum(SearchMonth.searches))) == 3


def test_openings_are_counted_by_day_and_say_what_is_read_most(
    app: Flask, cast: Cast, faq: dict[str, int], watch: Watch
) -> None:
    for last in range(3):
        Visitor(app, network=f"203.0.113.{last}").open("servidor-lento")
    Visitor(app).open("llaves-ssh")
    Visitor(app).open("llaves-ssh")
    Visitor(app, client=cast.sign_in(app, cast.diego)).open("factura-ruc")
    assert [article.slug for article in most_read()] == ["servidor-lento", "llaves-ssh"]
    assert [article.slug for article in most_read(1)] == ["servidor-lento"]
    page = Visitor(app).client.get("/preguntas/buscar?q=xyzzy").text
    offered = page.split("Lo que más se lee")[1].split("</ul>")[0]
    shown = re.findall(r'href="/preguntas/([a-z-]+)"', offered)
    assert shown[:2] == ["servidor-lento", "llaves-ssh"]
    assert len(set(shown)) == len(shown) == 5
    counts = select(ArticleOpening.count).order_by(ArticleOpening.count)
    assert db.session.scalars(counts).all() == [1, 3]
    watch.pass_by(days=31)
    assert most_read() == []


def test_articles_deleted_meanwhile_lose_their_counts_alone(
    app: Flask, cast: Cast, faq: dict[str, int]
) -> None:
    from kb import actions as articles

    gone = make_article(cast.elena, slug="pasajera", category_id=1, title="Pasajera")
    visitor = Visitor(app)
    visitor.search("pasajera", write=False)
    visitor.client.get("/preguntas/pasajera")
    articles.archive_article(actor=cast.elena, article_id=gone, now=NOON)
    articles.delete_article(actor=cast.elena, article_id=gone, now=NOON)
    write_down(app)
    assert words() == ["pasajera"]
    assert db.session.scalar(select(func.count()).select_from(ArticleOpening)) == 0


def test_a_failed_writing_loses_counts_and_nothing_else(
    app: Flask, faq: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(app.extensions["visits"], "listeners", [broken])
        Visitor(app).search("factura")
    Visitor(app, network="203.0.113.8").search("correo")
    assert words() == ["correo"]


def test_deleting_an_opened_article_keeps_the_search(
    app: Flask, cast: Cast, faq: dict[str, int]
) -> None:
    from kb import actions as articles

    visitor = Visitor(app)
    visitor.search("factura")
    visitor.open("factura-ruc", after="factura")
    when = NOON + timedelta(minutes=1)
    articles.archive_article(actor=cast.elena, article_id=faq["factura-ruc"], now=when)
    articles.delete_article(actor=cast.elena, article_id=faq["factura-ruc"], now=when)
    (kept,) = told()
    assert (kept.opened_id, kept.opened_at) == (None, NOON)
    assert isinstance(kept, Search)
