"""What an import says, in the reader's words. The English ones are those of `Refused.said`."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

SAID = {
    "front matter between two lines --- is missing": _l("falta la cabecera entre dos líneas ---"),
    "front matter is longer than %(most)d characters": _l(
        "la cabecera tiene más de %(most)d caracteres"
    ),
    "front matter is no list of fields": _l("la cabecera no es una lista de campos"),
    "broken YAML: %(why)s": _l(
        "la cabecera no se entiende: revise comillas, corchetes y dos puntos"
    ),
    "broken YAML: it cannot be read": _l("la cabecera no se entiende"),
    "%(field)s stands there twice": _l("%(field)s está dos veces"),
    "%(field)s is no text": _l("%(field)s no es un texto"),
    "%(field)s is no date like 2026-03-01: %(word)r": _l(
        "%(field)s no es una fecha como 2026-03-01: %(word)r"
    ),
    "title is missing": _l("falta el título"),
    "title is longer than %(most)d characters": _l("el título tiene más de %(most)d caracteres"),
    "category is missing": _l("falta la categoría"),
    "it leads out of the ZIP": _l("señala fuera del ZIP"),
    "the linked file %(target)s is not there": _l("el archivo enlazado %(target)s no está"),
    "category is not lower-case words with hyphens: %(word)r": _l(
        "la categoría no son palabras en minúsculas con guiones: %(word)r"
    ),
    "slug is not lower-case words with hyphens: %(word)r": _l(
        "la dirección no son palabras en minúsculas con guiones: %(word)r"
    ),
    "slug %(slug)s is also in %(other)s": _l("la dirección %(slug)s también está en %(other)s"),
    "slug belongs to an article in %(lang)s": _l(
        "la dirección es de un artículo en otro idioma (%(lang)s)"
    ),
    "tags is no list of words": _l("las etiquetas no son una lista de palabras"),
    "lang is none of %(known)s": _l("el idioma no es ninguno de estos: %(known)s"),
    "state is none of %(known)s: %(word)r": _l(
        "el estado %(word)r no es ninguno de estos: %(known)s"
    ),
    "the text is empty": _l("el texto está vacío"),
    "the text is too complex": _l("el texto es demasiado complejo"),
    "the text is longer than %(most)d characters": _l("el texto tiene más de %(most)d caracteres"),
    "categories.yaml is no list of categories": _l("categories.yaml no es una lista de categorías"),
    "is no file, or a link to nothing": _l("no es un archivo, o es un enlace roto"),
    "the file is larger than %(most)d KB": _l("el archivo tiene más de %(most)d KB"),
    "cannot be read: %(why)s": _l("no se puede leer: %(why)s"),
    "holds a NUL character": _l("no es un archivo de texto"),
    "is not UTF-8": _l("no está en UTF-8"),
    "is no folder, ZIP, JSON or CSV": _l("no es un ZIP, un JSON ni un CSV"),
    "is no JSON": _l("no es un JSON que se pueda leer"),
    "holds no list of articles": _l("no contiene una lista de artículos"),
    "is no article": _l("no es un artículo"),
    "holds more than %(most)d articles": _l("contiene más de %(most)d artículos"),
    "the ZIP is damaged": _l("el ZIP está dañado"),
    "the ZIP is encrypted": _l("el ZIP tiene contraseña"),
    "the ZIP unpacks to too much": _l("el ZIP ocupa demasiado al abrirlo"),
    "the ZIP holds more than %(most)d files": _l("el ZIP contiene más de %(most)d archivos"),
    "the sheet cannot be read: %(why)s": _l("la hoja no se puede leer: %(why)s"),
    "the columns %(missing)s are missing": _l("faltan columnas: %(missing)s"),
    "the sheet has more than %(most)d rows": _l("la hoja tiene más de %(most)d filas"),
    "the file is not UTF-8: it was read as Windows-1252; look at the accents": _l(
        "no está en UTF-8: se leyó como Windows-1252; revise las tildes"
    ),
    "the columns %(unknown)s are not known and were passed over": _l(
        "no se conocen las columnas %(unknown)s: no se usaron"
    ),
    "is not for everybody: it comes in as a draft": _l("no es para todos: entra como borrador"),
    "%(field)s is no list of words": _l("%(field)s no es una lista de palabras"),
    "%(field)s is neither true nor false: %(word)r": _l(
        "%(field)s no dice ni true (sí) ni false (no): %(word)r"
    ),
    "the article %(name)s, of which this is the draft, was not read": _l(
        "es lo guardado sin publicar de %(name)s, y ese archivo falta o se rechazó"
    ),
    "lang is not that of its article, which has a translation": _l(
        "el idioma no es el de su artículo, que tiene traducción"
    ),
    "nobody can search for the hidden word %(word)s: it was passed over": _l(
        "la palabra oculta «%(word)s» no sirve para buscar: no se usó"
    ),
    "there is room for %(most)d hidden words: %(words)s were passed over": _l(
        "caben %(most)d palabras ocultas: no se usaron %(words)s"
    ),
    "the related article %(slug)s is not there": _l("el artículo relacionado «%(slug)s» no está"),
    "an article is not related to itself": _l("un artículo no se relaciona consigo mismo"),
    "it names more than %(most)d related articles: the first were taken": _l(
        "nombra más de %(most)d artículos relacionados: se usaron los primeros"
    ),
    "%(slug)s is the translation of another article already: the two were not linked": _l(
        "«%(slug)s» ya es la traducción de otro artículo: no se enlazaron"
    ),
    "the picture %(target)s is not there": _l("la imagen %(target)s no está"),
    "the picture %(target)s was not taken in: %(why)s": _l("la imagen %(target)s no se pudo tomar"),
}


def reason(said: str, values: Mapping[str, object]) -> str:
    """Why something was refused, or what is odd about it."""
    text = str(SAID.get(said, said))
    return text % values if values else text


def change_words(name: str) -> str:
    """A part of an article that an import changes."""
    known = {
        "title": _("título"),
        "summary": _("resumen"),
        "tags": _("etiquetas"),
        "category": _("categoría"),
        "body": _("texto"),
        "updated": _("fecha"),
        "waiting": _("lo guardado sin publicar"),
        "hidden": _("palabras ocultas"),
        "related": _("relacionados"),
        "translation": _("enlace con su traducción"),
        "behind": _("si la traducción está atrasada"),
    }
    return known.get(name, name)
