"""What an import did, or would do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from kb.importing.entries import Refusal, Remark


@dataclass(frozen=True)
class Row:
    """One article of an import: `new`, `changed` (and what of it) or `unchanged`."""

    outcome: str
    where: str
    slug: str
    title: str
    changes: tuple[str, ...] = ()


@dataclass
class Report:
    """What an import did, or would do."""

    rows: list[Row] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def amend(self, where: str, slug: str, *changes: str) -> None:
        """Say that more of a row changes; all of a new article does already."""
        for place, row in enumerate(self.rows):
            same = (row.where, row.slug) == (where, slug)
            if same and row.outcome != "new" and changes:
                named = tuple(dict.fromkeys((*row.changes, *changes)))
                self.rows[place] = replace(row, outcome="changed", changes=named)

    def count(self, outcome: str) -> int:
        return Counter(row.outcome for row in self.rows)[outcome]

    @property
    def new(self) -> int:
        return self.count("new")

    @property
    def changed(self) -> int:
        return self.count("changed")

    @property
    def unchanged(self) -> int:
        return self.count("unchanged")

    @property
    def files(self) -> int:
        """How many articles were looked at."""
        return len(self.rows) + len(self.refusals)

    def plain(self) -> dict[str, Any]:
        """The report as JSON can hold it."""
        told = [(refusal.where, refusal.error) for refusal in self.refusals]
        return {
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "rows": [asdict(row) for row in self.rows],
            "refused": [
                {"where": where, "line": e.line, "said": e.said, "values": plain(e.values),
                 "reason": e.reason}
                for where, e in told
            ],
            "remarks": [
                {"where": remark.where, "said": remark.said, "values": plain(remark.values)}
                for remark in self.remarks
            ],
        }  # fmt: skip


def plain(values: Mapping[str, object]) -> dict[str, str | int]:
    """Values of a reason as JSON can hold them."""
    return {key: value if isinstance(value, int) else str(value) for key, value in values.items()}
