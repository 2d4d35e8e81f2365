"""The doors of the editor: the article an address names, or a 404."""

from __future__ import annotations

from werkzeug.exceptions import NotFound

from kb import queries
from kb.models import Article, Category


def article_or_404(article_id: int) -> Article:
    """Any article with its body and category."""
    article = queries.article_to_edit(article_id)
    if article is None:
        raise NotFound
    return article


def category_or_404(slug: str) -> Category:
    category = queries.category_by_slug(slug)
    if category is None:
        raise NotFound
    return category
