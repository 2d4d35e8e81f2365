"""An export of a Zendesk help centre: the JSON that its Help Center API gives.

Taken are `articles`, `sections`, `categories` and `translations` (beside the articles or inside
them), of one page or of a list of pages. Whatever is not for everybody comes in as a draft.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from core.wording import clean_line, clean_text
from kb import policy
from kb.importing.entries import (
    Bundle,
    Entry,
    Found,
    Refusal,
    Refused,
    Remark,
    Shelf,
    State,
    checked_body,
    checked_lang,
    checked_title,
)
from kb.importing.front_matter import moment_from
from kb.importing.html_markdown import markdown_from, summary_from

MAX_ARTICLES = 20_000
#: HTML has more signs than the text it makes.
MAX_HTML = 5 * policy.MAX_BODY
Row = Mapping[str, Any]
_SLUG_IN_ADDRESS = re.compile(r"/articles/\d+-([^/?#]+)")


def read_export(name: str, data: bytes) -> Bundle:
    """The articles of an export. Raises Refused for a file that is none."""
    refusals: list[Refusal] = []
    lists = _lists(name, data, refusals)
    if not lists["articles"]:
        raise Refused(0, "holds no list of articles")
    places = _places(lists)
    found: list[Found] = []
    remarks: list[Remark] = []
    shelves: dict[str, Shelf] = {}
    taken: set[tuple[str, str]] = set()
    for row in _versions(lists):
        where = f"{name} #{clean_line(str(row.get('id', '?')), 40)}"
        try:
            slug, shelf = _place_of(row, places)
            entry = _entry(row, slug, taken)
        except Refused as error:
            refusals.append(Refusal(where, error))
            continue
        shelves.setdefault(slug, shelf)
        taken.add((entry.lang, entry.slug))
        found.append(Found(where, entry))
        if _is_closed(row):
            remarks.append(Remark(where, "is not for everybody: it comes in as a draft"))
    return Bundle(_linked(found), refusals, remarks, shelves, source="zendesk")


def _lists(name: str, data: bytes, refusals: list[Refusal]) -> dict[str, list[Row]]:
    try:
        given = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Refused(getattr(error, "lineno", 0), "is no JSON") from error
    lists: dict[str, list[Row]] = {
        kind: [] for kind in ("articles", "sections", "categories", "translations")
    }
    pages = given if isinstance(given, list) else [given]
    for page in pages:
        if not isinstance(page, dict):
            raise Refused(0, "holds no list of articles")
        if "title" in page:
            page = {"articles": [page]}
        for kind, rows in lists.items():
            rows.extend(row for row in _list(page, kind) if isinstance(row, dict))
        refusals.extend(_no_articles(name, page))
    if len(lists["articles"]) > MAX_ARTICLES:
        raise Refused(0, "holds more than %(most)d articles", most=MAX_ARTICLES)
    return lists


def _no_articles(name: str, page: Row) -> list[Refusal]:
    """What stands among the articles of a page and is none."""
    rows = enumerate(_list(page, "articles"), 1)
    odd = [place for place, row in rows if not isinstance(row, dict)]
    return [Refusal(f"{name} [{place}]", Refused(0, "is no article")) for place in odd]


def _list(row: Row, name: str) -> list[Any]:
    value = row.get(name)
    return value if isinstance(value, list) else []


def _versions(lists: Mapping[str, list[Row]]) -> Iterator[Row]:
    """Every article in every language it has; the same one twice only once."""
    beside: dict[str, list[Row]] = {}
    for row in lists["translations"]:
        if row.get("source_type", "Article") == "Article":
            beside.setdefault(str(row.get("source_id")), []).append(row)
    seen: set[tuple[str, str]] = set()
    for article in lists["articles"]:
        inside = [row for row in _list(article, "translations") if isinstance(row, dict)]
        others = [*inside, *beside.get(str(article.get("id")), [])]
        # What a translation leaves unsaid is the article's; its number is always the article's.
        own = {"html_url": "", "id": article.get("id")}
        rows = [article, *({**article, **own, **row, "id": own["id"]} for row in others)]
        for row in rows:
            key = (str(article.get("id")), _language(row))
            if key not in seen:
                seen.add(key)
                yield row


def _language(row: Row) -> str:
    return str(row.get("locale") or policy.LANGUAGES[0]).lower().partition("-")[0]


def _entry(row: Row, category: str, taken: set[tuple[str, str]]) -> Entry:
    lang = checked_lang(_language(row), 0)
    title = checked_title(clean_line(_text(row, "title") or _text(row, "name"), 1000), 0)
    html = _text(row, "body")
    if len(html) > MAX_HTML:
        raise Refused(0, "the text is longer than %(most)d characters", most=policy.MAX_BODY)
    body = checked_body(clean_text(markdown_from(html)).strip("\n"), 0)
    labels = ",".join(clean_line(str(name), policy.MAX_TAG) for name in _list(row, "label_names"))
    changed = _text(row, "edited_at") or _text(row, "updated_at")
    moments = {"created": moment_from(_text(row, "created_at"), 0, "created_at")}
    hidden = bool(row.get("draft")) or _is_closed(row)
    return Entry(
        slug=_slug(row, title, lang, taken),
        slug_line=0,
        category=category,
        title=title,
        summary=summary_from(body, policy.MAX_SUMMARY),
        tags=tuple(policy.tags_from(labels)),
        lang=lang,
        updated_at=moment_from(changed, 0, "updated_at"),
        body=body,
        state=State.DRAFT if hidden else State.PUBLISHED,
        moments={name: moment for name, moment in moments.items() if moment},
        translation=str(row.get("id", "")),
        number=_number(row),
    )


def _is_closed(row: Row) -> bool:
    """Whether only some people may read it there."""
    return any(row.get(name) not in (None, [], "") for name in _CLOSED)


_CLOSED = ("user_segment_id", "user_segment_ids")


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _slug(row: Row, title: str, lang: str, taken: set[tuple[str, str]]) -> str:
    """The address it had there, else one of its title; with its number where that is taken."""
    named = _SLUG_IN_ADDRESS.search(_text(row, "html_url"))
    words = named[1] if named else ""
    slug = policy.slug_from(words if policy.has_words(words) and "%" not in words else title)
    number = _number(row)
    return f"{slug}-{number}" if (lang, slug) in taken and number else slug


def _number(row: Row) -> str:
    return re.sub("[^0-9]", "", str(row.get("id", "")))[:20]


def _places(lists: Mapping[str, list[Row]]) -> dict[str, tuple[str, Shelf]]:
    """A section's number to the address and words of its category here.

    Sections become categories. Two that are called alike are told apart by what they stand in.
    """
    parents = _by_number(lists["categories"])
    sections = _by_number(lists["sections"])
    names = [clean_line(_text(row, "name"), 200).casefold() for row in sections.values()]
    places: dict[str, tuple[str, Shelf]] = {}
    for number, row in sections.items():
        name = clean_line(_text(row, "name"), policy.MAX_CATEGORY_NAME) or "Sin nombre"
        parent = parents.get(str(row.get("category_id")), {})
        if names.count(name.casefold()) > 1 and _text(parent, "name"):
            name = clean_line(f"{_text(parent, 'name')}: {name}", policy.MAX_CATEGORY_NAME)
        about = clean_line(_text(row, "description"), policy.MAX_CATEGORY_DESCRIPTION)
        position = row.get("position")
        place = position if isinstance(position, int) and 0 < position < 10_000 else None
        places[number] = (policy.slug_from(name), Shelf(name, about, place))
    return places


def _by_number(rows: list[Row]) -> dict[str, Row]:
    """Rows by number; of one in several languages the Spanish one."""
    found: dict[str, Row] = {}
    for row in rows:
        if str(row.get("id")) not in found or _language(row) == policy.LANGUAGES[0]:
            found[str(row.get("id"))] = row
    return found


def _place_of(row: Row, places: Mapping[str, tuple[str, Shelf]]) -> tuple[str, Shelf]:
    return places.get(str(row.get("section_id"))) or ("zendesk", Shelf("Zendesk"))


def _linked(found: list[Found]) -> list[Found]:
    """The articles with the address of their other language in place of their number there."""
    slugs: dict[tuple[str, str], str] = {}
    for one in found:
        slugs[one.entry.translation, one.entry.lang] = one.entry.slug
    linked: list[Found] = []
    for one in found:
        others = (lang for lang in policy.LANGUAGES if lang != one.entry.lang)
        twin = next((s for o in others if (s := slugs.get((one.entry.translation, o)))), "")
        linked.append(replace(one, entry=replace(one.entry, translation=twin)))
    return linked
