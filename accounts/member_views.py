"""One's own account, and the members of one's company."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from accounts import actions, attempts, membership, queries
from accounts.access import (
    begin_session,
    end_session,
    requires,
    session_hash,
    signed_in_actor,
)
from accounts.forms import (
    PRESET_TEXTS,
    RIGHT_WORDS,
    InviteForm,
    MemberForm,
    PasswordForm,
    ProfileForm,
)
from accounts.models import Person
from accounts.permissions import may_manage_members, may_see_members
from accounts.sessions import browser_words, open_sessions
from core import clock
from core.web import LANGUAGE_COOKIE


def register(blueprint: Blueprint) -> None:
    """Put the pages of this module among those of accounts."""
    for rule, view, methods in (
        ("", profile, ["GET", "POST"]),
        ("/clave", change_password, ["POST"]),
        ("/sesiones/cierre", end_other_sessions, ["POST"]),
        ("/sesiones/<token:key>/cierre", end_one_session, ["POST"]),
        ("/empresa", members, ["GET"]),
        ("/empresa/salida", leave, ["GET", "POST"]),
        ("/empresa/invitaciones", invite, ["POST"]),
        ("/empresa/invitaciones/<number:link_id>/retiro", withdraw_invitation, ["POST"]),
        ("/empresa/miembros/<number:person_id>", member, ["GET", "POST"]),
        ("/empresa/miembros/<number:person_id>/cierre", close_member, ["POST"]),
        ("/empresa/miembros/<number:person_id>/reapertura", reopen_member, ["POST"]),
    ):
        blueprint.add_url_rule(f"/cuenta{rule}", view_func=view, methods=methods)


def profile() -> ResponseReturnValue:
    """Name, language, password, sessions."""
    actor = signed_in_actor()
    form = ProfileForm(data={"nombre": actor.name, "idioma": actor.locale})
    if not form.validate_on_submit():
        return _profile_page(form, PasswordForm(formdata=None))
    locale = form.idioma.data
    actions.change_profile(actor=actor, name=form.nombre.data, locale=locale, now=clock.now())
    flash(_("Sus datos quedaron guardados."), "success")
    response = make_response(redirect(url_for("accounts.profile"), 303))
    # A language chosen by a click earlier would hide the one chosen here.
    response.delete_cookie(LANGUAGE_COOKIE)
    return response


def _profile_page(form: ProfileForm, password_form: PasswordForm) -> ResponseReturnValue:
    found = open_sessions(signed_in_actor().person_id, now=clock.now())
    page = render_template(
        "accounts/profile.html",
        form=form,
        password_form=password_form,
        sessions=[(row, browser_words(row.browser)) for row in found],
        this_session=session_hash(),
    )
    return page, 422 if request.method == "POST" else 200


def change_password() -> ResponseReturnValue:
    """Another password; every other session ends."""
    actor, form = signed_in_actor(), PasswordForm()
    form.context = (actor.name, actor.email, actor.company_name)
    if not form.validate():
        return _profile_page(_own_profile(), form)
    attempt = attempts.password_try(actor.email)
    try:
        actions.change_password(
            actor=actor,
            current=form.clave_actual.data,
            password=form.clave_nueva.data,
            now=clock.now(),
        )
    except actions.WrongPassword:
        form.clave_actual.errors = [_("Esa no es su clave actual.")]
        return _profile_page(_own_profile(), form)
    attempt.give_back()
    begin_session(actor.person_id)
    flash(_("Su clave es la nueva. Cerramos sus otras sesiones."), "success")
    return redirect(url_for("accounts.profile"), 303)


def _own_profile() -> ProfileForm:
    actor = signed_in_actor()
    return ProfileForm(formdata=None, data={"nombre": actor.name, "idioma": actor.locale})


def end_one_session(key: str) -> ResponseReturnValue:
    """Sign out one browser of one's own."""
    if not actions.end_session(actor=signed_in_actor(), key=key):
        raise NotFound
    flash(_("Cerramos esa sesión."), "success")
    return redirect(url_for("accounts.profile"), 303)


def end_other_sessions() -> ResponseReturnValue:
    """Sign out every browser but this one."""
    actions.end_other_sessions(actor=signed_in_actor(), kept=session_hash())
    flash(_("Cerramos sus otras sesiones."), "success")
    return redirect(url_for("accounts.profile"), 303)


@requires(may_see_members)
def members() -> ResponseReturnValue:
    """Who belongs to the company and what each of them may do."""
    form = InviteForm(formdata=None)
    form.offer(signed_in_actor())
    return _members_page(form)


