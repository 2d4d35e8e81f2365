"""The screen a technician works on: forms that cannot be confused, a history with names."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from core.tokens import new_token
from tests.cast import Cast
from tests.tickets.builders import answered, filed, taken
from tickets.handling import Then


def main_of(page: str) -> str:
    return page.split("<main", 1)[1].split("</main>", 1)[0]


def box(page: str, name: str) -> str:
    """What a textarea holds."""
    found = re.search(rf'<textarea[^>]*id="{name}"[^>]*>\s*([^<]*)</textarea>', page)
    assert found, name
    return found.group(1).strip()


@pytest.mark.parametrize("path", ["/mesa/tickets/{}", "/tickets/{}"])
def test_no_two_things_of_the_page_have_one_id(app: Flask, cast: Cast, path: str) -> None:
    number = filed(cast.ana)
    taken(cast.diego)
    reader = cast.diego if path.startswith("/mesa") else cast.ana
    for _ in range(2):
        ids = re.findall(r' id="([^"]+)"', cast.sign_in(app, reader).get(path.format(number)).text)
        assert sorted(ids) == sorted(set(ids))
        if _ == 0:
            answered(number, cast.diego, Then.RESOLVE)


def test_an_empty_note_leads_to_its_own_box_and_never_to_the_reply(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    taken(cast.diego)
    page = cast.sign_in(app, cast.diego).post(f"/mesa/tickets/{number}/notas", data={"texto": " "})
    assert page.status_code == 422
    summary = page.text.split('role="alert"', 1)[1].split("</ul>", 1)[0]
    assert re.findall(r'href="#([^"]+)"', summary) == ["nota-texto"]
    assert 'aria-describedby="nota-texto-error nota-texto-ayuda"' in page.text


@pytest.mark.parametrize("side", ["desk", "customer"])
def test_a_reason_that_is_refused_stays_in_its_own_box(app: Flask, cast: Cast, side: str) -> None:
    number = filed(cast.ana)
    taken(cast.diego)
    answered(number, cast.diego, Then.RESOLVE)
    person, address = {
        "desk": (cast.diego, f"/mesa/tickets/{number}/reapertura"),
        "customer": (cast.ana, f"/tickets/{number}/reapertura"),
    }[side]
    reason = "Vuelve a fallar. " * 1500
    page = cast.sign_in(app, person).post(address, data={"texto": reason})
    assert page.status_code == 422
    summary = page.text.split('role="alert"', 1)[1].split("</ul>", 1)[0]
    assert re.findall(r'href="#([^"]+)"', summary) == ["motivo"]
    assert box(page.text, "motivo") == reason.strip()
    assert re.search(r'<details class="fold" open>\s*<summary>[^<]*[Rr]eabrir', page.text)
    if side == "desk":
        assert box(page.text, "nota-texto") == ""


def test_the_history_names_who_did_what_to_the_desk_alone(app: Flask, cast: Cast) -> None:
    number = filed(cast.ana)
    taken(cast.diego)
    answered(number, cast.diego, Then.WAIT)
    cast.sign_in(app, cast.dora).post(
        f"/mesa/tickets/{number}/notas", data={"texto": "Ojo", "formulario": new_token()}
    )

    def history(page: str) -> list[str]:
        listed = main_of(page).split('id="historia"', 1)[1]
        lines = re.findall(r"<li>(.*?) <span", listed, re.S)
        return [" ".join(line.split()) for line in lines]

    assert history(cast.sign_in(app, cast.diego).get(f"/mesa/tickets/{number}").text) == [
        "Abrió el ticket · Ana Quispe",
        "Autorizó el acceso al servidor · Ana Quispe",
        "Lo tomó · Diego Vargas",
        "Respondió y espera al cliente · Diego Vargas",
        "Dejó una nota interna · Dora Luna",
    ]
    assert history(cast.sign_in(app, cast.ana).get(f"/tickets/{number}").text) == [
        "Se abrió el ticket",
        "Se autorizó el acceso al servidor",
        "Lo tomó un técnico",
        "El equipo técnico espera su respuesta",
    ]
