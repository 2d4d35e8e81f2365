"""Small files of the kinds that mails bring."""

from __future__ import annotations

from io import BytesIO

from PIL import Image


def picture(width: int, height: int, colour: str = "white") -> bytes:
    """A PNG of this size."""
    made = BytesIO()
    Image.new("RGB", (width, height), colour).save(made, "PNG")
    return made.getvalue()


LOGO, SCREENSHOT = picture(180, 60, "blue"), picture(900, 500)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
