"""Typed settings an administrator may change: the company's name, phones, hours, limits."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from core import audit
from core.counters import touch_content
from core.db import db, transaction
from core.models import Setting


@dataclass(frozen=True)
class SiteSettings:
    """The defaults are NetSolution's; telephone numbers are E.164."""

    name: str = "NetSolution"
    title: str = "Centro de soporte"
    whatsapp: str = "+51969782160"
    phone: str = "+5117390054"
    hours: str = "24 horas, todos los días"
    contact_email: str = "soporte@netsolution.example"
    #: The mailbox whose mail is read; empty: mails are not answered by mail.
    mail_in: str = ""
    accent: str = ""
    held_limit: int = 3
    #: How long a technician's reply can be undone before the customer gets it; 0: not at all.
    undo_seconds: int = 15
    #: After so many months somebody should look at an article again; 0: never.
    review_months: int = 12


_USUAL = SiteSettings()


def load() -> SiteSettings:
    """The present settings; names that no longer exist are passed over."""
    known = {field.name: field.type for field in fields(SiteSettings)}
    rows = db.session.execute(select(Setting.name, Setting.value)).all()
    return SiteSettings(**{name: value for name, value in rows if name in known})


def in_readers_words(settings: SiteSettings) -> SiteSettings:
    """The settings with what nobody changed in the reader's language."""
    usual = {_USUAL.title: _("Centro de soporte"), _USUAL.hours: _("24 horas, todos los días")}
    title, hours = (usual.get(text, text) for text in (settings.title, settings.hours))
    return replace(settings, title=title, hours=hours)


def change(wanted: SiteSettings, *, actor_id: int | None, now: datetime) -> None:
    """Store what differs from the present settings, with an audit entry."""
    with transaction() as session:
        before = asdict(load())
        changed = {k: v for k, v in asdict(wanted).items() if before[k] != v}
        for name, value in changed.items():
            session.merge(Setting(name=name, value=value, changed_at=now))
        if changed:
            touch_content()
            was = {name: before[name] for name in changed}
            audit.record(
                "settings.changed", "site", actor_id=actor_id, now=now, before=was, after=changed
            )
