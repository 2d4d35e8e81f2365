"""The editor: who may enter, and that nothing an editor types is lost."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core import clock
from core.db import db
from kb import actions, queries
from kb.models import Article, Category
from tests.cast import Cast
from tests.kb.articles import make_article, make_articles, make_categories, make_shelf
from tests.kb.counting import statements

SECRET = "clave-maestra-8841"


@pytest.fixture
def editor(app: Flask, cast: Cast) -> FlaskClient:
    """Elena's browser."""
    return cast.sign_in(app, cast.elena)


def fields(shelf_id: int, **changes: str) -> dict[str, str]:
    """The form as an editor fills it in."""
    values = {
        "titulo": "Cómo reinicio mi VPS",
        "slug": "",
        "categoria": str(shelf_id),
        "resumen": "Desde el panel.",
        "etiquetas": "vps, reinicio",
        "idioma": "es",
        "texto": "Pulse **Reiniciar**.",
        "revision": "",
        "accion": "guardar",
    }
    return {**values, **changes}


def stored() -> list[tuple[str, str, int, bool]]:
    """(slug, body, revision, published) of every article."""
    db.session.rollback()
    rows = db.session.execute(
        select(Article.slug, Article.body, Article.revision, Article.published_at).order_by(
            Article.id
        )
    )
    return [(slug, body, number, at is not None) for slug, body, number, at in rows]


def test_only_editors_enter(app: Flask, client: FlaskClient, cast: Cast) -> None:
    shelf = make_categories()["correo"]
    article_id = make_article(
        cast.elena, slug="oculta", category_id=shelf, title=SECRET, publish=False
    )
    paths = ["/editor", f"/editor/articulos/{article_id}", f"/editor/articulos/{article_id}/vista"]
    paths += ["/editor/articulos/nuevo", "/editor/categorias", "/editor/categorias/correo"]
    for path in paths:
        assert client.get(path).status_code == 302
        for actor in (cast.ana, cast.diego, cast.fabio, cast.gloria):
            answer = cast.sign_in(app, actor).get(path)
            assert (answer.status_code, SECRET in answer.text) == (404, False)
        assert cast.sign_in(app, cast.elena).get(path).status_code == 200
    for verb in ("publicacion", "archivo", "eliminacion"):
        path = f"/editor/articulos/{article_id}/{verb}"
        assert cast.sign_in(app, cast.gloria).post(path).status_code == 404
    assert [row[3] for row in stored()] == [False]


def test_an_article_goes_from_draft_to_public_and_back(
    client: FlaskClient, editor: FlaskClient
) -> None:
    shelf = make_categories()["servidores-vps"]
    made = editor.post("/editor/articulos/nuevo", data=fields(shelf))
    assert made.status_code == 303
    assert stored() == [("como-reinicio-mi-vps", "Pulse **Reiniciar**.", 1, False)]
    assert client.get("/preguntas/como-reinicio-mi-vps").status_code == 404
    article_id = made.location.rsplit("/", 1)[1]
    for verb, code in (("publicacion", 200), ("archivo", 404), ("publicacion", 200)):
        answer = editor.post(f"/editor/articulos/{article_id}/{verb}")
        assert (answer.status_code, answer.location) == (303, made.location)
        assert client.get("/preguntas/como-reinicio-mi-vps").status_code == code


def test_saving_and_publishing_in_one_step(client: FlaskClient, editor: FlaskClient) -> None:
    shelf = make_categories()["servidores-vps"]
    editor.post("/editor/articulos/nuevo", data=fields(shelf, slug="vps", accion="publicar"))
    assert stored() == [("vps", "Pulse **Reiniciar**.", 1, True)]
    assert "<strong>Reiniciar</strong>" in client.get("/preguntas/vps").text


def test_preview_shows_the_text_as_the_page_will_and_stores_nothing(editor: FlaskClient) -> None:
    shelf = make_categories()["servidores-vps"]
    data = fields(shelf, accion="vista", texto="**Así** <script>alert(1)</script>")
    page = editor.post("/editor/articulos/nuevo", data=data)
    fragment = editor.post("/editor/vista", data={"texto": data["texto"]})
    for answer in (page, fragment):
        assert answer.status_code == 200
        assert "<strong>Así</strong> &lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
    assert "<html" not in fragment.text
    assert 'value="Cómo reinicio mi VPS"' in page.text
    assert stored() == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("titulo", ""),
        ("titulo", "   "),
        ("titulo", "***"),
        ("titulo", "x" * 301),
        ("slug", "Con Espacios"),
        ("slug", "buscar"),
        ("slug", "../x"),
        ("categoria", ""),
        ("categoria", "9999"),
        ("categoria", "abc"),
        ("resumen", "x" * 601),
        ("idioma", "fr"),
        ("texto", ""),
        ("texto", "x" * 200_001),
    ],
)
def test_what_cannot_be_stored_is_said_at_its_field_and_the_rest_kept(
    editor: FlaskClient, field: str, value: str
) -> None:
    shelf = make_categories()["servidores-vps"]
    data = fields(shelf, **{field: value})
    answer = editor.post("/editor/articulos/nuevo", data=data)
    page = html.unescape(answer.text)
    assert answer.status_code == 422
    assert f'href="#{field}"' in page
    for kept in {"titulo", "resumen", "texto"}:
        assert data[kept].strip() in page
    assert stored() == []


