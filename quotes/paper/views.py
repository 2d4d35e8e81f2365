"""The paper as an answer."""

from __future__ import annotations

from flask import Response

from quotes.paper.content import paper_of
from quotes.paper.draw import draw
from quotes.pricing.models import QuoteVersion


def answer(version: QuoteVersion) -> Response:
    """The PDF of a version, as a file named after it."""
    name = f"{version.quote.number}-v{version.version}.pdf"
    return Response(
        draw(paper_of(version)),
        mimetype="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
