"""The tables of the article index inside PostgreSQL, for queries; `postgres_schema.sql` makes them.

They are no models: the index is derived, and neither migrations nor SQLite know of it.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Integer, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import CHAR, REAL, TSVECTOR

SCHEMA = "article_search"
_metadata = MetaData(schema=SCHEMA)

STATE = Table("state", _metadata, Column("stamp", Text))

ARTICLES = Table(
    "articles",
    _metadata,
    Column("article_id", Integer, primary_key=True),
    Column("slug", Text),
    Column("lang", Text),
    Column("category", Text),
    Column("internal", Boolean),
    Column("hidden", Text),
    Column("version", Text),
    Column("digest", Text),
    Column("stamp", BigInteger),
    Column("words", TSVECTOR),
)

POSTINGS = Table(
    "postings",
    _metadata,
    Column("field", CHAR(1), primary_key=True),
    Column("word", Text, primary_key=True),
    Column("article_id", Integer, primary_key=True),
    Column("weight", REAL),
)
