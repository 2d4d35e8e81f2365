"""The conditions of support: the version in force and every older one."""

from __future__ import annotations

from functools import lru_cache

from flask import Blueprint, render_template
from werkzeug.exceptions import NotFound

from accounts.access import open_to_all
from conditions import queries
from conditions.models import ConditionsVersion
from core.pagecache import cacheable
from core.text import Rendered, render_markdown
from core.web import external_url

blueprint = Blueprint("conditions", __name__, url_prefix="/condiciones")


@blueprint.get("")
@open_to_all
@cacheable
def current() -> str:
    """The version in force."""
    in_force = queries.current()
    if in_force is None:
        raise NotFound
    return _page(in_force, in_force.version)


@blueprint.get("/<number:version>")
@open_to_all
@cacheable
def show(version: int) -> str:
    """One version; an old one says which is in force."""
    asked, in_force = queries.version(version), queries.current()
    if asked is None or in_force is None:
        raise NotFound
    return _page(asked, in_force.version)


def _page(shown: ConditionsVersion, in_force: int) -> str:
    return render_template(
        "conditions/show.html",
        shown=shown,
        text=_rendered(shown.body),
        in_force=in_force,
        versions=queries.versions(),
        canonical=external_url("conditions.current")
        if shown.version == in_force
        else external_url("conditions.show", version=shown.version),
    )


@lru_cache(maxsize=8)
def _rendered(body: str) -> Rendered:
    return render_markdown(body)
