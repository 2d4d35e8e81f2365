from __future__ import annotations

import pytest
from flask import Flask

from core.mail_threads import message_id, reference_of


@pytest.fixture(autouse=True)
def _in_the_app(app: Flask) -> None:
    """Identifiers are signed with the key of the site."""


@pytest.mark.parametrize("reference", ["ticket-1001", "ticket-1001-7-3", "quote-9", "a_b-1"])
def test_an_identifier_gives_its_reference_back(reference: str) -> None:
    made = message_id(reference)
    assert made == message_id(reference)
    assert made.startswith(f"<{reference}.")
    assert made.endswith("@localhost>")
    assert reference_of(made) == reference
    # Programs drop the brackets, add spaces, change the case.
    for seen in (made.strip("<>"), f" {made}\n", made.upper()):
        assert reference_of(seen) == reference


def test_an_identifier_that_was_made_up_is_none(app: Flask) -> None:
    made = message_id("ticket-1001")
    signature = made.split(".")[1].split("@")[0]
    for forged in (
        "",
        "<>",
        "<ticket-1001@localhost>",
        made.replace("1001", "1002"),
        f"<ticket-1001.{'0' * 24}@localhost>",
        f"<ticket-1001.{signature[:-1]}@localhost>",
        f"<ticket-1001.{signature}a@localhost>",
        f"<ticket-1001.{signature}@a b>",
        f"<ticket-1001\r\nx.{signature}@localhost>",
        f"{made} {made}",
        "<" + "a" * 100_000 + f".{signature}@localhost>",
        f"<ticket-१००१.{signature}@localhost>",
    ):
        assert reference_of(forged) is None, forged
    app.config["SECRET_KEY"] = "z" * 64
    assert reference_of(made) is None


@pytest.mark.parametrize("reference", ["", "Ticket-1", "a b", "a\r\nBcc: x", "a@b", "-", "a" * 201])
def test_what_is_no_reference_is_refused(reference: str) -> None:
    with pytest.raises(ValueError, match="no reference"):
        message_id(reference)
