"""The editor's trials on both databases: written, tried, accepted, spoiled, mended."""

from __future__ import annotations

import io
import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core import clock, outbox
from core.db import db
from core.models import AuditEntry
from kb import actions as articles
from kb.learning.editing import add_words
from kb.trials import actions, policy, queries
from kb.trials.actions import RUN_JOB, TrialText
from kb.trials.models import Trial, TrialArticle
from kb.trials.policy import Change, Kind
from tests.cast import START, Cast
from tests.kb.articles import index_everything
from tests.kb.counting import statements

SPAM, FULL = "correo-en-spam", "no-recibo-correos"


@pytest.fixture
def ids(indexed: dict[str, int]) -> dict[str, int]:
    return indexed


@pytest.fixture
def elena(app: Flask, cast: Cast) -> FlaskClient:
    return cast.sign_in(app, cast.elena)


def trial(cast: Cast, question: str, *expected: int, kind: Kind = Kind.SEARCH) -> int:
    text = TrialText(kind, question, expected)
    return actions.save_trial(actor=cast.elena, text=text, now=START)


def stands() -> dict[str, tuple[int | None, str]]:
    db.session.rollback()
    return {s.trial.question: (s.place, s.change.value) for s in queries.standing().stands}


def post(client: FlaskClient, path: str, **form: object) -> int:
    status = client.post(f"/editor/pruebas{path}", data=form).status_code
    db.session.rollback()
    return status


def test_a_question_is_tried_as_a_visitor_asks_it(cast: Cast, ids: dict[str, int]) -> None:
    trial(cast, "buzón lleno", ids[FULL])
    trial(cast, "zzzz", ids[FULL])
    trial(cast, "mi disco lleno", ids[FULL], ids["disco-lleno"])
    trial(cast, "Hola, el buzón está lleno y no recibo correos", ids[FULL], kind=Kind.TICKET)
    assert stands() == {
        "buzón lleno": (1, "nueva"),
        "zzzz": (None, "nueva"),
        "mi disco lleno": (1, "nueva"),
        "Hola, el buzón está lleno y no recibo correos": (1, "nueva"),
    }


def test_what_a_change_spoils_is_seen_at_once(
    app: Flask, cast: Cast, elena: FlaskClient, ids: dict[str, int]
) -> None:
    trial(cast, "rebotan", ids[SPAM])
    trial(cast, "buzón lleno", ids[FULL])
    assert post(elena, "/aceptacion") == 303
    assert stands() == {"rebotan": (None, "igual"), "buzón lleno": (1, "igual")}
    add_words(actor=cast.elena, article_id=ids[SPAM], words={"rebot": "rebotan"}, now=START)
    articles.archive_article(actor=cast.elena, article_id=ids[FULL], now=START)
    index_everything(app)
    assert stands()["rebotan"] == (1, "mejoro")
    place, change = stands()["buzón lleno"]
    assert (policy.passes(place), change) == (False, "empeoro")
    page = elena.get("/editor/pruebas").text
    assert "1 prueba empeoró" in page
    assert "(no publicado)" in page
    assert post(elena, "/aceptacion") == 303
    assert {change for _, change in stands().values()} == {"igual"}


def test_a_changed_question_forgets_what_was_accepted(
    cast: Cast, elena: FlaskClient, ids: dict[str, int]
) -> None:
    trial_id = trial(cast, "buzón lleno", ids[FULL])
    post(elena, "/aceptacion")
    changed = {"clase": "busqueda", "pregunta": "disco lleno", "articulo": "disco-lleno"}
    assert post(elena, f"/{trial_id}", **changed) == 303
    assert stands() == {"disco lleno": (1, "nueva")}


def test_the_same_question_is_kept_once(cast: Cast, ids: dict[str, int]) -> None:
    first = trial(cast, "buzón lleno", ids[FULL])
    assert trial(cast, "buzón lleno", ids[SPAM]) == first
    assert trial(cast, "buzón lleno", ids[FULL], kind=Kind.TICKET) != first


def test_the_form_offers_what_is_found_and_keeps_what_was_typed(
    elena: FlaskClient, ids: dict[str, int]
) -> None:
    page = elena.get("/editor/pruebas/nueva?q=buz%C3%B3n+lleno").text
    assert 'value="no-recibo-correos"' in page
    form = {"clase": "ticket", "pregunta": "Mi buzón <b>", "direcciones": "/preguntas/no-existe"}
    page = elena.post("/editor/pruebas/nueva", data=form)
    assert page.status_code == 422
    assert "no-existe." in page.text
    assert "Mi buzón &lt;b&gt;" in page.text
    good = {**form, "direcciones": "http://localhost/preguntas/no-recibo-correos"}
    assert post(elena, "/nueva", **good, accion="buscar") == 200
    assert stands() == {}
    assert post(elena, "/nueva", **good) == 303
    assert list(stands()) == ["Mi buzón <b>"]


@pytest.mark.parametrize(
    "form",
    [
        {"clase": "otra", "pregunta": "buzón", "articulo": FULL},
        {"clase": "busqueda", "pregunta": "¿?", "articulo": FULL},
        {"clase": "busqueda", "pregunta": "x" * 201, "articulo": FULL},
        {"clase": "ticket", "pregunta": "x " * 3000, "articulo": FULL},
        {"clase": "busqueda", "pregunta": "buzón", "articulo": ["x" * 9000, "' OR 1=1"]},
        {"clase": "busqueda", "pregunta": "buzón", "direcciones": "a " * 4000},
        {"clase": "busqueda", "pregunta": "buzón"},
    ],
)
def test_a_bad_form_is_refused_and_stores_nothing(
    elena: FlaskClient, ids: dict[str, int], form: dict[str, object]
) -> None:
    assert post(elena, "/nueva", **form) == 422
    assert stands() == {}


