"""The page on which two versions of one article are put together."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from accounts.access import signed_in_actor
from core import clock
from kb.forms import ArticleForm
from kb.models import Article
from kb.writing import drafts, queries
from kb.writing.forms import merged, typed_in
from kb.writing.merging import Side, both


def conflict_page(
    form: ArticleForm, article: Article, *, undecided: bool = False, status: int = 409
) -> ResponseReturnValue:
    """Both versions, piece by piece. What was typed is kept first: the page may be closed."""
    article_id, typed = article.id, typed_in(form)
    if typed is not None:
        drafts.save_draft(
            actor=signed_in_actor(), article_id=article_id, typed=typed, now=clock.now()
        )
    stored = queries.with_body(article_id) or article
    page = render_template(
        "writing/merge.html",
        form=form,
        article=stored,
        merged=merged(form, stored),
        Side=Side,
        both_of=both,
        typed=typed,
        sent=request.form,
        undecided=undecided,
        last=queries.last_writer(stored),
    )
    return page, status
