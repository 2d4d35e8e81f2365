"""The words a ticket is found by."""

from __future__ import annotations

import pytest

from tickets.finding.terms import clauses_of, number_in, terms_of


def found(query: str, text: str) -> bool:
    """Whether a ticket with this text holds all the words of the query."""
    terms = terms_of(text)
    return all(terms & set(clause) for clause in clauses_of(query))


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("correos", "No llega el correo"),
        ("instalacion", "La instalación falló"),
        ("INSTALACIÓN", "instalaciones"),
        ("servidor de correo", "El correo del servidor"),
        ("10245", "Ticket 10245 de ayer"),
        ("correo.example.com", "Entro en https://correo.example.com/webmail"),
        ("example.com", "Entro en https://correo.example.com/webmail"),
        ("example.com", "juan@example.com no recibe"),
        ("juan@example.com", "Es JUAN@example.com, ayer"),
        ("190.12.5.7", "La IP 190.12.5.7 no responde"),
        ("wp-config.php", "falta wp-config.php"),
        ("e-mail", "mi email"),
        ("email", "mi e-mail"),
    ],
)
def test_words_find_the_text_that_holds_them(query: str, text: str) -> None:
    assert found(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("1024", "Ticket 10245"),
        ("correo.example.com", "Sólo example.com"),
        ("example.com", "otro-example.com.pe"),
        ("correo gmail", "Sólo correo"),
        ("90.12.5.7", "La IP 190.12.5.7"),
        ("12.5.7", "La IP 190.12.5.7"),
    ],
)
def test_numbers_and_domains_count_as_they_are_written(query: str, text: str) -> None:
    assert not found(query, text)


def test_words_without_a_meaning_are_none() -> None:
    assert clauses_of("de la con the") == ()
    assert clauses_of("!!! * ( ) \" ' %") == ()


def test_a_query_is_read_up_to_its_limit() -> None:
    assert len(clauses_of(" ".join(f"w{n}" for n in range(1000)))) == 12


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1008", 1008),
        (" #1008 ", 1008),
        ("0", None),
        ("01", None),
        ("9" * 10, None),
        ("1008 correo", None),
        ("١٠٠٨", None),
        ("-1", None),
        ("", None),
    ],
)
def test_number_that_was_typed_alone(text: str, number: int | None) -> None:
    assert number_in(text) == number
