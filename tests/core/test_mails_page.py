"""docs/mails.md names every mail there is, and none that is not."""

from __future__ import annotations

import re
from pathlib import Path

from accounts.mail_choices import KINDS, MailKind

ROOT = Path(__file__).resolve().parents[2]
_ROW = re.compile(r"^\|[^|]*\|[^|]*\| ([a-z_, ]+) \| (\w+) \|$", re.MULTILINE)


def told() -> dict[str, set[str]]:
    """The kinds of each mail, as the page has them."""
    found: dict[str, set[str]] = {}
    for names, kind in _ROW.findall((ROOT / "docs/mails.md").read_text("utf-8")):
        for name in names.split(", "):
            found.setdefault(name, set()).add(kind)
    found.pop("mail", None)
    return found


def test_every_mail_is_on_the_page() -> None:
    templates = (ROOT / "templates/mail").glob("[!_]*.txt")
    assert sorted(told()) == sorted(path.stem for path in templates)


def test_every_mail_has_both_forms() -> None:
    folder = ROOT / "templates/mail"
    assert [
        path.name for path in folder.glob("[!_]*.txt") if not path.with_suffix(".html").exists()
    ] == []


def test_kinds_of_the_page_are_those_that_can_be_stopped() -> None:
    kinds = {kind for some in told().values() for kind in some}
    assert kinds == {"essential", *MailKind}
    assert {name: {kind.value} for name, kind in KINDS.items()} == {
        name: told()[name] for name in KINDS
    }
