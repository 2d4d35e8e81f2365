"""Sources of articles as other programs write them, small."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

NOW_THERE = "2025-11-03T14:05:09Z"


def zendesk_article(number: int, title: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "title": title,
        "name": title,
        "body": f"<p>Texto de <strong>{title}</strong>.</p>",
        "locale": "es-419",
        "section_id": 20,
        "draft": False,
        "label_names": ["correo", "spam"],
        "user_segment_id": None,
        "created_at": "2024-01-02T03:04:05Z",
        "updated_at": "2026-01-01T00:00:00Z",
        "edited_at": NOW_THERE,
        "html_url": f"https://ayuda.example/hc/es-419/articles/{number}-{title.replace(' ', '-')}",
        **more,
    }


def zendesk_export(*articles: dict[str, Any], **more: Any) -> bytes:
    given = {
        "articles": list(articles),
        "sections": [
            {"id": 20, "name": "Problemas", "category_id": 1, "locale": "es", "description": "Ay."},
            {"id": 21, "name": "Problemas", "category_id": 2, "locale": "es", "description": ""},
            {"id": 22, "name": "Pagos", "category_id": 2, "locale": "es", "description": None},
        ],
        "categories": [
            {"id": 1, "name": "Correo", "locale": "es"},
            {"id": 2, "name": "Cuenta", "locale": "es"},
        ],
        "next_page": None,
        **more,
    }
    return json.dumps(given).encode()


def zipped(files: dict[str, bytes | str], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()
