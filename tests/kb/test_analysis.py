"""Words: what a customer types has to meet what an article says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.analysis import (
    MAX_WORD,
    fold,
    is_courtesy,
    is_stop,
    known_language,
    normalise,
    stem,
    tokens,
)

MEETING = """
    configuracion/configuración configurar/configuración configurar/configurando
    correo/correos contraseña/contraseñas contrasena/contraseña dominio/dominios
    renovar/renovación renovar/renovaciones factura/facturas facturar/facturación
    instalar/instalación instalar/instalado instalacion/instalaciones migrar/migración
    migracion/migraciones servidor/servidores caido/caída caída/caídas lento/lenta
    lento/lentos cancelar/cancelación cancelé/cancelar bloqueado/bloqueada
    bloquear/bloqueado garantia/garantías envío/envíos envio/envío enviar/enviado
    error/errores página/páginas pagina/páginas web/webs cuenta/cuentas
    respaldo/respaldos restaurar/restauración certificado/certificados
    vencido/vencida pago/pagos activar/activación borrar/borrado
    actualizar/actualización alojamiento/alojamientos teléfono/telefono
    registrar/registro usuario/usuarios buzón/buzones buzon/buzones
    imagen/imágenes origen/orígenes crear/creación verificar/verificacion
    suspensión/suspension conexión/conexiones notificar/notificaciones plugin/plugins backup/backups
    CONTRASEÑA/contraseña
"""

APART = "correo/corte no/sin pago/página disco/discurso servidor/servicio"

FORMS = {
    "dominio.pe": ("dominio.pe", "dominio", "pe"),
    "wp-config.php": ("wp-config.php", "wp", "config.php", "config", "php"),
    "e-mail": ("e-mail", "email", "mail"),
    ".htaccess": (".htaccess", "htaccess"),
    "C++": ("c++",),
    "c#": ("c#",),
    "192.168.1.10": ("192.168.1.10",),
    "juan@dominio.pe": ("juan@dominio.pe", "juan", "dominio.pe", "dominio", "pe"),
    "wp_options": ("wp_options", "wp", "options"),
    "5.7.1-12": ("5.7.1-12", "5.7.1", "12"),
    "node.js": ("node.js", "node", "js"),
    "502": ("502",),
}


@pytest.mark.parametrize("pair", MEETING.split())
def test_stem_meets_other_form(pair: str) -> None:
    one, other = pair.split("/")
    assert stem(fold(one)) == stem(fold(other))


@pytest.mark.parametrize("pair", APART.split())
def test_stem_keeps_different_words_apart(pair: str) -> None:
    one, other = pair.split("/")
    assert stem(fold(one)) != stem(fold(other))


@pytest.mark.parametrize(
    "pair", ["restore/restoring", "backup/backups", "password/passwords", "invoice/invoices"]
)
def test_stem_of_english_meets_other_form(pair: str) -> None:
    one, other = pair.split("/")
    assert stem(one, "en") == stem(other, "en")


@pytest.mark.parametrize("word", ["502", "php8", "dominio.pe", "c++", "pe"])
def test_stem_leaves_names_and_numbers(word: str) -> None:
    assert stem(word) == word


@pytest.mark.parametrize(("written", "forms"), FORMS.items())
def test_tokens_keep_the_whole_and_the_parts(written: str, forms: tuple[str, ...]) -> None:
    assert [token.forms for token in tokens(fold(written))] == [forms]


def test_tokens_leave_punctuation_out() -> None:
    text = "¿«Error» 502, en (dominio.pe)? — ¡Sí!..."
    assert [token.word for token in tokens(fold(text))] == [
        "error", "502", "en", "dominio.pe", "si",
    ]  # fmt: skip


def test_tokens_stand_where_the_text_has_them() -> None:
    text = "La Configuración del e-mail"
    assert [text[token.start : token.end] for token in tokens(fold(text))] == text.split()


def test_tokens_cut_what_is_no_word() -> None:
    assert [token.word for token in tokens("a" * 100_000)] == ["a" * MAX_WORD]


def test_stop_words_keep_no_and_sin() -> None:
    words = fold("no llega el correo sin demora").split()
    assert [word for word in words if not is_stop(word)] == [
        "no", "llega", "correo", "sin", "demora",
    ]  # fmt: skip


def test_stop_words_belong_to_their_language() -> None:
    assert (is_stop("the", "en"), is_stop("the", "es")) == (True, False)


def test_courtesy_is_told_from_matter() -> None:
    letter = fold("Buenos días por favor mi página cayó gracias")
    assert [word for word in letter.split() if not is_courtesy(word) and not is_stop(word)] == [
        "pagina", "cayo",
    ]  # fmt: skip


def test_known_language_falls_back_to_spanish() -> None:
    assert [known_language(tag) for tag in ("es-PE", "en", "EN-us", "fr", "")] == [
        "es", "en", "en", "es", "es",
    ]  # fmt: skip


def test_fold_takes_accents_in_any_composition() -> None:
    assert fold(normalise("Contrasen\u0303a")) == fold("CONTRASEÑA") == "contrasena"


@given(st.text())
def test_fold_keeps_the_length_and_settles(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


@given(st.text(max_size=300))
def test_tokens_accept_any_text(text: str) -> None:
    folded = fold(normalise(text))
    for token in tokens(folded):
        assert all(token.forms)
        assert all(stem(form, lang) for form in token.forms for lang in ("es", "en"))
