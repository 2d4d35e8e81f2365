"""Every mail, and every page that somebody finds, in both languages, promises no time (R4)."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BaseLoader, Environment
from sqlalchemy import func, select, text, update

from accounts import membership
from accounts.actions import change_password
from accounts.member_news import tell
from accounts.models import Person
from accounts.permissions import Role
from admin.actions import change_roles
from admin.mail_actions import ask_for_test
from contact.chat.policy import Side
from core import clock, outbox
from core.db import db, transaction
from core.mail import MemorySender
from core.mail_threads import reference_of
from core.tokens import new_token
from quotes.answers.actions import Signed, accept, answer_question, ask, decline
from quotes.pricing.models import QuoteQuestion
from tests.accounts.mailbox import NEW_PASSWORD, html_of, text_of
from tests.cast import PASSWORD, START, Cast
from tests.contact.calls.builders import form as call_form
from tests.contact.chat.builders import on_duty, say
from tests.contact.chat.builders import start as start_chat
from tests.contact.chat.builders import taken as taken_chat
from tests.databases import one_database
from tests.promises import PROMISES, promises_in, without_allowed
from tests.quotes.builders import sent
from tests.quotes.test_quotes import form as quote_form
from tests.tickets.builders import answered, filed, taken
from tests.tickets.inbound.messages import mail as mail_of
from tests.tickets.inbound.messages import part, parts
from tests.tickets.inbound.messages.programs import file_part
from tests.tickets.inbound.round import address_of, letter, listening
from tests.tickets.outages.builders import outaged
from tests.world import PEOPLE, World, routes
from tickets import actions, handling, joining, turns
from tickets.handling import Then
from tickets.inbound.actions import receive
from tickets.joining import Part
from tickets.models import Message
from tickets.news.policy import What
from tickets.outages.actions import add_update
from tickets.outages.joining import attach
from tickets.outages.resolving import resolve
from tickets.participants import actions as participants
from tickets.proof.actions import ask_for_audit

MAILS = Path(__file__).resolve().parent.parent / "templates" / "mail"
LANGUAGES = ("es", "en")
#: What a page says beside its text: read aloud, shown on hover or in a list of results.
SPOKEN = {"aria-label", "title", "placeholder", "alt", "content", "value"}
PAGES_AT_MOST = 400


class Recorded(BaseLoader):
    """A loader that notes which templates were loaded: those that were rendered."""

    def __init__(self, inner: BaseLoader) -> None:
        self.inner = inner
        self.names: set[str] = set()

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        self.names.add(template)
        return self.inner.get_source(environment, template)


@pytest.fixture
def loader(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Recorded:
    assert app.jinja_env.loader is not None
    recorded = Recorded(app.jinja_env.loader)
    monkeypatch.setattr(app.jinja_env, "loader", recorded)
    return recorded


def speak(locale: str) -> None:
    with transaction() as session:
        session.execute(update(Person).values(locale=locale))


def _accounts_mails(app: Flask, cast: Cast, locale: str) -> None:
    visitor = app.test_client()
    visitor.get(f"/idioma/{locale}")
    form = {"nombre": "Hugo Paz", "empresa": "Café Paz", "clave": NEW_PASSWORD}
    visitor.post("/cuenta/registro", data={**form, "correo": "hugo@example.com"})
    other = app.test_client()
    other.get(f"/idioma/{locale}")
    other.post("/cuenta/registro", data={**form, "correo": cast.beto.email})
    other.post("/cuenta/salir")
    other.post("/cuenta/clave/olvidada", data={"correo": cast.ana.email})
    for email in ("eva@example.com", cast.carla.email):
        invitation = {"correo": email, "preset": "lectura"}
        cast.sign_in(app, cast.ana).post("/cuenta/empresa/invitaciones", data=invitation)
    change_password(actor=cast.carla, current=PASSWORD, password=NEW_PASSWORD, now=clock.now())


def _tickets_mails(app: Flask, cast: Cast, locale: str) -> None:
    number = filed(cast.ana)
    filed(cast.ana, affection="corte-de-red")
    outbox.drain(clock.now())
    held = [taken(cast.diego), taken(cast.diego)]
    assert number in held
    answered(number, cast.diego, Then.STAY)
    answered(number, cast.diego, Then.WAIT)
    filed(cast.carla, affection="corte-de-red")
    _say(number, cast)
    outbox.drain(clock.now())
    taken(cast.dora)
    assert taken(cast.dora) == number
    answered(number, cast.dora, Then.RESOLVE)
    actions.reopen(
        number=number, actor=cast.ana, text="Volvió a fallar", form_id=new_token(), now=START
    )
    outbox.drain(clock.now())
    assert taken(cast.dora) == number
    answered(number, cast.dora, Then.RESOLVE)
    handling.reopen(
        number=number, actor=cast.dora, text="Falta una parte", form_id=new_token(), now=START
    )


def _desk_mails(app: Flask, cast: Cast, locale: str) -> None:
    number, other = (filed(cast.ana, affection="corte-de-red") for _ in range(2))
    correction = turns.Correction("maquina-no-arranca", "Responde al ping.")
    turns.reclassify(number=number, actor=cast.dora, correction=correction, now=START)
    joining.merge(number=number, other=other, actor=cast.dora, now=START)
    participants.add(number=number, person_id=cast.beto.person_id, actor=cast.ana, now=START)
    handling.note(
        number=number, actor=cast.dora, text="Mira esto, @diego.", form_id=new_token(), now=START
    )
    outbox.drain(clock.now())
    while taken(cast.diego) != number:
        pass
    turns.hand_over(
        number=number, actor=cast.diego, to=cast.dora.person_id, note="Usa Plesk.",
        form_id=new_token(), limit=99, now=START,
    )  # fmt: skip
    outbox.drain(clock.now())
    with transaction() as session:
        session.execute(text("UPDATE ticket_events SET kind = 'x' WHERE seq = 1"))
    ask_for_audit(now=clock.now())


def _say(number: int, cast: Cast) -> None:
    actions.reply_as_customer(
        number=number, actor=cast.ana, text="Listo", form_id=new_token(), now=START
    )


def _quotes_mails(app: Flask, cast: Cast, locale: str) -> None:
    for client in (app.test_client(), cast.sign_in(app, cast.ana)):
        client.get(f"/idioma/{locale}")
        client.post("/cotizacion", data=quote_form(correo=cast.ana.email))
    now, by = clock.now(), Signed()
    declined, asked = (sent(cast.fabio, email=cast.ana.email) for _ in range(2))
    outbox.drain(clock.now())
    ask(quote_id=asked, version=1, text="¿Y el dominio?", form_id=new_token(), by=by, now=now)
    question = db.session.scalars(select(QuoteQuestion.id)).one()
    answer_question(actor=cast.fabio, question_id=question, text="Incluido.", now=now)
    decline(quote_id=declined, version=1, reason="precio", text="Caro", by=by, now=now)
    outbox.drain(now)
    accept(quote_id=asked, version=1, name="Ana", by=by, now=now)


def _calls_mails(app: Flask, cast: Cast, locale: str) -> None:
    sent = call_form(sobre=str(filed(cast.ana)))
    assert cast.sign_in(app, cast.ana).post("/llamada", data=sent).status_code == 303


def _news_mails(app: Flask, cast: Cast, locale: str) -> None:
    """Everything that can happen to a ticket, an account and the worker."""
    number = filed(cast.ana)
    other = filed(cast.beto)
    participants.add(number=number, person_id=cast.beto.person_id, actor=cast.ana, now=START)
    _say(number, cast)
    actions.authorise(number=other, actor=cast.ana, now=START)
    actions.withdraw_authorisation(number=other, actor=cast.ana, now=START)
    outage = outaged(cast.diego, affection="servicio-con-errores")
    attach(outage_number=outage, number=number, actor=cast.diego, now=START)
    add_update(number=outage, actor=cast.diego, body="Sigue", form_id=new_token(), now=START)
    outbox.drain(clock.now())
    resolve(
        number=outage, actor=cast.diego, text="Listo", numbers=[], form_id=new_token(), now=START
    )
    part = Part("Otra cosa", "otra-consulta", "Es otro problema")
    said = actions.reply_as_customer(
        number=number, actor=cast.beto, text="Y otra cosa", form_id=new_token(), now=START
    )
    assert said
    last = db.session.scalars(select(func.max(Message.id))).one()
    joining.split(number=number, message_id=last, actor=cast.diego, part=part, now=START)
    outbox.drain(clock.now())
    joining.merge(number=other, other=number, actor=cast.diego, now=START)
    outbox.drain(clock.now())
    joining.unmerge(number=max(number, other), actor=cast.diego, now=START)
    actions.close(number=number, actor=cast.ana, now=START)
    outbox.drain(clock.now())
    _member_mails(cast)
    ask_for_test(actor=cast.gloria, now=clock.now())
    with transaction():
        outbox.enqueue("nobody.handles", {}, now=START)
    outbox.drain(clock.now())
    for _ in range(2):
        outbox.drain(clock.now() + timedelta(minutes=6))


def _member_mails(cast: Cast) -> None:
    beto = cast.beto.person_id
    rights = frozenset({"open_requests"})
    membership.change_rights(actor=cast.ana, person_id=beto, rights=rights, now=START)
    outbox.drain(clock.now())
    membership.close(actor=cast.ana, person_id=beto, now=START)
    outbox.drain(clock.now())
    membership.reopen(actor=cast.ana, person_id=beto, now=START)
    change_roles(cast.dora.person_id, frozenset({Role.EDITOR}), actor=cast.gloria, now=START)
    tell(cast.ana.person_id, "joined", by=beto, now=START)
    outbox.drain(clock.now())


def _mails_that_came_in(app: Flask, cast: Cast, locale: str) -> None:
    listening()
    number = filed(cast.ana)
    with_program = parts("mixed", part("Va."), file_part("x.exe", b"MZ", "application/x"))[0]
    texts: list[tuple[str, bytes]] = [
        (cast.ana.email, with_program),
        (cast.ana.email, b""),
        (cast.carla.email, b"Hola"),
        (cast.diego.email, b"Hola"),
        ("nadie@example.com", b"Hola"),
    ]
    to = address_of(number, cast.ana)
    for n, (sender, body) in enumerate(texts):
        raw = mail_of(body, f"Message-ID: <{n}@x>", kind='multipart/mixed; boundary="=_part_1"')
        raw = raw.replace(b"@@TO@@", to.encode()).replace(b"@@FROM@@", sender.encode())
        receive(raw=raw, now=clock.now())
    receive(raw=letter(to="soporte@correo.example", sender=cast.beto.email), now=clock.now())
    actions.close(number=number, actor=cast.ana, now=START)
    receive(raw=letter(to=to, sender=cast.ana.email), now=clock.now())


def _chat_mails(app: Flask, cast: Cast, locale: str) -> None:
    on_duty(cast.diego)
    for client in (app.test_client(), cast.sign_in(app, cast.ana)):
        client.get(f"/idioma/{locale}")
        address = start_chat(client)
        say(taken_chat(cast.diego), Side.STAFF, cast.diego)
        client.post(f"{address}/cierre")
        client.post(f"{address}/correo")


#: What makes the site send its mails. A new mail needs its story here.
STORIES = (
    _accounts_mails,
    _tickets_mails,
    _desk_mails,
    _quotes_mails,
    _calls_mails,
    _news_mails,
    _mails_that_came_in,
    _chat_mails,
)


@pytest.mark.parametrize("locale", LANGUAGES)
def test_no_mail_promises_a_time(
    app: Flask, cast: Cast, mails: MemorySender, loader: Recorded, locale: str
) -> None:
    speak(locale)
    for story in STORIES:
        story(app, cast, locale)
        outbox.drain(clock.now())
    known = {f"mail/{p.name}" for p in MAILS.iterdir()}
    news = {reference_of(m["Message-ID"]) or "" for m in mails.sent}
    untold = {what for what in What if not any(f"-{what}-" in one for one in news)}
    # Those two have participants alone as their readers: tests/tickets/news has them.
    assert untold <= {What.REOPENED, What.MERGED}
    assert known - loader.names == set(), "a mail that no story of this test sends"
    letters = [f"{m['Subject']}\n{text_of(m)}\n{words_of(html_of(m))[0]}" for m in mails.sent]
    assert [line for letter in letters for line in promises_in(letter)] == []
    for mail in mails.sent:
        hrefs = {unescape(href) for href in re.findall(r'href="([^"]*)"', html_of(mail))}
        assert hrefs == set(re.findall(r"http://localhost/\S+", text_of(mail))), mail["Subject"]
    hello = {"es": "Hola", "en": "Hello"}[locale]
    assert sum(hello in letter for letter in letters) > 5


class _Words(HTMLParser):
    """What a page says, shown or spoken; nothing of scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self._silent += tag in {"script", "style"}
        if tag == "a" and found.get("href", "").startswith("/"):
            self.links.append(urldefrag(found["href"]).url)
        if found.get("type") != "hidden" and not found.get("name", "").startswith(("csrf", "htmx")):
            self.words += [f" · {found[name]} · " for name in SPOKEN & found.keys()]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"}
        # Two blocks are two sentences; a word in bold is part of its own.
        self.words.append("" if tag in {"strong", "em", "span", "a", "mark", "b"} else " · ")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


