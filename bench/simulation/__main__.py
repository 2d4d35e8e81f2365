"""`python -m bench.simulation`: a year through the order of the queue, printed and drawn.

Exit status 0, or 2 for wrong use.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bench.simulation.arrivals import HOUR, Load, Story, busy_hours, stories
from bench.simulation.desk import Desk
from bench.simulation.plot import picture
from bench.simulation.roster import shifts
from bench.simulation.waits import Group, groups, table
from tickets.policy import DEFAULT_POLICY, Mark, Policy, PolicyError

FIRST_COME = "sin adelantos"


def main(arguments: list[str] | None = None) -> int:
    """Run what was asked for; the exit status."""
    asked = _arguments(arguments)
    policy = asked.policy or DEFAULT_POLICY
    against = asked.against or without_head_starts(policy)
    if set(policy.affections) != set(against.affections):
        sys.stderr.write("bench.simulation: the two tables know different affections\n")
        return 2
    began = time.monotonic()
    told = stories(policy, Load(asked.days, asked.incidents, asked.requests), asked.seed)
    names = (f"versión {policy.version}", FIRST_COME if not asked.against else "la otra tabla")
    found = [_groups(one, told, asked) for one in (policy, against)]
    there = sum(end - begin for begin, end, _who in shifts(asked.technicians, asked.days)) / HOUR
    print(
        f"{len(told)} tickets in {asked.days} days, seed {asked.seed}; {asked.technicians} "
        f"technicians, busy {busy_hours(told) / there:.0%} of their time\n"
    )
    for name, rows in zip(names, found, strict=True):
        print(table(name, rows), end="\n\n")
    print(f"Waits are simulated, no promise of a time. {time.monotonic() - began:.1f} s")
    if asked.svg:
        asked.svg.write_text(picture(found[0], found[1], names), "utf-8")
    return 0


def without_head_starts(policy: Policy) -> Policy:
    """The same table with nothing to gain: first come, first served within each typology."""
    none = timedelta()
    rows = {code: replace(one, head_start=none) for code, one in policy.affections.items()}
    return Policy(policy.version, rows, dict.fromkeys(Mark, none))


def _groups(policy: Policy, told: list[Story], asked: argparse.Namespace) -> list[Group]:
    desk = Desk(policy, told, asked.technicians, asked.limit, log=False)
    first_taken = desk.run(asked.days).first_taken
    served = [story for story in told if story.number in first_taken]
    if len(served) < len(told):
        print(f"version {policy.version}: {len(told) - len(served)} tickets were never taken")
    return groups(policy, served, first_taken)


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench.simulation", description="Simulate a year at the desk under a policy."
    )
    parser.add_argument("--policy", type=_policy, metavar="FILE", help="the table, as JSON")
    parser.add_argument(
        "--against", type=_policy, metavar="FILE", help="another table; without, no head starts"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--technicians", type=_positive, default=12)
    parser.add_argument("--limit", type=_positive, default=3, help="tickets in attention, each")
    parser.add_argument("--days", type=_positive, default=365)
    parser.add_argument("--incidents", type=_rate, default=6.0, help="of an ordinary day")
    parser.add_argument("--requests", type=_rate, default=80.0, help="of an ordinary day")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="draw the waits there")
    return parser.parse_args(arguments)


def _policy(name: str) -> Policy:
    try:
        return Policy.from_json(json.loads(Path(name).read_text("utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise argparse.ArgumentTypeError(f"cannot read {name}: {error}") from error
    except PolicyError as error:
        raise argparse.ArgumentTypeError(f"{name} orders no queue: {error}") from error
    except (ValueError, TypeError) as error:
        raise argparse.ArgumentTypeError(f"{name} is no table: {error}") from error


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= 10_000:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to 10000")
    return int(text)


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = -1.0
    if not 0 <= rate <= 10_000:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 to 10000")
    return rate


if __name__ == "__main__":
    sys.exit(main())
