"""`flask kb …` as an administrator runs it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from core import outbox
from core.db import db
from kb import documents, queries
from kb.search import article_index
from tests.cast import Cast
from tests.kb.articles import index_everything, make_articles
from tests.kb.importing.sources import zendesk_article, zendesk_export, zipped
from tests.kb.importing.test_folders import article, write

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "es"


def kb(app: Flask, *arguments: object) -> Result:
    db.session.rollback()
    return app.test_cli_runner().invoke(args=["kb", *map(str, arguments)])


def test_import_says_what_it_did_and_is_found_at_once(app: Flask, tmp_path: Path) -> None:
    for number in range(3):
        write(tmp_path, f"{number}.md", article(f"numero-{number}", "Una zampoña."))
    done = kb(app, "import", tmp_path)
    assert done.exit_code == 0
    assert done.stdout.startswith("3 of 3 files\n")
    assert "new 3, changed 0, unchanged 0, refused 0" in done.stdout.splitlines()[-1]
    assert len(article_index().search("zampoña").hits) == 3
    assert outbox.pending() == 0
    again = kb(app, "import", tmp_path)
    assert "new 0, changed 0, unchanged 3, refused 0" in again.stdout.splitlines()[-1]


def test_import_names_what_it_refuses_and_ends_with_one(app: Flask, tmp_path: Path) -> None:
    write(tmp_path, "a.md", article("uno"))
    bad = write(tmp_path, "b.md", "---\ntitle: x\nslug: A B\ncategory: c\n---\nT\n")
    done = kb(app, "import", tmp_path)
    assert done.exit_code == 1
    assert done.stderr.startswith(f"{bad}:3: slug is not")
    assert "new 1, changed 0, unchanged 0, refused 1" in done.stdout


def test_import_of_a_missing_folder_is_wrong_use(app: Flask, tmp_path: Path) -> None:
    done = kb(app, "import", tmp_path / "nada")
    assert done.exit_code == 2
    assert "nada" in done.stderr


def test_import_makes_a_lost_index_anew(app: Flask, tmp_path: Path) -> None:
    write(tmp_path, "a.md", article("uno"))
    kb(app, "import", tmp_path)
    shutil.rmtree(app.config["SITE"].index_dir)
    app.extensions["forget"]()
    assert kb(app, "import", tmp_path).exit_code == 0
    assert kb(app, "check").exit_code == 0


def test_check_and_reindex(app: Flask, cast: Cast) -> None:
    ids = make_articles(cast.elena)
    lost = kb(app, "check")
    assert (lost.exit_code, "flask kb reindex" in lost.stderr) == (1, True)
    done = kb(app, "reindex")
    assert (done.exit_code, done.stdout.split()[0]) == (0, str(len(ids)))
    assert kb(app, "check").stdout == (
        "13 articles published, 13 in the index: missing 0, stale 0, surplus 0\n"
    )
    article_index().apply([], [ids["disco-lleno"]])
    behind = kb(app, "check")
    assert behind.exit_code == 1
    assert "missing 1, stale 0, surplus 0" in behind.stdout
    assert behind.stderr == f"missing: article {ids['disco-lleno']}\n"


@pytest.fixture
def questions(app: Flask, cast: Cast, tmp_path: Path) -> Path:
    make_articles(cast.elena)
    index_everything(app)
    rows = [
        {"id": "q1", "text": "servidor lento", "kind": "short"},
        {"id": "q2", "text": "helicóptero"},
        {"id": "q3", "text": "Buenas tardes, mis mensajes caen en spam. ¿Qué registros publico?"},
    ]
    return write(tmp_path, "q.jsonl", "\n".join(json.dumps(row) for row in rows) + "\n\n")


@pytest.mark.parametrize("more", [[], ["--suggest"]])
def test_search_writes_ranked_rows(
    app: Flask, questions: Path, tmp_path: Path, more: list[str]
) -> None:
    out = tmp_path / "run.tsv"
    done = kb(app, "search", "--queries", questions, "--run", out, *more)
    assert done.exit_code == 0
    rows = [line.split("\t") for line in out.read_text("utf-8").splitlines()]
    assert {tuple(row[:3]) for row in rows if row[1] == "1"} == {
        ("q1", "1", "servidor-lento"),
        ("q3", "1", "correo-en-spam"),
    }
    for key in ("q1", "q3"):
        mine = [row for row in rows if row[0] == key]
        assert [int(row[1]) for row in mine] == list(range(1, len(mine) + 1))
        scores = [float(row[3]) for row in mine]
        assert scores == sorted(scores, reverse=True)
    kb(app, "search", "--queries", questions, "--run", out, "--limit", 1, *more)
    assert len(out.read_text("utf-8").splitlines()) == 2


@pytest.mark.parametrize(
    "line",
    [
        "no json",
        "[]",
        '{"id": "a"}',
        '{"id": 1, "text": "b"}',
        '{"id": "a\\tb", "text": "c"}',
        "[" * 99_999,
    ],
)
def test_search_names_a_bad_line_and_writes_nothing(
    app: Flask, questions: Path, tmp_path: Path, line: str
) -> None:
    bad = write(tmp_path, "bad.jsonl", f'{{"id": "a", "text": "b"}}\n{line}\n')
    done = kb(app, "search", "--queries", bad, "--run", tmp_path / "run.tsv")
    assert done.exit_code == 2
    assert done.stderr.startswith(f"{bad}:2: ")
    assert not (tmp_path / "run.tsv").exists()


def test_search_of_a_missing_file_is_wrong_use(app: Flask, tmp_path: Path) -> None:
    done = kb(app, "search", "--queries", tmp_path / "no", "--run", tmp_path / "run.tsv")
    assert done.exit_code == 2
    assert str(tmp_path / "no") in done.stderr


@pytest.mark.skipif(not CORPUS.exists(), reason="the large corpus is not beside the repository")
def test_a_sample_of_the_large_corpus_is_taken_whole(app: Flask, tmp_path: Path) -> None:
    for path in sorted(CORPUS.glob("*.md"))[::11][:200]:
        shutil.copy(path, tmp_path)
    done = kb(app, "import", tmp_path)
    assert done.exit_code == 0, done.stderr
    assert "changed 0, unchanged 0, refused 0" in done.stdout
    assert kb(app, "check").exit_code == 0
    again = kb(app, "import", tmp_path)
    assert "new 0, changed 0, unchanged" in again.stdout


def test_a_dry_run_stores_nothing_and_a_report_tells_all(app: Flask, tmp_path: Path) -> None:
    write(tmp_path, "a/a.md", article("uno"))
    write(tmp_path, "a/b.md", "x")
    told = tmp_path / "informe.json"
    done = kb(app, "import", tmp_path / "a", "--dry-run", "--report", told)
    assert done.exit_code == 1
    assert done.stdout.splitlines()[-1].endswith("; nothing was stored")
    report = json.loads(told.read_text("utf-8"))
    assert (report["new"], [row["slug"] for row in report["rows"]]) == (1, ["uno"])
    assert [row["reason"] for row in report["refused"]] == [
        "front matter between two lines --- is missing"
    ]
    assert (documents.versions(), outbox.pending()) == ({}, 0)


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("a.csv", b"title,body,category\nUno,Texto,Correo\n", 0),
        ("a.json", zendesk_export(zendesk_article(1, "Uno")), 0),
        ("a.zip", zipped({"a.md": article("uno")}), 0),
        ("b.csv", b"a,b\n", 2),
        ("b.json", b"no", 2),
        ("b.zip", b"no", 2),
        ("b.pdf", b"%PDF-1", 2),
        ("c.csv", b"title,body,category\n", 1),
    ],
)
def test_import_takes_files_of_every_kind(
    app: Flask, tmp_path: Path, name: str, content: bytes, status: int
) -> None:
    done = kb(app, "import", write(tmp_path, name, content))
    assert done.exit_code == status
    assert (queries.published_article("uno") is not None) is (status == 0)
    assert bool(done.stderr) is bool(status)
