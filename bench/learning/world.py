"""A site in a folder of its own, its readers, and what they do: through the product's verbs."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from accounts.models import Company, Person
from app import create_app
from core import clock, outbox
from core.config import Config
from core.db import db, transaction
from home.setup import set_up
from kb import notices
from kb.actions import INDEX_JOB, rate_article
from kb.importing.running import bring_in
from kb.importing.sources import read
from kb.learning.actions import LEARN_JOB, note_words
from kb.learning.models import HiddenWord
from kb.learning.policy import Source
from kb.models import Article
from kb.search import article_index

#: How far down somebody looks before they give up and write a ticket.
LOOKED_AT = 10
#: Of the votes, so many are for an article that was only near.
MISTAKEN = 0.1
VISITORS, COMPANIES, COLLEAGUES = 200, 8, 3


@dataclass(frozen=True)
class Asked:
    """A paraphrase, and the article it is about."""

    slug: str
    text: str


class World:
    """The FAQ and the people who use it; `dice` decides who comes and what they say."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.now = clock.now() - timedelta(days=60)
        stored = db.session.scalars(select(Article)).all()
        self.ids = {article.slug: article.id for article in stored}
        self.titles = {article.slug: article.title for article in stored}
        self.revisions = {article.id: article.revision for article in stored}
        self.customers = people(COMPANIES, COLLEAGUES, self.now)

    def found(self, text: str, limit: int = LOOKED_AT) -> list[str]:
        """What a search shows."""
        return [hit.slug for hit in article_index().search(text, limit=limit).hits]

    def suggested(self, text: str, limit: int = 3) -> list[str]:
        """What the ticket form shows."""
        return [hit.slug for hit in article_index().suggest("", text, limit=limit)]

    def traffic(self, asked: Sequence[Asked], visits: int) -> None:
        """People ask; whoever finds it says so, whoever does not is answered by a technician."""
        for _ in range(visits):
            one = self.dice.choice(asked)
            found = self.found(one.text)
            customer = self.dice.random() < 0.3
            person = self.dice.choice(self.customers) if customer else self._visitor()
            if one.slug in found:
                wrong = self.dice.random() < MISTAKEN
                self.vote(self.dice.choice(found[:3]) if wrong else one.slug, one.text, person)
            elif customer:
                self.answer(one.slug, one.text, person)
        self.settle()

    def vote(self, slug: str, searched: str, person: str) -> None:
        """«Sí, me resultó útil», after a search."""
        article_id = self.ids[slug]
        rate_article(
            article_id=article_id,
            revision=self.revisions[article_id],
            visitor=person,
            useful=True,
            comment="",
            searched=[searched],
            now=self._later(),
        )

    def answer(self, slug: str, text: str, person: str) -> None:
        """A technician answers a ticket with the article."""
        with transaction() as session:
            note_words(
                session,
                article_id=self.ids[slug],
                text=text,
                person=person,
                source=Source.REPLY,
                now=self._later(),
            )

    def settle(self) -> None:
        """Let the jobs of learning and of the index run."""
        for kinds in ([LEARN_JOB], [INDEX_JOB]):
            outbox.drain(clock.now() + timedelta(days=400), kinds=kinds)

    def hidden(self, slug: str | None = None) -> list[str]:
        """The words that were learned, of one article or of all."""
        query = select(HiddenWord.word).order_by(HiddenWord.word)
        if slug is not None:
            query = query.where(HiddenWord.article_id == self.ids[slug])
        db.session.rollback()
        return list(db.session.scalars(query))

    def _visitor(self) -> str:
        return f"visitor-{self.dice.randrange(VISITORS)}"

    def _later(self) -> datetime:
        # A quarter of an hour apart, so that the caps of a day are those of a busy site.
        self.now += timedelta(minutes=15)
        return self.now


def people(companies: int, each: int, now: datetime, *, prefix: str = "c") -> list[str]:
    """Confirmed customers with accounts of a month: their names as notes have them."""
    long_ago = now - timedelta(days=30)
    with transaction() as session:
        made = []
        for number in range(companies):
            company = Company(name=f"Empresa {prefix}{number}", ruc=None, created_at=long_ago)
            session.add(company)
            session.flush()
            made += [
                Person(
                    email=f"{prefix}{number}-{colleague}@example.com",
                    name=f"Persona {prefix}{number}",
                    password_hash="",
                    company_id=company.id,
                    rights=frozenset(),
                    roles=frozenset(),
                    created_at=long_ago,
                    confirmed_at=long_ago,
                )
                for colleague in range(each)
            ]
        session.add_all(made)
        session.flush()
        return [f"p:{person.id}" for person in made]


@contextmanager
def site(folder: Path, articles: Path) -> Iterator[Flask]:
    """A set-up site with these articles, indexed. Nothing is sent anywhere."""
    folder.mkdir(parents=True)
    config = Config(
        instance_dir=folder,
        database_url=f"sqlite:///{folder / 'support.db'}",
        search_backend="whoosh",
        secret_key="k" * 64,
        mail_url="memory:",
        mail_from="bench@example.com",
        ratelimit_storage_uri="database://",
        rate_limits=False,
        trusted_proxies=0,
        public_url="http://localhost",
        development=False,
        testing=True,
    )
    logging.getLogger("alembic").setLevel(logging.WARNING)
    app = create_app(replace(config, worker_in_process=False))
    with app.app_context():
        set_up()
        bring_in(read(articles), now=clock.now(), progress=lambda _done, _all: None)
        notices.rebuild()
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()
