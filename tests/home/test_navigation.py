from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core import clock, settings
from core.click_to_chat import chat_url
from core.identifiers import display_phone
from core.settings import SiteSettings
from home.navigation import site_from, whatsapp_display
from tests.cast import Cast


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+5117390054", "(01) 739-0054"),
        ("+51969782160", "969 782 160"),
        ("+5154223344", "(054) 223344"),
        ("+34612345678", "+34 612 34 56 78"),
        ("+5108001234", "+5108001234"),
        ("nothing", "nothing"),
    ],
)
def test_a_telephone_is_shown_as_people_read_it(number: str, shown: str) -> None:
    assert display_phone(number) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [("+51969782160", "(+51) 969 782 160"), ("+34612345678", "+34 612 34 56 78")],
)
def test_whatsapp_is_shown_with_its_country(number: str, shown: str) -> None:
    assert whatsapp_display(number) == shown


def test_a_message_begins_with_our_words() -> None:
    assert chat_url("+51969782160") == "https://wa.me/51969782160"
    assert chat_url("+51969782160", "¿Hola & adiós?") == (
        "https://wa.me/51969782160?text=%C2%BFHola%20%26%20adi%C3%B3s%3F"
    )


def test_the_site_is_made_of_the_settings() -> None:
    site = site_from(SiteSettings(name="Otra", phone="+5117390054"))
    assert (site.name, site.phone_url) == ("Otra", "tel:+5117390054")


def test_what_nobody_changed_is_in_the_readers_language(app: Flask, cast: Cast) -> None:
    def hours_and_title(client: FlaskClient) -> tuple[bool, bool]:
        client.set_cookie("idioma", "en")
        page = client.get("/").text
        return "Support hours: 24 hours, every day" in page, "<title>Support centre" in page

    assert hours_and_title(app.test_client()) == (True, True)
    settings.change(
        SiteSettings(hours="De 8 a 20 horas"), actor_id=cast.gloria.person_id, now=clock.now()
    )
    assert hours_and_title(app.test_client()) == (False, True)
