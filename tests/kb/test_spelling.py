"""Misspelt words: how far they are from words that are known, and which one was meant."""

from __future__ import annotations

import pytest

from kb.names import NAMES
from kb.spelling import Speller, distance, sound

#: Words of articles, with how many articles hold each.
KNOWN = {
    "certificado": 40, "contrasena": 90, "configuracion": 120, "configuraron": 2, "correo": 200,
    "desinstalar": 12, "distribucion": 9, "dominio": 80, "guia": 3, "hosting": 30, "huso": 1,
    "iphone": 7, "licencias": 25, "llave": 6, "factura": 60, "facturas": 20, "bloqueada": 8,
    "zona": 15, "502": 10, "sola": 4, "horario": 5, "vencido": 11, "error": 70,
}  # fmt: skip


@pytest.fixture
def speller() -> Speller:
    return Speller(
        lambda first: (word for word in KNOWN if word.startswith(first)),
        lambda word: KNOWN.get(word, 0),
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sertificado", "certificado"),  # c, s, z
        ("contracena", "contrasena"),
        ("contrasenya", "contrasena"),
        ("distrivucion", "distribucion"),  # b, v
        ("blokeada", "bloqueada"),  # qu, k
        ("orario", "horario"),  # h left out
        ("herror", "error"),  # h put in front
        ("yave", "llave"),  # ll, y; b, v
        ("desintalar", "desinstalar"),  # a letter missing
        ("corrreo", "correo"),  # a letter doubled
        ("dominoi", "dominio"),  # letters swapped
        ("ifone", "iphone"),
        ("hostin", "hosting"),
        ("configuracon", "configuracion"),  # the commoner of two that are as near
    ],
)
def test_a_slip_is_corrected_to_the_word_that_was_meant(
    speller: Speller, typed: str, meant: str
) -> None:
    assert speller.correct(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "503",
        "dominio.pe",
        "wp-config",
        "win10",
        "abc",
        "",
        "xyzzyqwerty",
        "z" * 30,
        "ñandú",
        "soll4",
    ],
)
def test_numbers_names_of_hosts_and_what_is_far_from_everything_stay(
    speller: Speller, typed: str
) -> None:
    assert speller.correct(typed) is None


def test_a_word_is_never_its_own_correction(speller: Speller) -> None:
    assert speller.correct("factura") == "facturas"


def test_distance_counts_letters_and_swaps_and_stops_early() -> None:
    assert distance("correo", "correo", 2) == 0
    assert distance("corero", "correo", 2) == 1
    assert distance("coreo", "correo", 2) == 1
    assert distance("casa", "perro", 2) == 3
    assert distance("a", "abcdefgh", 2) == 3


@pytest.mark.parametrize(
    ("one", "other"),
    [("guerra", "gerra"), ("vaca", "baca"), ("zapato", "sapato"), ("hoja", "oja"),
     ("llave", "yave"), ("gente", "jente"), ("queso", "keso"), ("enviar", "embiar")],
)  # fmt: skip
def test_words_that_are_mistaken_for_one_another_sound_nearly_alike(one: str, other: str) -> None:
    assert distance(sound(one), sound(other), 3) <= 1


def test_names_are_folded_words() -> None:
    assert all(name == name.lower() and name.isalnum() for name in NAMES)
    assert {"plesk", "softaculous", "sunat"} <= NAMES
