"""The mail server that administrators name: its password goes to it alone, and is never shown."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock, mail_account, outbox
from core.db import db
from core.models import AuditEntry, Job, Mail, Setting
from tests.accounts.mailbox import news_of
from tests.cast import Cast
from tests.core.worker import Mailbox, free_port
from tests.databases import one_database

PASSWORD = "Cangrejo-77-azul"
ANSWER = {
    "servidor": "localhost",
    "puerto": "2525",
    "cifrado": "starttls",
    "usuario": "soporte",
    "clave": PASSWORD,
    "remitente": "Soporte de Ñandú",
    "correo": "soporte@nandu.example",
}
PAGE = "/admin/correo"


@pytest.fixture
def gloria(app: Flask, cast: Cast) -> FlaskClient:
    """Gloria, where MAIL_URL does not decide."""
    app.config["SITE"] = replace(app.config["SITE"], mail_is_fixed=False)
    return cast.sign_in(app, cast.gloria)


def stored() -> mail_account.MailAccount | None:
    db.session.rollback()
    return mail_account.load()


def everything_stored() -> str:
    db.session.rollback()
    settings = db.session.scalars(select(Setting.value)).all()
    entries = db.session.execute(select(AuditEntry.action, AuditEntry.data)).all()
    return f"{settings} {entries}"


def test_server_is_stored_and_its_password_nowhere_to_be_read(gloria: FlaskClient) -> None:
    done = gloria.post(PAGE, data=ANSWER)
    assert (done.status_code, done.location) == (303, PAGE)
    account = stored()
    assert account is not None
    assert account.server().password == PASSWORD
    page = gloria.get(PAGE).text
    assert 'value="soporte"' in page
    assert "Hay una guardada" in page
    for text in (page, everything_stored(), gloria.get("/admin").text):
        assert PASSWORD not in text
    assert account.password not in page
    assert account.password not in str(
        db.session.scalars(select(AuditEntry.data).order_by(AuditEntry.id)).all()
    )


def test_empty_password_keeps_the_stored_one_for_the_same_server(gloria: FlaskClient) -> None:
    gloria.post(PAGE, data=ANSWER)
    same = {**ANSWER, "clave": "", "remitente": "Otro nombre", "servidor": "LOCALHOST."}
    assert gloria.post(PAGE, data=same).status_code == 303
    account = stored()
    assert account is not None
    assert (account.sender_name, account.server().password) == ("Otro nombre", PASSWORD)


@pytest.mark.parametrize(
    "change",
    [
        {"servidor": "otro.example"},
        {"puerto": "2526"},
        {"cifrado": "tls"},
        {"usuario": "otro"},
    ],
)
def test_stored_password_goes_nowhere_else(gloria: FlaskClient, change: dict[str, str]) -> None:
    gloria.post(PAGE, data=ANSWER)
    before = stored()
    refused = gloria.post(PAGE, data={**ANSWER, **change, "clave": ""})
    assert refused.status_code == 422
    assert "no se usa la guardada" in refused.text
    for typed in change.values():
        assert f'value="{typed}"' in refused.text
    assert stored() == before
    assert gloria.post(PAGE, data={**ANSWER, **change}).status_code == 303


def test_way_round_by_a_server_without_user_does_not_keep_the_password(gloria: FlaskClient) -> None:
    gloria.post(PAGE, data=ANSWER)
    gloria.post(PAGE, data={**ANSWER, "usuario": "", "clave": "", "servidor": "mal.example"})
    back = gloria.post(PAGE, data={**ANSWER, "clave": "", "servidor": "mal.example"})
    assert back.status_code == 422


def test_row_edited_by_hand_does_not_lead_the_password_elsewhere(gloria: FlaskClient) -> None:
    gloria.post(PAGE, data=ANSWER)
    account = stored()
    assert account is not None
    assert account.opens
    assert not replace(account, host="mal.example").opens


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"servidor": ""}, "servidor"),
        ({"servidor": "smtp://x"}, "servidor"),
        ({"servidor": "a b"}, "servidor"),
        ({"servidor": "x\r\nRCPT"}, "servidor"),
        ({"servidor": "a/b"}, "servidor"),
        ({"servidor": "-x.example"}, "servidor"),
        ({"servidor": "x" * 300}, "servidor"),
        ({"puerto": "0"}, "puerto"),
        ({"puerto": "65536"}, "puerto"),
        ({"puerto": "x"}, "puerto"),
        ({"puerto": "9" * 400}, "puerto"),
        ({"cifrado": "otro"}, "cifrado"),
        ({"cifrado": "none"}, "cifrado"),
        ({"correo": "x"}, "correo"),
        ({"correo": "a@b.pe\r\nBcc: x@y.pe"}, "correo"),
        ({"remitente": ""}, "remitente"),
        ({"clave": "x" * 501}, "clave"),
    ],
)
def test_wrong_input_is_said_beside_its_field(
    gloria: FlaskClient, wrong: dict[str, str], field: str
) -> None:
    refused = gloria.post(PAGE, data={**ANSWER, **wrong})
    assert refused.status_code == 422
    assert f'id="{field}-error"' in refused.text
    assert stored() is None
    assert PASSWORD not in refused.text


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "smtp.empresa.pe", "mail_1.red"])
def test_plain_hosts_are_taken(gloria: FlaskClient, host: str) -> None:
    assert gloria.post(PAGE, data={**ANSWER, "servidor": host}).status_code == 303


def test_variable_decides_and_shows_no_password(app: Flask, cast: Cast) -> None:
    url = f"smtp://u:{PASSWORD}@mail.example:25"
    app.config["SITE"] = replace(app.config["SITE"], mail_url=url, mail_is_fixed=True)
    gloria = cast.sign_in(app, cast.gloria)
    page = gloria.get(PAGE).text
    assert "MAIL_URL" in page
    assert PASSWORD not in page
    assert 'name="servidor"' not in page
    assert gloria.post(PAGE, data=ANSWER).status_code == 404
    assert stored() is None


def test_forgetting_the_server_wipes_its_password(gloria: FlaskClient) -> None:
    gloria.post(PAGE, data=ANSWER)
    for _ in range(2):
        assert gloria.post(f"{PAGE}/olvido").status_code == 303
    assert stored() is None


class Keeper(Mailbox):
    """Lets in who knows the password."""

    password = PASSWORD

    def __call__(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> Any:
        knows = isinstance(data, LoginPassword) and data == LoginPassword(
            b"soporte", self.password.encode()
        )
        return AuthResult(success=knows, handled=False)


def certificate(folder: Path, name: str) -> ssl.SSLContext:
    """A server's context whose certificate is in `<folder>/cert.pem`."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock.now() - timedelta(days=1))
        .not_valid_after(clock.now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


@contextmanager
def tls_server(folder: Path, encryption: str, name: str = "localhost") -> Iterator[Keeper]:
    box = Keeper()
    context = certificate(folder, name)
    box.port = free_port()  # type: ignore[attr-defined]
    tls: dict[str, Any] = (
        {"ssl_context": context}
        if encryption == "tls"
        else {"tls_context": context, "require_starttls": True}
    )
    controller = Controller(
        box,
        hostname="localhost",
        port=box.port,  # type: ignore[attr-defined]
        authenticator=box,
        auth_required=True,
        auth_require_tls=encryption != "tls",
        **tls,
    )
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def after_a_test(gloria: FlaskClient, box: Keeper, **changes: str) -> str:
    """The page after a test mail."""
    answer = {**ANSWER, "puerto": str(box.port), **changes}  # type: ignore[attr-defined]
    assert gloria.post(PAGE, data=answer).status_code == 303
    assert gloria.post(f"{PAGE}/prueba").status_code == 303
    assert "En camino" in gloria.get(PAGE).text
    outbox.drain(clock.now())
    return gloria.get(PAGE).text


@one_database
@pytest.mark.parametrize("encryption", ["starttls", "tls"])
def test_test_mail_goes_through_tls_and_sign_in(
    app: Flask, gloria: FlaskClient, tmp_path: Path, encryption: str
) -> None:
    with tls_server(tmp_path, encryption) as box:
        app.extensions["mail_tls"] = ssl.create_default_context(cafile=tmp_path / "cert.pem")
        page = after_a_test(gloria, box, cifrado=encryption)
    assert "Enviado" in page
    (got,) = box.mails
    assert (got["To"], str(got["From"])) == (
        "gloria@example.com",
        "Soporte de Ñandú <soporte@nandu.example>",
    )
    assert "Prueba de correo" in got["Subject"]
    assert news_of(got).startswith("Hola")


@one_database
@pytest.mark.parametrize("name", ["localhost", "otra.example"])
def test_certificate_that_does_not_hold_ends_it(
    app: Flask, gloria: FlaskClient, tmp_path: Path, name: str
) -> None:
    """Of nobody we trust; of somebody else."""
    app.extensions.pop("mail_tls", None)
    with tls_server(tmp_path, "tls", name) as box:
        if name != "localhost":
            app.extensions["mail_tls"] = ssl.create_default_context(cafile=tmp_path / "cert.pem")
        page = after_a_test(gloria, box, cifrado="tls")
    assert box.mails == []
    assert "El certificado del servidor no es válido." in page
    assert outbox.failed() == 1


@one_database
def test_wrong_password_is_said_in_the_words_of_the_server(
    app: Flask, gloria: FlaskClient, tmp_path: Path
) -> None:
    with tls_server(tmp_path, "starttls") as box:
        app.extensions["mail_tls"] = ssl.create_default_context(cafile=tmp_path / "cert.pem")
        page = after_a_test(gloria, box, clave="otra")
    assert box.mails == []
    assert "El servidor no aceptó el usuario o la clave." in page
    assert "535 5.7.8" in page
    assert "otra" not in db.session.scalars(select(Mail.last_error)).one().split()


def test_password_of_another_key_is_said_and_mails_wait(app: Flask, gloria: FlaskClient) -> None:
    gloria.post(PAGE, data=ANSWER)
    gloria.post(f"{PAGE}/prueba")
    account = stored()
    assert account is not None
    from core.db import transaction

    with transaction() as session:
        row = session.get_one(Setting, "mail.account")
        row.value = {**row.value, "password": "AQ=="}
    page = gloria.get(PAGE).text
    assert "La clave guardada ya no se puede leer" in page
    outbox.drain(clock.now())
    assert "escríbala otra vez" in gloria.get(PAGE).text


def test_button_pressed_twice_sends_one_test(gloria: FlaskClient) -> None:
    for _ in range(2):
        assert gloria.post(f"{PAGE}/prueba").status_code == 303
    assert len(db.session.scalars(select(Job).where(Job.kind == "admin.mail_test")).all()) == 1


@one_database
def test_password_with_accents_is_sent_as_it_was_written(
    app: Flask, gloria: FlaskClient, tmp_path: Path
) -> None:
    with tls_server(tmp_path, "starttls") as box:
        app.extensions["mail_tls"] = ssl.create_default_context(cafile=tmp_path / "cert.pem")
        assert "El servidor no aceptó" in after_a_test(gloria, box, clave="Ñandú-9")
        box.password = "Ñandú-9"
        page = after_a_test(gloria, box, clave="Ñandú-9")
    assert "Enviado" in page
    assert len(box.mails) == 1
