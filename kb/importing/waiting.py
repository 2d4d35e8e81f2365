"""What was saved of an article and not published: a second file beside that of its article.

no-llegan.md            what readers see
no-llegan.borrador.md   what an editor has written since
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from kb.importing.entries import Found, Refusal, Refused

#: How such a file's name ends, before its suffix.
WAITING = ".borrador"
_ALONE = "the article %(name)s, of which this is the draft, was not read"
_LANG = "lang is not that of its article, which has a translation"


def is_waiting(name: str) -> bool:
    """Whether a file holds a text that waits, not an article."""
    return PurePosixPath(name).stem.endswith(WAITING)


def beside_their_articles(
    found: Sequence[Found], names: Mapping[str, str], refusals: list[Refusal]
) -> list[Found]:
    """The articles, each with the text that waits beside it; such texts alone are refused.

    `names` gives the path inside the folder by what people find a file by.
    """
    waiting: dict[str, Found] = {}
    for one in found:
        name = PurePosixPath(names[one.where])
        if is_waiting(name.name):
            waiting[str(name.with_suffix("")).removesuffix(WAITING)] = one
    articles: list[Found] = []
    for one in found:
        name = PurePosixPath(names[one.where])
        if not is_waiting(name.name):
            text = waiting.pop(str(name.with_suffix("")), None)
            articles.append(replace(one, waiting=_checked(text, one, refusals)))
    for stem, one in waiting.items():
        refusals.append(
            Refusal(one.where, Refused(1, _ALONE, name=f"{PurePosixPath(stem).name}.md"))
        )
    return articles


def _checked(text: Found | None, article: Found, refusals: list[Refusal]) -> Found | None:
    if text is None:
        return None
    if article.entry.translation and text.entry.lang != article.entry.lang:
        refusals.append(Refusal(text.where, Refused(1, _LANG)))
        return None
    return replace(text, entry=replace(text.entry, slug=article.entry.slug))
