"""The report of the desk, and the month's sheet that anybody may read."""

from __future__ import annotations

import re
from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from accounts.access import open_to_all, requires, signed_in_actor
from accounts.permissions import may_administer, may_read_desk
from core import clock
from core.ratelimit import limiter
from tickets.proof import actions, queries

blueprint = Blueprint("proof", __name__)
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
RUNS_SHOWN = 10


@blueprint.get("/reportes")
@requires(may_read_desk)
def index() -> ResponseReturnValue:
    return render_template(
        "proof/index.html",
        runs=queries.last_runs(RUNS_SHOWN),
        may_run=may_administer(signed_in_actor()),
        sheet=queries.sheet(queries.months(clock.now())[0]),
        oldest=queries.oldest_waiting(),
    )


@blueprint.post("/reportes/comprobaciones")
@requires(may_administer)
def run_audit() -> ResponseReturnValue:
    """Have the log audited now, behind the request."""
    actions.ask_for_audit(now=clock.now())
    flash(_("La comprobación está en marcha: su resultado aparecerá aquí."), "info")
    return redirect(url_for("proof.index"), 303)


@blueprint.get("/transparencia")
@open_to_all
@limiter.limit("240/hour")
def newest_sheet() -> ResponseReturnValue:
    return _sheet_page(queries.months(clock.now())[0])


@blueprint.get("/transparencia/<mes>")
@open_to_all
@limiter.limit("240/hour")
def month_sheet(mes: str) -> ResponseReturnValue:
    written = _MONTH.fullmatch(mes)
    month = date(int(written[1]), int(written[2]), 1) if written else None
    if month not in queries.months(clock.now()):
        raise NotFound
    return _sheet_page(month)


def _sheet_page(month: date) -> ResponseReturnValue:
    months = queries.months(clock.now())
    runs = queries.last_runs(1)
    return render_template(
        "proof/month_sheet.html",
        sheet=queries.sheet(month),
        months=months,
        current=month == months[0],
        run=runs[0] if runs else None,
        oldest=queries.oldest_waiting(),
    )