def test_there_are_so_many_questions_and_no_more(
    cast: Cast, ids: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_TRIALS", 2)
    texts = [TrialText(Kind.SEARCH, f"pregunta {n}", [ids[FULL]]) for n in range(3)]
    with pytest.raises(actions.TooMany):
        actions.import_trials(actor=cast.elena, texts=texts, now=START)
    assert stands() == {}
    actions.import_trials(actor=cast.elena, texts=texts[:2], now=START)
    with pytest.raises(actions.TooMany):
        trial(cast, "una más", ids[FULL])


def test_many_questions_are_tried_by_the_outbox(
    app: Flask, cast: Cast, elena: FlaskClient, ids: dict[str, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(policy, "QUICK", 2)
    for question in ("buzón lleno", "disco lleno", "llaves ssh"):
        trial(cast, question, ids[FULL])
    assert {change for _, change in stands().values()} == {"pendiente"}
    assert "3 pruebas por hacer" in elena.get("/editor/pruebas").text
    assert post(elena, "/aceptacion") == 303
    assert {change for _, change in stands().values()} == {"pendiente"}
    assert [post(elena, "/ejecucion"), post(elena, "/ejecucion")] == [303, 303]
    assert outbox.pending([RUN_JOB]) == 1
    assert "Se están haciendo" in elena.get("/editor/pruebas").text
    outbox.drain(clock.now(), kinds=[RUN_JOB])
    assert {change for _, change in stands().values()} == {"nueva"}
    post(elena, "/aceptacion")
    assert {change for _, change in stands().values()} == {"igual"}


def test_the_list_costs_the_same_with_many_questions(
    cast: Cast, elena: FlaskClient, ids: dict[str, int]
) -> None:
    counts = []
    for wanted in (1, 30):
        for number in range(wanted):
            trial(cast, f"buzón lleno {number}", ids[FULL], ids[SPAM])
        elena.get("/editor/pruebas")
        with statements() as seen:
            elena.get("/editor/pruebas")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_file_is_exported_and_imported_without_repeating(
    cast: Cast, elena: FlaskClient, ids: dict[str, int]
) -> None:
    trial(cast, "buzón lleno", ids[FULL], ids[SPAM])
    post(elena, "/aceptacion")
    content = elena.get("/editor/pruebas/pruebas.csv").data
    assert content.decode("utf-8-sig").splitlines()[1].startswith('"busqueda","buzón lleno",')

    def send(data: bytes) -> int:
        return post(elena, "/importacion", archivo=(io.BytesIO(data), "p.csv"))

    assert send(content) == 303
    assert stands() == {"buzón lleno": (1, "igual")}
    assert send(content + b'"ticket","no llega","no-existe"\r\n') == 422
    assert send(content + b'"ticket","no llega","no-recibo-correos"\r\n') == 303
    assert len(stands()) == 2


@pytest.mark.parametrize("data", [b"", b"\x00\x00", b"\xff", b"x" * 1_500_000, b'"abierta'])
def test_a_file_that_is_none_is_refused(elena: FlaskClient, cast: Cast, data: bytes) -> None:
    page = elena.post("/editor/pruebas/importacion", data={"archivo": (io.BytesIO(data), "p.csv")})
    assert page.status_code == 422
    assert elena.post("/editor/pruebas/importacion", data={"archivo": "x"}).status_code == 422


def test_deleting_an_article_leaves_a_question_that_fails(
    app: Flask, cast: Cast, elena: FlaskClient, ids: dict[str, int]
) -> None:
    trial_id = trial(cast, "buzón lleno", ids[FULL])
    articles.archive_article(actor=cast.elena, article_id=ids[FULL], now=START)
    articles.delete_article(actor=cast.elena, article_id=ids[FULL], now=START)
    index_everything(app)
    assert stands()["buzón lleno"][0] is None
    assert "El artículo ya no existe" in elena.get("/editor/pruebas").text
    assert post(elena, f"/{trial_id}/eliminacion") == 303
    assert db.session.scalar(select(func.count()).select_from(TrialArticle)) == 0
    assert db.session.scalar(select(func.count()).select_from(Trial)) == 0
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.data) == ("trial.deleted", {"question": "buzón lleno"})


def test_only_editors_are_offered_to_keep_a_search(
    app: Flask, cast: Cast, client: FlaskClient, elena: FlaskClient, ids: dict[str, int]
) -> None:
    for words in ("buz%C3%B3n", "zzzz"):
        path = f"/preguntas/buscar?q={words}"
        assert re.search(r"/editor/pruebas/nueva\?q=", elena.get(path).text)
        for other in (client, cast.sign_in(app, cast.diego)):
            assert "/editor/pruebas" not in other.get(path).text


def test_the_command_fails_when_something_got_worse(
    app: Flask, cast: Cast, elena: FlaskClient, ids: dict[str, int]
) -> None:
    run = app.test_cli_runner().invoke
    trial(cast, "buzón lleno", ids[FULL])
    first = run(args=["kb", "bench"])
    assert (first.exit_code, first.output.splitlines()[0].split()[:3]) == (0, ["ok", "1", "new"])
    post(elena, "/aceptacion")
    assert run(args=["kb", "bench"]).exit_code == 0
    articles.archive_article(actor=cast.elena, article_id=ids[FULL], now=START)
    index_everything(app)
    worse = run(args=["kb", "bench", "--json"])
    told = json.loads(worse.output)
    assert (worse.exit_code, told["worse"], told["passing"]) == (1, 1, 0)
    assert told["results"][0]["change"] == Change.WORSE.name.lower()
    assert run(args=["kb", "bench", "--nada"]).exit_code == 2
