"""The report of what became of the answers that were shown before a ticket."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_edit_articles, may_read_answers_report, may_read_desk
from core import clock
from kb.models import Article
from tickets.finding.sheet import Cell, csv_lines
from tickets.outcomes import queries
from tickets.outcomes.periods import By, by_from, starts
from tickets.outcomes.policy import Outcome, share
from tickets.outcomes.queries import Counts
from tickets.outcomes.words import outcome_label, outcome_meaning, period_name

blueprint = Blueprint("outcomes", __name__, url_prefix="/reportes/respuestas")


@dataclass(frozen=True)
class Report:
    """A year of months, or twelve weeks: the periods, newest first, their sum, the articles."""

    by: By
    periods: Sequence[tuple[date, Counts]]
    whole: Counts
    articles: Sequence[tuple[Article, Counts]]


def _report(now: datetime) -> Report:
    by = by_from(request.args.get("por", ""))
    first_days = starts(clock.in_lima(now).date(), by)
    bounds = [datetime.combine(day, time(), clock.LIMA) for day in first_days]
    counts = queries.counts_by_period(bounds, now)
    periods = list(zip(first_days, counts, strict=False))[::-1]
    return Report(by, periods, queries.total_of(counts), queries.counts_by_article(bounds, now))


@blueprint.get("")
@requires(may_read_answers_report)
def index() -> ResponseReturnValue:
    return render_template(
        "outcomes/index.html",
        report=_report(clock.now()),
        outcomes=list(Outcome),
        label=outcome_label,
        meaning=outcome_meaning,
        period_name=period_name,
        share=share,
        can_read_desk=may_read_desk(signed_in_actor()),
        can_edit=may_edit_articles(signed_in_actor()),
    )


@blueprint.get("/csv")
@requires(may_read_answers_report)
def export() -> ResponseReturnValue:
    report, by_article = _report(clock.now()), request.args.get("tabla") == "articulos"
    lines = _article_lines(report) if by_article else _period_lines(report)
    name = f"respuestas-{'articulos' if by_article else report.by.value}.csv"
    return Response(
        (line.encode(errors="replace") for line in lines),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _ends(counts: Counts) -> list[Cell]:
    return [counts.by[outcome] for outcome in Outcome]


def _period_lines(report: Report) -> Iterator[str]:
    ends = [outcome_label(outcome) for outcome in Outcome]
    waiting = _("De ellas, con un sí de menos de 7 días")
    header = [_("Desde"), _("Casos con respuestas"), *ends, waiting]
    rows = ([d.isoformat(), c.total, *_ends(c), c.waiting] for d, c in report.periods)
    return csv_lines(header, rows)


def _article_lines(report: Report) -> Iterator[str]:
    ends = [outcome_label(outcome) for outcome in Outcome]
    header = [_("Artículo"), _("Título"), _("Mostrado"), _("Abierto"), *ends]
    rows = ([a.slug, a.title, c.shown, c.total, *_ends(c)] for a, c in report.articles)
    return csv_lines(header, rows)
