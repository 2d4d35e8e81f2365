"""What an instance needs before it can serve: the schema, and the first published texts."""

from __future__ import annotations

from pathlib import Path

from flask_migrate import upgrade

import conditions.actions
import tickets.actions
from core import clock

FIRST_CONDITIONS = Path(__file__).parent.parent / "conditions" / "first.md"


def set_up() -> None:
    """Migrate, and publish the first conditions and the first policy where there are none."""
    upgrade()
    now = clock.now()
    conditions.actions.publish_first(FIRST_CONDITIONS.read_text("utf-8"), now=now)
    tickets.actions.publish_first_policy(now=now)
