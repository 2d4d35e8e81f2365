"""The extensions that the article index inside PostgreSQL needs, where they may be made."""

from alembic import op
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Both are trusted: who may create in the database may make them. Without that right the
    # default engine works as before, and SEARCH_BACKEND=postgres says what to run.
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    for name in ("unaccent", "pg_trgm"):
        try:
            with connection.begin_nested():
                connection.execute(text(f"CREATE EXTENSION IF NOT EXISTS {name}"))
        except DBAPIError:
            continue


def downgrade() -> None:
    # They may have been there before, and serve others.
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP SCHEMA IF EXISTS article_search CASCADE")
