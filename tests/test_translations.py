"""The English catalogue: complete, faithful, compiled; and the pages as they read in it."""

from __future__ import annotations

import dataclasses
import html
import os
import re
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

import conditions.actions
import contact.calls.actions
import kb.actions
import kb.categories
import quotes.actions
from core import mail, settings
from core.web import Form, LineField
from quotes import terms
from tests.accounts.mailbox import text_of
from tests.cast import START, Cast
from tests.databases import one_database
from tests.kb.articles import index_everything, make_article
from tests.quotes.guest import handed_out
from tests.tickets.builders import answered, filed, taken
from tickets.handling import Then

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "translations" / "en" / "LC_MESSAGES"
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    **dict.fromkeys(("_", "_l", "__", "gettext", "lazy_gettext")),
    "ngettext": (1, 2),
}
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd%]|\{\w*\}")
#: What is between tags, and what attributes say.
TEXT = re.compile(
    r">([^<>]+)<|\b(?:aria-label|placeholder|alt|title|data-(?:none|one|many|left|over|copied)"
    r'|name="description" content)="([^"]*)"'
)
#: Words that nearly every Spanish sentence has and no English one; those with an accent
#: or a tilde need no list.
_FUNCTION_WORDS = """
al cada con cuando de del desde donde dos el ella en es esa ese eso esta este esto fue hace hasta
hay la las le les lo los mi muy nada ni nos nuestro nuestra o para pero por porque puede que quien
sea ser si sobre solo su sus te tiene todas todo todos tu un una uno usted ver y ya buscar cerrar
correo crear empresa enviar guardar ingresar llamada nombre nuevo respuesta
"""
SPANISH = frozenset(_FUNCTION_WORDS.split())
TOKENS = ("x" * 43, "y" * 43)
#: Names that are Spanish in every language.
NAMES = ("Textiles Andina", "Pesquera Costa", "nombre@empresa.pe", "ana@empresa.pe", "Español")


