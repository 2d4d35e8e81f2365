"""When several searches in a row are one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kb.searches.intent import Asked, Step, step
from kb.searches.keys import folded, key_of, query_of, stems_of

AT = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)


def asked(words: str, seconds: int = 0, *, opened: bool = False) -> Asked:
    return Asked(folded(words), stems_of(words, "es"), AT + timedelta(seconds=seconds), opened)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (None, asked("correo"), Step.NEW),
        (asked("corr"), asked("correo lleno", 29), Step.SAME),
        (asked("correo lleno"), asked("correo", 29), Step.SAME),
        (asked("corr"), asked("correo lleno", 31), Step.REWORDED),
        (asked("correo lleno"), asked("buzón lleno", 120), Step.REWORDED),
        (asked("correo lleno"), asked("factura", 120), Step.REWORDED),
        (asked("correo lleno", opened=True), asked("factura", 120), Step.NEW),
        (asked("correo lleno", opened=True), asked("buzón lleno", 120), Step.REWORDED),
        (asked("correo lleno"), asked("factura", 601), Step.NEW),
        (asked("llenar el correo"), asked("correo lleno", 1700), Step.SAME),
        (asked("correo lleno"), asked("correo lleno", 1801), Step.NEW),
        (asked("correo", 10), asked("otra cosa"), Step.NEW),
    ],
)
def test_step_tells_one_intention_from_another(
    before: Asked | None, now: Asked, expected: Step
) -> None:
    assert step(before, now) is expected


def test_key_is_the_same_for_other_forms_and_orders_of_the_same_words() -> None:
    key = key_of("¿Cómo configurar el correo?", "es")
    assert key_of("hola, configuración de correos por favor", "es") == key
    assert key_of("correo", "es") != key
    assert key_of("no llega correo", "es") != key_of("llega correo", "es")


def test_key_of_words_that_mean_nothing_is_their_own_and_of_signs_is_none() -> None:
    assert key_of("hola", "es") == "hol"
    assert key_of("de la", "es") != ""
    assert key_of("🙂 ?!*", "es") == ""


def test_key_keeps_what_was_masked_apart_from_the_word() -> None:
    assert key_of("abrir [dominio]", "es") != key_of("abrir dominio", "es")
    assert len(key_of(" ".join(f"palabra{n}" for n in range(90)), "es")) <= 200


@pytest.mark.parametrize(
    ("referer", "words"),
    [
        ("http://localhost/preguntas/buscar?q=buz%C3%B3n+lleno&pagina=2", "buzón lleno"),
        ("http://otro.example/preguntas/buscar?q=lleno", ""),
        ("http://localhost/preguntas/uno?q=lleno", ""),
        ("http://localhost/preguntas/buscar", ""),
        ("http://[mal", ""),
        ("http://localhost/preguntas/buscar?" + "&".join(f"a{n}=1" for n in range(50)), ""),
        ("", ""),
    ],
)
def test_only_our_own_results_tell_what_was_searched(referer: str, words: str) -> None:
    assert query_of(referer, "localhost") == words