def words_of(page: str) -> tuple[str, list[str]]:
    reader = _Words()
    reader.feed(page)
    return " ".join("".join(reader.words).split()), reader.links


def found_promises(page: str) -> list[str]:
    return promises_of(words_of(page)[0])


def promises_of(words: str) -> list[str]:
    text = without_allowed(words)
    return [text[max(0, m.start() - 60) : m.end() + 40] for m in PROMISES.finditer(text)]


def crawl(client: FlaskClient, begin: list[str]) -> Iterator[tuple[str, str]]:
    """(address, words) of every page that is found from these by its links."""
    waiting, seen = deque(begin), set(begin)
    for _ in range(PAGES_AT_MOST):
        if not waiting:
            return
        address = waiting.popleft()
        answer = client.get(address)
        if answer.mimetype != "text/html":
            continue
        words, links = words_of(answer.text)
        yield address, words
        for link in [answer.location, *links]:
            # The style guide shows what pieces look like; its words are nobody's. Synonyms are
            # words of customers, hundreds of them: «demora» is what they complain of.
            known = link and re.match(r"/(?!static|idioma|estilo|editor/sinonimos)", link)
            if known and link not in seen:
                seen.add(link)
                waiting.append(link)
    raise AssertionError(f"more than {PAGES_AT_MOST} pages: does a link lead to ever new ones?")


