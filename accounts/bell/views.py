"""The page of notices, the question whether there is something new, and having read it."""

from __future__ import annotations

from flask import Blueprint, Flask, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import NotFound

from accounts.access import current_actor, open_to_all, signed_in_actor, unattended
from accounts.bell import actions, policy, queries, words
from accounts.bell.queries import Standing
from core import clock
from core.db import db
from core.pace import Pace
from core.web import clean_number

blueprint = Blueprint("bell", __name__)
#: `about` of a page that says it was looked at is longer than this in no notice.
LONGEST_ABOUT = 80


@blueprint.get("/avisos")
def index() -> ResponseReturnValue:
    actor, before = signed_in_actor(), clean_number(request.args.get("antes"))
    shown = _standing()
    rows = queries.latest(actor, limit=policy.PAGE_SIZE + 1, before=before)
    lines = words.lines(actor, rows[: policy.PAGE_SIZE])
    return render_template(
        "bell/index.html",
        days=words.by_day(lines, clock.now()),
        standing=shown,
        before=before,
        older=lines[-1].id if len(rows) > policy.PAGE_SIZE else None,
    )


@blueprint.get("/avisos/nuevos")
@open_to_all
@unattended
def news() -> ResponseReturnValue:
    """204 while nothing changed since the page was made; 401 once the session ended."""
    actor = current_actor()
    if actor is None:
        return "", 401, {"Cache-Control": "no-store"}
    if not _may_ask(actor.person_id):
        return "", 429, {"Retry-After": "60"}
    known = (request.args.get("sin_leer"), request.args.get("desde"))
    now = _standing()
    return ("", 204) if known == (str(now.unread), str(now.newest)) else _panel()


@blueprint.post("/avisos/<number:notice_id>")
def open_one(notice_id: int) -> ResponseReturnValue:
    """A notice is pressed: it is read, and what it is about opens."""
    actor = signed_in_actor()
    notice = actions.open_notice(notice_id=notice_id, actor=actor, now=clock.now())
    if notice is None:
        raise NotFound
    return redirect(words.address(actor, notice) or url_for("bell.index"), 303)


@blueprint.post("/avisos/lectura")
def read_all() -> ResponseReturnValue:
    """All that the page showed is read; what came meanwhile stays."""
    upto = clean_number(request.form.get("hasta")) or 0
    actions.read_all(actor=signed_in_actor(), upto=upto, now=clock.now())
    return redirect(url_for("bell.index"), 303)


@blueprint.post("/avisos/vistos")
@unattended
def seen() -> ResponseReturnValue:
    """The page of a thing was looked at: its script says so, and gets the bell as it is now."""
    about = request.form.get("tema", "")[:LONGEST_ABOUT]
    upto = clean_number(request.form.get("hasta")) or 0
    actions.read_about(actor=signed_in_actor(), about=about, upto=upto, now=clock.now())
    return _panel()


def _panel() -> str:
    actor = signed_in_actor()
    lines = words.lines(actor, queries.latest(actor, limit=policy.PANEL_SIZE))
    return render_template("bell/_panel.html", lines=lines, standing=_standing())


def _standing() -> Standing:
    if "bell" not in g:
        g.bell = queries.standing(signed_in_actor().person_id)
    found: Standing = g.bell
    return found


def _may_ask(person_id: int) -> bool:
    if not current_app.config["RATELIMIT_ENABLED"]:
        return True
    pace: Pace = current_app.extensions["bell_pace"]
    return pace.allows(person_id, clock.now())


def _bell() -> Standing | None:
    """For the header of a page; None for a visitor, and where the database does not answer."""
    try:
        return _standing() if current_actor() else None
    except SQLAlchemyError:
        # An error page is being drawn: it must not need what has just failed.
        db.session.rollback()
        return None


def register(app: Flask) -> None:
    """Give every template `bell`, which asks the database when it is called."""
    app.extensions["bell_pace"] = Pace(policy.MOST_IN_A_MINUTE)
    app.context_processor(lambda: {"bell": _bell})
    app.jinja_env.filters.update(unread_words=words.unread_words, count_shown=policy.count_shown)
    app.jinja_env.globals["bell_every"] = policy.EVERY_SECONDS
