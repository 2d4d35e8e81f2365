"""Whom a note calls."""

from __future__ import annotations

import pytest

from tickets.mentions.policy import MOST_NAMES, Colleague, Misread, called_in, handles

DESK = [
    Colleague(1, "Diego Vargas", "diego@example.com"),
    Colleague(2, "Dora Luna", "dluna@example.com"),
    Colleague(3, "Dora Ramos Quispe", "dora.r@example.com"),
    Colleague(4, "José Ñahui", "soporte@example.com"),
]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("@diego mira esto", (1,)),
        ("Mira esto, @Diego.", (1,)),
        ("(@DIEGO)", (1,)),
        ("@dora.luna y @dora_ramos_quispe", (2, 3)),
        ("@dluna", (2,)),
        ("@jose", (4,)),
        ("@josé.ñahui", (4,)),
        ("@soporte", (4,)),
        ("@diego @diego.vargas @diego_vargas", (1,)),
        ("Escriba a diego@example.com", ()),
        ("https://example.com/@diego", ()),
        ("@", ()),
        ("@@diego", ()),
        ("", ()),
    ],
)
def test_names_that_are_understood(text: str, people: tuple[int, ...]) -> None:
    called = called_in(text, DESK)
    assert (called.person_ids, called.misread) == (people, ())


def test_a_name_of_two_people_calls_neither_and_offers_names_that_do() -> None:
    called = called_in("@dora", DESK)
    assert called.person_ids == ()
    assert called.misread == (Misread("dora", ("dora.luna", "dora.ramos.quispe")),)


def test_a_name_of_nobody_is_told_once() -> None:
    assert called_in("@pepe, @pepe y @diego", DESK).misread == (Misread("pepe"),)
    assert called_in("@pepe, @pepe y @diego", DESK).person_ids == (1,)


def test_a_note_calls_so_many_at_most() -> None:
    crowd = [Colleague(n, f"Tecnico{n}", f"t{n}@example.com") for n in range(1, 100)]
    text = " ".join(f"@tecnico{n}" for n in range(1, 100))
    assert len(called_in(text, crowd).person_ids) == MOST_NAMES


def test_the_shortest_name_that_is_ones_own() -> None:
    assert handles(DESK) == {1: "diego", 2: "dora.luna", 3: "dora.ramos.quispe", 4: "jose"}


def test_two_people_of_one_name_and_mailbox_have_none() -> None:
    twins = [Colleague(1, "Eva Sol", "eva@a.example"), Colleague(2, "Eva Sol", "eva@b.example")]
    assert handles(twins) == {}
    assert called_in("@eva", twins).misread == (Misread("eva"),)