def _members_page(form: InviteForm) -> ResponseReturnValue:
    actor = signed_in_actor()
    page = render_template(
        "accounts/members.html",
        form=form,
        members=queries.members_of(actor),
        invitations=queries.open_invitations(actor, now=clock.now()),
        may_manage=may_manage_members(actor),
        right_words=RIGHT_WORDS,
        preset_texts=PRESET_TEXTS,
    )
    return page, 422 if request.method == "POST" else 200


@requires(may_see_members)
def leave() -> ResponseReturnValue:
    """Leave the company oneself: first what it means, then it is done."""
    if request.method != "POST":
        return render_template("accounts/leave.html", refusal="")
    try:
        membership.leave(actor=signed_in_actor(), now=clock.now())
    except membership.LastManager:
        return render_template("accounts/leave.html", refusal=_last_manager()), 422
    end_session()
    flash(_("Dejó la empresa y cerramos sus sesiones. Sus tickets quedan en ella."), "success")
    response = redirect(url_for("home.index"), 303)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@requires(may_manage_members)
def invite() -> ResponseReturnValue:
    """Invite a colleague by mail; the answer is the same whatever the address is."""
    actor, form = signed_in_actor(), InviteForm()
    form.offer(actor)
    if not form.validate():
        return _members_page(form)
    attempts.mailed_link()
    email = form.correo.data
    try:
        membership.invite(actor=actor, email=email, rights=form.rights, now=clock.now())
    except membership.AlreadyMember:
        form.correo.errors = [_("Esa persona ya es miembro de su empresa.")]
        return _members_page(form)
    except membership.NotAllowed:
        raise NotFound from None
    flash(_("Enviamos la invitación a %(email)s.", email=email), "success")
    return redirect(url_for("accounts.members"), 303)


@requires(may_manage_members)
def withdraw_invitation(link_id: int) -> ResponseReturnValue:
    """Take an invitation back."""
    try:
        membership.withdraw(actor=signed_in_actor(), link_id=link_id, now=clock.now())
    except membership.NotAllowed:
        raise NotFound from None
    flash(_("La invitación ya no sirve."), "success")
    return redirect(url_for("accounts.members"), 303)


@requires(may_manage_members)
def member(person_id: int) -> ResponseReturnValue:
    """The rights of one member."""
    actor, found = signed_in_actor(), _member_or_404(person_id)
    form = MemberForm(data={"permisos": sorted(found.rights)})
    form.offer(actor)
    if not form.validate_on_submit():
        return _member_page(found, form)
    try:
        membership.change_rights(
            actor=actor, person_id=person_id, rights=form.rights, now=clock.now()
        )
    except membership.LastManager:
        form.permisos.errors = [_last_manager()]
        return _member_page(_member_or_404(person_id), form)
    except membership.NotAllowed:
        raise NotFound from None
    flash(_("Los permisos quedaron guardados."), "success")
    return redirect(url_for("accounts.members"), 303)


@requires(may_manage_members)
def close_member(person_id: int) -> ResponseReturnValue:
    """Close a member's account."""
    found, form = _member_or_404(person_id), MemberForm(formdata=None)
    try:
        membership.close(actor=signed_in_actor(), person_id=person_id, now=clock.now())
    except membership.NotAllowed:
        raise NotFound from None
    except (membership.LastManager, membership.OwnAccount) as reason:
        own = isinstance(reason, membership.OwnAccount)
        found = _member_or_404(person_id)
        form = MemberForm(formdata=None, data={"permisos": sorted(found.rights)})
        form.offer(signed_in_actor())
        words = (
            _("Para cerrar su propia cuenta, use «Dejar la empresa».") if own else _last_manager()
        )
        return _member_page(found, form, words)
    flash(_("La cuenta quedó cerrada, y sus sesiones también."), "success")
    return redirect(url_for("accounts.members"), 303)


@requires(may_manage_members)
def reopen_member(person_id: int) -> ResponseReturnValue:
    """Open a closed account again."""
    try:
        membership.reopen(actor=signed_in_actor(), person_id=person_id, now=clock.now())
    except membership.NotAllowed:
        raise NotFound from None
    flash(_("La cuenta está abierta otra vez."), "success")
    return redirect(url_for("accounts.members"), 303)


def _last_manager() -> str:
    return str(_("Su empresa necesita al menos una persona que administre a los miembros."))


def _member_or_404(person_id: int) -> Person:
    found = queries.member_for(signed_in_actor(), person_id)
    if found is None:
        raise NotFound
    return found


def _member_page(found: Person, form: MemberForm, refusal: str = "") -> ResponseReturnValue:
    page = render_template(
        "accounts/member.html",
        member=found,
        form=form,
        refusal=refusal,
        is_self=found.id == signed_in_actor().person_id,
        kept=[RIGHT_WORDS[r] for r in RIGHT_WORDS if r in found.rights - signed_in_actor().rights],
    )
    return page, 422 if request.method == "POST" else 200
