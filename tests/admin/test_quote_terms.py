"""What an administrator sets for quotes."""

from __future__ import annotations

from flask import Flask

from core.db import db
from quotes import terms
from tests.cast import Cast
from tests.databases import one_database

PAGE = "/admin/ajustes/cotizaciones"


def form(**changes: str) -> dict[str, str]:
    return {
        "igv": "10.5 %", "razon_social": "Redes del Sur S.A.C.", "ruc": "20-10007097-0",
        "direccion": "Av. Arequipa 1", "pago": "BCP", "dias": "20",
        "condiciones": "Pago adelantado.",
    } | changes  # fmt: skip


@one_database
def test_terms_are_stored_as_they_are_read(app: Flask, cast: Cast) -> None:
    gloria = cast.sign_in(app, cast.gloria)
    assert gloria.post(PAGE, data=form()).status_code == 303
    assert terms.load() == terms.Terms(
        tax_points=1050, legal_name="Redes del Sur S.A.C.", ruc="20100070970",
        address="Av. Arequipa 1", payment="BCP", valid_days=20, conditions="Pago adelantado.",
    )  # fmt: skip
    assert 'value="20100070970"' in gloria.get(PAGE).text
    assert gloria.post(PAGE, data=form(ruc="")).status_code == 303
    db.session.rollback()
    assert terms.load().ruc == ""


@one_database
def test_terms_that_are_wrong_are_refused_and_nothing_typed_is_lost(app: Flask, cast: Cast) -> None:
    before = terms.load()
    gloria = cast.sign_in(app, cast.gloria)
    for wrong in ({"ruc": "20100070971"}, {"igv": "101 %"}, {"igv": "18,5"}, {"dias": "0"}):
        page = gloria.post(PAGE, data=form(**wrong))
        assert page.status_code == 422
        assert f'value="{next(iter(wrong.values()))}"' in page.text
    db.session.rollback()
    assert terms.load() == before
