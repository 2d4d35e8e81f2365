"""`flask kb bench`: try every question of the editors, and compare with what was accepted.

Exit status 1 when one fails that passed when the results were last accepted; 2 for wrong use.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import click
from flask import Flask

from kb.commands import group
from kb.search import article_index
from kb.trials.policy import Change
from kb.trials.queries import Stand, Standing, standing

_SHOWN = 70


@group.command("bench")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def bench(as_json: bool) -> None:
    """Try the editors' questions; exit status 1 when one got worse since the last acceptance."""
    if not article_index().healthy():
        click.echo("the index is missing or damaged; run: flask kb reindex", err=True)
        sys.exit(1)
    found = standing(at_once=True)
    if as_json:
        click.echo(json.dumps(_facts(found), ensure_ascii=False, indent=2))
    else:
        for stand in found.stands:
            click.echo(_line(stand))
        click.echo(
            f"{len(found.stands)} questions, {found.passing} pass; "
            f"worse {found.worse}, better {found.better} than accepted"
        )
    if found.worse:
        sys.exit(1)


def _line(stand: Stand) -> str:
    change = {Change.WORSE: "WORSE", Change.BETTER: "better", Change.NEW: "new"}
    question = stand.trial.question.replace("\n", " ")
    return (
        f"{'ok' if stand.passes else 'FAIL':5}{stand.place or '-':>3}  "
        f"{change.get(stand.change, ''):7}{stand.trial.kind:9} {question[:_SHOWN]}"
    )


def _facts(found: Standing) -> dict[str, Any]:
    return {
        "questions": len(found.stands),
        "passing": found.passing,
        "worse": found.worse,
        "better": found.better,
        "results": [
            {
                "id": stand.trial.id,
                "kind": stand.trial.kind,
                "question": stand.trial.question,
                "expected": [article.slug for article in stand.trial.articles],
                "place": stand.place,
                "passes": stand.passes,
                "accepted_place": stand.trial.accepted_place,
                "change": stand.change.name.lower(),
            }
            for stand in found.stands
        ],
    }


def register(app: Flask) -> None:
    """`flask kb bench` joins its group when this module is imported."""
