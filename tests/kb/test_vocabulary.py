"""Groups of words as a query looks them up."""

from __future__ import annotations

import pytest

from kb.vocabulary import Group, Vocabulary, words_of


def others(vocabulary: Vocabulary, phrase: str) -> list[str]:
    return [" ".join(words) for words in vocabulary.others(words_of(phrase, "es"))]


def test_every_word_of_a_group_finds_the_others() -> None:
    vocabulary = Vocabulary([Group(("clave", "contraseña", "password"))])
    assert others(vocabulary, "contraseñas") == ["clave", "password"]
    assert others(vocabulary, "clave") == ["contrasena", "password"]
    assert others(vocabulary, "correo") == []


def test_a_group_of_one_way_is_followed_from_its_first_word_alone() -> None:
    vocabulary = Vocabulary([Group(("empleado", "usuario", "cuenta"), one_way=True)])
    assert others(vocabulary, "empleados") == ["usuario", "cuenta"]
    assert others(vocabulary, "usuario") == []


def test_phrases_meet_other_forms_and_pronouns() -> None:
    vocabulary = Vocabulary([Group(("se cuelga", "no responde"))])
    assert others(vocabulary, "me cuelgan") == ["no responde"]
    assert others(vocabulary, "no responden") == ["cuelga"]


def test_a_word_as_written_goes_before_its_other_forms() -> None:
    vocabulary = Vocabulary([Group(("cargo", "cobro")), Group(("cargar", "subir"))])
    assert others(vocabulary, "cargo") == ["cobro"]
    assert others(vocabulary, "cargar") == ["subir"]
    assert sorted(others(vocabulary, "cargando")) == ["cobro", "subir"]


def test_what_holds_the_word_itself_is_no_alternative() -> None:
    vocabulary = Vocabulary([Group(("correo", "correo electrónico", "mail"))])
    assert others(vocabulary, "correo") == ["mail"]
    assert others(vocabulary, "correo electrónico") == ["correo", "mail"]


def test_groups_of_one_word_add_up() -> None:
    vocabulary = Vocabulary([Group(("red", "internet")), Group(("red", "lan"))])
    assert others(vocabulary, "red") == ["internet", "lan"]


@pytest.mark.parametrize(
    "phrase", ["", "de la", "ya no está", "en línea", "sin", "¿?", "con virus"]
)
def test_a_phrase_that_says_too_little_alone_is_empty(phrase: str) -> None:
    assert words_of(phrase, "es") == ()


def test_english_groups_use_english_stems() -> None:
    vocabulary = Vocabulary([Group(("restore", "recover"), lang="en")])
    assert vocabulary.others(("restoring",)) == [("recover",)]


def test_words_of_groups_are_known() -> None:
    vocabulary = Vocabulary([Group(("wasap", "mensaje corto"))])
    assert (vocabulary.knows("wasap"), vocabulary.knows("corto"), vocabulary.knows("otra")) == (
        True,
        True,
        False,
    )
