"""A visitor's form as a browser sends it back."""

from __future__ import annotations

from core.tokens import new_token


def handed_out() -> dict[str, str]:
    """The hidden fields of a form that was handed out."""
    return {"token": new_token(), "nota_vacia": ""}
