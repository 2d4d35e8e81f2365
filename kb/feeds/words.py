"""What public pages tell machines of themselves, made of what they show people."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import get_locale
from flask_babel import gettext as _

from core.web import external_url, site_settings
from kb.feeds import structured
from kb.feeds.structured import Data
from kb.models import Article, Category


def home_data() -> Data:
    """The company and its site."""
    settings, url = site_settings(), external_url("home.index")
    search = f"{external_url('kb.search')}?q={{words}}"
    return structured.graph(
        structured.organization(
            settings.name, url, phone=settings.phone, email=settings.contact_email
        ),
        structured.website(f"{settings.name} · {settings.title}", url, search=search),
    )


def article_data(article: Article, plain: str) -> Data:
    """An answer: the article, the question it answers, and where it stands."""
    url = external_url("kb.article", slug=article.slug)
    return structured.graph(
        structured.article(
            url=url,
            title=article.title,
            summary=article.summary,
            lang=article.lang,
            section=article.category.name,
            published_at=article.published_at,
            updated_at=article.updated_at,
            publisher=site_settings().name,
            publisher_url=external_url("home.index"),
        ),
        structured.questions(url, [(article.title, plain)]),
        structured.breadcrumbs([*_above(article.category), (article.title, url)]),
    )


def category_data(category: Category, articles: Sequence[Article], url: str) -> Data:
    """The answers on one page of a category."""
    items = [(row.title, external_url("kb.article", slug=row.slug)) for row in articles]
    return structured.graph(
        structured.listing(url, category.name, items), structured.breadcrumbs(_above(category))
    )


def _above(category: Category) -> list[tuple[str, str]]:
    return [
        (_("Preguntas frecuentes"), external_url("kb.index")),
        (category.name, external_url("kb.category", slug=category.slug)),
    ]


def language() -> str:
    """The reader's language as Open Graph writes it."""
    return "en_US" if str(get_locale()) == "en" else "es_PE"
