"""Demonstration content: a lived-in support centre, only for an instance that is empty.

Every step passes over what is already there, so a load that was interrupted goes on where it
stopped; one that ended is never touched again.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import func, select, update

from accounts.actions import create_person
from accounts.models import Company, Person
from accounts.permissions import PRESETS, Actor
from accounts.sessions import actor_for
from core import settings
from core.config import ROOT
from core.db import db, transaction
from core.models import Setting
from core.tokens import new_token
from home import queries
from home.demo_bell import ring_for_replies
from home.demo_calls import load_calls
from home.demo_canned import load_canned
from home.demo_chats import load_chats
from home.demo_mails import load_mails, send_no_mail
from home.demo_quotes import load_products, load_quotes
from kb.actions import rate_article
from kb.categories import put_category
from kb.importing.folders import Folder, read_tree
from kb.importing.running import bring_in
from kb.models import Article
from tickets import drafts
from tickets.actions import reply_as_customer
from tickets.handling import Reply, Then, reply, take_next
from tickets.models import Ticket
from tickets.opening import file_ticket

FOLDER = ROOT / "demo"
MARK = "demo"
BEGUN, LOADED = "begun", "loaded"
TAKEN_AFTER, ANSWERED_AFTER, REPLIED_AFTER = (timedelta(minutes=m) for m in (5, 20, 40))
#: No 0, O, 1, l or I: the password is read from a terminal.
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class SignIn:
    """Somebody of the demonstration, as the table of sign-ins shows them."""

    email: str
    name: str
    what: str


def load(folder: Path, password_file: Path, *, now: datetime) -> bool:
    """Load the content of `folder` if the instance is empty, or go on where a load stopped.

    Returns whether this instance holds the demonstration. The people's password is kept in
    `password_file`, readable by the owner alone.
    """
    state = _state()
    if state is None and queries.has_people():
        return False
    password = password_from(password_file)
    if state != LOADED:
        _mark(BEGUN, now)
        _load_articles(folder, now)
        _load_votes(folder, now)
        load_products(_read(folder, "products.yaml"), now=now)
        _load_people(folder, password, now)
        load_canned(folder, author=_actors(folder)["diego"], now=now)
        _load_tickets(folder, now)
        load_calls(folder, _actors(folder), now)
        load_quotes(_read(folder, "quotes.yaml"), _actors(folder), now=now)
        load_mails(folder, now=now)
        send_no_mail(now)
        load_chats(folder, people=_actors(folder), now=now)
        _mark(LOADED, now)
    return True


def password_from(path: Path) -> str:
    """The password kept in `path`, made once."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write("-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4)))
    return path.read_text("ascii").strip()


def sign_ins(folder: Path) -> list[SignIn]:
    """The people of the demonstration who can sign in now."""
    people = _read(folder, "people.yaml")
    known = set(
        db.session.scalars(
            select(Person.email).where(
                Person.disabled_at.is_(None), Person.confirmed_at.is_not(None)
            )
        )
    )
    listed = [
        SignIn(member["email"], member["name"], f"{company['name']}, {member['preset']}")
        for company in people["companies"]
        for member in company["members"]
    ]
    listed += [
        SignIn(one["email"], one["name"], ", ".join(one["roles"])) for one in people["staff"]
    ]
    return [one for one in listed if one.email in known]


def _state() -> str | None:
    return db.session.scalar(select(Setting.value).where(Setting.name == MARK))


def _mark(state: str, now: datetime) -> None:
    with transaction() as session:
        session.merge(Setting(name=MARK, value=state, changed_at=now))


def _read(folder: Path, name: str) -> Any:
    return yaml.safe_load((folder / name).read_text("utf-8"))


def _load_articles(folder: Path, now: datetime) -> None:
    for category in _read(folder, "categories.yaml"):
        put_category(actor=None, now=now, **category)
    bundle = read_tree(Folder(folder / "articles"))
    report = bring_in(bundle, now=now, progress=lambda _d, _t: None)
    for refusal in report.refusals:
        raise ValueError(str(refusal))


def _load_votes(folder: Path, now: datetime) -> None:
    """The front page offers first what helped most people: it needs some who say so."""
    told = _read(folder, "votes.yaml")
    rows = db.session.execute(
        select(Article.slug, Article.id, Article.revision).where(Article.slug.in_(told))
    ).all()
    for slug, article_id, revision in rows:
        answers = [True] * told[slug].get("si", 0) + [False] * told[slug].get("no", 0)
        for place, useful in enumerate(answers):
            rate_article(
                article_id=article_id,
                revision=revision,
                visitor=f"demo-{place}",
                useful=useful,
                comment="",
                now=now,
            )


