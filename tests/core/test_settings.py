from __future__ import annotations

import dataclasses

import pytest
from flask import Flask
from sqlalchemy import select

from core import settings
from core.counters import content_generation
from core.db import db, transaction
from core.models import AuditEntry, Setting
from core.settings import SiteSettings
from tests.cast import START, Cast


def entries() -> list[AuditEntry]:
    db.session.rollback()
    query = select(AuditEntry).where(AuditEntry.action == "settings.changed")
    return list(db.session.scalars(query))


def test_settings_of_a_new_site_are_the_company_of_the_product(app: Flask) -> None:
    assert settings.load() == SiteSettings(
        name="NetSolution",
        title="Centro de soporte",
        whatsapp="+51969782160",
        phone="+5117390054",
        hours="24 horas, todos los días",
        contact_email="soporte@netsolution.example",
        accent="",
        held_limit=3,
    )


def test_change_stores_what_differs_and_writes_it_down(app: Flask, cast: Cast) -> None:
    before = content_generation()
    wanted = dataclasses.replace(settings.load(), name="Andes Host", held_limit=5)
    settings.change(wanted, actor_id=cast.gloria.person_id, now=START)
    assert settings.load() == wanted
    assert sorted(db.session.scalars(select(Setting.name))) == ["held_limit", "name"]
    (entry,) = entries()
    assert (entry.actor_id, entry.subject, entry.at) == (cast.gloria.person_id, "site", START)
    assert entry.data == {
        "before": {"name": "NetSolution", "held_limit": 3},
        "after": {"name": "Andes Host", "held_limit": 5},
    }
    assert content_generation() == before + 1


def test_change_to_the_same_leaves_no_trace(app: Flask, cast: Cast) -> None:
    before = content_generation()
    settings.change(settings.load(), actor_id=cast.gloria.person_id, now=START)
    assert entries() == []
    assert content_generation() == before


def test_setting_of_an_older_version_is_passed_over(app: Flask) -> None:
    with transaction() as session:
        session.add(Setting(name="fax", value="+5117390055", changed_at=START))
    assert settings.load() == SiteSettings()


def test_change_reaches_the_next_page_of_a_visitor(app: Flask, cast: Cast) -> None:
    visitor = app.test_client()
    assert "NetSolution" in visitor.get("/").text
    wanted = dataclasses.replace(settings.load(), name="Andes Host")
    settings.change(wanted, actor_id=cast.gloria.person_id, now=START)
    assert "Andes Host" in visitor.get("/").text


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(SiteSettings)])
def test_setting_has_a_plain_type(name: str) -> None:
    assert type(getattr(SiteSettings(), name)) in {str, int}
