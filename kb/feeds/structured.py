"""What a page is, in the words of schema.org: data for machines that read pages. Pure.

Addresses are absolute. Nothing is said here that the page itself does not show.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

Data = dict[str, Any]
#: Of an answer; search engines show no more.
LONGEST_ANSWER = 5_000


def graph(*things: Data) -> Data:
    """Several things of one page."""
    return {"@context": "https://schema.org", "@graph": list(things)}


def organization(name: str, url: str, *, phone: str, email: str) -> Data:
    """The company, and how it is reached."""
    contact = {
        "@type": "ContactPoint",
        "contactType": "technical support",
        "telephone": phone,
        "availableLanguage": ["es", "en"],
        **({"email": email} if email else {}),
    }
    return {"@type": "Organization", "@id": f"{url}#empresa", "name": name, "url": url} | {
        "contactPoint": [contact]
    }


def website(name: str, url: str, *, search: str) -> Data:
    """The site and its search; `search` is the address with {words} for what is sought."""
    return {
        "@type": "WebSite",
        "name": name,
        "url": url,
        "publisher": {"@id": f"{url}#empresa"},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": search},
            "query-input": "required name=words",
        },
    }


def breadcrumbs(places: Sequence[tuple[str, str]]) -> Data:
    """(name, address) from the top down to the page itself."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": url}
            for place, (name, url) in enumerate(places, 1)
        ],
    }


def article(
    *,
    url: str,
    title: str,
    summary: str,
    lang: str,
    section: str,
    published_at: datetime | None,
    updated_at: datetime,
    publisher: str,
    publisher_url: str,
) -> Data:
    """An answer as an article of the company."""
    return {
        "@type": "TechArticle",
        "headline": title[:110],
        "name": title,
        "description": summary or title,
        "inLanguage": lang,
        "articleSection": section,
        "mainEntityOfPage": url,
        "url": url,
        # What was written elsewhere, then imported, may have changed before it was published here.
        **({"datePublished": min(published_at, updated_at).isoformat()} if published_at else {}),
        "dateModified": updated_at.isoformat(),
        "author": {"@type": "Organization", "name": publisher, "url": publisher_url},
        "publisher": {"@type": "Organization", "name": publisher, "url": publisher_url},
    }


def questions(url: str, answers: Sequence[tuple[str, str]]) -> Data:
    """(question, answer) of a page of questions; an answer is HTML or plain text."""
    return {
        "@type": "FAQPage",
        "url": url,
        "mainEntity": [
            {
                "@type": "Question",
                "name": question,
                "acceptedAnswer": {"@type": "Answer", "text": answer[:LONGEST_ANSWER]},
            }
            for question, answer in answers
        ],
    }


def listing(url: str, name: str, items: Sequence[tuple[str, str]]) -> Data:
    """(title, address) of what a page lists."""
    return {
        "@type": "CollectionPage",
        "url": url,
        "name": name,
        "mainEntity": {
            "@type": "ItemList",
            "itemListElement": [
                {"@type": "ListItem", "position": place, "name": title, "url": address}
                for place, (title, address) in enumerate(items, 1)
            ],
        },
    }
