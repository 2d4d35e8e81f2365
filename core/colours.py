"""The company's accent colour, made readable by itself. Pure.

The hue is kept; the lightness moves until text has the contrast of WCAG 2.2 AA (1.4.3) on
every surface of the site. Surfaces are those of static/css/tokens.css.
"""

from __future__ import annotations

import colorsys
import re
from dataclasses import dataclass

Rgb = tuple[float, float, float]

READABLE = 4.5
STEP = 1 / 256
WHITE, NIGHT = "#ffffff", "#06191e"
LIGHT_SURFACES = ("#f5f8f8", "#ffffff")
DARK_SURFACES = ("#0e1518", "#172126")
_HEX = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True)
class Shade:
    """The accent in one theme: itself, the text on it, and its pale ground."""

    accent: str
    ink: str
    wash: str


def is_colour(text: str) -> bool:
    """Whether this is `#rrggbb` in lower case."""
    return _HEX.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def mixed(colour: str, ground: str, share: float) -> str:
    """`colour` over `ground`, opaque to `share` (0 to 1)."""
    pairs = zip(_rgb(colour), _rgb(ground), strict=True)
    red, green, blue = (share * top + (1 - share) * below for top, below in pairs)
    return _hex((red, green, blue))


def light_shade(accent: str) -> Shade:
    """The accent for the light theme, as dark as it must be."""
    return _shade(accent, LIGHT_SURFACES, ground="#ffffff", share=0.10, step=-STEP)


def dark_shade(accent: str) -> Shade:
    """The accent for the dark theme, as light as it must be."""
    return _shade(accent, DARK_SURFACES, ground="#172126", share=0.18, step=STEP)


def brand_css(accent: str) -> str:
    """The style sheet that puts the accent in place; empty when there is none.

    Raises ValueError for anything but `#rrggbb` or the empty text.
    """
    if not accent:
        return ""
    if not is_colour(accent):
        raise ValueError(f"{accent!r} is no colour")
    light, dark = light_shade(accent), dark_shade(accent)
    plain = {"accent": light.accent, "accent-ink": light.ink, "accent-wash": light.wash}
    both = {
        "accent": f"light-dark({light.accent}, {dark.accent})",
        "accent-ink": f"light-dark({light.ink}, {dark.ink})",
        "accent-wash": f"light-dark({light.wash}, {dark.wash})",
    }
    return (
        f":root {{ {_declarations(plain)} }}\n"
        f"@supports (color: light-dark(white, black)) {{ :root {{ {_declarations(both)} }} }}\n"
    )


def _declarations(values: dict[str, str]) -> str:
    return " ".join(f"--{name}: {value};" for name, value in values.items())


def _shade(
    accent: str, surfaces: tuple[str, ...], *, ground: str, share: float, step: float
) -> Shade:
    hue, lightness, saturation = colorsys.rgb_to_hls(*_rgb(accent))
    colour = accent
    while not _readable(colour, (*surfaces, mixed(colour, ground, share))):
        lightness += step
        colour = _hex(colorsys.hls_to_rgb(hue, min(max(lightness, 0.0), 1.0), saturation))
    ink = max((WHITE, NIGHT), key=lambda text: contrast(text, colour))
    return Shade(colour, ink, mixed(colour, ground, share))


def _readable(colour: str, surfaces: tuple[str, ...]) -> bool:
    return all(contrast(colour, surface) >= READABLE for surface in surfaces)


def _rgb(colour: str) -> Rgb:
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255


def _hex(rgb: Rgb) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in rgb)


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in _rgb(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
