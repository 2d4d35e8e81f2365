"""Questions to the index inside PostgreSQL, each one trip; the words in them are parameters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    any_,
    bindparam,
    func,
    literal_column,
    select,
    text,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.types import Text

from kb.postgres_tables import ARTICLES, POSTINGS

Phrase = tuple[tuple[str, int], ...]
#: An article's postings by word: ids, ascending, and the weight in each.
Weighed = tuple[list[int], list[float]]
#: The letters of the fields, as SQL.
FIELDS = {"stem": "'s'", "head": "'h'", "exact": "'e'", "title": "'t'", "written": "'w'"}
#: So many words that look like a misspelt one are compared with it letter by letter.
NEAR_WORDS = 200
#: Words of one prefix that are considered.
PREFIX_SCAN = 400
_STEM = text(
    "SELECT form, folded, article_search.stem(folded, :lang) FROM (SELECT form,"
    " article_search.fold(form) AS folded FROM unnest(CAST(:forms AS text[])) AS given(form)) f"
)
_NEAR = text("SELECT article_search.near(:typed, :most)")


class Lookups:
    """The articles of `visible` (a query for ids), in the transaction of `connection`."""

    def __init__(self, connection: Connection, visible: Select[Any]) -> None:
        self._connection = connection
        self._visible = visible.cte("visible")
        self._seen_id = next(iter(self._visible.c))

    def languages(self) -> dict[str, int]:
        """How many articles each language has."""
        query = select(ARTICLES.c.lang, func.count()).group_by(ARTICLES.c.lang)
        return dict(self._connection.execute(self._seen(query)).all())

    def stems(self, forms: Sequence[str], lang: str) -> Iterable[tuple[str, str, str]]:
        """What the database makes of words: (as given, folded, stem)."""
        rows = self._connection.execute(_STEM, {"lang": lang, "forms": list(forms)})
        return [(form, folded, stemmed) for form, folded, stemmed in rows]

    def counts(self, terms: dict[str, list[str]]) -> dict[tuple[str, str], int]:
        """How many articles hold each word, given by field; hidden articles count too."""
        parts = [
            select(literal_column(f"'{field}'"), POSTINGS.c.word, func.count())
            .where(_is(field), POSTINGS.c.word == _one_of(words))
            .group_by(POSTINGS.c.word)
            for field, words in terms.items()
        ]
        found = self._connection.execute(union_all(*parts))
        return {(name, word): count for name, word, count in found}

    def postings(self, terms: dict[str, list[str]]) -> dict[tuple[str, str], Weighed]:
        """The postings of words, given by field."""
        if not terms:
            return {}
        parts = [
            select(literal_column(f"'{field}'").label("name"), POSTINGS)
            .where(_is(field), POSTINGS.c.word == _one_of(words))
            .join(self._visible, self._seen_id == POSTINGS.c.article_id)
            for field, words in terms.items()
        ]
        rows = union_all(*parts).subquery()
        ids = aggregate_order_by(rows.c.article_id, rows.c.article_id)
        weights = aggregate_order_by(rows.c.weight, rows.c.article_id)
        query = select(rows.c.name, rows.c.word, func.array_agg(ids), func.array_agg(weights))
        found = self._connection.execute(query.group_by(rows.c.name, rows.c.word))
        return {(name, word): (numbers, heavy) for name, word, numbers, heavy in found}

    def in_language(self, lang: str) -> list[int]:
        """The ids of the articles in a language, ascending."""
        query = self._seen(select(ARTICLES.c.article_id).where(ARTICLES.c.lang == lang))
        return sorted(self._connection.scalars(query))

    def beginning(self, field: str, prefix: str) -> dict[str, int]:
        """The words of a field that begin so, in order, and how many articles hold each."""
        last = prefix + chr(0x10FFFF)
        query = (
            select(POSTINGS.c.word, func.count())
            .join(self._visible, self._seen_id == POSTINGS.c.article_id)
            .where(_is(field), POSTINGS.c.word >= prefix, POSTINGS.c.word < last)
            .group_by(POSTINGS.c.word)
            .order_by(POSTINGS.c.word)
            .limit(PREFIX_SCAN)
        )
        return dict(self._connection.execute(query).all())

    def near(self, typed: str) -> dict[str, int]:
        """Written words that look like a misspelt one, and how many articles hold each. Words of
        hidden articles are not among them."""
        query = (
            select(POSTINGS.c.word, func.count())
            .join(self._visible, self._seen_id == POSTINGS.c.article_id)
            .where(_is("exact"), POSTINGS.c.word.in_(_NEAR))
            .group_by(POSTINGS.c.word)
        )
        asked = {"typed": typed, "most": NEAR_WORDS}
        return dict(self._connection.execute(query, asked).all())

    def phrase(self, phrase: Phrase) -> set[int]:
        """The articles where the words stand at these places relative to each other."""
        query = select(ARTICLES.c.article_id).where(
            ARTICLES.c.words.op("@@")(text("CAST(:phrase AS tsquery)"))
        )
        return set(self._connection.scalars(self._seen(query), {"phrase": tsquery(phrase)}))

    def details(self, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
        """Slug and category of articles, by id."""
        query = select(ARTICLES.c.article_id, ARTICLES.c.slug, ARTICLES.c.category)
        rows = self._connection.execute(query.where(ARTICLES.c.article_id == _one_of(ids)))
        return {key: (slug, category) for key, slug, category in rows}

    def _seen(self, query: Select[Any]) -> Select[Any]:
        return query.join(self._visible, self._seen_id == ARTICLES.c.article_id)


def _is(field: str) -> Any:
    return POSTINGS.c.field == literal_column(FIELDS[field])


def _one_of(values: Sequence[Any]) -> Any:
    kind = Text() if values and isinstance(values[0], str) else ARTICLES.c.article_id.type
    return any_(bindparam(None, list(values), type_=ARRAY(kind)))


def tsquery(phrase: Phrase) -> str:
    """The phrase as a tsquery: every word quoted, so that nothing in it is an operator."""
    parts, last = [], None
    for word, place in phrase:
        quoted = "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
        parts.append(quoted if last is None else f"<{place - last}> {quoted}")
        last = place
    return " ".join(parts)
