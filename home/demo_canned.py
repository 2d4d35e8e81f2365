"""The canned answers of the demonstration."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import yaml

from accounts.permissions import Actor
from tickets.canned.actions import CannedText, create_answer


def load_canned(folder: Path, *, author: Actor, now: datetime) -> None:
    """Publish the answers of `folder` in the author's name, but for those that are there."""
    for told in yaml.safe_load((folder / "canned.yaml").read_text("utf-8")):
        text = CannedText(
            title=told["title"],
            body=told["body"],
            affection=told["affection"],
            lang=told.get("lang", "es"),
        )
        create_answer(actor=author, text=text, form_id=f"demo-{told['title']}", now=now)
