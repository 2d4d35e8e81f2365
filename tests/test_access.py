"""Every route as every kind of person; a route that nobody has judged fails the build."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event
from werkzeug.test import TestResponse

from core.db import db
from tests.databases import one_database
from tests.visit import without_token
from tests.world import ENGLISH, PEOPLE, World, routes

#: The answer to a visitor, Ana, Beto, Carla, Diego, Elena, Fabio and Gloria, one after another.
#: Forms are sent empty where FORMS says nothing: 422 tells that the door was open. What belongs
#: to a customer is Ana's; Beto is a colleague with few rights, Carla of another company.
# fmt: off
# ruff: noqa: E501
JUDGED = {
    "GET /": "200 200 200 200 200 200 200 200",
    "GET /admin": "302 404 404 404 404 404 404 200",
    "GET /admin/ajustes": "302 404 404 404 404 404 404 200",
    "POST /admin/ajustes": "401 404 404 404 404 404 404 422",
    "GET /admin/condiciones": "302 404 404 404 404 404 404 200",
    "POST /admin/condiciones": "401 404 404 404 404 404 404 422",
    # The tests are started with MAIL_URL, which decides: nothing is stored here.
    "GET /admin/correo": "302 404 404 404 404 404 404 200",
    "POST /admin/correo": "401 404 404 404 404 404 404 404",
    "POST /admin/correo/olvido": "401 404 404 404 404 404 404 303",
    "POST /admin/correo/prueba": "401 404 404 404 404 404 404 303",
    "GET /admin/correo/registro": "302 404 404 404 404 404 404 200",
    "POST /admin/correo/registro/<number:mail_id>/reintento": "401 404 404 404 404 404 404 303",
    "POST /admin/correo/registro/reintentos": "401 404 404 404 404 404 404 303",
    "GET /admin/correo-entrante": "302 404 404 404 404 404 404 200",
    "GET /admin/orden": "302 404 404 404 200 404 404 200",
    "GET /admin/orden/<number:version>": "302 404 404 404 200 404 404 200",
    "GET /admin/orden/nueva": "302 404 404 404 404 404 404 200",
    "POST /admin/orden/nueva": "401 404 404 404 404 404 404 422",
    "GET /admin/orden/tabla": "302 404 404 404 200 404 404 200",
    "GET /admin/personas": "302 404 404 404 404 404 404 200",
    "GET /admin/personas/<number:person_id>": "302 404 404 404 404 404 404 200",
    "POST /admin/personas/<number:person_id>/cierre": "401 404 404 404 404 404 404 303",
    "POST /admin/personas/<number:person_id>/reapertura": "401 404 404 404 404 404 404 303",
    "POST /admin/personas/<number:person_id>/roles": "401 404 404 404 404 404 404 422",
    "GET /admin/trabajos": "302 404 404 404 404 404 404 200",
    "POST /admin/trabajos/<number:job_id>/reintento": "401 404 404 404 404 404 404 303",
    "GET /avisos": "302 200 200 200 200 200 200 200",
    "GET /avisos/nuevos": "401 200 200 200 200 200 200 200",
    "POST /avisos/<number:notice_id>": "401 303 404 404 404 404 404 404",
    "POST /avisos/lectura": "401 303 303 303 303 303 303 303",
    "POST /avisos/vistos": "401 200 200 200 200 200 200 200",
    "GET /averias": "200 200 200 200 200 200 200 200",
    "GET /averias/<number:outage_number>": "200 200 200 200 200 200 200 200",
    # Ana files Andina's ticket; Beto is told that his company reported it.
    "POST /averias/<number:outage_number>/afectados": "401 303 303 303 404 404 404 404",
    "POST /averias/<number:outage_number>/tickets": "401 404 404 404 404 404 404 404",
    "GET /chat": "200 200 200 200 200 200 200 200",
    # Sent empty; staff answer the chat and do not begin it.
    "POST /chat": "422 422 422 422 404 404 404 404",
    # Ana's conversation is hers alone; whose session ended is told so.
    "GET /chat/<token:token>": "302 200 404 404 404 404 404 404",
    "POST /chat/<token:token>/cierre": "401 303 404 404 404 404 404 404",
    "POST /chat/<token:token>/correo": "401 303 404 404 404 404 404 404",
    "GET /chat/<token:token>/imagenes/<number:picture_id>": "401 200 404 404 404 404 404 404",
    "GET /chat/<token:token>/llamada": "401 200 404 404 404 404 404 404",
    "POST /chat/<token:token>/mensajes": "401 422 404 404 404 404 404 404",
    "GET /chat/<token:token>/novedades": "401 200 404 404 404 404 404 404",
    "POST /chat/<token:token>/senales": "401 204 404 404 404 404 404 404",
    "POST /chat/<token:token>/ticket": "401 303 404 404 404 404 404 404",
    "GET /chat/anteriores": "302 200 200 200 404 404 404 404",
    # A link that was mailed: whoever has it reads.
    "GET /chat/transcripcion/<token:token>": "200 200 200 200 200 200 200 200",
    "GET /chat/transcripcion/<token:token>/imagenes/<number:picture_id>": "200 200 200 200 200 200 200 200",
    "GET /condiciones": "200 200 200 200 200 200 200 200",
    "GET /condiciones/<number:version>": "200 200 200 200 200 200 200 200",
    # The signed link of a mail is the authority, for whoever holds it.
    "GET /correos/baja/<token:token>": "200 200 200 200 200 200 200 200",
    "POST /correos/baja/<token:token>": "200 200 200 200 200 200 200 200",
    "GET /cotizacion": "200 200 200 200 200 200 200 200",
    # Beto may not ask for quotes; the page tells him who can, the form is not there.
    "POST /cotizacion": "422 422 404 422 422 422 422 422",
    "GET /cotizacion/<token:token>": "200 200 200 200 200 200 200 200",
    "GET /cuenta": "302 200 200 200 200 200 200 200",
    "POST /cuenta": "401 303 303 303 303 303 303 303",
    "POST /cuenta/clave": "401 422 422 422 422 422 422 422",
    "GET /cuenta/clave/enviada": "200 200 200 200 200 200 200 200",
    "GET /cuenta/clave/nueva/<token:token>": "200 200 200 200 200 200 200 200",
    "POST /cuenta/clave/nueva/<token:token>": "422 422 422 422 422 422 422 422",
    "GET /cuenta/clave/olvidada": "200 200 200 200 200 200 200 200",
    "POST /cuenta/clave/olvidada": "422 422 422 422 422 422 422 422",
    "POST /cuenta/confirmacion": "401 303 303 303 303 303 303 303",
    "GET /cuenta/confirmar/<token:token>": "200 200 200 200 200 200 200 200",
    "POST /cuenta/confirmar/<token:token>": "422 422 422 422 422 422 422 422",
    "GET /cuenta/empresa": "302 200 200 200 404 404 404 404",
    "GET /cuenta/correos": "302 200 200 200 200 200 200 200",
    "POST /cuenta/correos": "401 303 303 303 303 303 303 303",
    "POST /cuenta/empresa/invitaciones": "401 422 404 422 404 404 404 404",
    "POST /cuenta/empresa/invitaciones/<number:link_id>/retiro": "401 303 404 404 404 404 404 404",
    "GET /cuenta/empresa/miembros/<number:person_id>": "302 200 404 404 404 404 404 404",
    "POST /cuenta/empresa/miembros/<number:person_id>": "401 303 404 404 404 404 404 404",
    # Ana closes the account of Beto, whose session ends with it.
    "POST /cuenta/empresa/miembros/<number:person_id>/cierre": "401 303 401 404 404 404 404 404",
    "POST /cuenta/empresa/miembros/<number:person_id>/reapertura": "401 303 404 404 404 404 404 404",
    "GET /cuenta/empresa/salida": "302 200 200 200 404 404 404 404",
    # Ana and Carla are the last who manage the members of their companies; Beto may go.
    "POST /cuenta/empresa/salida": "401 422 303 422 404 404 404 404",
    # Who is signed in is sent on.
    "GET /cuenta/ingresar": "200 302 302 302 302 302 302 302",
    "POST /cuenta/ingresar": "422 422 422 422 422 422 422 422",
    "GET /cuenta/invitacion/<token:token>": "200 200 200 200 200 200 200 200",
    "POST /cuenta/invitacion/<token:token>": "422 422 422 422 422 422 422 422",
    "GET /cuenta/registro": "200 302 302 302 302 302 302 302",
    "POST /cuenta/registro": "422 422 422 422 422 422 422 422",
    "POST /cuenta/salir": "303 303 303 303 303 303 303 303",
    "POST /cuenta/sesiones/<token:key>/cierre": "401 303 404 404 404 404 404 404",
    "POST /cuenta/sesiones/cierre": "401 303 303 303 303 303 303 303",
    "GET /editor": "302 404 404 404 404 200 404 404",
    "GET /editor/importar": "302 404 404 404 404 200 404 404",
    "POST /editor/importar": "401 404 404 404 404 422 404 404",
    "GET /editor/importar/<number:import_id>": "302 404 404 404 404 200 404 404",
    "POST /editor/importar/<number:import_id>/confirmacion": "401 404 404 404 404 303 404 404",
    "POST /editor/importar/<number:import_id>/descarte": "401 404 404 404 404 303 404 404",
    "GET /editor/exportar": "302 404 404 404 404 200 404 404",
    "GET /editor/exportar/articulos.zip": "302 404 404 404 404 200 404 404",
    "GET /editor/exportar/copia.zip": "302 404 404 404 404 200 404 404",
    "GET /editor/articulos/<number:article_id>": "302 404 404 404 404 200 404 404",
    "POST /editor/articulos/<number:article_id>": "401 404 404 404 404 422 404 404",
    "POST /editor/articulos/<number:article_id>/eliminacion": "401 404 404 404 404 303 404 404",
    "POST /editor/articulos/<number:article_id>/publicacion": "401 404 404 404 404 303 404 404",
    "POST /editor/articulos/<number:article_id>/archivo": "401 404 404 404 404 303 404 404",
    "POST /editor/articulos/<number:article_id>/borrador": "401 404 404 404 404 303 404 404",
    "GET /editor/articulos/<number:article_id>/diferencias": "302 404 404 404 404 200 404 404",
    "POST /editor/articulos/<number:article_id>/direccion": "401 404 404 404 404 422 404 404",
    "GET /editor/articulos/<number:article_id>/fechas": "302 404 404 404 404 200 404 404",
    "POST /editor/articulos/<number:article_id>/fechas": "401 404 404 404 404 303 404 404",
    "GET /editor/articulos/<number:article_id>/idiomas": "302 404 404 404 404 200 404 404",
    "POST /editor/articulos/<number:article_id>/idiomas/enlace": "401 404 404 404 404 303 404 404",
    "POST /editor/articulos/<number:article_id>/idiomas/retiro": "401 404 404 404 404 303 404 404",
    "POST /editor/articulos/<number:article_id>/idiomas/verificacion": "401 404 404 404 404 303 404 404",
    "POST /editor/articulos/<number:article_id>/lectores": "401 404 404 404 404 303 404 404",
    "GET /editor/articulos/<number:article_id>/relacionados": "302 404 404 404 404 200 404 404",
    "POST /editor/articulos/<number:article_id>/relacionados": "401 404 404 404 404 303 404 404",
    "POST /editor/articulos/<number:article_id>/relacionados/retiro": "401 404 404 404 404 303 404 404",
    "POST /editor/articulos/<number:article_id>/revision": "401 404 404 404 404 303 404 404",
    "GET /editor/articulos/<number:article_id>/revisiones": "302 404 404 404 404 200 404 404",
    "POST /editor/articulos/<number:article_id>/revisiones/<number:number>/restauracion": "401 404 404 404 404 303 404 404",
    "POST /editor/articulos/<number:article_id>/verificacion": "401 404 404 404 404 303 404 404",
    "GET /editor/articulos/<number:article_id>/palabras": "302 404 404 404 404 200 404 404",
    "POST /editor/articulos/<number:article_id>/palabras": "401 404 404 404 404 422 404 404",
    "POST /editor/articulos/<number:article_id>/palabras/restauracion": "401 404 404 404 404 303 404 404",
    "POST /editor/articulos/<number:article_id>/palabras/retiro": "401 404 404 404 404 303 404 404",
    "GET /editor/articulos/<number:article_id>/opiniones": "302 404 404 404 404 200 404 404",
    "GET /editor/articulos/<number:article_id>/vista": "302 404 404 404 404 200 404 404",
    "POST /editor/articulos/<number:article_id>/escrito": "401 404 404 404 404 204 404 404",
    "POST /editor/articulos/<number:article_id>/escrito/eliminacion": "401 404 404 404 404 303 404 404",
    "GET /editor/articulos/<number:article_id>/enlaces": "302 404 404 404 404 200 404 404",
    "POST /editor/articulos/<number:article_id>/enlaces": "401 404 404 404 404 303 404 404",
    "POST /editor/articulos/<number:article_id>/presencia": "401 404 404 404 404 200 404 404",
    # Sent empty it says nothing of what was stored: both texts are shown.
    "POST /editor/articulos/<number:article_id>/union": "401 404 404 404 404 409 404 404",
    "GET /editor/articulos/nuevo": "302 404 404 404 404 200 404 404",
    "POST /editor/articulos/nuevo": "401 404 404 404 404 422 404 404",
    "POST /editor/escritos": "401 404 404 404 404 422 404 404",
    "POST /editor/escritos/eliminacion": "401 404 404 404 404 303 404 404",
    "GET /editor/busquedas": "302 404 404 404 404 200 404 404",
    # Nobody searched what the empty form names.
    "POST /editor/busquedas/descartes": "401 404 404 404 404 404 404 404",
    "POST /editor/busquedas/descartes/retiro": "401 404 404 404 404 404 404 404",
    "GET /editor/categorias": "302 404 404 404 404 200 404 404",
    "GET /editor/categorias/<slug:slug>": "302 404 404 404 404 200 404 404",
    "POST /editor/categorias/<slug:slug>": "401 404 404 404 404 422 404 404",
    "POST /editor/categorias/<slug:slug>/lugar": "401 404 404 404 404 303 404 404",
    "GET /editor/categorias/nueva": "302 404 404 404 404 200 404 404",
    "POST /editor/categorias/nueva": "401 404 404 404 404 422 404 404",
    "GET /editor/enlaces": "302 404 404 404 404 200 404 404",
    "GET /editor/imagenes": "302 404 404 404 404 200 404 404",
    "POST /editor/imagenes": "401 404 404 404 404 422 404 404",
    "GET /editor/imagenes/<token:picture>": "302 404 404 404 404 200 404 404",
    "GET /editor/pruebas": "302 404 404 404 404 200 404 404",
    "GET /editor/pruebas/<number:trial_id>": "302 404 404 404 404 200 404 404",
    "POST /editor/pruebas/<number:trial_id>": "401 404 404 404 404 422 404 404",
    "POST /editor/pruebas/<number:trial_id>/eliminacion": "401 404 404 404 404 303 404 404",
    "POST /editor/pruebas/aceptacion": "401 404 404 404 404 303 404 404",
    "POST /editor/pruebas/ejecucion": "401 404 404 404 404 303 404 404",
    "GET /editor/pruebas/importacion": "302 404 404 404 404 200 404 404",
    "POST /editor/pruebas/importacion": "401 404 404 404 404 422 404 404",
    "GET /editor/pruebas/nueva": "302 404 404 404 404 200 404 404",
    "POST /editor/pruebas/nueva": "401 404 404 404 404 422 404 404",
    "GET /editor/pruebas/pruebas.csv": "302 404 404 404 404 200 404 404",
    "GET /editor/pendientes": "302 404 404 404 404 200 404 404",
    "GET /editor/sinonimos": "302 404 404 404 404 200 404 404",
    "GET /editor/sinonimos/<number:group_id>": "302 404 404 404 404 200 404 404",
    "POST /editor/sinonimos/<number:group_id>": "401 404 404 404 404 422 404 404",
    "POST /editor/sinonimos/<number:group_id>/eliminacion": "401 404 404 404 404 303 404 404",
    "GET /editor/sinonimos/nuevo": "302 404 404 404 404 200 404 404",
    "POST /editor/sinonimos/nuevo": "401 404 404 404 404 422 404 404",
    "POST /editor/vista": "401 404 404 404 404 200 404 404",
    "GET /estilo": "200 200 200 200 200 200 200 200",
    "GET /estilo/marca.css": "200 200 200 200 200 200 200 200",
    "GET /favicon.ico": "302 302 302 302 302 302 302 302",
    "GET /idioma/<code>": "302 302 302 302 302 302 302 302",
    "GET /llamada": "200 200 200 200 200 200 200 200",
    "POST /llamada": "422 422 422 422 422 422 422 422",
    "GET /llamada/<token:token>": "200 200 200 200 200 200 200 200",
    # A visitor asked: whoever holds the address may change it.
    "POST /llamada/<token:token>/cambios": "422 422 422 422 422 422 422 422",
    "POST /llamada/<token:token>/retiro": "303 303 303 303 303 303 303 303",
    "GET /mesa": "302 404 404 404 200 404 404 200",
    "GET /mesa/averias": "302 404 404 404 200 404 404 200",
    "GET /mesa/averias/<number:outage_number>": "302 404 404 404 200 404 404 200",
    "GET /mesa/averias/<number:outage_number>/edicion": "302 404 404 404 200 404 404 404",
    "POST /mesa/averias/<number:outage_number>/edicion": "401 404 404 404 422 404 404 404",
    "POST /mesa/averias/<number:outage_number>/novedades": "401 404 404 404 422 404 404 404",
    "GET /mesa/averias/<number:outage_number>/resolucion": "302 404 404 404 200 404 404 404",
    "POST /mesa/averias/<number:outage_number>/resolucion": "401 404 404 404 422 404 404 404",
    "GET /mesa/averias/nueva": "302 404 404 404 200 404 404 404",
    "POST /mesa/averias/nueva": "401 404 404 404 422 404 404 404",
    "GET /mesa/buscar": "302 404 404 404 200 404 404 200",
    "POST /mesa/buscar.csv": "401 404 404 404 200 404 404 200",
    "GET /mesa/chat": "302 404 404 404 200 404 404 404",
    # Diego holds it: while it is open it is his alone.
    "GET /mesa/chat/<number:chat_id>": "302 404 404 404 200 404 404 404",
    "POST /mesa/chat/<number:chat_id>/cierre": "401 404 404 404 303 404 404 404",
    "GET /mesa/chat/<number:chat_id>/imagenes/<number:picture_id>": "302 404 404 404 200 404 404 404",
    "POST /mesa/chat/<number:chat_id>/mensajes": "401 404 404 404 422 404 404 404",
    "POST /mesa/chat/<number:chat_id>/senales": "401 404 404 404 204 404 404 404",
    "POST /mesa/chat/<number:chat_id>/ticket": "401 404 404 404 422 404 404 404",
    "POST /mesa/chat/<number:chat_id>/traspaso": "401 404 404 404 422 404 404 404",
    "POST /mesa/chat/<number:chat_id>/union": "401 404 404 404 422 404 404 404",
    "GET /mesa/chat/anteriores": "302 404 404 404 200 404 404 200",
    "GET /mesa/chat/novedades": "401 404 404 404 200 404 404 404",
    "POST /mesa/chat/siguiente": "401 404 404 404 303 404 404 404",
    "POST /mesa/chat/turno": "401 404 404 404 303 404 404 404",
    "GET /mesa/llamadas": "302 404 404 404 200 404 404 404",
    "GET /mesa/llamadas/<number:call_id>": "302 404 404 404 200 404 404 404",
    "POST /mesa/llamadas/<number:call_id>/intentos": "401 404 404 404 422 404 404 404",
    "POST /mesa/llamadas/<number:call_id>/ticket": "401 404 404 404 422 404 404 404",
    "POST /mesa/llamadas/<number:call_id>/toma": "401 404 404 404 303 404 404 404",
    "POST /mesa/llamadas/<number:call_id>/toma/retiro": "401 404 404 404 303 404 404 404",
    "POST /mesa/llamadas/<number:call_id>/union": "401 404 404 404 422 404 404 404",
    "POST /mesa/siguiente": "401 404 404 404 303 404 404 404",
    "GET /mesa/respuestas-listas": "302 404 404 404 200 404 404 200",
    "GET /mesa/respuestas-listas/<number:answer_id>": "302 404 404 404 200 404 404 200",
    "POST /mesa/respuestas-listas/<number:answer_id>": "401 404 404 404 422 404 404 422",
    "POST /mesa/respuestas-listas/<number:answer_id>/archivo": "401 404 404 404 303 404 404 303",
    "POST /mesa/respuestas-listas/<number:answer_id>/restauracion": "401 404 404 404 303 404 404 303",
    "GET /mesa/respuestas-listas/nueva": "302 404 404 404 200 404 404 200",
    "POST /mesa/respuestas-listas/nueva": "401 404 404 404 422 404 404 422",
    "GET /mesa/tickets/<number:number>": "302 404 404 404 200 404 404 200",
    "POST /mesa/tickets/<number:number>/afeccion": "401 404 404 404 422 404 404 404",
    "POST /mesa/tickets/<number:number>/devolucion": "401 404 404 404 422 404 404 404",
    "POST /mesa/tickets/<number:number>/mensajes/<number:message_id>/articulo": "401 404 404 404 303 404 404 404",
    "GET /mesa/tickets/<number:number>/mensajes/<number:message_id>/correo": "302 404 404 404 200 404 404 200",
    "GET /mesa/tickets/<number:number>/mensajes/<number:message_id>/division": "302 404 404 404 200 404 404 404",
    "POST /mesa/tickets/<number:number>/mensajes/<number:message_id>/division": "401 404 404 404 422 404 404 404",
    # Nothing was chosen: the page says so.
    "POST /mesa/tickets/<number:number>/averia": "401 404 404 404 303 404 404 404",
    "POST /mesa/tickets/<number:number>/averia/retiro": "401 404 404 404 303 404 404 404",
    "GET /mesa/tickets/<number:number>/entradas": "302 404 404 404 200 404 404 200",
    "POST /mesa/tickets/<number:number>/entradas": "401 404 404 404 422 404 404 404",
    "POST /mesa/tickets/<number:number>/entradas/<number:entry_id>/salida": "401 404 404 404 303 404 404 404",
    "POST /mesa/tickets/<number:number>/menciones/lectura": "401 404 404 404 303 404 404 303",
    "POST /mesa/tickets/<number:number>/participantes": "401 404 404 404 422 404 404 404",
    "POST /mesa/tickets/<number:number>/participantes/<number:person_id>/retiro": "401 404 404 404 303 404 404 404",
    "GET /mesa/tickets/<number:number>/articulos": "302 404 404 404 200 404 404 404",
    "POST /mesa/tickets/<number:number>/borrador": "401 404 404 404 204 404 404 204",
    "POST /mesa/tickets/<number:number>/enlaces": "401 404 404 404 422 404 404 404",
    "POST /mesa/tickets/<number:number>/enlaces/<number:other>/retiro": "401 404 404 404 303 404 404 404",
    "POST /mesa/tickets/<number:number>/notas": "401 404 404 404 422 404 404 422",
    "POST /mesa/tickets/<number:number>/presencia": "401 404 404 404 200 404 404 200",
    "POST /mesa/tickets/<number:number>/reapertura": "401 404 404 404 422 404 404 404",
    "POST /mesa/tickets/<number:number>/respuestas": "401 404 404 404 422 404 404 404",
    # It was not merged with another.
    "POST /mesa/tickets/<number:number>/separacion": "401 404 404 404 409 404 404 404",
    "POST /mesa/tickets/<number:number>/traspaso": "401 404 404 404 422 404 404 404",
    "POST /mesa/tickets/<number:number>/union": "401 404 404 404 422 404 404 404",
    # Diego holds the ticket; only its author or a colleague who authorises may wipe it.
    "POST /mesa/tickets/<number:number>/secretos/<number:secret_id>/eliminacion": "401 404 404 404 404 404 404 404",
    "POST /mesa/tickets/<number:number>/secretos/<number:secret_id>/lecturas": "401 404 404 404 200 404 404 404",
    # Diego wrote it, and may undo it.
    "POST /mesa/tickets/<number:number>/respuestas/<number:message_id>/retirada": "401 404 404 404 303 404 404 404",
    "POST /mesa/tickets/<number:number>/vista": "401 404 404 404 200 404 404 404",
    "GET /preguntas": "200 200 200 200 200 200 200 200",
    "GET /preguntas/<slug:slug>": "200 200 200 200 200 200 200 200",
    "GET /preguntas/<slug:slug>/texto": "200 200 200 200 200 200 200 200",
    # Nobody said no to it yet.
    "GET /preguntas/<slug:slug>/valoraciones": "302 302 302 302 302 302 302 302",
    "POST /preguntas/<slug:slug>/valoraciones": "422 422 422 422 422 422 422 422",
    "GET /preguntas/buscar": "200 200 200 200 200 200 200 200",
    "GET /preguntas/categoria/<slug:slug>": "200 200 200 200 200 200 200 200",
    "GET /preguntas/categoria/<slug:slug>/novedades.atom": "200 200 200 200 200 200 200 200",
    "GET /preguntas/novedades.atom": "200 200 200 200 200 200 200 200",
    "GET /sitemap.xml": "200 200 200 200 200 200 200 200",
    "GET /sitemap/paginas.xml": "200 200 200 200 200 200 200 200",
    "GET /sitemap/respuestas-<number:number>.xml": "200 200 200 200 200 200 200 200",
    "GET /preguntas/imagenes/<token:picture>.webp": "200 200 200 200 200 200 200 200",
    "GET /preguntas/sugerencias": "200 200 200 200 200 200 200 200",
    "GET /reportes": "302 404 404 404 200 404 404 200",
    "GET /reportes/respuestas": "302 404 404 404 200 200 404 200",
    "GET /reportes/respuestas/csv": "302 404 404 404 200 200 404 200",
    "POST /reportes/comprobaciones": "401 404 404 404 404 404 404 303",
    "GET /robots.txt": "200 200 200 200 200 200 200 200",
    "GET /salud/listo": "200 200 200 200 200 200 200 200",
    "GET /salud/vivo": "200 200 200 200 200 200 200 200",
    "GET /static/<path:filename>": "200 200 200 200 200 200 200 200",
    "GET /tickets": "302 200 200 200 404 404 404 404",
    "GET /tickets/<number:number>": "302 200 404 404 303 404 404 303",
    "GET /tickets/<number:number>/adjuntos/<number:attachment_id>": "302 200 404 404 200 404 404 200",
    "GET /tickets/<number:number>/adjuntos/<number:attachment_id>/miniatura": "302 200 404 404 200 404 404 200",
    "GET /tickets/<number:number>/adjuntos/<number:attachment_id>/vista": "302 200 404 404 200 404 404 200",
    "POST /tickets/<number:number>/autorizacion": "401 303 404 404 404 404 404 404",
    "POST /tickets/<number:number>/autorizacion/retiro": "401 303 404 404 404 404 404 404",
    # In attention: it cannot be closed now, and only Ana is told so.
    "POST /tickets/<number:number>/cierre": "401 409 404 404 404 404 404 404",
    "GET /tickets/<number:number>/puestos": "302 200 404 404 404 404 404 404",
    "POST /tickets/<number:number>/participantes": "401 422 404 404 404 404 404 404",
    # Beto takes no part: Ana, who may take him out, changes nothing.
    "POST /tickets/<number:number>/participantes/<number:person_id>/retiro": "401 303 404 404 404 404 404 404",
    "POST /tickets/<number:number>/reapertura": "401 422 404 404 404 404 404 404",
    "POST /tickets/<number:number>/respuestas": "401 422 404 404 404 404 404 404",
    "POST /tickets/<number:number>/secretos": "401 422 404 404 404 404 404 404",
    "POST /tickets/<number:number>/secretos/<number:secret_id>/eliminacion": "401 303 404 404 404 404 404 404",
    "POST /tickets/<number:number>/satisfaccion": "401 422 404 404 404 404 404 404",
    # Its text holds one problem: nothing is divided, and its writer is back at it.
    "POST /tickets/borradores/<token:draft_id>/division": "404 303 404 404 404 404 404 404",
    "POST /tickets/borradores/<token:draft_id>/union": "401 303 404 404 404 404 404 404",
    # Says nothing to anybody; only the owner's reading is stored.
    "POST /tickets/borradores/<token:draft_id>/eliminacion": "404 303 404 404 404 404 404 404",
    "POST /tickets/borradores/<token:draft_id>/lecturas/<slug:slug>": "204 204 204 204 204 204 204 204",
    "POST /tickets/borradores/<token:draft_id>/regreso": "404 303 404 404 404 404 404 404",
    "GET /tickets/borradores/<token:draft_id>/solucion": "404 200 404 404 404 404 404 404",
    "POST /tickets/borradores/<token:draft_id>/solucion": "404 303 404 404 404 404 404 404",
    "GET /tickets/nuevo": "200 200 200 200 404 404 404 404",
    "POST /tickets/nuevo": "422 422 422 422 404 404 404 404",
    "POST /tickets/nuevo/sugerencias": "200 200 200 200 200 200 200 200",
    "GET /transparencia": "200 200 200 200 200 200 200 200",
    "GET /transparencia/<mes>": "200 200 200 200 200 200 200 200",
    "GET /ventas": "302 404 404 404 404 404 200 404",
    "GET /ventas/<number:request_id>": "302 404 404 404 404 404 200 404",
    "POST /ventas/<number:request_id>/atencion": "401 404 404 404 404 404 303 404",
    "GET /ventas/cotizaciones": "302 404 404 404 404 404 200 404",
    "POST /ventas/cotizaciones/cotizaciones.csv": "401 404 404 404 404 404 200 404",
    "GET /ventas/cotizaciones/nueva": "302 404 404 404 404 404 200 404",
    "POST /ventas/cotizaciones/nueva": "401 404 404 404 404 404 422 404",
    "GET /ventas/cotizaciones/<number:quote_id>": "302 404 404 404 404 404 200 404",
    "GET /ventas/cotizaciones/<number:quote_id>/edicion": "302 404 404 404 404 404 200 404",
    "POST /ventas/cotizaciones/<number:quote_id>/edicion": "401 404 404 404 404 404 422 404",
    "POST /ventas/cotizaciones/<number:quote_id>/enlace": "401 404 404 404 404 404 303 404",
    "POST /ventas/cotizaciones/<number:quote_id>/enlace/retiro": "401 404 404 404 404 404 303 404",
    "POST /ventas/cotizaciones/<number:quote_id>/envio": "401 404 404 404 404 404 422 404",
    "POST /ventas/cotizaciones/<number:quote_id>/preguntas/<number:question_id>/respuesta": "401 404 404 404 404 404 422 404",
    "POST /ventas/cotizaciones/<number:quote_id>/reenvio": "401 404 404 404 404 404 303 404",
    "POST /ventas/cotizaciones/<number:quote_id>/versiones": "401 404 404 404 404 404 303 404",
    "GET /ventas/cotizaciones/<number:quote_id>/versiones/<number:version>": "302 404 404 404 404 404 200 404",
    "GET /ventas/cotizaciones/<number:quote_id>/versiones/<number:version>/pdf": "302 404 404 404 404 404 200 404",
    "POST /ventas/cotizaciones/<number:quote_id>/versiones/<number:version>/retiro": "401 404 404 404 404 404 303 404",
    "POST /ventas/<number:request_id>/cotizacion": "401 404 404 404 404 404 303 404",
    "GET /ventas/productos": "302 404 404 404 404 404 200 404",
    "GET /ventas/productos/nuevo": "302 404 404 404 404 404 200 404",
    "POST /ventas/productos/nuevo": "401 404 404 404 404 404 422 404",
    "GET /ventas/productos/<number:product_id>": "302 404 404 404 404 404 200 404",
    "POST /ventas/productos/<number:product_id>": "401 404 404 404 404 404 422 404",
    "POST /ventas/productos/<number:product_id>/lugar": "401 404 404 404 404 404 303 404",
    "POST /ventas/productos/<number:product_id>/retiro": "401 404 404 404 404 404 303 404",
    "POST /ventas/productos/<number:product_id>/regreso": "401 404 404 404 404 404 303 404",
    "GET /admin/ajustes/cotizaciones": "302 404 404 404 404 404 404 200",
    "POST /admin/ajustes/cotizaciones": "401 404 404 404 404 404 404 422",
    # Whoever holds the address reads and answers.
    "GET /cotizacion/ver/<token:token>": "200 200 200 200 200 200 200 200",
    "GET /cotizacion/ver/<token:token>/pdf": "200 200 200 200 200 200 200 200",
    "POST /cotizacion/ver/<token:token>/aceptacion": "422 422 422 422 422 422 422 422",
    "POST /cotizacion/ver/<token:token>/rechazo": "422 422 422 422 422 422 422 422",
    "POST /cotizacion/ver/<token:token>/preguntas": "422 422 422 422 422 422 422 422",
    # Sent to Ana; Beto may not ask for quotes.
    "GET /cotizaciones": "302 200 200 200 404 404 404 404",
    "GET /cotizaciones/<number:quote_id>": "302 200 404 404 404 404 404 404",
    "GET /cotizaciones/<number:quote_id>/pdf": "302 200 404 404 404 404 404 404",
    "POST /cotizaciones/<number:quote_id>/aceptacion": "401 422 404 404 404 404 404 404",
    "POST /cotizaciones/<number:quote_id>/rechazo": "401 422 404 404 404 404 404 404",
    "POST /cotizaciones/<number:quote_id>/preguntas": "401 422 404 404 404 404 404 404",
}
# fmt: on
FORMS = {
    "tickets.join": {"ticket": "1001"},
    "tickets.solve": {"articulo": "correo-lleno"},
    "editor.move_category": {"hacia": "abajo"},
    "editor.link": {"articulo": str(ENGLISH)},
    "editor.choose": {"articulo": str(ENGLISH)},
    "editor.drop": {"articulo": str(ENGLISH)},
    "editor.readers": {"publico": "staff"},
    "learning.remove": {"palabra": "rebot"},
    "learning.restore": {"palabra": "rebot"},
}
#: The only things a reading may write: when a session was last seen.
UPKEEP = ("UPDATE user_sessions SET seen_at",)


@pytest.fixture
def world(app: Flask, made: World) -> World:
    return made.opened(app)


def test_every_route_is_judged_and_every_judgement_has_a_route(session_app: Flask) -> None:
    assert sorted(JUDGED) == sorted(routes(session_app))


@pytest.mark.parametrize("route", JUDGED)
def test_route_opens_for_whom_it_should(app: Flask, world: World, route: str) -> None:
    method, rule = routes(app)[route]
    address = world.address(app, rule)
    form = FORMS.get(rule.endpoint, {}) if method == "POST" else None
    found = [
        str(world.clients[name].open(address, method=method, data=form).status_code)
        for name in PEOPLE
    ]
    assert dict(zip(PEOPLE, found, strict=True)) == dict(
        zip(PEOPLE, JUDGED[route].split(), strict=True)
    )


def _said(answer: TestResponse) -> tuple[object, ...]:
    """All that could tell one answer from another, but for its own address and its token."""
    body = without_token(answer.text).replace(answer.request.path, "…")
    kept = [(n, v) for n, v in answer.headers if n not in {"Set-Cookie", "Content-Length"}]
    return answer.status_code, kept, body


@one_database
def test_what_is_forbidden_looks_like_what_is_missing(app: Flask, world: World) -> None:
    compared = 0
    for route, (method, rule) in routes(app).items():
        if not rule.arguments or rule.endpoint == "static":
            continue
        for name, status in zip(PEOPLE, JUDGED[route].split(), strict=True):
            if status != "404":
                continue
            client = world.clients[name]
            forbidden = client.open(world.address(app, rule), method=method)
            missing = client.open(world.address(app, rule, missing=True), method=method)
            assert _said(forbidden) == _said(missing), (name, route)
            assert "Secreto" not in forbidden.text
            compared += 1
    assert compared > 200


def test_row_that_does_not_exist_is_missing_for_everybody(app: Flask, world: World) -> None:
    silent = {"tickets.opened"}
    for route, (method, rule) in routes(app).items():
        if not rule.arguments or rule.endpoint in silent:
            continue
        address = world.address(app, rule, missing=True)
        found = {world.clients[n].open(address, method=method).status_code for n in PEOPLE[1:]}
        assert found == {404}, route


@contextmanager
def _writes() -> Iterator[list[str]]:
    """The statements that change the database meanwhile."""
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        words = " ".join(statement.split())
        if words.split(" ", 1)[0].upper() in {"INSERT", "UPDATE", "DELETE", "REPLACE", "WITH"}:
            seen.append(words)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_reading_never_writes(app: Flask, world: World) -> None:
    _read_all(app, world, "GET")


@one_database
def test_asking_for_heads_never_writes(app: Flask, world: World) -> None:
    _read_all(app, world, "HEAD")


def _read_all(app: Flask, world: World, method: str) -> None:
    for route, (asked, rule) in routes(app).items():
        if asked != "GET":
            continue
        for name, client in world.clients.items():
            with _writes() as seen:
                client.open(world.address(app, rule), method=method)
            assert [s for s in seen if not s.startswith(UPKEEP)] == [], (name, route)


def test_search_and_drafts_are_read_without_writing(app: Flask, world: World) -> None:
    reading = (
        "/preguntas/buscar?q=buz%C3%B3n+lleno",
        "/preguntas/buscar?q=zzzz",
        "/preguntas/sugerencias?q=buz",
        f"/tickets/nuevo?borrador={world.common['draft_id']}",
        "/tickets/nuevo?asunto=Hola",
        "/tickets?estado=todos",
        "/tickets?q=secreto&de=mios&desde=2026-01-01",
        "/mesa/buscar?q=secreto&estado=en_cola&tecnico=1",
        "/mesa/buscar?q=1001",
    )
    for address in reading:
        for name, client in world.clients.items():
            with _writes() as seen:
                client.get(address)
            assert [s for s in seen if not s.startswith(UPKEEP)] == [], (name, address)


def test_lists_of_one_person_show_nothing_of_another(app: Flask, world: World) -> None:
    """The subject of Ana's ticket, an unpublished title, a call and a quote hold «Secreto»."""
    bell = ("/avisos", "/avisos/nuevos")
    own = {
        "ana": ["/tickets", "/", "/llamada", "/chat", "/cotizaciones", *bell],
        "diego": ["/mesa", "/mesa/buscar", "/mesa/llamadas", "/mesa/respuestas-listas", *bell],
        "elena": ["/editor", "/editor/pruebas", "/editor/pruebas/pruebas.csv"],
        "fabio": ["/ventas", "/ventas/cotizaciones", *bell],
        "gloria": ["/admin/trabajos", "/admin/correo/registro", "/mesa/respuestas-listas"],
    }
    for route, (method, rule) in routes(app).items():
        if method != "GET" or rule.arguments:
            continue
        for name, client in world.clients.items():
            if rule.rule in own.get(name, []) or (name, rule.rule) in {
                ("gloria", "/mesa"),
                ("gloria", "/mesa/buscar"),
            }:
                continue
            assert b"Secreto" not in client.get(rule.rule).data, (name, route)
