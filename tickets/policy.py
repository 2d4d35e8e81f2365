"""The order of the queue, as arithmetic (R2, R3, R5, R9; DESIGN section 2).

    effective_arrival = opened_at - head_start(affection) - head_start(customer's mark)
    order             = (typology, effective_arrival, number)

All waiting tickets age at the same speed, so two of them never change places by waiting and
the key can be stored in an indexed column. Pure: standard library only, no clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Any

#: No factor may buy more than this; it bounds for how long a ticket can be overtaken.
MAX_HEAD_START = timedelta(days=30)
_MINUTE = timedelta(minutes=1)


class Typology(IntEnum):
    """Who can solve it (R1); the lower value is always attended first (R2)."""

    INCIDENT = 0
    REQUEST = 1


class Mark(StrEnum):
    """The priority the customer gives to their own ticket (R9), lowest first."""

    LOW = "baja"
    NORMAL = "normal"
    HIGH = "alta"
    URGENT = "urgente"


class PolicyError(ValueError):
    """A table that cannot order a queue; `code` says why, `subject` which row."""

    def __init__(self, code: str, subject: str, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.subject = subject


@dataclass(frozen=True)
class Affection:
    """What is wrong, in the customer's words; it decides the typology (R1)."""

    code: str
    typology: Typology
    head_start: timedelta


