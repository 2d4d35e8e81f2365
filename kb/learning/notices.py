"""Outbox jobs of learning: they decide by what is noted when they run."""

from __future__ import annotations

from collections.abc import Sequence

from core import clock, outbox
from kb.learning import promotion
from kb.learning.actions import LEARN_JOB
from kb.learning.promotion import FORGET_JOB


@outbox.handles(LEARN_JOB, batch=50)
def learn_words(payloads: Sequence[outbox.Payload]) -> None:
    """Decide about the words of the articles that have new notes."""
    titles, now = promotion.title_words(), clock.now()
    for article_id in sorted({int(payload["article_id"]) for payload in payloads}):
        promotion.learn(article_id=article_id, titles=titles, now=now)


@outbox.handles(FORGET_JOB)
def forget_words(_payloads: Sequence[outbox.Payload]) -> None:
    """Forget what is too old."""
    promotion.forget_old(now=clock.now())
