"""Passages: the words of the query are shown where they stand, as they are written."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kb.snippets import mark, passage
from tests.limits import ends_soon

FILLER = "El panel muestra el estado de los servicios contratados. " * 30
ANSWER = "Para renovar su contraseña, abra Seguridad y elija «Cambiar la contraseña»."


def _marked(text: str, query: str, lang: str = "es") -> list[str]:
    return [text[start:end] for start, end in mark(text, query, lang)]


def test_mark_finds_other_forms_and_accents() -> None:
    assert _marked("Configuración de CONTRASEÑAS", "configurar contrasena") == [
        "Configuración",
        "CONTRASEÑAS",
    ]


def test_mark_leaves_stop_words_and_longer_words() -> None:
    assert _marked("La página de la red redactada", "la red de") == ["red"]


def test_mark_takes_compounds_whole() -> None:
    assert _marked("Edite wp-config.php, no wp.php", "wp-config.php") == [
        "wp-config.php",
        "wp",
        "php",
    ]


def test_mark_finds_names_with_signs() -> None:
    assert _marked("Suba .htaccess y C++ a 10.0.0.1", ".htaccess c++ 10.0.0.1") == [
        ".htaccess",
        "C++",
        "10.0.0.1",
    ]


def test_mark_uses_the_language() -> None:
    assert _marked("Restoring backups", "restore backup", "en") == ["Restoring", "backups"]


def test_mark_of_decomposed_text_marks_nothing() -> None:
    assert mark("contrasen\u0303a", "contraseña", "es") == []


def test_passage_shows_the_answer_in_its_sentence() -> None:
    found = passage(FILLER + ANSWER + " " + FILLER, "cambiar contrasena", "es")
    assert found.text.startswith(ANSWER)
    assert [found.text[start:end] for start, end in found.spans] == [
        "contraseña",
        "Cambiar",
        "contraseña",
    ]
    assert (found.cut_start, found.cut_end) == (True, True)


def test_passage_prefers_more_different_words() -> None:
    text = "El correo llega. El correo sale. " + FILLER + "El correo rebota con error 550."
    assert "rebota" in passage(text, "correo error 550", "es").text


def test_passage_without_the_words_is_the_beginning() -> None:
    found = passage(FILLER, "impresora", "es", length=60)
    assert (found.text, found.spans) == (
        "El panel muestra el estado de los servicios contratados. El",
        [],
    )
    assert (found.cut_start, found.cut_end) == (False, True)


def test_passage_of_short_text_is_whole() -> None:
    found = passage("Abra el\n\npanel.", "panel", "es")
    assert (found.text, found.spans) == ("Abra el panel.", [(8, 13)])
    assert (found.cut_start, found.cut_end) == (False, False)


@ends_soon
def test_passage_of_a_long_article_is_found_at_once() -> None:
    text = FILLER * 6 + ANSWER + FILLER * 6
    assert ANSWER[:40] in passage(text, "cambiar contraseña servicios", "es").text


def test_cells_of_a_table_stay_apart_in_a_passage() -> None:
    text = "Ponga esto.\n\nDato\tEntrante\nServidor\tmail.dominio.pe\nPuerto\t993\n\nY listo."
    found = passage(text, "puerto servidor", "es")
    assert found.text == (
        "Ponga esto. Dato · Entrante; Servidor · mail.dominio.pe; Puerto · 993; Y listo."
    )
    assert [found.text[a:b] for a, b in found.spans] == ["Servidor", "Puerto"]


@given(st.text(max_size=400), st.text(max_size=60), st.integers(20, 200))
def test_passage_spans_stay_inside_for_any_text(text: str, query: str, length: int) -> None:
    found = passage(text, query, "es", length=length)
    assert len(found.text) <= length
    last = 0
    for start, end in found.spans:
        assert last <= start < end <= len(found.text)
        last = end


@given(st.lists(st.sampled_from(["correo", "Contraseñas", "wp-config.php", ".", "\n", "e-mail"])))
def test_passage_marks_only_words_of_the_query(words: list[str]) -> None:
    found = passage(" ".join(words), "contraseña", "es")
    assert all(found.text[start:end] == "Contraseñas" for start, end in found.spans)