def test_a_taken_address_is_said_and_the_text_kept(editor: FlaskClient, cast: Cast) -> None:
    shelf = make_categories()["correo"]
    make_article(cast.elena, slug="tomada", category_id=shelf)
    answer = editor.post("/editor/articulos/nuevo", data=fields(shelf, slug="tomada"))
    assert answer.status_code == 422
    assert "Otra respuesta ya tiene esa dirección." in answer.text
    assert "Pulse **Reiniciar**." in answer.text
    assert len(stored()) == 1


def test_the_second_of_two_editors_sees_both_texts_and_can_store_theirs(
    editor: FlaskClient, cast: Cast
) -> None:
    shelf = make_categories()["correo"]
    article_id = make_article(cast.elena, slug="vps", category_id=shelf, publish=False)
    path = f"/editor/articulos/{article_id}"
    first = fields(shelf, revision="1", texto="El texto del primero")
    second = fields(shelf, revision="1", texto="El texto del segundo", slug="vps")
    assert editor.post(path, data=first).status_code == 303
    answer = editor.post(path, data=second)
    assert answer.status_code == 409
    assert "El texto del primero" in answer.text
    assert "El texto del segundo" in answer.text
    assert stored()[0][1:3] == ("El texto del primero", 2)
    # What was typed waits in the form; how two texts become one is told in tests/kb/writing.
    assert "El texto del segundo" in editor.get(path).text
    kept = {**second, "revision": "2"}
    assert editor.post(path, data=kept).status_code == 303
    assert stored()[0][1:3] == ("El texto del segundo", 3)


@pytest.mark.parametrize("revision", ["", "abc", "9" * 40, "-1", "0"])
def test_a_made_up_revision_is_a_conflict(editor: FlaskClient, cast: Cast, revision: str) -> None:
    shelf = make_categories()["correo"]
    article_id = make_article(cast.elena, slug="vps", category_id=shelf)
    data = fields(shelf, revision=revision)
    assert editor.post(f"/editor/articulos/{article_id}", data=data).status_code == 409
    assert stored() == [("vps", "Una respuesta.", 1, True)]


def test_a_body_of_the_greatest_length_is_stored(editor: FlaskClient) -> None:
    shelf = make_categories()["correo"]
    body = ("palabra ñandú\n" * 15_000)[:199_999] + "."
    answer = editor.post("/editor/articulos/nuevo", data=fields(shelf, slug="larga", texto=body))
    assert answer.status_code == 303
    assert stored() == [("larga", body, 1, False)]


def test_drafts_are_seen_on_the_preview_page_alone(editor: FlaskClient, cast: Cast) -> None:
    shelf = make_categories()["correo"]
    article_id = make_article(
        cast.elena, slug="oculta", category_id=shelf, body="**Casi listo**", publish=False
    )
    page = editor.get(f"/editor/articulos/{article_id}/vista").text
    assert "<strong>Casi listo</strong>" in page
    assert "no está publicado" in page
    assert editor.get("/preguntas/oculta").status_code == 404


def test_the_list_filters_by_state_and_by_words_of_the_title(
    editor: FlaskClient, cast: Cast
) -> None:
    ids = make_articles(cast.elena, count=4)
    now = clock.now()
    actions.archive_article(actor=cast.elena, article_id=ids["correo-en-spam"], now=now)
    shelf = queries.categories()[0].id
    make_article(cast.elena, slug="nueva", category_id=shelf, title="Borrador", publish=False)

    def listed(query: str) -> list[str]:
        page = editor.get(f"/editor{query}").text
        return sorted(re.findall(r'<a href="/editor/articulos/\d+">([^<]+)</a></td>', page))

    assert listed("?estado=borradores") == ["Borrador"]
    assert listed("?estado=archivados") == ["Mis mensajes caen en spam"]
    assert len(listed("?estado=publicados")) == 3
    assert len(listed("")) == 5
    assert listed("?q=CONTRASENA cuenta") == ["Cambiar la contraseña de una cuenta de correo"]
    assert listed("?q=nada-de-esto") == []
    assert editor.get("/editor?pagina=2").status_code == 404


def test_deleting_takes_a_withdrawn_article_and_refuses_a_published_one(
    editor: FlaskClient, cast: Cast
) -> None:
    article_id = make_articles(cast.elena, count=1)["no-recibo-correos"]
    path = f"/editor/articulos/{article_id}"
    assert editor.post(f"{path}/eliminacion").location == path
    assert len(stored()) == 1
    editor.post(f"{path}/archivo")
    assert editor.post(f"{path}/eliminacion").location == "/editor"
    assert stored() == []
    assert editor.post(f"{path}/eliminacion").status_code == 404
    assert editor.get(path).status_code == 404


