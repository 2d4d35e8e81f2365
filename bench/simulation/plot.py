"""The waits as a picture: an SVG that says in words what it shows and reads in both themes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape

from bench.simulation.arrivals import DAY, HOUR
from bench.simulation.waits import Group, span
from tickets.policy import Typology

TICKS = (1, 5, 15, HOUR, 4 * HOUR, 12 * HOUR, DAY, 2 * DAY, 4 * DAY, 8 * DAY, 16 * DAY, 32 * DAY)
LEFT, WIDTH, ROW, TOP = 230, 640, 46, 96
STYLE = """
svg { color-scheme: light dark; font: 14px system-ui, sans-serif; }
.paper { fill: #ffffff; } .ink { fill: #14232a; } .soft { fill: #4d5f66; }
.grid { stroke: #d5dee0; }
.incident { color: #b3402a; } .request { color: #0a5e70; }
.bar, .median, .dot { fill: currentColor; } .line { stroke: currentColor; stroke-width: 2; }
.other { opacity: .45; } .whole { font-weight: 650; }
@media (prefers-color-scheme: dark) {
  .paper { fill: #0e1518; } .ink { fill: #e4ecee; } .soft { fill: #a3b4ba; }
  .grid { stroke: #2b383e; }
  .incident { color: #ff9d86; } .request { color: #6cc7d6; }
}
"""


def picture(shown: Sequence[Group], other: Sequence[Group], names: tuple[str, str]) -> str:
    """Two rows for each group: the policy above, what it is compared with (paler) under it."""
    longest = max((group.at(1.0) for group in [*shown, *other]), default=HOUR)
    ticks = [tick for tick in TICKS if tick < longest] or [1]
    end = next((tick for tick in TICKS if tick >= longest), TICKS[-1])
    height = TOP + ROW * len(shown) + 70
    body = [*_axis([*ticks, end], end, height), *_rows(shown, other, end)]
    title = f"Espera simulada hasta que un técnico toma el ticket: {names[0]} y {names[1]}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 40} {height}"'
            ' role="img" aria-labelledby="titulo descripcion">',
            f'<title id="titulo">{escape(title)}</title>',
            f'<desc id="descripcion">{escape(_words(shown, other, names))}</desc>',
            f"<style>{STYLE}</style>",
            '<rect class="paper" width="100%" height="100%"/>',
            f'<text class="ink whole" x="16" y="28">{escape(title)}</text>',
            '<text class="soft" x="16" y="50">Barra: del 25 al 75 %. Línea: del 10 al 90 %. '
            "Marca: la mitad. Punto: 99 %.</text>",
            f'<text class="soft" x="16" y="70">Arriba: {escape(names[0])}. Debajo, más claro: '
            f"{escape(names[1])}.</text>",
            *body,
            "</svg>\n",
        ]
    )


def _words(shown: Sequence[Group], other: Sequence[Group], names: tuple[str, str]) -> str:
    """The picture for whoever does not see it."""
    beside = {group.name: group for group in other}
    parts = []
    for group in shown:
        half, most = span(group.at(0.5)), span(group.at(0.9))
        text = f"{group.name}: {names[0]}, la mitad hasta {half} y el 90 % hasta {most}"
        if group.name in beside:
            one = beside[group.name]
            text += f"; {names[1]}, {span(one.at(0.5))} y {span(one.at(0.9))}"
        parts.append(text)
    return ". ".join(parts) + ". Son tiempos simulados, no una promesa."


def _x(minutes: float, end: float) -> float:
    # One minute is the least that is told apart; the axis is logarithmic.
    return LEFT + WIDTH * math.log(max(1.0, minutes)) / math.log(max(end, 2))


def _axis(ticks: Sequence[float], end: float, height: int) -> Iterator[str]:
    foot = height - 48
    last = -100.0
    for tick in ticks:
        x = _x(tick, end)
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 8}" y2="{foot}"/>'
        if x - last > 44:
            words = span(tick).replace(".0", "")
            place = f'x="{x:.1f}" y="{foot + 20}" text-anchor="middle"'
            yield f'<text class="soft" {place}>{words}</text>'
            last = x


def _rows(shown: Sequence[Group], other: Sequence[Group], end: float) -> Iterator[str]:
    beside = {group.name: group for group in other}
    for place, group in enumerate(shown):
        y = TOP + place * ROW
        kind = "incident" if group.typology == Typology.INCIDENT else "request"
        weight, indent = ("ink whole", 16) if group.whole else ("ink", 32)
        yield f'<text class="{weight}" x="{indent}" y="{y + 20}">{escape(group.name)}</text>'
        yield f'<g class="{kind}">{_box(group, y + 6, end)}'
        if group.name in beside:
            yield f'<g class="other">{_box(beside[group.name], y + 22, end)}</g>'
        yield "</g>"


def _box(group: Group, y: float, end: float) -> str:
    low, first, half, third, high, far = (
        _x(group.at(share), end) for share in (0.1, 0.25, 0.5, 0.75, 0.9, 0.99)
    )
    middle = y + 6
    return (
        f'<line class="line" x1="{low:.1f}" x2="{high:.1f}" y1="{middle}" y2="{middle}"/>'
        f'<rect class="bar" x="{first:.1f}" y="{y}" width="{max(1.0, third - first):.1f}"'
        ' height="12" rx="2"/>'
        f'<rect class="paper" x="{half - 1:.1f}" y="{y}" width="2" height="12"/>'
        f'<circle class="dot" cx="{far:.1f}" cy="{middle}" r="3"/>'
    )
