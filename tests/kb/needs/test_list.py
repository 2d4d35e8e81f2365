"""«Por mejorar»: what brings an article there, and what takes it out again."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core import clock
from core.db import db, transaction
from kb import actions
from kb.actions import ArticleText
from kb.needs.causes import CAUSES
from kb.needs.policy import Cause, Kind
from kb.needs.queries import pending
from kb.searches.models import Search
from kb.usage.actions import record_use
from kb.usage.policy import Use
from tests.cast import Cast
from tests.kb.articles import make_articles, make_shelf
from tests.kb.counting import statements

ADDRESS = "/editor/pendientes"


@pytest.fixture
def faq(cast: Cast) -> dict[str, int]:
    return make_articles(cast.elena)


@pytest.fixture
def elena(app: Flask, cast: Cast) -> FlaskClient:
    return cast.sign_in(app, cast.elena)


def vote(article_id: int, count: int, *, useful: bool = False, revision: int = 1) -> None:
    for number in range(count):
        actions.rate_article(
            article_id=article_id, revision=revision, visitor=f"{useful}{number}", useful=useful,
            comment="", now=clock.now(),
        )  # fmt: skip


def filed_after(article_id: int, count: int, *, days: int = 0) -> None:
    at = clock.now() - timedelta(days=days)
    with transaction() as session:
        for number in range(count):
            kind, key = str(Use.FILED_AFTER_READING), f"t:{days}{number}"
            record_use(session, article_id=article_id, kind=kind, key=key, now=at)


def landed(article_id: int, visitors: str, **facts: Any) -> None:
    at = clock.now()
    with transaction() as session:
        for visitor in visitors:
            seen = {"at": at, "last_at": at, "visitor": visitor, "browser": "", "lang": "es"}
            said = {"words": "x", "key": "x", "total": 3, "complete": True, "shown": []}
            session.add(Search(**seen, **said, top_id=article_id, **facts))


def listed(**chosen: Any) -> dict[str, list[tuple[Kind, int]]]:
    db.session.rollback()
    rows, total = pending(now=clock.now(), **chosen)
    assert len(rows) == total
    return {row.article.slug: [(c.kind, c.count) for c in row.causes] for row in rows}


def test_every_cause_brings_its_article_there(faq: dict[str, int]) -> None:
    vote(faq["firma-de-correo"], 3)
    filed_after(faq["servidor-lento"], 2)
    landed(faq["disco-lleno"], "abb")
    assert listed() == {
        "firma-de-correo": [(Kind.VOTES, 3)],
        "servidor-lento": [(Kind.SILENT, 2)],
        "disco-lleno": [(Kind.GAPS, 2)],
    }


def test_nothing_is_listed_for_what_went_well_or_is_long_ago(faq: dict[str, int]) -> None:
    vote(faq["firma-de-correo"], 3, useful=True)
    filed_after(faq["servidor-lento"], 2, days=91)
    landed(faq["disco-lleno"], "ab", opened_at=clock.now())
    with transaction() as session:
        kind = str(Use.CONFIRMED)
        key = faq["llaves-ssh"]
        record_use(session, article_id=key, kind=kind, key="d:1", now=clock.now())
    assert listed() == {}


def test_many_sure_votes_go_before_a_single_bad_one(faq: dict[str, int]) -> None:
    vote(faq["firma-de-correo"], 1)
    vote(faq["servidor-lento"], 12)
    vote(faq["servidor-lento"], 8, useful=True)
    assert list(listed()) == ["servidor-lento", "firma-de-correo"]


def test_causes_add_up_and_can_be_looked_at_one_by_one(faq: dict[str, int]) -> None:
    vote(faq["firma-de-correo"], 3)
    vote(faq["servidor-lento"], 2)
    filed_after(faq["servidor-lento"], 5)
    assert list(listed()) == ["servidor-lento", "firma-de-correo"]
    assert list(listed(kind=Kind.SILENT)) == ["servidor-lento"]
    assert listed(kind=Kind.REVIEW) == {}


def test_a_new_revision_starts_afresh(cast: Cast, faq: dict[str, int]) -> None:
    key = faq["firma-de-correo"]
    vote(key, 3)
    filed_after(key, 3)
    landed(key, "abc")
    text = ArticleText("Firma", "firma-de-correo", 1, "", [], "es", "Mejor")
    actions.save_article(actor=cast.elena, text=text, article_id=key, revision=1, now=clock.now())
    assert listed() == {}
    vote(key, 1, revision=2)
    assert listed() == {"firma-de-correo": [(Kind.VOTES, 1)]}


def test_withdrawn_articles_need_no_work(cast: Cast, faq: dict[str, int]) -> None:
    vote(faq["firma-de-correo"], 3)
    actions.archive_article(actor=cast.elena, article_id=faq["firma-de-correo"], now=clock.now())
    assert listed() == {}


def test_a_cause_of_another_part_is_one_function_more(faq: dict[str, int]) -> None:
    def review(now: datetime) -> dict[int, Cause]:
        return {faq["llaves-ssh"]: Cause(Kind.REVIEW, 1.0, at=now)}

    assert listed(finders=(*CAUSES, review)) == {"llaves-ssh": [(Kind.REVIEW, 0)]}


def test_page_says_why_and_leads_to_the_article(elena: FlaskClient, faq: dict[str, int]) -> None:
    assert "Nada por mejorar" in elena.get(ADDRESS).text
    vote(faq["firma-de-correo"], 3)
    filed_after(faq["firma-de-correo"], 1)
    landed(faq["firma-de-correo"], "ab")
    page = html.unescape(elena.get(ADDRESS).text)
    row = re.sub(r"<[^>]+>", " ", page.split('<td class="head">')[1])
    for said in (
        "3 «No» a esta versión",
        "1 ticket después de leerlo",
        "sale primero en búsquedas de 2 personas a las que no ayudó",
    ):
        assert said in row
    assert f"/editor/articulos/{faq['firma-de-correo']}/opiniones" in page
    assert "Ningún artículo por este motivo" in elena.get(f"{ADDRESS}?causa=enlaces").text
    assert elena.get(f"{ADDRESS}?causa=xx&pagina=yy").status_code == 200
    assert elena.get(f"{ADDRESS}?pagina=2").status_code == 404


def test_list_costs_the_same_for_one_row_and_for_thirty(elena: FlaskClient, cast: Cast) -> None:
    make_shelf(31)
    vote(1, 1)
    few = cost_of(elena)
    for key in range(2, 32):
        vote(key, 1)
    assert cost_of(elena) == few
    assert elena.get(ADDRESS).text.count('<td class="head">') == 30


def cost_of(client: FlaskClient) -> int:
    client.get(ADDRESS)
    with statements() as seen:
        assert client.get(ADDRESS).status_code == 200
    return len(seen)
