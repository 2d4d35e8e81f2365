"""Pictures beside the texts of a folder: taken in, linked anew, remarked where they are not."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete

from core.db import db, transaction
from kb import editor_queries
from kb.exporting import markdown
from kb.images.models import ArticleImage
from kb.importing import keeping
from kb.importing.folders import Folder, read_tree
from kb.importing.pictures import is_relative
from kb.importing.running import Report, bring_in
from kb.importing.targets import image_targets, moved
from kb.models import Article, ArticleRevision, Category
from tests.cast import Cast
from tests.kb.importing.test_folders import article, counts, write
from tests.world import PNG

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
TEXT = """![Una foto](img/uno.png) y [un enlace](img/uno.png).

![Falta](nada.png "título") ![Texto](../otro.md) ![Fuera](https://a.pe/x.png)

```
![En código](img/uno.png)
```

![Por nombre][foto]

[foto]: <img/uno.png>
"""


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """A keeper of pictures in memory: what is asked of whoever keeps them, and no more."""
    stored: dict[str, bytes] = {}

    def keep(content: bytes, name: str, **_: object) -> str:
        address = f"{keeping.FOLDER}{hashlib.sha256(content).hexdigest()[:32]}-1x1.webp"
        stored[address] = content
        return address

    monkeypatch.setattr(keeping, "keep", keep)
    monkeypatch.setattr("kb.exporting.pictures.bytes_of", stored.get)
    return stored


def run(folder: Path, *, dry_run: bool = False) -> Report:
    db.session.rollback()
    bundle = read_tree(Folder(folder))
    report = bring_in(bundle, now=NOW, progress=lambda *_: None, dry_run=dry_run)
    db.session.rollback()
    return report


def test_pictures_are_taken_in_and_linked_where_they_are_kept(
    cast: Cast, tmp_path: Path, kept: dict[str, bytes]
) -> None:
    write(tmp_path, "es/a.md", article("uno", TEXT))
    write(tmp_path, "es/img/uno.png", PNG)
    write(tmp_path, "otro.md", article("otro"))
    report = run(tmp_path)
    (address,) = kept
    stored = editor_queries.stored_articles(["uno"])["uno"].body
    assert stored == TEXT.strip("\n").replace("(img/uno.png)", f"({address})").replace(
        f"![En código]({address})", "![En código](img/uno.png)"
    ).replace("<img/uno.png>", address)
    assert [str(remark).rpartition("es/a.md: ")[2] for remark in report.remarks] == [
        "the picture nada.png is not there",
        "the picture ../otro.md was not taken in: type",
    ]
    assert counts(run(tmp_path, dry_run=True)) == (0, 0, 2, 0)
    assert counts(run(tmp_path)) == (0, 0, 2, 0)


def test_an_export_takes_its_pictures_along(
    cast: Cast, tmp_path: Path, kept: dict[str, bytes]
) -> None:
    write(tmp_path, "a.md", article("uno", "![Una foto](uno.png)"))
    write(tmp_path, "uno.png", PNG)
    run(tmp_path)
    files = {file.name: file.content for file in markdown.files()}
    (name,) = (name for name in files if name.startswith("images/"))
    assert files[name] == PNG
    assert f"![Una foto](../{name})\n".encode() in files["es/uno.md"]


def test_no_name_leads_out_of_the_folder(
    cast: Cast, tmp_path: Path, kept: dict[str, bytes]
) -> None:
    write(tmp_path, "fuera.png", PNG)
    body = "![a](../fuera.png) ![b](%2e%2e/fuera.png) ![c](file:///etc/passwd) ![d](/etc/passwd)"
    write(tmp_path, "faq/a.md", article("uno", body))
    report = run(tmp_path / "faq")
    assert kept == {}
    assert len(report.remarks) == 2
    assert editor_queries.stored_articles(["uno"])["uno"].body == body


def test_a_picture_comes_back_byte_for_byte(cast: Cast, tmp_path: Path) -> None:
    write(tmp_path / "a", "a.md", article("uno", "![Una foto](uno.png)"))
    write(tmp_path / "a", "uno.png", PNG)
    run(tmp_path / "a")
    before = {file.name: file.content for file in markdown.files()}
    assert [name for name in before if name.startswith("images/")] != []
    for name, content in before.items():
        write(tmp_path / "b", name, content)
    with transaction() as session:
        for model in (ArticleImage, ArticleRevision, Article, Category):
            session.execute(delete(model))
    run(tmp_path / "b")
    assert {file.name: file.content for file in markdown.files()} == before
    assert counts(run(tmp_path / "b")) == (0, 0, 1, 0)


def test_translations_and_former_addresses_come_back(cast: Cast, tmp_path: Path) -> None:
    write(tmp_path, "a.md", article("uno", more="translation: uno\nformer: [antes]\n"))
    write(tmp_path, "b.md", article("uno", more="lang: en\ntranslation: uno\n"))
    run(tmp_path)
    files = {file.name: file.content for file in markdown.files()}
    assert b"translation: uno-en\nformer:\n- antes\n" in files["es/uno.md"]
    assert b"translation: uno\n" in files["en/uno-en.md"]
    stored = editor_queries.stored_articles(["uno", "uno-en"])
    assert stored["uno-en"].translation_of == stored["uno"].id


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[a](b)", "[a](X)"),
        ("![a](<b c>)", "![a](X)"),
        ("`[a](b)` [a](b)", "`[a](X)` [a](X)"),
        ("    [a](b)", "    [a](b)"),
        ("| [a](b) |\n|---|\n| ![c](b) |", "| [a](X) |\n|---|\n| ![c](X) |"),
        ("- [a](b)\n\n  ```\n  [a](b)\n  ```", "- [a](X)\n\n  ```\n  [a](b)\n  ```"),
        ("[a][z]\n\n[z]: b 'título'", "[a][z]\n\n[z]: X 'título'"),
        ("[a] (b)", "[a] (b)"),
    ],
)
def test_targets_are_moved_where_they_are_targets(source: str, expected: str) -> None:
    assert moved(source, lambda target: "X") == expected


def test_what_is_relative() -> None:
    names = ["a.png", "./a.png", "../a", "a/b:c.png", "/a", "http://a", "data:x", "#a", "?a", ""]
    assert [name for name in names if is_relative(name)] == names[:4]
    assert image_targets("![a](b) [c](d) ![a](b) <img src=e>") == ["b"]
