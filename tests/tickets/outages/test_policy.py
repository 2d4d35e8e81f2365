"""Services and the words of a ticket that joins an outage."""

from __future__ import annotations

import pytest

from tickets.outages.policy import description, services_in


@pytest.mark.parametrize(
    ("text", "services"),
    [
        ("", []),
        ("Correo", ["Correo"]),
        ("Correo\n  Servidores   de Lima \n\nCorreo", ["Correo", "Servidores de Lima"]),
        ("Correo, Web; DNS", ["Correo", "Web", "DNS"]),
    ],
)
def test_services_are_one_a_line_and_each_once(text: str, services: list[str]) -> None:
    assert services_in(text) == services


def test_a_joining_ticket_says_the_customers_line_and_quotes_the_outage() -> None:
    assert description("No entran.\n\n- Gmail", "No veo nada") == (
        "No veo nada\n\n> No entran.\n>\n> - Gmail"
    )
    assert description("No entran.\n", "  ") == "> No entran."
