"""The article index inside PostgreSQL: its tables, functions and triggers, as SQL to run.

The functions do what `kb.analysis` and `kb.impacts` do, inside the database: an article that is
stored is found at its commit, and nothing has to be told. Numbers, zones and stop words come from
those modules, so that both engines weigh alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from kb import impacts
from kb.analysis import ANALYSIS_VERSION, MAX_WORD
from kb.impacts import Zone
from kb.index import IndexUnavailable
from kb.stopwords import STOP_WORDS

EXTENSIONS = ("unaccent", "pg_trgm")
#: Zones by number, as `article_search.weigh` takes the texts, with their letters in a tsvector.
ZONES = (
    ("A", impacts.TITLE),
    ("B", impacts.SUMMARY),
    ("C", impacts.TAGS),
    ("D", impacts.BODY),
    ("C", impacts.HIDDEN),
)
#: Collations that know letters beyond ASCII, the best first; one of them is in every build.
_COLLATIONS = ("pg_c_utf8", "C.utf8", "und-x-icu", "en_US.utf8", "default")

_NEEDS = (
    "SEARCH_BACKEND=postgres needs more rights than the user of DATABASE_URL has; let the owner of"
    " the database run: {}"
)


class NotAllowed(IndexUnavailable):
    """The database's user may not make what the index needs; the text says what to run."""


@lru_cache(maxsize=1)
def _scripts() -> tuple[str, str]:
    folder = Path(__file__).parent
    script = (folder / "postgres_schema.sql").read_text("utf-8")
    for name, value in (
        ("STOP_WORDS", _stop_words()),
        ("ZONES", ", ".join(_zone(n, *zone) for n, zone in enumerate(ZONES, 1))),
        ("MAX_WORD", str(MAX_WORD)),
        ("K1", str(impacts.K1)),
        ("ZONE_GAP", str(impacts.ZONE_GAP)),
    ):
        script = script.replace(f"@{name}@", value)
    return script, (folder / "postgres_triggers.sql").read_text("utf-8")


def _stop_words() -> str:
    rows = ((lang, word) for lang in sorted(STOP_WORDS) for word in sorted(STOP_WORDS[lang]))
    return ", ".join(f"('{lang}', '{word}')" for lang, word in rows)


def _zone(number: int, letter: str, zone: Zone) -> str:
    return f"({number}, '{letter}', {zone.weight}, {zone.usual_length}, {zone.length_share})"


@lru_cache(maxsize=1)
def stamp() -> str:
    """Changes whenever the same article would get other words or weights."""
    whole = "\n".join((*_scripts(), str(ANALYSIS_VERSION)))
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def install(connection: Connection, *, follows_articles: bool) -> None:
    """Make the empty index in the transaction under way, in place of one of another version.

    With `follows_articles` triggers keep it at the state of the table of articles.
    Raises NotAllowed.
    """
    connection.execute(text("SET LOCAL lock_timeout = '5s'"))
    require_rights(connection)
    make_extensions(connection)
    script, triggers = _scripts()
    for name in EXTENSIONS:
        script = script.replace(f"@{name.upper()}@", _schema_of(connection, name))
    script = script.replace("@COLLATION@", f'"{_collation(connection)}"')
    if follows_articles:
        home = connection.scalar(
            text(
                "SELECT quote_ident(nspname) FROM pg_class JOIN pg_namespace n ON n.oid ="
                " relnamespace WHERE pg_class.oid = to_regclass('articles')"
            )
        )
        script += triggers.replace("@HOME@", home or "public")
    connection.exec_driver_sql(script.replace("%", "%%"))


def missing_extensions(connection: Connection) -> Sequence[str]:
    """The extensions that the index needs and the database lacks."""
    known = set(connection.scalars(text("SELECT extname FROM pg_extension")))
    return [name for name in EXTENSIONS if name not in known]


def require_rights(connection: Connection) -> None:
    """Look whether the index can be made here at all. Raises NotAllowed."""
    query = text("SELECT has_database_privilege(current_database(), 'CREATE')")
    if connection.scalar(query):
        return
    wanted = [f"CREATE EXTENSION {name}" for name in missing_extensions(connection)]
    wanted.append("GRANT CREATE ON DATABASE … TO …")
    raise NotAllowed(_NEEDS.format("; ".join(wanted)))


def make_extensions(connection: Connection) -> None:
    """Make the extensions that are missing. Raises NotAllowed."""
    missing = missing_extensions(connection)
    try:
        for name in missing:
            with connection.begin_nested():
                connection.execute(text(f"CREATE EXTENSION {name}"))
    except DBAPIError as error:
        wanted = "; ".join(f"CREATE EXTENSION {name}" for name in missing)
        raise NotAllowed(_NEEDS.format(wanted)) from error


def _schema_of(connection: Connection, extension: str) -> str:
    query = text(
        "SELECT quote_ident(nspname) FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace"
        " WHERE extname = :name"
    )
    return str(connection.scalar(query, {"name": extension}))


def _collation(connection: Connection) -> str:
    known = set(
        connection.scalars(
            text(
                "SELECT collname FROM pg_collation WHERE collencoding IN (-1, pg_char_to_encoding("
                "getdatabaseencoding())) AND collnamespace = 'pg_catalog'::regnamespace"
            )
        )
    )
    return next(name for name in _COLLATIONS if name in known)
