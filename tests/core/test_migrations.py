"""An older site comes up to date with everything that refers to what is made anew."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.server import flask


@pytest.fixture
def folder(prepared: Path, tmp_path: Path) -> Path:
    """An instance with the demonstration."""
    return shutil.copytree(prepared, tmp_path / "instance")


def test_messages_and_their_files_survive_being_copied(folder: Path) -> None:
    flask(folder, "db", "downgrade", "0001")
    engine = create_engine(f"sqlite:///{folder / 'support.db'}")
    with engine.begin() as connection:
        run = connection.exec_driver_sql
        run("INSERT INTO blobs (sha256, size, content) VALUES ('a', 1, x'00')")
        run(
            "INSERT INTO attachments (message_id, name, media_type, size, sha256, added_at)"
            " SELECT max(id), 'a.txt', 'text/plain', 1, 'a', '2026-03-02 15:00:00' FROM messages"
        )
        before = connection.execute(text("SELECT id, body FROM messages ORDER BY id")).all()
    flask(folder, "setup")
    with engine.begin() as connection:
        run = connection.exec_driver_sql
        assert connection.execute(text("SELECT id, body FROM messages ORDER BY id")).all() == before
        joined = "SELECT count(*) FROM attachments JOIN messages ON messages.id = message_id"
        assert run(joined).scalar() == 1
        assert (
            run("SELECT seq FROM sqlite_sequence WHERE name = 'messages'").scalar() == before[-1].id
        )
        assert run("PRAGMA foreign_key_check").all() == []
    engine.dispose()


def test_votes_of_before_are_added_up_where_articles_stand(folder: Path) -> None:
    engine = create_engine(f"sqlite:///{folder / 'support.db'}")
    standing = "SELECT article_id, useful, useless, bound FROM article_standings ORDER BY 1"
    with engine.begin() as connection:
        kept = connection.execute(text(standing)).all()
    flask(folder, "db", "downgrade", "0009")
    flask(folder, "setup")
    with engine.begin() as connection:
        assert connection.execute(text(standing)).all() == kept
        assert len(kept) > 0
    engine.dispose()


def test_requests_of_before_keep_the_names_of_what_they_asked_for(folder: Path) -> None:
    engine = create_engine(f"sqlite:///{folder / 'support.db'}")
    asked = text(
        "SELECT quote_items.id, label, quantity, name, revision FROM quote_items"
        " JOIN products ON products.id = product_id ORDER BY 1"
    )
    with engine.begin() as connection:
        before = connection.execute(asked).all()
    flask(folder, "db", "downgrade", "0020")
    flask(folder, "setup")
    with engine.begin() as connection:
        connection.execute(text("UPDATE products SET name = 'Otro nombre'"))
        after = connection.execute(asked).all()
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    assert len(after) > 0
    assert [(row.id, row.quantity) for row in after] == [(row.id, row.quantity) for row in before]
    assert [row.label for row in after] == [row.name for row in before]
    engine.dispose()