def _extracted() -> set[tuple[str, ...]]:
    """Every message of the program, as (text,) or (singular, plural)."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)

    def wanted(folder: str | os.PathLike[str]) -> bool:
        name = os.path.basename(folder)
        return not name.startswith(".") and name != "__pycache__"

    found = extract_from_dir(ROOT, methods, options, KEYWORDS, directory_filter=wanted)
    return {_texts(text) for _, _, text, _, _ in found}


def _texts(text: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with (FOLDER / "messages.po").open("rb") as file:
        return read_po(file, locale="en")


@pytest.fixture(scope="module")
def messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def test_the_catalogue_holds_exactly_the_texts_of_the_program(messages: list[Message]) -> None:
    held = {_texts(message.id) for message in messages}
    extracted = _extracted()
    assert len(extracted) > 800
    assert extracted - held == set(), "run `make translations`"
    assert held - extracted == set(), "run `make translations`"


def test_every_text_is_translated(messages: list[Message]) -> None:
    missing = [m.id for m in messages if m.fuzzy or not all(_texts(m.string))]
    assert missing == []


def _pairs(messages: list[Message]) -> list[tuple[str, str]]:
    """(Spanish, English) of every text and every plural."""
    return [pair for m in messages for pair in zip(_texts(m.id), _texts(m.string), strict=True)]


def _edges(text: str) -> tuple[bool, bool, bool]:
    return text.startswith(" "), text.endswith(" "), text.endswith((".", ":", "?", "…"))


def test_translations_keep_the_placeholders(messages: list[Message]) -> None:
    def held(text: str) -> list[str]:
        return sorted(PLACEHOLDER.findall(text))

    assert [pair for pair in _pairs(messages) if held(pair[0]) != held(pair[1])] == []


def test_translations_keep_the_edges(messages: list[Message]) -> None:
    """Texts are put together with others: a lost space or full stop would show."""
    assert [pair for pair in _pairs(messages) if _edges(pair[0]) != _edges(pair[1])] == []


def test_translations_are_english(messages: list[Message]) -> None:
    assert [text for _, text in _pairs(messages) if _leftovers(text)] == []


def test_the_catalogue_promises_no_time(messages: list[Message]) -> None:
    """R4: nobody says how long a ticket takes."""
    promise = re.compile(
        r"\b(?:soon|shortly|as soon as possible|asap|within (?:\d|a|an|the|one|two|few)"
        r"|in (?:a few|\d+) (?:minutes|hours|days)|by tomorrow|promptly)\b",
        re.IGNORECASE,
    )
    assert [text for _, text in _pairs(messages) if promise.search(text)] == []


def test_the_compiled_catalogue_is_the_one_that_is_written(catalogue: Catalog) -> None:
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    assert (FOLDER / "messages.mo").read_bytes() == compiled.getvalue(), "run `make translations`"


def _leftovers(text: str) -> set[str]:
    """The words of `text` that are Spanish."""
    for name in NAMES:
        text = text.replace(name, "")
    # A placeholder is typed as it is called, whatever the language of the page.
    text = re.sub(r"\{\{\w+\}\}", "", text)
    words = re.findall(r"[^\W\d_]+", text.lower())
    signs = set(re.findall(r"[¿¡«»º]", text))
    return signs | {word for word in words if word in SPANISH or re.search("[áéíóúñ]", word)}


def _spanish_in(page: str) -> list[str]:
    """The Spanish texts that a person reads or hears of a page, but for what it marks as such."""
    assert '<html lang="en"' in page
    page = re.sub(r'<script type="application/ld\+json">.*?</script>', "", page, flags=re.DOTALL)
    page = re.sub(r'<(\w+)\b[^>]* lang="es"[^>]*>.*?</\1>', "", page, flags=re.DOTALL)
    texts = [html.unescape(" ".join(text)).strip() for text in TEXT.findall(page)]
    assert len([text for text in texts if text]) > 20
    return [text for text in texts if _leftovers(text)]


def _english_site(cast: Cast) -> int:
    """Settings, conditions and an article in English; the article's id."""
    english = {"title": "Support centre", "hours": "24 hours, every day"}
    wanted = dataclasses.replace(settings.load(), **english)
    settings.change(wanted, actor_id=cast.gloria.person_id, now=START)
    offered = dataclasses.replace(terms.load(), conditions="Prices are before tax.")
    terms.change(offered, actor_id=cast.gloria.person_id, now=START)
    put_category = partial(kb.categories.put_category, slug="email", name="Email", description="")
    shelf = put_category(position=1, actor=None, now=START)
    publish = partial(conditions.actions.publish, title="Conditions", body="## Order\n\nText.")
    publish(after=1, actor=cast.gloria, now=START)
    text = {"title": "Gmail", "summary": "Mail.", "body": "Check.", "lang": "en"}
    return make_article(cast.elena, slug="gmail", category_id=shelf, **text)


def _english_tickets(cast: Cast) -> list[int]:
    """One resolved, one that waits for its customer, two in the queue; their numbers."""
    words = {"subject": "Mail is not arriving", "description": "Since Monday."}
    numbers = []
    for then in (Then.RESOLVE, Then.WAIT):
        numbers.append(filed(cast.ana, affection="corte-de-red", **words))
        assert taken(cast.diego) == numbers[-1]
        answered(numbers[-1], cast.diego, then, text="Check the records.")
    return [*numbers, filed(cast.carla, **words), filed(cast.ana, **words)]


@pytest.fixture
def content(app: Flask, cast: Cast) -> list[str]:
    """A site whose content is English; the addresses of that content."""
    article, numbers, call, quote = _english_site(cast), _english_tickets(cast), *TOKENS
    asked = contact.calls.actions.CallAsked("Ana Quispe", "+51969782160", "tarde", "My server")
    contact.calls.actions.receive(asked, token=call, actor=cast.ana, now=START)
    wants = quotes.actions.Asked("Ana", "Andina", None, "a@example.com", "+51969782160", "Hosting")
    quotes.actions.receive(wants, token=quote, actor=cast.ana, now=START)
    index_everything(app)
    return [
        *(f"/{place}/{n}" for place in ("tickets", "mesa/tickets") for n in numbers),
        *("/preguntas/gmail", "/preguntas/buscar?q=gmail", "/preguntas/buscar?q=zzzz", "/nada"),
        *(f"/editor/articulos/{article}", f"/editor/articulos/{article}/vista"),
        *(f"/llamada/{call}", f"/cotizacion/{quote}", "/mesa/llamadas/1", "/ventas/1"),
        *("/tickets?estado=todos", "/condiciones/2", f"/admin/personas/{cast.diego.person_id}"),
        f"/cuenta/empresa/miembros/{cast.beto.person_id}",
        *(f"/cuenta/{verb}/{call}" for verb in ("clave/nueva", "confirmar", "invitacion")),
    ]


