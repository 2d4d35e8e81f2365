"""Calls in words: parts of the day, results, what stands in a thread, where a call stands."""

from __future__ import annotations

from flask import Flask
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from accounts.models import Person
from contact.calls import queries
from contact.calls.models import CallRequest
from contact.calls.policy import Result, fits, holder, part_of
from core import clock
from core.click_to_chat import chat_url
from core.guest_forms import extension_in
from core.identifiers import IdentifierRefused, display_phone, normalise_phone
from core.web import site_settings


def part_of_day_label(name: str) -> str:
    """The words for a stored part of the day."""
    return {
        "cualquiera": _("En cualquier momento"),
        "manana": _("Por la mañana"),
        "tarde": _("Por la tarde"),
        "noche": _("Por la noche"),
    }.get(name, name)


def part_now() -> str:
    """The part of the day that it is in Lima."""
    return part_of(clock.in_lima(clock.now()))


def part_now_line() -> str:
    """The same for the desk."""
    return {
        "manana": _("En Lima es de mañana."),
        "tarde": _("En Lima es de tarde."),
        "noche": _("En Lima es de noche."),
    }[part_now()]


def wish_line(wish: str) -> str:
    """What the wish means now; '' when any part of the day is good."""
    if wish == "cualquiera":
        return ""
    return _("ahora") if fits(wish, part_now()) else _("ahora no")


def result_label(name: str) -> str:
    """How an attempt ended."""
    return {
        Result.TALKED.value: _("Hablamos"),
        Result.NO_ANSWER.value: _("No contestó"),
        Result.BUSY.value: _("Ocupado"),
        Result.VOICEMAIL.value: _("Buzón de voz"),
        Result.WRONG_NUMBER.value: _("Número equivocado"),
        Result.GIVEN_UP.value: _("Cerrar sin haber hablado"),
    }.get(name, name)


def attempts_line(call: CallRequest) -> str:
    """How often somebody tried; '' when nobody did."""
    count = len(call.attempts)
    return ngettext("%(num)d intento", "%(num)d intentos", count) if count else ""


def state_words(call: CallRequest) -> str:
    """Where a request stands, for whoever asked."""
    if call.withdrawn_at is not None:
        return _("Retirado")
    if call.attended_at is not None:
        return _("Atendido")
    tried = len(call.attempts)
    if tried:
        return ngettext(
            "Intentamos llamarle %(num)d vez", "Intentamos llamarle %(num)d veces", tried
        )
    return _("Recibido")


def state_kind(call: CallRequest) -> str:
    """The kind of badge the state is shown with."""
    if call.withdrawn_at is not None:
        return "closed"
    if call.attended_at is not None:
        return "resolved"
    return "waiting" if call.attempts else "queued"


def call_line(call: CallRequest) -> str:
    """A request among the facts of its ticket: «pidió una llamada, por la tarde»."""
    if not call.waits:
        return state_words(call).lower()
    return _("pidió una llamada: %(part)s", part=part_of_day_label(call.part_of_day).lower())


def thread_text(phone: str, part: str, matter: str, locale: str | None = None) -> str:
    """What stands in a ticket's thread, in the words of whoever asks and in their language."""
    with force_locale(locale or "es"):
        asked = _(
            "Pido que me llamen al %(phone)s. Cuándo prefiero: %(part)s.",
            phone=display_phone(phone),
            part=part_of_day_label(part).lower(),
        )
    return f"{asked}\n\n{matter}".strip()


def whatsapp_to(call: CallRequest, number: int | None = None) -> str:
    """An address to write to whoever asked, with their ticket's or request's number; '' where
    the number cannot have WhatsApp."""
    try:
        phone = normalise_phone(call.phone)
    except IdentifierRefused:
        return ""
    if phone.kind == "fixed":
        return ""
    with force_locale(call.person.locale if call.person else "es"):
        about = (
            _("su ticket %(number)s", number=number)
            if number
            else _("su pedido de llamada %(number)s", number=call.id)
        )
        company = site_settings().name
        text = _(
            "Hola, %(name)s. Le escribimos de %(company)s por %(about)s.",
            name=call.name,
            company=company,
            about=about,
        )
    return chat_url(phone.e164, text)


def holder_of(call: CallRequest) -> Person | None:
    """Who is about to call, where somebody is."""
    held = holder(call.claimed_by, call.claimed_at, now=clock.now())
    return call.claimer if held is not None else None


def register(app: Flask) -> None:
    """Words as filters; the hook by which pages of tickets show calls without knowing of them."""
    app.jinja_env.filters.update(
        part_of_day=part_of_day_label,
        extension_in=extension_in,
        call_result=result_label,
        call_state=state_words,
        call_state_kind=state_kind,
        call_line=call_line,
        call_attempts=attempts_line,
        call_holder=holder_of,
        wish_line=wish_line,
        phone=display_phone,
    )
    app.jinja_env.globals.update(
        calls_of=queries.calls_of, part_now_line=part_now_line, whatsapp_to=whatsapp_to
    )
