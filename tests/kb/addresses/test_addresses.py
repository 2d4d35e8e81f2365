"""An address that was ever public leads on, however often its article moves."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kb import actions, categories, queries, steps
from kb.addresses.actions import change_address
from kb.addresses.leading import SlugTaken
from kb.addresses.queries import former_of
from tests.cast import Cast
from tests.kb.articles import WRITTEN, make_article, make_categories
from tests.kb.importing.test_folders import article as file_text
from tests.kb.importing.test_folders import counts, run, write
from tests.kb.test_actions import stored, text_of

LATER = WRITTEN + timedelta(hours=1)


def move(cast: Cast, article_id: int, slug: str) -> None:
    change_address(actor=cast.elena, article_id=article_id, slug=slug, now=LATER)


def leads(client: FlaskClient, slug: str) -> tuple[int, str | None]:
    answer = client.get(f"/preguntas/{slug}")
    return answer.status_code, answer.location


@pytest.fixture
def shelf(cast: Cast) -> int:
    return make_categories()["correo"]


@pytest.fixture
def moved(cast: Cast, shelf: int) -> int:
    """An article that was `uno`, then `dos`, and is `tres`."""
    made = make_article(cast.elena, slug="uno", category_id=shelf)
    move(cast, made, "dos")
    move(cast, made, "tres")
    return made


def test_every_former_address_leads_to_the_present_one_in_one_step(
    client: FlaskClient, moved: int
) -> None:
    assert leads(client, "uno") == (301, "/preguntas/tres")
    assert leads(client, "dos") == (301, "/preguntas/tres")
    assert leads(client, "tres") == (200, None)
    # A browser that kept the redirect for ever could never come back to a former address.
    assert client.get("/preguntas/uno").headers["Cache-Control"] == "no-cache"


def test_a_vote_from_a_page_that_moved_is_counted_and_asked_why(
    client: FlaskClient, moved: int
) -> None:
    answer = client.post("/preguntas/uno/valoraciones", data={"util": "no"})
    assert (answer.status_code, answer.location) == (303, "/preguntas/tres/valoraciones")
    assert client.get(answer.location).status_code == 200


def test_going_back_to_a_former_address(client: FlaskClient, cast: Cast, moved: int) -> None:
    move(cast, moved, "uno")
    assert leads(client, "uno") == (200, None)
    assert leads(client, "dos") == leads(client, "tres") == (301, "/preguntas/uno")


def test_another_article_takes_a_former_address(
    client: FlaskClient, cast: Cast, moved: int, shelf: int
) -> None:
    make_article(cast.elena, slug="uno", category_id=shelf, title="Otra pregunta")
    assert leads(client, "uno") == (200, None)
    assert leads(client, "dos") == (301, "/preguntas/tres")
    assert former_of(moved) == ["dos"]


def test_a_proposed_address_leaves_those_that_lead_somewhere(
    client: FlaskClient, cast: Cast, moved: int, shelf: int
) -> None:
    made = actions.save_article(actor=cast.elena, text=text_of(shelf, title="Uno"), now=LATER)
    assert stored(made).slug == "uno-2"


def test_a_taken_address_and_one_that_is_none_are_refused(
    cast: Cast, moved: int, shelf: int
) -> None:
    make_article(cast.elena, slug="otra", category_id=shelf)
    with pytest.raises(SlugTaken):
        move(cast, moved, "otra")
    for bad in ("", "Con Espacios", "buscar", "../x", "x" * 201):
        with pytest.raises(ValueError, match=r".*"):
            move(cast, moved, bad)
    assert stored(moved).slug == "tres"


def test_what_is_not_to_be_seen_leads_nowhere(client: FlaskClient, cast: Cast, moved: int) -> None:
    steps.archive_article(actor=cast.elena, article_id=moved, now=LATER)
    assert leads(client, "uno") == (404, None)


def test_a_draft_leaves_no_address_behind(client: FlaskClient, cast: Cast, shelf: int) -> None:
    made = make_article(cast.elena, slug="uno", category_id=shelf, publish=False)
    move(cast, made, "dos")
    assert former_of(made) == []


@pytest.mark.parametrize("named", ["otra", "https://soporte.example/preguntas/otra", ""])
def test_deleting_loses_no_address(
    app: Flask, client: FlaskClient, cast: Cast, moved: int, shelf: int, named: str
) -> None:
    make_article(cast.elena, slug="otra", category_id=shelf)
    steps.archive_article(actor=cast.elena, article_id=moved, now=LATER)
    editor = cast.sign_in(app, cast.elena)
    answer = editor.post(f"/editor/articulos/{moved}/eliminacion", data={"reemplazo": named})
    assert answer.location == "/editor"
    target = "/preguntas/otra" if named else "/preguntas/categoria/correo"
    assert [leads(client, slug) for slug in ("uno", "dos", "tres")] == [(301, target)] * 3


def test_deleting_for_a_successor_that_is_none_deletes_nothing(
    app: Flask, cast: Cast, moved: int
) -> None:
    steps.archive_article(actor=cast.elena, article_id=moved, now=LATER)
    editor = cast.sign_in(app, cast.elena)
    for named in ("no-existe", "tres"):
        path = f"/editor/articulos/{moved}/eliminacion"
        page = editor.post(path, data={"reemplazo": named}, follow_redirects=True).text
        assert "No se eliminó nada" in page
        assert f"«{named}»" in page
    assert stored(moved).slug == "tres"


def test_a_vote_from_a_page_that_was_open_meanwhile_counts(
    client: FlaskClient, cast: Cast, moved: int
) -> None:
    answer = client.post("/preguntas/uno/valoraciones", data={"util": "si"})
    assert answer.location == "/preguntas/tres"
    assert queries.useful_votes(moved) == 1


def test_a_folder_with_the_former_address_changes_the_article_that_moved(
    client: FlaskClient, cast: Cast, moved: int, tmp_path: Path
) -> None:
    write(tmp_path, "uno.md", file_text("uno", "Texto del archivo."))
    assert counts(run(tmp_path)) == (0, 1, 0, 0)
    assert counts(run(tmp_path)) == (0, 0, 1, 0)
    assert (stored(moved).slug, stored(moved).body) == ("tres", "Texto del archivo.")
    assert leads(client, "uno") == (301, "/preguntas/tres")


def test_the_page_changes_an_address_and_says_what_is_wrong_with_one(
    app: Flask, cast: Cast, moved: int
) -> None:
    editor, own = cast.sign_in(app, cast.elena), f"/editor/articulos/{moved}"
    assert editor.post(f"{own}/direccion", data={"direccion": "cuatro"}).status_code == 303
    page = editor.get(f"{own}/fechas").text
    for former in ("uno", "dos", "tres"):
        assert f"/preguntas/{former}<" in page
    for bad in ("", "Mala Dirección", "buscar", "x" * 300):
        answer = editor.post(f"{own}/direccion", data={"direccion": bad})
        assert answer.status_code == 422
        assert 'href="#direccion"' in answer.text
        assert bad in answer.text
    assert stored(moved).slug == "cuatro"


def test_a_category_that_moves_leads_on_and_an_import_finds_it(
    app: Flask, client: FlaskClient, cast: Cast, shelf: int, tmp_path: Path
) -> None:
    write(tmp_path, "uno.md", file_text("uno", "Texto."))
    run(tmp_path)
    editor = cast.sign_in(app, cast.elena)
    form = {"nombre": "Correo", "descripcion": "", "posicion": "1", "direccion": "buzones"}
    assert editor.post("/editor/categorias/correo", data=form).status_code == 303
    answer = client.get("/preguntas/categoria/correo")
    assert (answer.status_code, answer.location) == (301, "/preguntas/categoria/buzones")
    assert counts(run(tmp_path)) == (0, 0, 1, 0)
    assert {one.slug for one in queries.categories()} == {
        "buzones", "dominios-dns", "servidores-vps", "facturacion-pagos",
    }  # fmt: skip
    taken = editor.post("/editor/categorias/buzones", data=form | {"direccion": "dominios-dns"})
    assert (taken.status_code, "ya tiene esa dirección" in taken.text) == (422, True)
    put = categories.put_category(
        actor=None, slug="correo", name="Correo", description="", now=LATER
    )
    assert put == shelf
