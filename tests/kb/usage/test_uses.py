from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask

from core.db import transaction
from kb import actions
from kb.models import Article
from kb.usage.actions import record_use, withdraw_uses
from kb.usage.policy import Use, key_of_draft, key_of_ticket, ticket_of
from kb.usage.queries import recent_uses, uses_of
from tests.cast import START, Cast
from tests.kb.articles import make_articles


def record(article_id: int, kind: str, key: str, *, days: int = 0) -> bool:
    with transaction() as session:
        return record_use(
            session, article_id=article_id, kind=kind, key=key, now=START + timedelta(days=days)
        )


def test_use_counts_once_for_each_ticket(cast: Cast) -> None:
    ids = make_articles(cast.elena, count=3)
    mail, phone, unused = ids.values()
    assert record(mail, Use.INSERTED, "t:1")
    assert not record(mail, Use.INSERTED, "t:1", days=3)
    assert record(mail, Use.INSERTED, "t:2")
    assert record(mail, Use.RESOLVED, "t:1")
    assert record(phone, Use.INSERTED, "t:1")
    assert uses_of([mail, phone, unused]) == {
        mail: {"inserted": 2, "resolved": 1},
        phone: {"inserted": 1},
    }
    assert uses_of([]) == {}
    assert uses_of([mail], since=START + timedelta(days=1)) == {}


def test_use_keeps_the_revision_of_its_moment(cast: Cast) -> None:
    [mail] = make_articles(cast.elena, count=1).values()
    record(mail, Use.INSERTED, "t:1")
    with transaction() as session:
        session.get_one(Article, mail).revision = 2
    record(mail, Use.RESOLVED, "t:1", days=1)
    assert [(use.kind, use.revision) for use in recent_uses(article_id=mail)] == [
        ("resolved", 2),
        ("inserted", 1),
    ]


def test_recent_uses_come_newest_first_and_by_kind(cast: Cast) -> None:
    mail, phone = make_articles(cast.elena, count=2).values()
    for day, (article, kind) in enumerate(
        [(mail, Use.INSERTED), (phone, Use.CONFIRMED), (mail, Use.RESOLVED)]
    ):
        record(article, kind, "t:9", days=day)
    assert [use.article_id for use in recent_uses()] == [mail, phone, mail]
    assert [use.kind for use in recent_uses(kinds=[Use.CONFIRMED])] == ["confirmed"]
    assert len(recent_uses(limit=1)) == 1


def test_use_of_no_article_or_of_unknown_kind_is_not_recorded(cast: Cast) -> None:
    [mail] = make_articles(cast.elena, count=1).values()
    assert not record(999, Use.INSERTED, "t:1")
    for kind, key in (("invented", "t:1"), (Use.INSERTED, ""), (Use.INSERTED, "t" * 65)):
        with pytest.raises(ValueError, match=r"invented|key"):
            record(mail, kind, key)
    assert recent_uses() == []


def test_withdrawn_use_leaves_the_others(cast: Cast) -> None:
    [mail] = make_articles(cast.elena, count=1).values()
    for kind, key in ((Use.INSERTED, "t:1"), (Use.RESOLVED, "t:1"), (Use.RESOLVED, "t:2")):
        record(mail, kind, key)
    with transaction() as session:
        withdraw_uses(session, key="t:1", kinds=[Use.RESOLVED])
    assert uses_of([mail]) == {mail: {"inserted": 1, "resolved": 1}}


def test_same_use_at_once_is_recorded_once(app: Flask, cast: Cast) -> None:
    [mail] = make_articles(cast.elena, count=1).values()

    def use(_: int) -> bool:
        with app.app_context():
            return record(mail, Use.INSERTED, "t:1")

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(use, range(6))) == [False] * 5 + [True]
    assert uses_of([mail]) == {mail: {"inserted": 1}}


def test_keys_name_drafts_and_tickets() -> None:
    assert ticket_of(key_of_ticket(4007)) == 4007
    assert ticket_of(key_of_draft("4007")) is None
    assert ticket_of("t:x") is None


def test_article_is_deleted_with_its_uses(cast: Cast) -> None:
    [mail] = make_articles(cast.elena, count=1).values()
    record(mail, Use.INSERTED, "t:1")
    actions.archive_article(actor=cast.elena, article_id=mail, now=START)
    actions.delete_article(actor=cast.elena, article_id=mail, now=START)
    assert recent_uses() == []
