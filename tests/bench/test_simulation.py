"""The simulated desk hands out the head of the queue, each time, checked the slow way."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bench.simulation.__main__ import main, without_head_starts
from bench.simulation.arrivals import DAY, START, Load, Story, stories
from bench.simulation.desk import Desk, Line, Result
from bench.simulation.waits import groups, overtaken, span
from tests.tickets.test_policy_changes import table
from tickets.policy import DEFAULT_POLICY, Policy, Typology, key_for, largest_head_start

DAYS, TEAM, LIMIT = 21, 6, 3
#: More than six people can do in time, so that the queue is never empty for long.
LOAD = Load(DAYS, incidents=8, requests=45)
TOLD = stories(DEFAULT_POLICY, LOAD, seed=4)
OTHER = table(spam=30, urgente=12, corte_de_red=0)
#: The table of every day, one that differs much, and none at all.
POLICIES = [DEFAULT_POLICY, OTHER, without_head_starts(DEFAULT_POLICY)]


def run(policy: Policy) -> Result:
    return Desk(policy, TOLD, TEAM, LIMIT, log=True).run(DAYS)


@pytest.fixture(scope="module", params=POLICIES, ids=["usual", "other", "none"])
def played(request: pytest.FixtureRequest) -> tuple[Policy, Result]:
    return request.param, run(request.param)


def order(policy: Policy, story: Story) -> tuple[int, object, int]:
    """The key in the words of DESIGN section 2, without the program's own comparison."""
    opened_at = START + timedelta(minutes=story.opened)
    affection = policy.affections[story.affection]
    starts = affection.head_start + policy.marks[story.mark]
    return int(affection.typology), opened_at - starts, story.number


class Replay:
    """What the lines say, followed one by one with plain sets."""

    def __init__(self, policy: Policy) -> None:
        self.keys = {story.number: order(policy, story) for story in TOLD}
        self.waiting: set[int] = set()
        self.present: set[int] = set()
        self.held: dict[int, set[int]] = {who: set() for who in range(TEAM)}
        self.returned: dict[int, set[int]] = {}
        self.taken = 0

    def follow(self, line: Line) -> None:
        who, number = line.technician, line.number
        if line.kind == "present":
            self.present.add(who)
        elif line.kind == "absent":
            self.present.discard(who)
        elif line.kind == "queued":
            assert number not in self.waiting
            self.waiting.add(number)
        elif line.kind == "taken":
            self.check(who, number)
        else:
            self.held[who].remove(number)
            if line.kind == "return":
                self.returned.setdefault(number, set()).add(who)

    def check(self, who: int, number: int) -> None:
        alone = self.present == {who}
        offered = {n for n in self.waiting if alone or who not in self.returned.get(n, ())}
        assert who in self.present
        assert number == min(offered, key=self.keys.__getitem__)
        incidents = {n for n in offered if self.keys[n][0] == Typology.INCIDENT}
        assert number in incidents or not incidents
        self.waiting.remove(number)
        self.held[who].add(number)
        self.taken += 1
        assert len(self.held[who]) <= LIMIT


def test_every_hand_out_is_the_head_of_the_queue(played: tuple[Policy, Result]) -> None:
    policy, result = played
    replay = Replay(policy)
    for line in result.lines:
        replay.follow(line)
    assert replay.taken > len(TOLD)
    assert replay.waiting == set()
    kinds = {line.kind for line in result.lines}
    assert kinds == {"present", "absent", "queued", "taken", "resolve", "ask", "return"}


def test_everybody_is_served_after_they_came(played: tuple[Policy, Result]) -> None:
    _policy, result = played
    assert result.first_taken.keys() == {story.number for story in TOLD}
    assert all(result.first_taken[story.number] >= story.opened for story in TOLD)


def test_nobody_is_overtaken_beyond_the_largest_head_start(
    played: tuple[Policy, Result],
) -> None:
    policy, result = played
    first = result.first_taken
    passed = set()
    for story in TOLD:
        typology = policy.affections[story.affection].typology
        bound = largest_head_start(policy, typology) / timedelta(minutes=1)
        for other in TOLD:
            same = policy.affections[other.affection].typology == typology
            if same and other.number > story.number and first[other.number] < first[story.number]:
                assert other.opened - story.opened <= bound
                passed.add(story.number)
    # At one moment several may be taken: those are no overtaking to the sum either way.
    assert passed <= overtaken(policy, TOLD, first)
    assert bool(passed) is (policy is not POLICIES[2])


def test_keys_are_those_of_the_site(played: tuple[Policy, Result]) -> None:
    policy, _result = played
    for story in TOLD[:200]:
        key = key_for(
            policy,
            affection=story.affection,
            mark=story.mark,
            opened_at=START + timedelta(minutes=story.opened),
            number=story.number,
        )
        assert (int(key.typology), key.effective_arrival, key.number) == order(policy, story)