@dataclass(frozen=True)
class Policy:
    """One version of the table. Raises `PolicyError` (a ValueError) when it makes no sense."""

    version: int
    affections: Mapping[str, Affection]
    marks: Mapping[Mark, timedelta]

    def __post_init__(self) -> None:
        _check(self)
        object.__setattr__(self, "affections", MappingProxyType(dict(self.affections)))
        object.__setattr__(self, "marks", MappingProxyType({m: self.marks[m] for m in Mark}))

    def to_json(self) -> dict[str, Any]:
        """The table as plain values; head starts are whole minutes."""
        return {
            "version": self.version,
            "affections": [
                {
                    "code": affection.code,
                    "typology": affection.typology.name.lower(),
                    "head_start_minutes": affection.head_start // _MINUTE,
                }
                for affection in self.affections.values()
            ],
            "marks": {mark.value: start // _MINUTE for mark, start in self.marks.items()},
        }

    @classmethod
    def from_json(cls, table: Mapping[str, Any]) -> Policy:
        """The policy written by `to_json`. Raises `PolicyError` on anything else."""
        try:
            version, rows, marks = table["version"], list(table["affections"]), table["marks"]
            affections = [_affection(row) for row in rows]
            starts = {_mark(name): _minutes(name, value) for name, value in marks.items()}
        except (KeyError, TypeError, AttributeError) as error:
            raise PolicyError("shape", "", f"La tabla está incompleta: {error}.") from error
        by_code = {affection.code: affection for affection in affections}
        if len(by_code) != len(affections):
            raise PolicyError("repeated", "", "Una afección aparece dos veces en la tabla.")
        return cls(version, by_code, starts)


@dataclass(frozen=True, order=True)
class QueueKey:
    """The place of a ticket; smaller is attended first. `effective_arrival` is aware, in UTC."""

    typology: Typology
    effective_arrival: datetime
    number: int


@dataclass(frozen=True)
class Explanation:
    """Why a ticket stands where it stands, as values; words are made where they are shown."""

    typology: Typology
    affection_head_start: timedelta
    mark_head_start: timedelta


def key_for(
    policy: Policy, *, affection: str, mark: Mark, opened_at: datetime, number: int
) -> QueueKey:
    """The place of a ticket under a policy.

    `opened_at` is the first arrival: it survives reopening (R11). Raises ValueError on an
    affection the policy does not know and on a moment without a time zone.
    """
    if opened_at.utcoffset() is None:
        raise ValueError("opened_at carries no time zone")
    why = explain(policy, affection, mark)
    arrival = opened_at.astimezone(UTC) - why.affection_head_start - why.mark_head_start
    return QueueKey(why.typology, arrival, number)


def explain(policy: Policy, affection: str, mark: Mark) -> Explanation:
    """What each factor of R9 gives this ticket. Raises ValueError on an unknown affection."""
    known = policy.affections.get(affection)
    if known is None:
        raise ValueError(f"unknown affection: {affection!r}")
    return Explanation(known.typology, known.head_start, policy.marks[Mark(mark)])


def largest_head_start(policy: Policy, typology: Typology) -> timedelta:
    """The longest time within which a later ticket of this typology can still overtake."""
    starts = [a.head_start for a in policy.affections.values() if a.typology == typology]
    return max(starts, default=timedelta()) + max(policy.marks.values())


def may_take(held: int, limit: int) -> bool:
    """Whether a technician who holds `held` tickets in attention may be given one more."""
    return held < limit


def _check(policy: Policy) -> None:
    if type(policy.version) is not int or policy.version < 1:
        raise PolicyError("version", "", "La versión debe ser un número entero desde 1.")
    if not policy.affections:
        raise PolicyError("shape", "", "La tabla no tiene ninguna afección.")
    for code, affection in policy.affections.items():
        if not code or code != affection.code:
            raise PolicyError("code", code, f"La afección «{code}» no tiene un código válido.")
        _check_start(code, affection.head_start)
    last = timedelta()
    for mark in Mark:
        if mark not in policy.marks:
            raise PolicyError("missing_mark", mark, f"Falta la prioridad «{mark}».")
        _check_start(mark, policy.marks[mark])
        if policy.marks[mark] < last:
            words = f"La prioridad «{mark}» no puede adelantar menos que la anterior."
            raise PolicyError("mark_order", mark, words)
        last = policy.marks[mark]


def _check_start(subject: str, start: timedelta) -> None:
    if start < timedelta():
        raise PolicyError("negative", subject, f"El adelanto de «{subject}» no puede ser negativo.")
    if start > MAX_HEAD_START:
        raise PolicyError(
            "too_large", subject, f"El adelanto de «{subject}» no puede pasar de 30 días."
        )
    if start % _MINUTE:
        raise PolicyError(
            "whole_minutes", subject, f"El adelanto de «{subject}» debe ser de minutos enteros."
        )


def _affection(row: Mapping[str, Any]) -> Affection:
    code = row["code"]
    if not isinstance(code, str):
        raise PolicyError("code", str(code), f"La afección «{code}» no tiene un código válido.")
    named = {typology.name.lower(): typology for typology in Typology}
    typology = named.get(str(row["typology"]))
    if typology is None:
        raise PolicyError(
            "unknown_typology", code, f"La tipología de «{code}» debe ser incidencia o petición."
        )
    return Affection(code, typology, _minutes(code, row["head_start_minutes"]))


def _mark(name: str) -> Mark:
    try:
        return Mark(name)
    except ValueError:
        raise PolicyError("unknown_mark", name, f"No existe la prioridad «{name}».") from None


def _minutes(subject: str, value: object) -> timedelta:
    # bool is an int to Python, but True is not a number of minutes.
    if type(value) is not int:
        raise PolicyError(
            "whole_minutes", subject, f"El adelanto de «{subject}» debe ser de minutos enteros."
        )
    if abs(value) > MAX_HEAD_START // _MINUTE:
        # Checked before timedelta(), which overflows on very large numbers.
        value = (MAX_HEAD_START // _MINUTE + 1) if value > 0 else -1
    return timedelta(minutes=value)


def _default_policy() -> Policy:
    rows = (
        ("corte-de-red", Typology.INCIDENT, 8),
        ("maquina-no-arranca", Typology.INCIDENT, 6),
        ("rendimiento-degradado", Typology.INCIDENT, 4),
        ("otra-falla-del-proveedor", Typology.INCIDENT, 0),
        ("servidor-parado", Typology.REQUEST, 8),
        ("servicio-con-errores", Typology.REQUEST, 6),
        ("spam", Typology.REQUEST, 4),
        ("error-de-codigo", Typology.REQUEST, 2),
        ("instalar-configurar", Typology.REQUEST, 0),
        ("otra-consulta", Typology.REQUEST, 0),
    )
    affections = {
        code: Affection(code, typology, timedelta(hours=hours)) for code, typology, hours in rows
    }
    minutes = {Mark.LOW: 0, Mark.NORMAL: 30, Mark.HIGH: 60, Mark.URGENT: 120}
    return Policy(1, affections, {mark: timedelta(minutes=n) for mark, n in minutes.items()})


#: The table of DESIGN section 2, in force until an administrator publishes another.
DEFAULT_POLICY = _default_policy()