def test_categories_are_made_changed_and_moved(editor: FlaskClient, client: FlaskClient) -> None:
    for name in ("Correo", "Ñandúes", "Pagos"):
        data = {"nombre": name, "descripcion": "", "posicion": ""}
        assert editor.post("/editor/categorias/nueva", data=data).status_code == 303
    again = editor.post("/editor/categorias/nueva", data={"nombre": "correo"})
    assert (again.status_code, "Ya hay una categoría" in again.text) == (422, True)
    editor.post("/editor/categorias/pagos/lugar", data={"hacia": "arriba"})
    editor.post("/editor/categorias/nandues", data={"nombre": "Aves", "descripcion": "De aquí"})
    db.session.rollback()
    rows = db.session.scalars(select(Category).order_by(Category.position)).all()
    assert [(row.slug, row.name, row.description) for row in rows] == [
        ("correo", "Correo", ""),
        ("pagos", "Pagos", ""),
        ("nandues", "Aves", "De aquí"),
    ]
    assert editor.post("/editor/categorias/pagos/lugar", data={"hacia": "x"}).status_code == 404
    assert editor.post("/editor/categorias/nueva", data={"nombre": " "}).status_code == 422


def test_the_list_costs_the_same_for_one_row_and_for_thirty(
    editor: FlaskClient, cast: Cast
) -> None:
    shelf_id = make_shelf(1)
    one = cost_of(editor, "/editor")
    for number in range(29):
        make_article(cast.elena, slug=f"nueva-{number}", category_id=shelf_id)
    assert cost_of(editor, "/editor") == one
    assert db.session.scalar(select(func.count()).select_from(Article)) == 30


def cost_of(client: FlaskClient, path: str) -> int:
    client.get(path)
    with statements() as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def test_a_category_has_a_name_of_its_own_and_an_address_made_of_it(editor: FlaskClient) -> None:
    def create(name: str) -> int:
        return editor.post("/editor/categorias/nueva", data={"nombre": name}).status_code

    assert [create(name) for name in ("Correo web", "日本", "中文")] == [303, 303, 303]
    assert [create(name) for name in ("correo WEB", "日本")] == [422, 422]
    db.session.rollback()
    assert {c.name: c.slug for c in queries.categories()} == {
        "Correo web": "correo-web",
        "日本": "articulo",
        "中文": "articulo-2",
    }
    renamed = editor.post("/editor/categorias/articulo", data={"nombre": "Correo web"})
    assert renamed.status_code == 422
    assert "Ya hay una categoría con ese nombre." in renamed.text
    kept = editor.post("/editor/categorias/articulo", data={"nombre": "日本", "descripcion": "x"})
    assert kept.status_code == 303


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("buscar", "Esa dirección la usa el sitio"),
        ("a" * 201, "Es demasiado larga"),
        ("Con Espacio", "Use minúsculas sin tildes"),
    ],
)
def test_an_address_that_is_refused_says_why(editor: FlaskClient, typed: str, words: str) -> None:
    shelf = make_categories()["correo"]
    answer = editor.post("/editor/articulos/nuevo", data=fields(shelf, slug=typed))
    assert answer.status_code == 422
    assert words in answer.text


def test_filters_of_the_list_add_up(editor: FlaskClient, cast: Cast) -> None:
    shelves = make_categories()
    make_article(cast.elena, slug="uno", category_id=shelves["correo"], title="Buzón uno")
    two = make_article(cast.elena, slug="dos", category_id=shelves["correo"], title="Buzón dos")
    make_article(
        cast.elena, slug="three", category_id=shelves["dominios-dns"], title="Box three", lang="en"
    )
    make_article(
        cast.elena,
        slug="cuatro",
        category_id=shelves["correo"],
        title="Buzón cuatro",
        publish=False,
    )
    editor.post(f"/editor/articulos/{two}/lectores", data={"publico": "staff"})
    titles = ("Buzón uno", "Buzón dos", "Box three", "Buzón cuatro")

    def found(**asked: str) -> list[str]:
        page = editor.get("/editor", query_string=asked)
        assert page.status_code == 200
        return [title for title in titles if title in page.text]

    assert found(lectores="personal") == ["Buzón dos"]
    assert found(idioma="en") == ["Box three"]
    assert found(categoria=str(shelves["dominios-dns"])) == ["Box three"]
    assert found(estado="publicados", lectores="todos", q="buzon") == ["Buzón uno"]
    assert found(estado="borradores", idioma="es") == ["Buzón cuatro"]
    assert found(estado="en-revision") == found(solo="programados") == []
    for nonsense in ("x", "99999999999", "'; --", "<script>"):
        asked = dict.fromkeys(("estado", "lectores", "idioma", "categoria", "solo"), nonsense)
        assert found(**asked) == list(titles)
