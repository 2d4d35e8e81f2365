"""The page of one's mails, and the link by which a mail lets its reader stop its kind."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from accounts import mail_stops
from accounts.access import open_to_all, signed_in_actor
from accounts.mail_choices import MailKind, kinds_for
from accounts.mail_words import kind_words
from accounts.permissions import Actor, may_administer, may_read_desk
from core import clock
from core.protection import csrf


def register(blueprint: Blueprint) -> None:
    """Put the pages of this module among those of accounts."""
    add = blueprint.add_url_rule
    add("/cuenta/correos", view_func=mail_choices, methods=["GET"])
    add("/cuenta/correos", view_func=choose_mails, methods=["POST"])
    add("/correos/baja/<token:token>", view_func=mail_stop, methods=["GET"])
    add("/correos/baja/<token:token>", view_func=stop_mail, methods=["POST"])


def mail_choices() -> str:
    """The kinds of mail that can reach this person."""
    actor = signed_in_actor()
    off = mail_stops.stopped(actor.person_id)
    kinds = [(kind, *kind_words(kind), kind.value not in off) for kind in _offered(actor)]
    return render_template("accounts/mail_choices.html", kinds=kinds)


def choose_mails() -> ResponseReturnValue:
    """Get the ticked kinds and no others."""
    actor = signed_in_actor()
    wanted = request.form.getlist("recibir")
    mail_stops.choose(
        person_id=actor.person_id, offered=_offered(actor), wanted=wanted, now=clock.now()
    )
    flash(_("Su elección quedó guardada."), "success")
    return redirect(url_for("accounts.mail_choices"), 303)


@open_to_all
def mail_stop(token: str) -> str:
    """What the link would stop: opening it stops nothing, since programs open links too."""
    _person_id, kind = _read(token)
    return _stop_page(token, kind, done="")


@open_to_all
@csrf.exempt
def stop_mail(token: str) -> str:
    """Stop the kind, or take it back. The signed link is the authority: a mail program sends
    this without a cookie (RFC 8058), and nobody is signed in by it."""
    person_id, kind = _read(token)
    is_wanted = request.form.get("accion") == "recibir"
    mail_stops.set_one(person_id=person_id, kind=kind, is_wanted=is_wanted, now=clock.now())
    return _stop_page(token, kind, done="back" if is_wanted else "stopped")


def _read(token: str) -> tuple[int, MailKind]:
    try:
        return mail_stops.read_token(token)
    except LookupError:
        raise NotFound from None


def _stop_page(token: str, kind: MailKind, *, done: str) -> str:
    title, text = kind_words(kind)
    return render_template(
        "accounts/mail_stop.html", token=token, title=title, text=text, done=done
    )


def _offered(actor: Actor) -> tuple[MailKind, ...]:
    return kinds_for(
        is_customer=actor.is_customer,
        reads_desk=may_read_desk(actor),
        administers=may_administer(actor),
    )
