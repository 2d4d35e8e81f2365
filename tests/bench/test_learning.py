"""The simulation of learning: its texts, its gaps, and one small world."""

from __future__ import annotations

import random
from pathlib import Path
from shutil import copy

import pytest

from bench.learning.__main__ import DEMO, built_in, main, report
from bench.learning.gaps import LOST, gapped
from bench.learning.measures import Attack, Gain
from bench.learning.world import Asked, World, site
from kb.analysis import fold, stem, tokens


def test_every_paraphrase_is_about_an_article_of_the_demonstration() -> None:
    asked = built_in()
    assert {one.slug for one in asked} <= {path.stem for path in DEMO.glob("*.md")}
    assert len({(one.slug, one.text) for one in asked}) == len(asked) > 150


def test_gaps_are_the_same_for_the_same_seed_and_leave_no_lost_word(tmp_path: Path) -> None:
    first, again = (gapped(DEMO, tmp_path / name, random.Random(3)) for name in ("first", "again"))
    assert first == again
    one = first[0]
    words = {w for a in first if a.slug == one.slug for w in a.text.split()}
    body = (tmp_path / "first" / f"{one.slug}.md").read_text("utf-8")
    left = {stem(token.word) for token in tokens(fold(body))}
    missing = {word for word in words if stem(word) not in left}
    assert 0 < len(missing) <= LOST


def test_readers_teach_and_fifty_browsers_do_not(tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    for slug in ("disco-lleno", "servidor-lento", "llaves-ssh"):
        copy(DEMO / f"{slug}.md", articles)
    with site(tmp_path / "site", articles):
        world = World(random.Random(1))
        for number in range(50):
            world.vote("disco-lleno", "casino eternidad", f"browser-{number}")
        world.settle()
        assert world.hidden() == []
        world.traffic([Asked("servidor-lento", "la eternidad del servidor pesada")], 30)
        assert world.found("eternidad") == ["servidor-lento"]
        assert world.hidden("disco-lleno") == []


def test_the_report_names_what_was_measured() -> None:
    gain = Gain()
    gain.add([True, False, False], [True, True, False])
    text = report({"search": gain}, [Attack("one browser", 0, 0, 9)])
    assert text.splitlines()[1].split() == ["search", "3", "0.333", "0.667", "1", "0"]
    assert text.splitlines()[-1].split() == ["one", "browser", "0", "0", "9"]


def test_a_folder_that_is_none_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--articles", str(tmp_path / "nothing")])
    assert ended.value.code == 2
