"""ZIPs of Markdown: read in memory, and refused unread where they are made to harm."""

from __future__ import annotations

import zipfile

import pytest

from kb.importing.archives import Archive
from kb.importing.entries import Refused
from kb.importing.folders import read_tree
from kb.importing.sources import read_bytes
from tests.kb.importing.sources import zipped
from tests.kb.importing.test_folders import article


def test_a_zip_is_a_folder_and_its_wrapping_is_passed_over() -> None:
    files = {"faq/es/a.md": article("uno"), "faq/es/b.md": "x", "faq/.git/c.md": "x"}
    bundle = read_tree(Archive(zipped({**files, "__MACOSX/faq/._a.md": "x"})))
    assert [one.where for one in bundle.found] == ["es/a.md"]
    assert [str(refusal) for refusal in bundle.refusals] == [
        "es/b.md:1: front matter between two lines --- is missing"
    ]


def test_names_that_lead_out_are_not_read_and_told() -> None:
    files = {"../a.md": article("uno"), "/b.md": article("dos"), "c.md": article("tres")}
    bundle = read_bytes("a.zip", zipped(files))
    assert [one.entry.slug for one in bundle.found] == ["tres"]
    assert [str(refusal) for refusal in bundle.refusals] == [
        "../a.md: it leads out of the ZIP",
        "/b.md: it leads out of the ZIP",
    ]


def test_a_large_file_costs_only_itself() -> None:
    files = {"a.md": article("uno"), "b.md": "x" * (2 * 1024 * 1024 + 1)}
    bundle = read_tree(Archive(zipped(files, method=zipfile.ZIP_STORED)))
    assert (len(bundle.found), len(bundle.refusals)) == (1, 1)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the ZIP is damaged"),
        (b"PK\x03\x04 nada", "the ZIP is damaged"),
        (zipped({"a.md": "x" * 5_000_000}), "the ZIP unpacks to too much"),
        (b"PK\x01\x02" * 10_001, "the ZIP holds more than 10000 files"),
    ],
)
def test_what_is_no_zip_or_a_bomb_is_refused_in_words(data: bytes, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        Archive(data)
    assert caught.value.reason == reason


def test_damaged_bytes_inside_cost_only_their_file() -> None:
    data = zipped({"a.md": article("uno"), "b.md": article("dos")}, method=zipfile.ZIP_STORED)
    broken = data.replace("Artículo uno".encode(), "Artículo unX".encode())
    bundle = read_tree(Archive(broken))
    assert [one.entry.slug for one in bundle.found] == ["dos"]
    assert [str(refusal) for refusal in bundle.refusals] == ["a.md:1: the ZIP is damaged"]
