"""Articles of the tests: small, in Spanish, written for one query each."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from flask import Flask

from accounts.permissions import Actor
from core import clock, outbox
from core.db import db, transaction
from kb import actions, categories
from kb.actions import ArticleText
from kb.models import Article, Category

WRITTEN = datetime(2026, 3, 1, 15, 0, tzinfo=UTC)

CATEGORIES = {
    "correo": ("Correo electrónico", "Enviar y recibir sin problemas."),
    "dominios-dns": ("Dominios y DNS", "Registrar, renovar y apuntar su dominio."),
    "servidores-vps": ("Servidores y VPS", ""),
    "facturacion-pagos": ("Facturación y pagos", ""),
}

#: slug: (category, title, body)
ARTICLES = {
    "no-recibo-correos": (
        "correo",
        "No recibo correos",
        "Revise si el buzón está lleno y mire la carpeta de spam. Borre lo grande.",
    ),
    "configurar-correo-celular": (
        "correo",
        "Configurar el correo en el celular",
        "Use IMAP con el puerto 993 y SMTP con el puerto 465.",
    ),
    "cambiar-contrasena-correo": (
        "correo",
        "Cambiar la contraseña de una cuenta de correo",
        "Abra Configuración en el webmail y escriba la contraseña nueva dos veces.",
    ),
    "correo-en-spam": (
        "correo",
        "Mis mensajes caen en spam",
        "Publique los registros SPF, DKIM y DMARC de su dominio.",
    ),
    "firma-de-correo": (
        "correo",
        "Poner una firma en sus mensajes",
        "En el webmail abra Identidades y escriba la firma.",
    ),
    "renovar-dominio-pe": (
        "dominios-dns",
        "Renovar un dominio .pe",
        "Pague la renovación antes del vencimiento. Vencido, deja de funcionar.",
    ),
    "apuntar-dominio": (
        "dominios-dns",
        "Apuntar un dominio a su hosting",
        "Cambie los servidores de nombres o el registro A en la zona DNS.",
    ),
    "transferir-dominio": (
        "dominios-dns",
        "Transferir un dominio",
        "Pida el código de transferencia y desbloquee el dominio.",
    ),
    "servidor-lento": (
        "servidores-vps",
        "Mi servidor está lento",
        "Mida primero la carga con uptime. Después mire la memoria y el disco.",
    ),
    "disco-lleno": (
        "servidores-vps",
        "El disco del servidor está lleno",
        "Busque los archivos grandes con du y borre respaldos viejos.",
    ),
    "llaves-ssh": (
        "servidores-vps",
        "Entrar con llaves SSH",
        "Genere una llave con ssh-keygen y cópiela con ssh-copy-id.",
    ),
    "factura-ruc": (
        "facturacion-pagos",
        "Pedir una factura con RUC",
        "Escriba su RUC y la razón social antes de pagar.",
    ),
    "formas-de-pago": (
        "facturacion-pagos",
        "Formas de pago",
        "Acepta tarjeta, transferencia bancaria y billetera digital.",
    ),
}

LONG_BODY = "\n\n".join(
    f"## Paso {n}\n\nTexto del paso {n}.\n\n### Detalle {n}\n\nAlgo más." for n in range(1, 5)
)


def make_categories() -> dict[str, int]:
    """The shelves; ids by slug."""
    put = partial(categories.put_category, actor=None, now=WRITTEN)
    return {
        slug: put(slug=slug, name=name, description=text, position=place)
        for place, (slug, (name, text)) in enumerate(CATEGORIES.items(), 1)
    }


def make_articles(editor: Actor, *, count: int | None = None) -> dict[str, int]:
    """The articles above, published; ids by slug."""
    shelves = make_categories()
    return {
        slug: make_article(editor, slug=slug, title=title, body=body, category_id=shelves[category])
        for slug, (category, title, body) in list(ARTICLES.items())[:count]
    }


def make_article(
    editor: Actor,
    *,
    slug: str,
    category_id: int,
    title: str = "Una pregunta",
    body: str = "Una respuesta.",
    summary: str = "",
    publish: bool = True,
    lang: str = "es",
) -> int:
    text = ArticleText(
        title=title,
        slug=slug,
        category_id=category_id,
        summary=summary or f"Sobre: {title}.",
        tags=["soporte"],
        lang=lang,
        body=body,
    )
    return actions.save_article(actor=editor, text=text, publish=publish, now=WRITTEN)


def make_shelf(count: int) -> int:
    """A category with `count` short published articles, written at once; its id."""
    with transaction() as session:
        shelf = Category(slug="repuesto", name="Repuesto", description="", position=9)
        session.add(shelf)
        session.flush()
        for number in range(count):
            text = f"Repuesto número {number} del almacén"
            session.add(
                Article(
                    slug=f"repuesto-{number}",
                    category_id=shelf.id,
                    title=text,
                    summary=text,
                    body=text,
                    plain=text,
                    created_at=WRITTEN,
                    updated_at=WRITTEN,
                    published_at=WRITTEN,
                )
            )
        return shelf.id


def index_everything(app: Flask) -> None:
    """Do the index jobs that wait, as the worker would."""
    with app.app_context():
        outbox.drain(clock.now(), kinds=[actions.INDEX_JOB, actions.REBUILD_JOB])
    db.session.rollback()
