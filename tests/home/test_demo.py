from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from accounts import actions
from accounts.models import Company, Person
from contact.calls.models import CallRequest
from core import clock, outbox
from core.db import db
from home import demo
from kb.models import Article, Category
from kb.queries import most_helpful
from quotes.models import Product
from tests.cast import Cast
from tickets.inbound.models import InboundMail
from tickets.models import Ticket

EMPTY = {
    "people": 0, "tickets": 0, "articles": 0, "products": 0, "categories": 0, "calls": 0,
}  # fmt: skip


def _counted() -> dict[str, int]:
    models = {
        "people": Person, "tickets": Ticket, "articles": Article,
        "products": Product, "categories": Category, "calls": CallRequest,
    }  # fmt: skip
    return {
        name: db.session.scalar(select(func.count()).select_from(model)) or 0
        for name, model in models.items()
    }


def test_an_empty_instance_is_filled_once(app: Flask, tmp_path: Path) -> None:
    kept = tmp_path / "demo_password"
    now = clock.now()
    assert demo.load(demo.FOLDER, kept, now=now)
    first = _counted()
    assert first["articles"] >= 30
    assert first["categories"] >= 6
    assert first["products"] > 0
    assert first["calls"] == 5
    states = set(db.session.scalars(select(Ticket.state)))
    assert len(states) >= 4
    assert db.session.scalar(select(func.count()).where(Company.ruc.is_not(None))) == 2
    assert demo.load(demo.FOLDER, kept, now=now + timedelta(days=1))
    assert _counted() == first
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    came_in = select(InboundMail.outcome).order_by(InboundMail.id)
    assert list(db.session.scalars(came_in)) == ["landed", "stranger", "auto_reply", "no_ticket"]
    assert outbox.pending(["tickets.mail_explained"]) == 0
    assert outbox.pending(["tickets.filed", "tickets.replied", "contact.call_received"]) == 0


def test_the_front_page_offers_what_helped_most(app: Flask, tmp_path: Path) -> None:
    demo.load(demo.FOLDER, tmp_path / "demo_password", now=clock.now())
    assert [article.slug for article in most_helpful(3)] == [
        "no-recibo-correos",
        "apuntar-dominio",
        "sitio-no-seguro",
    ]


def test_everybody_listed_can_sign_in_with_the_kept_password(app: Flask, tmp_path: Path) -> None:
    kept = tmp_path / "demo_password"
    demo.load(demo.FOLDER, kept, now=clock.now())
    people = demo.sign_ins(demo.FOLDER)
    assert len(people) == _counted()["people"]
    password = demo.password_from(kept)
    assert actions.sign_in(email=people[0].email, password=password) is not None
    assert len({one.email for one in people}) == len(people)


def test_a_load_that_stopped_goes_on(app: Flask, tmp_path: Path) -> None:
    kept, now = tmp_path / "demo_password", clock.now()
    demo._mark(demo.BEGUN, now)
    demo.load_products(demo._read(demo.FOLDER, "products.yaml"), now=now)
    demo._load_people(demo.FOLDER, demo.password_from(kept), now)
    before = _counted()
    assert demo.load(demo.FOLDER, kept, now=now)
    after = _counted()
    assert (after["people"], after["products"]) == (before["people"], before["products"])
    assert after["tickets"] > 0


def test_an_instance_with_people_is_left_alone(app: Flask, cast: Cast, tmp_path: Path) -> None:
    before = _counted()
    assert not demo.load(demo.FOLDER, tmp_path / "demo_password", now=clock.now())
    assert _counted() == before
    assert not (tmp_path / "demo_password").exists()


def test_the_command_prints_the_sign_ins_each_time(app: Flask) -> None:
    runner = app.test_cli_runner()
    first = runner.invoke(args=["demo"])
    assert first.exit_code == 0, first.output
    assert "ana@textilesandinos.example" in first.output
    assert runner.invoke(args=["demo"]).output == first.output


def test_the_doctor_names_what_is_wrong(app: Flask) -> None:
    ill = app.test_cli_runner().invoke(args=["doctor"])
    assert ill.exit_code == 1
    assert "FAIL  index: " in ill.output
    app.test_cli_runner().invoke(args=["kb", "reindex"])
    well = app.test_cli_runner().invoke(args=["doctor"])
    assert well.exit_code == 0, well.output
    assert "FAIL" not in well.output
    assert "ok    migrations: " in well.output
