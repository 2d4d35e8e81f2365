"""`.venv/bin/python -m bench.learning`: see README.md beside this file."""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.learning.gaps import gapped
from bench.learning.measures import Attack, Gain, attacks, gains
from bench.learning.world import Asked
from core.config import ROOT

DEMO = ROOT / "demo" / "articles"
TEXTS = Path(__file__).with_name("paraphrases.txt")
#: The attackers who must reach nothing; the last one shows where the rule ends.
WITHIN_THE_CLAIM = -1


def built_in() -> list[Asked]:
    """The paraphrases of the demonstration's articles."""
    asked: list[Asked] = []
    slug = ""
    for line in TEXTS.read_text("utf-8").splitlines():
        if line.startswith("# "):
            slug = line[2:].strip()
        elif line.strip():
            asked.append(Asked(slug, line.strip()))
    return asked


def report(found: dict[str, Gain], attacked: Sequence[Attack]) -> str:
    """The tables."""
    lines = [f"{'success@3':12}{'asked':>7}{'before':>9}{'after':>9}{'won':>6}{'lost':>6}"]
    for name, gain in found.items():
        before, after = gain.before / max(1, gain.asked), gain.after / max(1, gain.asked)
        lines.append(f"{name:12}{gain.asked:7}{before:9.3f}{after:9.3f}{gain.won:6}{gain.lost:6}")
    lines += ["", f"{'who tries to push an article up':36}{'words':>6}{'rose in':>9}{'of':>6}"]
    lines += [f"{a.name:36}{a.words:6}{a.rose:9}{a.probes:6}" for a in attacked]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0, or 1 where learning brings nothing or an attacker reaches something."""
    parser = argparse.ArgumentParser(prog="bench.learning")
    parser.add_argument("--articles", type=Path, help="a folder of Markdown articles")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--visits", type=int, default=40, help="visits for each article")
    parser.add_argument("--json", type=Path, help="keep the figures in this file")
    given = parser.parse_args(arguments)
    if given.articles is not None and not given.articles.is_dir():
        parser.error(f"{given.articles} is no folder")
    with tempfile.TemporaryDirectory(prefix="learning-") as name:
        folder, articles, asked = Path(name), DEMO, built_in()
        if given.articles is not None:
            articles = folder / "articles"
            asked = gapped(given.articles, articles, random.Random(given.seed))
        random.Random(given.seed).shuffle(asked)
        found = gains(folder, articles, asked, visits=given.visits, seed=given.seed)
        attacked = attacks(folder, articles, asked, seed=given.seed)
    sys.stdout.write(report(found, attacked) + "\n")
    if given.json is not None:
        given.json.write_text(json.dumps(facts(found, attacked), indent=2) + "\n", "utf-8")
    reached = [one for one in attacked[:WITHIN_THE_CLAIM] if one.words or one.rose]
    return 1 if reached or found["search"].after <= found["search"].before else 0


def facts(found: dict[str, Gain], attacked: Sequence[Attack]) -> dict[str, Any]:
    """The same as plain values."""
    return {
        "gain": {name: asdict(gain) for name, gain in found.items()},
        "attacks": [asdict(one) for one in attacked],
    }


if __name__ == "__main__":
    sys.exit(main())