def test_the_same_seed_tells_the_same_year() -> None:
    assert stories(DEFAULT_POLICY, LOAD, seed=4) == TOLD
    assert stories(DEFAULT_POLICY, LOAD, seed=5) != TOLD
    assert run(DEFAULT_POLICY) == run(DEFAULT_POLICY)


def test_head_starts_do_not_change_who_comes() -> None:
    assert stories(OTHER, LOAD, seed=4) == TOLD


def test_arrivals_have_their_rhythm() -> None:
    year = stories(DEFAULT_POLICY, Load(), seed=1)
    incidents = [s for s in year if DEFAULT_POLICY.affections[s.affection].typology == 0]
    assert 80 * 365 * 0.95 < len(year) - len(incidents) < 80 * 365 * 1.05
    night = sum(s.opened % DAY < 6 * 60 for s in year)
    morning = sum(9 * 60 <= s.opened % DAY < 15 * 60 for s in year)
    assert morning > 5 * night
    sunday = sum(s.opened // DAY % 7 == 6 for s in year)
    assert sunday < len(year) / 10
    cuts = sorted(s.opened for s in year if s.affection == "corte-de-red")
    assert max(sum(c <= x < c + 60 for x in cuts) for c in cuts) >= 20
    back = sum(len(s.turns) > 1 for s in year) / len(year)
    assert 0.2 < back < 0.4


def test_a_table_counts_each_group_once() -> None:
    first = run(DEFAULT_POLICY).first_taken
    found = groups(DEFAULT_POLICY, TOLD, first)
    whole = {g.name: len(g.waits) for g in found if g.whole}
    assert sum(whole.values()) == len(TOLD)
    for typology in Typology:
        parts = [g for g in found if g.typology == typology and not g.whole]
        (all_of_it,) = [g for g in found if g.typology == typology and g.whole]
        assert sum(len(g.waits) for g in parts) == len(all_of_it.waits)
        assert sum(g.overtaken for g in parts) == all_of_it.overtaken
    assert [span(minutes) for minutes in (0, 59, 119, 3000)] == [
        "0 min",
        "59 min",
        "2.0 h",
        "2.1 d",
    ]


ARGUMENTS = ["--days", "5", "--technicians", "4", "--requests", "20"]


def written(folder: Path, policy: Policy, name: str = "orden-2.json") -> str:
    path = folder / name
    path.write_text(json.dumps(policy.to_json()), "utf-8")
    return str(path)


def test_the_command_prints_and_draws(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drawing = tmp_path / "waits.svg"
    asked = [*ARGUMENTS, "--policy", written(tmp_path, OTHER), "--svg", str(drawing)]
    assert main(asked) == 0
    said = capsys.readouterr().out
    assert "versión 2" in said
    assert "sin adelantos" in said
    assert said.count("servicio-con-errores") == 2
    root = ElementTree.fromstring(drawing.read_text("utf-8"))
    names = [child.tag.split("}")[1] for child in root]
    assert names[:3] == ["title", "desc", "style"]
    assert "no una promesa" in (root[1].text or "")
    assert main(asked) == 0
    assert capsys.readouterr().out.rsplit("\n", 2)[0] == said.rsplit("\n", 2)[0]


def test_two_tables_are_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = written(tmp_path, OTHER), written(tmp_path, DEFAULT_POLICY, "1.json")
    assert main([*ARGUMENTS, "--policy", one, "--against", two]) == 0
    assert "la otra tabla" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is no table"),
        ("[]", "orders no queue"),
        ('{"version": 1}', "orders no queue"),
        ("\ud800", "is no table"),
        (None, "cannot read"),
    ],
)
def test_a_wrong_file_is_said_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, words: str
) -> None:
    path = tmp_path / "orden.json"
    if content is not None:
        path.write_bytes(content.encode(errors="surrogatepass"))
        words = "cannot read" if content == "\ud800" else words
    with pytest.raises(SystemExit) as stopped:
        main(["--policy", str(path)])
    assert stopped.value.code == 2
    assert words in capsys.readouterr().err


def test_tables_of_other_affections_are_not_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fewer = {code: one for code, one in OTHER.affections.items() if code != "spam"}
    other = written(tmp_path, replace(OTHER, affections=fewer))
    assert main([*ARGUMENTS, "--against", other]) == 2
    assert "different affections" in capsys.readouterr().err


@pytest.mark.parametrize("argument", ["--days=0", "--technicians=x", "--requests=-1", "--limit=0"])
def test_wrong_numbers_are_refused(argument: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([argument])
    assert stopped.value.code == 2
