"""What an editor writes as a group, and the groups that come with the site."""

from __future__ import annotations

import pytest

from home.setup import FIRST_SYNONYMS
from kb.synonyms.phrases import MOST_PHRASES, Problem, groups_in, phrases_of, problems, words_key
from kb.vocabulary import words_of


def test_phrases_stand_on_lines_or_between_commas() -> None:
    assert phrases_of(" clave \r\n\n contraseña,  pass  word ,,") == [
        "clave",
        "contraseña",
        "pass word",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("clave, contraseña", []),
        ("", [Problem.TOO_FEW]),
        ("clave", [Problem.TOO_FEW]),
        ("clave, Clave", [Problem.REPEATED]),
        ("clave, de la", [Problem.SAYS_NOTHING]),
        ("clave, en línea", [Problem.SAYS_NOTHING]),
        ("clave, uno dos tres cuatro cinco seis", [Problem.TOO_LONG]),
        ("clave, " + "x" * 61, [Problem.TOO_LONG]),
        (", ".join(f"palabra{n}" for n in range(MOST_PHRASES + 1)), [Problem.TOO_MANY]),
    ],
)
def test_what_cannot_be_a_group_is_named(text: str, found: list[Problem]) -> None:
    assert [problem for problem, _ in problems(phrases_of(text), "es")] == found


def test_a_file_of_groups_reads_both_ways_and_one_way() -> None:
    text = "# nota\n\na uno = b dos\nc tres > d cuatro = e cinco # nota\n"
    assert [(group.phrases, group.one_way) for group in groups_in(text)] == [
        (("a uno", "b dos"), False),
        (("c tres", "d cuatro", "e cinco"), True),
    ]


def test_the_first_synonyms_are_many_and_every_one_could_be_saved_by_an_editor() -> None:
    groups = list(groups_in(FIRST_SYNONYMS.read_text("utf-8")))
    wrong = {group.phrases: list(problems(group.phrases, group.lang)) for group in groups}
    assert {phrases: found for phrases, found in wrong.items() if found} == {}
    assert len(groups) >= 200
    assert len({words_key(group.phrases) for group in groups}) == len(groups)
    assert all(words_of(phrase, "es") for group in groups for phrase in group.phrases)
