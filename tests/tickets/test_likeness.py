"""What makes two tickets alike (R8): pure score, and the words it is fed with."""

from __future__ import annotations

import pytest

from tests.tickets.likeness_pairs import ALIKE, DIFFERENT
from tickets.duplicates import ORDINARY, told_of
from tickets.likeness import Told, likeness, machines_in, most_alike, weights_of

Pair = tuple[str, str, str, str]


def looks_alike(pair: Pair) -> bool:
    draft, ticket = told_of(*pair[:2], "spam"), told_of(*pair[2:], "spam")
    return most_alike(draft, [ticket], ORDINARY) == [0]


@pytest.mark.parametrize("pair", ALIKE, ids=lambda pair: pair[0])
def test_two_reports_of_one_matter_are_alike(pair: Pair) -> None:
    assert looks_alike(pair)


@pytest.mark.parametrize("pair", DIFFERENT, ids=lambda pair: f"{pair[0]}, {pair[2]}")
def test_two_matters_of_one_affection_are_not(pair: Pair) -> None:
    assert not looks_alike(pair)


SAME = "La tienda virtual muestra error 502"
LONG = (
    "La tienda muestra error 502. Por otro lado quisiera instalar un certificado en mi dominio"
    " nuevo."
)


@pytest.mark.parametrize(
    ("subject", "other", "alike"),
    [
        (SAME, SAME, True),
        (SAME, "¡La TIENDA virtual muestra el error 502!", True),
        (SAME, "La tienda virtual muestra error 503", False),
        ("Ayuda", "Ayuda", False),
        ("Urgente", "Urgente", False),
        ("", "", False),
    ],
)
def test_the_same_subject_and_affection_are_enough(subject: str, other: str, alike: bool) -> None:
    told = "Anoche actualizamos PHP, y ahora ningún cliente compra en el carrito de andina.pe. " * 5
    ticket = told_of(other, told, "spam")
    assert bool(most_alike(told_of(subject, LONG, "spam"), [ticket], ORDINARY)) is alike
    assert most_alike(told_of(subject, LONG, "otra-consulta"), [ticket], ORDINARY) == []


def test_neither_affection_nor_machine_in_common_is_never_alike() -> None:
    words = frozenset({"bandej", "gmail", "aparec", "ayer"})
    draft = Told(words, "spam", frozenset({"andina.pe"}))
    assert most_alike(draft, [Told(words, "otra-consulta", frozenset({"costa.pe"}))]) == []
    assert most_alike(draft, [Told(words, "otra-consulta", frozenset({"andina.pe"}))]) == [0]
    assert most_alike(draft, [Told(words, "spam")]) == [0]
    assert most_alike(Told(words), [Told(words)]) == []


def test_the_likest_comes_first_and_then_the_newest() -> None:
    draft = Told(frozenset("abcdef"), "spam")
    rows = [Told(frozenset("abcxyz"), "spam"), draft, draft, Told(frozenset("xyz"), "spam")]
    assert most_alike(draft, rows) == [1, 2, 0]


def test_rare_words_weigh_more_and_ordinary_ones_half() -> None:
    texts = [Told(frozenset({"comun", "raro"})), *[Told(frozenset({"comun"}))] * 9]
    weights = weights_of(texts, frozenset({"correo"}))
    assert weights.of("raro") > 2 * weights.of("comun")
    assert weights.of("correo") == weights.of("nuevo") / 2


def test_likeness_goes_from_nothing_to_the_same_words() -> None:
    one, other = Told(frozenset("abc")), Told(frozenset("xyz"))
    weights = weights_of([one, other])
    assert likeness(one, one, weights) == pytest.approx(1)
    assert likeness(one, other, weights) == 0
    assert likeness(Told(frozenset()), one, weights) == 0


@pytest.mark.parametrize(
    ("text", "machines"),
    [
        ("ventas@mail.andina.com.pe rebota", {"mail.andina.com.pe", "andina.com.pe"}),
        ("https://www.Tienda.andina.pe/carrito?x=1", {"tienda.andina.pe", "andina.pe"}),
        ("La IP 192.0.2.10, puerto 22.", {"192.0.2.10"}),
        ("srv1.andina.pe y srv1.andina.pe", {"srv1.andina.pe", "andina.pe"}),
        ("juan@gmail.com no recibe de ana@hotmail.com", set()),
        ("wp-config.php, error.log y backup.tar.gz", set()),
        ("MySQL 5.7.606 y PHP 8.1.2", set()),
        ("Hola. Buenos días.Gracias", set()),
        ("", set()),
    ],
)
def test_machines_are_read_out_of_a_text(text: str, machines: set[str]) -> None:
    assert machines_in(text) == machines