def _load_people(folder: Path, password: str, now: datetime) -> None:
    people = _read(folder, "people.yaml")
    known = set(db.session.scalars(select(Person.email)))
    for one in people["staff"]:
        if one["email"] not in known:
            roles = frozenset(one["roles"])
            create_person(
                name=one["name"], email=one["email"], password=password, roles=roles, now=now
            )
    for company in people["companies"]:
        for one in company["members"]:
            if one["email"] not in known:
                create_person(
                    name=one["name"],
                    email=one["email"],
                    password=password,
                    company=company["name"],
                    rights=frozenset(PRESETS[one["preset"]]),
                    now=now,
                )
        _give_ruc(company["name"], company["ruc"])


def _give_ruc(name: str, ruc: str) -> None:
    with transaction() as session:
        session.execute(
            update(Company).where(Company.name == name, Company.ruc.is_(None)).values(ruc=ruc)
        )


@dataclass(order=True)
class _Moment:
    """One thing that happened, so that all of them can be played in the order of time."""

    at: datetime
    act: Callable[[datetime], None] = field(compare=False)


class _Story:
    """One ticket of the demonstration, played with the verbs that people use."""

    def __init__(self, told: dict[str, Any], author: Actor, technician: Actor, limit: int) -> None:
        self.told = told
        self.author = author
        self.technician = technician
        self.limit = limit
        self.number = 0

    def moments(self, now: datetime) -> Iterator[_Moment]:
        filed = now - timedelta(hours=self.told["hours_ago"])
        yield _Moment(filed, self.file)
        if self.told["state"] == "queued":
            return
        yield _Moment(filed + TAKEN_AFTER, self.take)
        if self.told.get("reply"):
            yield _Moment(filed + ANSWERED_AFTER, self.answer)
        if self.told.get("customer_reply"):
            yield _Moment(filed + REPLIED_AFTER, self.thank)

    def file(self, at: datetime) -> None:
        draft, owner = new_token(), drafts.owner_of(self.author, "")
        written = drafts.Written(
            subject=self.told["subject"],
            description=self.told["description"],
            affection=self.told["affection"],
            mark=self.told["mark"],
        )
        drafts.save_draft(draft_id=draft, owner=owner, written=written, now=at)
        self.number = file_ticket(draft_id=draft, owner=owner, actor=self.author, now=at)

    def take(self, at: datetime) -> None:
        taken = take_next(actor=self.technician, limit=self.limit, form_id=new_token(), now=at)
        if taken != self.number:
            raise ValueError(f"«{self.told['subject']}» was not the head of the queue")

    def answer(self, at: datetime) -> None:
        then = {"waiting": Then.WAIT, "resolved": Then.RESOLVE}.get(self.told["state"], Then.STAY)
        answer = Reply(text=self.told["reply"], then=then, form_id=new_token())
        reply(number=self.number, actor=self.technician, answer=answer, now=at)

    def thank(self, at: datetime) -> None:
        reply_as_customer(
            number=self.number,
            actor=self.author,
            text=self.told["customer_reply"],
            form_id=new_token(),
            now=at,
        )


def _load_tickets(folder: Path, now: datetime) -> None:
    if db.session.scalar(select(func.count()).select_from(Ticket)):
        return
    people = _actors(folder)
    technicians = [actor for actor in people.values() if "technician" in actor.roles]
    limit = settings.load().held_limit
    stories = [
        _Story(told, people[told["author"]], technicians[place % len(technicians)], limit)
        for place, told in enumerate(_read(folder, "tickets.yaml"))
    ]
    moments = [moment for story in stories for moment in story.moments(now)]
    for moment in sorted(moments):
        moment.act(moment.at)
    send_no_mail(now)
    ring_for_replies()


def _actors(folder: Path) -> dict[str, Actor]:
    people = _read(folder, "people.yaml")
    members: Sequence[Any] = [m for company in people["companies"] for m in company["members"]]
    keys = {one["email"]: one["key"] for one in [*members, *people["staff"]]}
    rows = db.session.execute(
        select(Person, Company.name)
        .outerjoin(Company, Company.id == Person.company_id)
        .where(Person.email.in_(keys))
    )
    return {keys[person.email]: actor_for(person, name or "") for person, name in rows}
