from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import colours

colour = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_contrast_is_that_of_the_standard() -> None:
    assert colours.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colours.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert colours.contrast("#0a5e70", "#0a5e70") == 1


@given(colour)
def test_every_accent_becomes_readable_in_both_themes(accent: str) -> None:
    for shade, surfaces in (
        (colours.light_shade(accent), colours.LIGHT_SURFACES),
        (colours.dark_shade(accent), colours.DARK_SURFACES),
    ):
        for surface in (*surfaces, shade.wash):
            assert colours.contrast(shade.accent, surface) >= colours.READABLE
        assert colours.contrast(shade.ink, shade.accent) >= colours.READABLE


def test_an_accent_that_is_readable_stays_as_it_is() -> None:
    assert colours.light_shade("#0a5e70").accent == "#0a5e70"
    assert colours.dark_shade("#6cc6d6").accent == "#6cc6d6"


def test_the_style_sheet_is_empty_without_an_accent() -> None:
    assert colours.brand_css("") == ""


@pytest.mark.parametrize("text", ["red", "#FFF", "#ABCDEF", "#12345g", "#123456;}", "\n#123456"])
def test_only_a_colour_gets_into_the_style_sheet(text: str) -> None:
    with pytest.raises(ValueError):
        colours.brand_css(text)