def _fixed_addresses(app: Flask) -> list[str]:
    rules = (rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()))
    # The style guide shows pieces with sample texts of its own.
    return sorted({rule.rule for rule in rules if not rule.arguments} - {"/estilo"})


@one_database
def test_pages_in_english_hold_no_spanish(app: Flask, cast: Cast, content: list[str]) -> None:
    people = (None, cast.ana, cast.beto, cast.diego, cast.elena, cast.fabio, cast.gloria)
    left: dict[str, list[str]] = {}
    read: set[str] = set()
    for actor in people:
        browser = cast.sign_in(app, actor) if actor else app.test_client()
        browser.set_cookie("idioma", "en")
        for address in [*_fixed_addresses(app), *content]:
            answer = browser.get(address)
            page = answer.mimetype == "text/html" and "<html" in answer.text
            if not page or answer.status_code in range(300, 400):
                continue
            read.add(f"{address} {answer.status_code}")
            found = _spanish_in(answer.text)
            if found:
                left[address] = found
    assert left == {}
    assert len({page for page in read if page.endswith(" 200")}) > 45
    assert {page for page in read if page.endswith(" 500")} == set()


@pytest.mark.parametrize(
    "address",
    [
        "/cuenta/ingresar",
        "/cuenta/registro",
        "/cuenta/clave/olvidada",
        "/tickets/nuevo",
        "/llamada",
        "/cotizacion",
    ],
)
def test_errors_of_forms_are_english(client: FlaskClient, address: str) -> None:
    client.set_cookie("idioma", "en")
    wrong = {"correo": "x", "prioridad": "x", "telefono": "12", "ruc": "1", "accion": "enviar"}
    answer = client.post(address, data={**handed_out(), **wrong})
    assert 'id="errores"' in answer.text
    assert _besides_settings(answer.text) == []


def _besides_settings(page: str) -> list[str]:
    """The Spanish of a page that is not the site's settings, which are content."""
    site = settings.load()
    texts = (text.replace(site.hours, "").replace(site.title, "") for text in _spanish_in(page))
    return [text for text in texts if _leftovers(text)]


@pytest.mark.parametrize("name", ["confirm", "reset", "already_registered", "password_changed"])
def test_mails_in_english_hold_no_spanish(app: Flask, name: str) -> None:
    with app.test_request_context():
        message = mail.render(
            name,
            to="ana@example.com",
            locale="en",
            reference="1",
            person_name="Ana",
            url="http://localhost/x",
            sign_in_url="http://localhost/s",
            forgot_url="http://localhost/f",
        )
    assert _leftovers(message["Subject"]) == set()
    assert _leftovers(text_of(message)) == set()


class _Sample(Form):
    line = LineField(validators=[InputRequired()])
    short = LineField(validators=[Length(max=5)])
    number = IntegerField()
    choice = RadioField(choices=[SelectChoice("a", "a")])


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "es",
            [
                "Este campo es obligatorio.",
                "Use hasta 5 caracteres.",
                "Escriba un número entero.",
                "Elija una opción.",
            ],
        ),
        (
            "en",
            [
                "This field is required.",
                "Use up to 5 characters.",
                "Enter a whole number.",
                "Choose an option.",
            ],
        ),
    ],
)
def test_what_fields_say_by_themselves_is_in_the_language_of_the_page(
    app: Flask, language: str, said: list[str]
) -> None:
    with app.test_request_context(headers={"Cookie": f"idioma={language}"}):
        form = _Sample(MultiDict({"short": "x" * 6, "number": "x", "choice": "b"}))
        assert not form.validate()
        assert [text for _, text in form.error_list] == said
