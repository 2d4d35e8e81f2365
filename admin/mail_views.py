"""Administration of mails that leave: the server, a test, and the log."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import NotFound

from accounts.access import requires, signed_in_actor
from accounts.permissions import may_administer
from admin import mail_actions, mail_queries
from admin.mail_forms import MailServerForm
from admin.mail_words import filter_words, reason_words, state_words
from core import clock, mail_account, outbox, settings
from core.mail_account import PasswordNeeded
from core.web import Page, checked_page, page_number

blueprint = Blueprint("mail_admin", __name__, url_prefix="/admin/correo")
PAGE_SIZE = 30


@blueprint.get("")
@requires(may_administer)
def server() -> str:
    """The mail server in use, and how the last test ended."""
    site = settings.load()
    return _server_page(MailServerForm.of(mail_account.load(), site.name, site.contact_email))


@blueprint.post("")
@requires(may_administer)
def change_server() -> ResponseReturnValue:
    """Use another server, or another sender."""
    if _is_fixed():
        raise NotFound
    form = MailServerForm()
    if not form.validate():
        return _server_page(form), 422
    typed = form.clave.data or ""
    try:
        mail_account.change(
            form.account(), typed, actor_id=signed_in_actor().person_id, now=clock.now()
        )
    except PasswordNeeded:
        form.clave.errors = [
            _("Escriba la clave: con otro servidor o usuario no se usa la guardada.")
        ]
        return _server_page(form), 422
    flash(_("El servidor de correo quedó guardado. Envíe una prueba."), "success")
    return redirect(url_for("mail_admin.server"), 303)


@blueprint.post("/olvido")
@requires(may_administer)
def forget_server() -> ResponseReturnValue:
    """Use no mail server."""
    mail_account.forget(actor_id=signed_in_actor().person_id, now=clock.now())
    flash(_("El sitio ya no usa ese servidor, y su clave se borró."), "success")
    return redirect(url_for("mail_admin.server"), 303)


@blueprint.post("/prueba")
@requires(may_administer)
def send_test() -> ResponseReturnValue:
    """Send a mail to oneself."""
    if mail_actions.ask_for_test(actor=signed_in_actor(), now=clock.now()):
        flash(_("El correo de prueba está en camino."), "success")
    else:
        flash(_("Ya hay un correo de prueba en camino."), "info")
    return redirect(url_for("mail_admin.server") + "#prueba", 303)


@blueprint.get("/registro")
@requires(may_administer)
def log() -> str:
    """How far each mail got, the last one first."""
    state = request.args.get("estado", "")
    if state not in ("", *mail_queries.FILTERS):
        raise NotFound
    number = page_number()
    rows, total = mail_queries.logged(state, offset=(number - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    return render_template(
        "admin/mail_log.html",
        page=checked_page(Page(rows, number, PAGE_SIZE, total)),
        state=state,
        failed=mail_queries.failed_mails(),
        filters=filter_words(),
        states=state_words(),
        reason_words=reason_words,
    )


@blueprint.post("/registro/<number:mail_id>/reintento")
@requires(may_administer)
def retry(mail_id: int) -> ResponseReturnValue:
    """Have one mail tried again."""
    try:
        done = mail_actions.retry_mail(mail_id, actor=signed_in_actor(), now=clock.now())
    except LookupError:
        raise NotFound from None
    return _retried(done)


@blueprint.post("/registro/reintentos")
@requires(may_administer)
def retry_all() -> ResponseReturnValue:
    """Have everything tried again that was given up."""
    return _retried(mail_actions.retry_all_mails(actor=signed_in_actor(), now=clock.now()))


def _retried(count: int) -> ResponseReturnValue:
    if count:
        words = ngettext(
            "%(num)d correo se intentará de nuevo.",
            "%(num)d correos se intentarán de nuevo.",
            count,
        )
        flash(words, "success")
    else:
        flash(_("No había nada que reintentar."), "info")
    return redirect(url_for("mail_admin.log", estado="espera" if count else "fallidos"), 303)


def _server_page(form: MailServerForm) -> str:
    account = mail_account.load()
    return render_template(
        "admin/mail_server.html",
        form=form,
        account=account,
        fixed=_is_fixed(),
        fixed_from=current_app.config["SITE"].mail_from,
        test=mail_queries.last_test(signed_in_actor().email),
        on_its_way=outbox.pending([mail_actions.TEST_JOB]),
        failed=mail_queries.failed_mails(),
        states=state_words(),
        reason_words=reason_words,
    )


def _is_fixed() -> bool:
    """Whether MAIL_URL decides, and nothing can be set here."""
    return bool(current_app.config["SITE"].mail_is_fixed)
