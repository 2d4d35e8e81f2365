from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.db import transaction
from tests.cast import START, Cast
from tests.kb.articles import make_articles
from tests.kb.counting import statements
from tests.tickets.outcomes.test_episodes import ANSWER, OTHER, SEEN, file, shown, solved
from tickets.outcomes.models import Episode
from tickets.outcomes.periods import By, by_from, starts
from tickets.outcomes.policy import Outcome, Seen
from tickets.outcomes.queries import counts_by_article, counts_by_period

LATER = START + timedelta(days=20)
BOUNDS = [START - timedelta(days=30), START - timedelta(days=1), START + timedelta(days=1)]


def ends(by: dict[Outcome, int]) -> tuple[int, ...]:
    return tuple(by[outcome] for outcome in Outcome)


@pytest.fixture
def ids(cast: Cast) -> dict[str, int]:
    """Carla was helped; Ana came back; Beto filed all the same; a visitor said nothing."""
    made = make_articles(cast.elena, count=5)
    solved(cast.carla)
    file(cast.ana, solved(cast.ana))
    file(cast.beto, shown(cast.beto), after=timedelta(days=9))
    shown(cast.carla, Seen(shown=[(ANSWER, 1), (OTHER, 2)], opened=[OTHER]))
    return made


def test_periods_end_with_the_present_one() -> None:
    months = starts(date(2026, 3, 31), By.MONTH, 3)
    assert months == [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)]
    assert starts(date(2026, 1, 5), By.MONTH)[0] == date(2025, 2, 1)
    weeks = starts(date(2026, 3, 4), By.WEEK, 2)
    assert weeks == [date(2026, 2, 23), date(2026, 3, 2), date(2026, 3, 9)]
    assert [by_from(text) for text in ("semana", "mes", "año'--", "")] == [
        By.WEEK,
        By.MONTH,
        By.MONTH,
        By.MONTH,
    ]


def test_outcomes_are_counted_by_period(cast: Cast, ids: dict[str, int]) -> None:
    before, now = counts_by_period(BOUNDS, LATER)
    assert (before.total, ends(now.by), now.waiting) == (0, (1, 1, 1, 1), 0)


def test_yes_of_this_week_is_not_solved_yet(cast: Cast, ids: dict[str, int]) -> None:
    _before, now = counts_by_period(BOUNDS, START + timedelta(days=3))
    assert (now.by[Outcome.CONFIRMED], now.waiting) == (0, 1)


def test_outcomes_are_counted_for_articles_that_were_opened(
    cast: Cast, ids: dict[str, int]
) -> None:
    rows = counts_by_article(BOUNDS, LATER)
    found = {article.slug: (c.shown, c.total, ends(c.by)) for article, c in rows}
    assert found == {ANSWER: (4, 3, (1, 1, 1, 0)), OTHER: (4, 1, (0, 0, 0, 1))}


def test_report_shows_the_four_and_never_one_rate(app: Flask, cast: Cast) -> None:
    moment = clock.now()
    empty = cast.sign_in(app, cast.elena).get("/reportes/respuestas")
    assert "Aún no hay nada que contar" in empty.text
    make_articles(cast.elena, count=5)
    shown(cast.ana, SEEN)

    with transaction() as session:
        for episode in session.scalars(select(Episode)):
            episode.began_at = moment
    for who in (cast.diego, cast.elena, cast.gloria):
        for by in ("mes", "semana", "'; drop"):
            page = cast.sign_in(app, who).get(f"/reportes/respuestas?por={by}")
            assert page.status_code == 200
            assert "Resuelto, confirmado" in page.text
            assert "No recibo correos" in page.text


def test_sheets_hold_the_same_counts(app: Flask, cast: Cast, ids: dict[str, int]) -> None:

    with transaction() as session:
        for episode in session.scalars(select(Episode)):
            episode.began_at = clock.now()
    desk = cast.sign_in(app, cast.diego)
    months = desk.get("/reportes/respuestas/csv")
    assert months.headers["Content-Disposition"].endswith('"respuestas-mes.csv"')
    rows = list(csv.reader(io.StringIO(months.text.lstrip("\ufeff"))))
    assert rows[1][1:] == ["4", "1", "1", "1", "1", "0"]
    assert len(rows) == 13
    articles = desk.get("/reportes/respuestas/csv?tabla=articulos&por=semana")
    rows = list(csv.reader(io.StringIO(articles.text.lstrip("\ufeff"))))
    assert rows[1][:4] == [ANSWER, "No recibo correos", "4", "3"]


def test_report_costs_the_same_for_many_articles(cast: Cast, ids: dict[str, int]) -> None:
    with statements() as seen:
        counts_by_article(BOUNDS, LATER)
        counts_by_period(BOUNDS, LATER)
    assert len(seen) == 3
