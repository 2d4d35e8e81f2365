"""What is kept of a text: words, and nothing that names anybody."""

from __future__ import annotations

import pytest

from kb.learning.words import PRODUCTS, stems_of, words_of


def kept(text: str, **more: object) -> list[str]:
    return list(words_of(text, "es", **more).values())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Mis correos rebotan y se pierden", ["correos", "rebotan", "pierden"]),
        ("escriba a juan.perez@andina.pe o a 10.0.0.7", ["escriba"]),
        ("abra https://andina.pe/clientes/quispe?x=1 y nada", ["abra", "nada"]),
        ("falla andina.com.pe y www.andina-textil", ["falla"]),
        ("mi RUC es 20512345678, llame al +51 969 782 160", ["llame"]),
        ("no entra: contraseña: Secreta y usuario=pedrito", ["entra", "contrasena", "usuario"]),
        ("la clave es zanahoria pero no abre", ["clave", "abre"]),
        ("Me llamo Rosa Paredes Soto, se cuelga", ["cuelga"]),
        ("El servidor de Textiles Andina se cuelga", ["servidor", "cuelga"]),
        (
            "Se cuelga Outlook en Windows con WordPress",
            ["cuelga", "outlook", "windows", "wordpress"],
        ),
        ("se cae\nAtentamente,\nRosa Paredes\nGerente", ["cae"]),
        ("token qwrtpsdfghjkl y aaaaaaaa", ["token"]),
        ("llave ssh-rsa/AAAAB3Nza/x y C:\\Users\\rosa", ["llave"]),
        ("SE CUELGA EL SERVIDOR", ["cuelga", "servidor"]),
        ("hola, buenas tardes, ayuda por favor, gracias", []),
        ("el e-mail no llega", ["email", "llega"]),
        ("", []),
        ("😀 \u202e\x00 ¿¡ … ((((", []),
    ],
)
def test_text_keeps_only_plain_words(text: str, words: list[str]) -> None:
    assert kept(text) == words


def test_words_that_are_said_and_names_of_the_writer_are_left_out() -> None:
    said = stems_of(["Su mensaje rebota"], "es")
    assert kept("los mensajes rebotaron en quispe", said=said, private=["Ana Quispe"]) == []


def test_forms_of_a_word_are_one() -> None:
    assert words_of("rebota rebotan rebotó", "es") == {"rebot": "rebota"}


def test_a_huge_text_costs_no_more_than_what_is_read_of_it() -> None:
    assert kept("rebotan " * 100_000) == ["rebotan"]
    assert kept("a" * 1_000_000) == []
    assert kept("me llamo " * 5_000) == ["llamo"]


def test_products_are_written_as_the_analysis_folds() -> None:
    assert all(name == name.lower() and name.isascii() for name in PRODUCTS)
