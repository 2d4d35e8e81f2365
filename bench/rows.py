"""What was measured against which bar, as a table for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

Detail = float | int | str
_NARROW, _WIDE = 9, 58


class BenchError(Exception):
    """The measurement itself went wrong; the text says how."""


@dataclass(frozen=True)
class Row:
    """One measured thing. Without a `bar` it is there to be read, not to be passed.

    `value` is a ratio where `unit` is "×"; None says that it could not be measured.
    """

    key: str
    what: str
    value: float | None
    unit: str = "×"
    bar: float | None = None
    at_least: bool = False
    details: dict[str, Detail] = field(default_factory=dict)

    @property
    def passed(self) -> bool | None:
        """None for a row without a bar; a bar that was not measured is not passed."""
        if self.bar is None:
            return None
        if self.value is None:
            return False
        return self.value >= self.bar if self.at_least else self.value <= self.bar

    def as_json(self) -> dict[str, Any]:
        """The row as plain values."""
        return {
            "key": self.key,
            "what": self.what,
            "value": None if self.value is None else round(self.value, 4),
            "unit": self.unit,
            "bar": self.bar,
            "bar_is": None if self.bar is None else ("at least" if self.at_least else "at most"),
            "pass": self.passed,
            "details": self.details,
        }


def percentile(values: Iterable[float], share: float) -> float:
    """The value that `share` (0 to 1) of `values` do not exceed. Raises BenchError on none."""
    ordered = sorted(values)
    if not ordered:
        raise BenchError("nothing was measured")
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def milliseconds(seconds: float) -> float:
    """Seconds as milliseconds, rounded for reading."""
    return round(seconds * 1000, 2)


def latency(name: str, seconds: Sequence[float]) -> dict[str, Detail]:
    """Median and 95th percentile in ms, named after what was measured."""
    return {
        f"{name}_p50_ms": milliseconds(percentile(seconds, 0.5)),
        f"{name}_p95_ms": milliseconds(percentile(seconds, 0.95)),
    }


def table(rows: Sequence[Row]) -> str:
    """The rows for a terminal, each with its details below."""
    lines = [f"{'what':<{_WIDE}} {'measured':>{_NARROW + 2}} {'bar':>{_NARROW + 2}}  result"]
    lines.append("-" * len(lines[0]))
    for row in rows:
        bar = "" if row.bar is None else f"{'≥' if row.at_least else '≤'} {_number(row.bar)}"
        value = "–" if row.value is None else f"{_number(row.value)} {row.unit}"
        result = {None: "", True: "pass", False: "FAIL"}[row.passed]
        lines.append(f"{row.what:<{_WIDE}} {value:>{_NARROW + 2}} {bar:>{_NARROW + 2}}  {result}")
        if row.details:
            lines.append("    " + ", ".join(f"{k} {v}" for k, v in row.details.items()))
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"