@pytest.fixture
def world(app: Flask, cast: Cast, made: World) -> World:
    filed(cast.ana, affection="corte-de-red")
    filed(cast.beto)
    return made.opened(app)


@one_database
@pytest.mark.parametrize("locale", LANGUAGES)
def test_no_page_promises_a_time(app: Flask, world: World, locale: str) -> None:
    opened = 0
    for name in PEOPLE:
        client = world.clients[name]
        client.get(f"/idioma/{locale}")
        begin = [
            world.address(app, rule)
            for route, (method, rule) in routes(app).items()
            if method == "GET" and not re.search(r"/(static|idioma|estilo)", route)
        ]
        for address, words in crawl(client, begin):
            assert promises_of(words) == [], (name, address)
            opened += 1
    assert opened > 200


@one_database
@pytest.mark.parametrize("locale", LANGUAGES)
def test_no_answer_to_a_form_promises_a_time(app: Flask, world: World, locale: str) -> None:
    """Errors, refusals, and the pages that an empty form leads to."""
    for name in PEOPLE:
        client = world.clients[name]
        client.get(f"/idioma/{locale}")
        for route, (method, rule) in routes(app).items():
            if method == "POST":
                answer = client.post(world.address(app, rule), follow_redirects=True)
                assert found_promises(answer.text) == [], (name, route)


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>Lo vemos en <strong>2</strong> horas.</p>", True),
        ("<img alt='Le respondemos en breve'>", True),
        ("<p>En</p><p>2 horas</p>", False),
        ("<script>soon()</script><p>Hola</p>", False),
        ("<p>Vuelva a intentarlo en unos instantes.</p>", False),
    ],
)
def test_what_is_seen_is_judged(page: str, expected: bool) -> None:
    assert bool(found_promises(page)) is expected
