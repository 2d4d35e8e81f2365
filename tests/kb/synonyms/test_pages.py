"""Synonyms in the editor: writing, trying, changing and deleting them, and what searches do."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select

from core.counters import next_value
from core.db import db, transaction
from core.models import AuditEntry, Counter
from core.tokens import new_token
from kb.synonyms import actions, queries
from kb.synonyms.actions import GroupText
from kb.synonyms.models import SynonymGroup
from kb.synonyms.phrases import groups_in
from kb.trials.actions import TrialText, save_trial
from kb.trials.policy import Kind
from tests.cast import START, Cast
from tests.kb.articles import index_everything, make_articles
from tests.kb.counting import statements

LIST = "/editor/sinonimos"


@pytest.fixture(autouse=True)
def no_groups(app: Flask) -> None:
    """Without the groups that come with the site, each test says what there is."""
    with transaction() as session:
        session.execute(delete(SynonymGroup))
        next_value(queries.GENERATION)


def form(**more: str) -> dict[str, str]:
    return {
        "palabras": "casilla\nbuzón",
        "sentido": "ambos",
        "idioma": "es",
        "nota": "Lo pidió un cliente.",
        "accion": "guardar",
        "formulario": new_token(),
        **more,
    }


def made(cast: Cast, *phrases: str, one_way: bool = False) -> int:
    text = GroupText(phrases, "es", one_way, "")
    return actions.create_group(actor=cast.elena, text=text, form_id="", now=START)


def stored() -> list[tuple[str, bool, str, int]]:
    db.session.rollback()
    rows = db.session.scalars(select(SynonymGroup).order_by(SynonymGroup.id))
    return [(g.phrases, g.one_way, g.note, g.revision) for g in rows]


def found(client: FlaskClient, query: str) -> list[str]:
    page = client.get("/preguntas/buscar", query_string={"q": query}).text
    return re.findall(r'<h3><a href="/preguntas/([a-z0-9-]+)">', page)


def test_a_group_works_at_once_in_every_process_and_is_written_once(
    app: Flask, strict_app: Flask, cast: Cast
) -> None:
    make_articles(cast.elena)
    index_everything(app)
    visitor, elsewhere = app.test_client(), strict_app.test_client()
    assert (found(visitor, "birrete"), found(elsewhere, "birrete")) == ([], [])
    client, data = cast.sign_in(app, cast.elena), form(palabras="birrete\nfactura")
    answers = [client.post(f"{LIST}/nuevo", data=data) for _ in range(2)]
    assert [(a.status_code, a.location) for a in answers] == [(303, LIST)] * 2
    assert stored() == [("birrete\nfactura", False, "Lo pidió un cliente.", 1)]
    assert found(visitor, "birrete")[0] == "factura-ruc"
    assert found(elsewhere, "birrete")[0] == "factura-ruc"


def test_deleting_a_group_ends_it_and_is_recorded(app: Flask, cast: Cast) -> None:
    make_articles(cast.elena)
    index_everything(app)
    group = made(cast, "birrete", "factura")
    visitor = app.test_client()
    assert found(visitor, "birrete") != []
    client = cast.sign_in(app, cast.elena)
    assert client.post(f"{LIST}/{group}/eliminacion").location == LIST
    assert (stored(), found(visitor, "birrete")) == ([], [])
    assert client.post(f"{LIST}/{group}/eliminacion").status_code == 404
    told = select(AuditEntry.action).where(AuditEntry.action.like("synonyms.%"))
    in_order = db.session.scalars(told.order_by(AuditEntry.id))
    assert list(in_order) == ["synonyms.created", "synonyms.deleted"]


def test_a_change_that_spoils_a_kept_question_says_so_at_once(app: Flask, cast: Cast) -> None:
    ids = make_articles(cast.elena)
    index_everything(app)
    group = made(cast, "birrete", "factura")
    text = TrialText(Kind.SEARCH, "birrete", (ids["factura-ruc"],))
    save_trial(actor=cast.elena, text=text, now=START)
    client = cast.sign_in(app, cast.elena)
    assert client.post("/editor/pruebas/aceptacion").status_code == 303
    client.post(f"{LIST}/{group}/eliminacion")
    assert "1 prueba empeoró" in client.get(LIST).text
    assert client.post(f"{LIST}/nuevo", data=form(palabras="birrete\nfactura")).status_code == 303
    assert "empeoró" not in client.get(LIST).text


def test_a_group_of_one_way_finds_one_way(app: Flask, cast: Cast) -> None:
    make_articles(cast.elena)
    index_everything(app)
    made(cast, "correo", "factura", one_way=True)
    visitor = app.test_client()
    assert "factura-ruc" in found(visitor, "correo")
    assert "no-recibo-correos" not in found(visitor, "factura")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"palabras": ""}, "Escriba al menos dos, una por línea."),
        ({"palabras": "clave"}, "Escriba al menos dos, una por línea."),
        ({"palabras": "clave\nCLAVE"}, "«CLAVE» está repetida."),
        ({"palabras": "clave\nde la"}, "«de la» no dice lo suficiente por sí sola"),
        ({"palabras": "clave\n" + "x" * 70}, "es muy larga"),
        ({"palabras": "\n".join(f"palabra{n}" for n in range(25))}, "Escriba hasta 20 palabras"),
        ({"sentido": "tres"}, "Elija una opción."),
        ({"idioma": "fr"}, "Elija un idioma."),
        ({"nota": "n" * 301}, "Escriba hasta 300 caracteres."),
    ],
)
def test_what_cannot_be_a_group_is_refused_and_kept(
    app: Flask, cast: Cast, data: dict[str, str], message: str
) -> None:
    answer = cast.sign_in(app, cast.elena).post(f"{LIST}/nuevo", data=form(**data))
    assert (answer.status_code, stored()) == (422, [])
    if "sentido" not in data:
        assert message in html.unescape(answer.text)
    for value in data.values():
        kept = html.unescape(answer.text).replace("\r", "")
        assert value in kept or data.keys() & {"sentido", "idioma"}


@pytest.mark.parametrize(
    "palabras", ["\x00\x01, \ufffd", "👍, 🎉", "<script>, <b>", "a" * 3_000, "'; DROP x; --, %_"]
)
def test_hostile_words_never_break_the_page(app: Flask, cast: Cast, palabras: str) -> None:
    client = cast.sign_in(app, cast.elena)
    for action in ("probar", "guardar"):
        answer = client.post(f"{LIST}/nuevo", data=form(palabras=palabras, accion=action))
        assert answer.status_code in {200, 303, 422}
    assert "<script>," not in client.get(LIST).text
    proposed = client.get(f"{LIST}/nuevo", query_string={"palabras": palabras})
    assert proposed.status_code == (404 if "\x00" in palabras else 200)


def test_the_same_group_twice_is_refused(app: Flask, cast: Cast) -> None:
    made(cast, "casilla", "buzón")
    answer = cast.sign_in(app, cast.elena).post(f"{LIST}/nuevo", data=form())
    assert answer.status_code == 422
    assert "Ya hay un grupo con estas palabras." in answer.text
    assert len(stored()) == 1


def test_a_word_of_another_group_is_pointed_out(app: Flask, cast: Cast) -> None:
    other = made(cast, "casilla", "apartado")
    page = cast.sign_in(app, cast.elena).get(f"{LIST}/nuevo?palabras=casilla").text
    assert "Hay otros grupos con alguna de estas palabras" in page
    assert f'href="{LIST}/{other}"' in page


def test_trying_shows_what_a_search_finds_without_and_with_and_stores_nothing(
    app: Flask, cast: Cast
) -> None:
    make_articles(cast.elena)
    index_everything(app)
    client = cast.sign_in(app, cast.elena)
    data = form(palabras="birrete\nfactura", prueba="birrete con ruc", accion="probar")
    answer = client.post(f"{LIST}/nuevo", data=data)
    assert answer.status_code == 200
    without, with_group = answer.text.split("Sin el grupo", 1)[1].split("Con el grupo", 1)
    assert "Pedir una factura con RUC" in with_group.split("</ol>")[0]
    assert 'value="birrete con ruc"' in answer.text
    assert without.count("<li>") <= with_group.split("</section>")[0].count("<li>")
    assert stored() == []
    assert found(app.test_client(), "birrete") == []


def test_the_second_of_two_editors_sees_both_texts(app: Flask, cast: Cast) -> None:
    group = made(cast, "casilla", "buzón")
    client = cast.sign_in(app, cast.elena)
    first = form(palabras="casilla\nbuzón\nbandeja", revision="1")
    second = form(palabras="casilla\napartado", revision="1")
    assert client.post(f"{LIST}/{group}", data=first).status_code == 303
    answer = client.post(f"{LIST}/{group}", data=second)
    assert answer.status_code == 409
    assert "casilla, buzón, bandeja" in answer.text
    assert "casilla\napartado" in answer.text.replace("\r", "")
    assert client.post(f"{LIST}/{group}", data={**second, "revision": "2"}).status_code == 303
    assert [row[0] for row in stored()] == ["casilla\napartado"]


def test_the_list_is_looked_through_without_accents_and_has_pages(app: Flask, cast: Cast) -> None:
    made(cast, "casilla", "buzón")
    for number in range(60):
        made(cast, f"palabra{number}", f"vocablo{number}")
    client = cast.sign_in(app, cast.elena)
    page = client.get(f"{LIST}?q=buzon").text
    assert "1 grupo<" in page
    assert "casilla = buzón" in page
    assert "61 grupos" in client.get(LIST).text
    assert client.get(f"{LIST}?pagina=2").status_code == 200
    assert "Ningún grupo tiene esas palabras" in client.get(f"{LIST}?q=nada%25").text


def test_the_list_asks_the_same_however_many_groups_there_are(app: Flask, cast: Cast) -> None:
    client = cast.sign_in(app, cast.elena)
    made(cast, "uno", "dos")
    with statements() as few:
        client.get(LIST)
    for number in range(30):
        made(cast, f"palabra{number}", f"vocablo{number}")
    with statements() as many:
        client.get(LIST)
    assert len(many) == len(few)


@pytest.mark.parametrize("name", ["diego", "fabio", "ana"])
def test_nobody_else_may_write(app: Flask, cast: Cast, name: str) -> None:
    with pytest.raises(actions.NotAllowed):
        actions.create_group(
            actor=getattr(cast, name),
            text=GroupText(("a", "b"), "es", False, ""),
            form_id="",
            now=START,
        )
    assert stored() == []


def test_the_first_groups_are_installed_once_and_deleted_ones_stay_away(
    app: Flask, cast: Cast
) -> None:
    groups = list(groups_in("clave = contraseña\n"))
    assert actions.install_first(groups, now=START) == 0
    assert stored() == []
    with transaction() as session:
        session.execute(delete(Counter).where(Counter.name == queries.GENERATION))
    assert actions.install_first(groups, now=START) == 1
    client = cast.sign_in(app, cast.elena)
    assert "Vino con el sitio" in client.get(LIST).text
    made_id = db.session.scalar(select(func.max(SynonymGroup.id)))
    client.post(f"{LIST}/{made_id}/eliminacion")
    assert (actions.install_first(groups, now=START), stored()) == (0, [])
