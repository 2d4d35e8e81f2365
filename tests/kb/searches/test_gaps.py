"""«Qué se buscó y no se encontró»: what editors see of it, and what they do."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.db import db, transaction
from core.models import AuditEntry
from kb.searches import gaps
from kb.searches.gaps import Ending, Gap
from kb.searches.models import DismissedSearch, Search
from tests.cast import Cast
from tests.kb.articles import index_everything, make_article
from tests.kb.counting import statements
from tests.kb.searches.visitors import NOON, Visitor, Watch

ADDRESS = "/editor/busquedas"
pytestmark = pytest.mark.usefixtures("watch")


@pytest.fixture
def faq(indexed: dict[str, int]) -> dict[str, int]:
    return indexed


@pytest.fixture
def elena(app: Flask, cast: Cast) -> FlaskClient:
    return cast.sign_in(app, cast.elena)


def put(
    words: str, *, key: str = "", visitor: str = "a", total: int = 0, days: float = 0, **facts: Any
) -> None:
    """Keep a search as if it had happened."""
    at = NOON - timedelta(days=days)
    seen = {"at": at, "last_at": at, "visitor": visitor, "browser": visitor, "lang": "es"}
    said = {"words": words, "key": key or words, "total": total, "complete": True, "shown": []}
    with transaction() as session:
        session.add(Search(**seen, **said, **facts))


def found(*, dismissed: bool = False, days: int = 30) -> list[Gap]:
    db.session.rollback()
    return gaps.gaps(since=NOON - timedelta(days=days), dismissed=dismissed)


def names(*, dismissed: bool = False, days: int = 30) -> list[str]:
    return [gap.key for gap in found(dismissed=dismissed, days=days)]


def test_gaps_are_searches_without_help_grouped_by_what_was_meant(
    app: Flask, faq: dict[str, int], watch: Watch
) -> None:
    for last, typed in enumerate(("xilófonos azules", "xilofono azul", "zzzz")):
        Visitor(app, network=f"203.0.113.{last}").search(typed)
    helped = Visitor(app, network="203.0.113.9")
    helped.search("factura con RUC")
    helped.open("factura-ruc", after="factura con RUC")
    first, second = found()
    assert (first.visitors, first.searches, first.unfound) == (2, 2, 2)
    assert sorted(first.forms) == ["xilofono azul", "xilófonos azules"]
    assert (second.forms, second.visitors) == (["zzzz"], 1)


def test_gaps_are_ranked_by_distinct_visitors_not_by_searches(app: Flask) -> None:
    for _ in range(9):
        put("insiste", visitor="a")
    put("varios", visitor="a")
    put("varios", visitor="b")
    assert [(gap.key, gap.visitors, gap.searches) for gap in found()] == [
        ("varios", 2, 2),
        ("insiste", 1, 9),
    ]


def test_every_reason_is_counted_by_visitors(app: Flask, cast: Cast) -> None:
    put("x", visitor="a", total=0)
    put("x", visitor="b", total=4)
    put("x", visitor="b", total=4)
    put("x", visitor="c", total=4, opened_at=NOON, reworded_at=NOON)
    put("x", visitor="d", total=4, opened_at=NOON, ticket_at=NOON)
    put("x", visitor="e", total=4, opened_at=NOON)
    (gap,) = found()
    assert (gap.visitors, gap.searches) == (4, 5)
    assert (gap.unfound, gap.unopened, gap.reworded, gap.tickets) == (1, 1, 1, 1)


def test_the_period_leaves_older_searches_out(app: Flask) -> None:
    put("viejo", days=20)
    put("nuevo", days=2)
    assert names(days=7) == ["nuevo"]
    assert names(days=30) == ["nuevo", "viejo"]


def test_a_gap_shows_whether_the_search_now_ends_well(
    app: Flask, cast: Cast, faq: dict[str, int], watch: Watch
) -> None:
    visitor = Visitor(app)
    visitor.search("xilófono")
    assert [gap.ending for gap in found()] == [Ending.NOTHING]
    make_article(
        cast.elena,
        slug="xilofono",
        category_id=1,
        title="Pedir un xilófono",
        body="Pida su xilófono.",
    )
    index_everything(app)
    assert [gap.ending for gap in found()] == [Ending.FOUND]
    watch.pass_by(hours=1)
    another = Visitor(app, network="203.0.113.8")
    another.search("xilófonos")
    another.open("xilofono", after="xilófonos")
    assert [gap.ending for gap in found()] == [Ending.OPENED]


def test_dismissed_gaps_go_and_come_back_when_they_grow_clearly(app: Flask, cast: Cast) -> None:
    from kb.searches import actions

    for visitor in "abcd":
        put("tema", visitor=visitor, days=3)
    when = NOON - timedelta(days=2)
    words, visitors = gaps.gap_of("es", "tema", since=NOON - timedelta(days=30)) or ("", 0)
    actions.dismiss(
        actor=cast.elena, lang="es", key="tema", words=words, visitors=visitors, now=when
    )
    assert (names(), names(dismissed=True)) == ([], ["tema"])
    for visitor in "abc":
        put("tema", visitor=visitor, days=1)
    put("tema", visitor="c")
    assert (names(), names(dismissed=True)) == ([], ["tema"])
    put("tema", visitor="nueva")
    assert (names(), names(dismissed=True)) == (["tema"], [])


def test_editor_dismisses_and_undoes_it(elena: FlaskClient, cast: Cast) -> None:
    put("tema ñandú", key="nandu tem")
    assert "tema ñandú" in elena.get(ADDRESS).text
    row = {"clave": "nandu tem", "idioma": "es", "dias": "7"}
    gone = elena.post(f"{ADDRESS}/descartes", data=row)
    assert (gone.status_code, gone.location) == (303, f"{ADDRESS}?dias=7")
    elena.post(f"{ADDRESS}/descartes", data=row)
    assert "Nada que atender" in elena.get(ADDRESS).text
    assert "tema ñandú" in elena.get(f"{ADDRESS}?ver=descartadas").text
    back = elena.post(f"{ADDRESS}/descartes/retiro", data=row)
    assert back.status_code == 303
    elena.post(f"{ADDRESS}/descartes/retiro", data=row)
    assert "tema ñandú" in elena.get(ADDRESS).text
    db.session.rollback()
    assert db.session.scalars(select(DismissedSearch)).all() == []
    actions = select(AuditEntry.action).where(AuditEntry.subject == "search:nandu tem")
    assert db.session.scalars(actions.order_by(AuditEntry.id)).all() == [
        "search.dismissed",
        "search.dismissed",
        "search.restored",
    ]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"clave": "nadie", "idioma": "es"},
        {"clave": "tema", "idioma": "xx"},
        {"clave": "x" * 500, "idioma": "es"},
        {"clave": "' OR 1=1 --", "idioma": "es"},
    ],
)
def test_what_nobody_searched_cannot_be_dismissed(elena: FlaskClient, data: dict[str, str]) -> None:
    put("tema")
    assert elena.post(f"{ADDRESS}/descartes", data=data).status_code == 404
    assert names() == ["tema"]


def test_row_leads_to_a_new_article_and_to_a_synonym(elena: FlaskClient, cast: Cast) -> None:
    put("no abre <b>webmail</b> [correo]", key="abr webmail")
    page = html.unescape(elena.get(ADDRESS).text)
    write = re.search(r'href="(/editor/articulos/nuevo[^"]*)"', page)
    assert write is not None
    assert "/editor/sinonimos/nuevo?palabras=no+abre+%3Cb%3Ewebmail%3C%2Fb%3E" in page
    assert "<b>webmail</b> [correo]" not in elena.get(ADDRESS).text
    form = elena.get(write[1]).text
    assert 'value="No abre &lt;b&gt;webmail&lt;/b&gt;"' in form


def test_searches_of_marks_alone_have_no_words_to_write_about(elena: FlaskClient) -> None:
    put("[correo]", key="[correo]")
    page = elena.get(ADDRESS)
    assert page.status_code == 200
    assert "[correo]" in page.text


def test_page_costs_the_same_for_one_gap_and_for_twenty(elena: FlaskClient) -> None:
    put("tema 0")
    few = cost_of(elena)
    for number in range(1, 45):
        put(f"tema {number}")
    assert cost_of(elena) == few
    assert elena.get(f"{ADDRESS}?pagina=3").status_code == 200
    assert elena.get(f"{ADDRESS}?pagina=4").status_code == 404
    assert elena.get(f"{ADDRESS}?dias=x&ver=y&pagina=z").status_code == 200


def test_ten_thousand_searches_are_grouped_in_the_database(elena: FlaskClient) -> None:
    with transaction() as session:
        session.execute(
            Search.__table__.insert(),
            [
                {
                    "at": NOON,
                    "last_at": NOON,
                    "visitor": f"v{n % 700}",
                    "browser": "b",
                    "lang": "es",
                    "words": f"tema {n % 900} forma {n % 7}",
                    "key": f"tem {n % 900}",
                    "total": 0,
                    "complete": True,
                    "shown": [],
                }
                for n in range(10_000)
            ],
        )
    page = elena.get(ADDRESS).text
    assert page.count('<td class="head">') == 20
    assert '<span class="tag plain">900</span>' in page


def cost_of(client: FlaskClient) -> int:
    client.get(ADDRESS)
    with statements() as seen:
        assert client.get(ADDRESS).status_code == 200
    return len(seen)
