"""The mail server that an administrator named. Its password is kept encrypted and never shown."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address

from sqlalchemy import select

from core import audit
from core.db import db, transaction
from core.mail_smtp import Account
from core.models import Setting
from core.sealing import WrongKey, seal, unseal

_ROW = "mail.account"
_PURPOSE = "core.mail 1"


class PasswordNeeded(Exception):
    """The kept password goes nowhere else: another server or user needs it typed again."""


@dataclass(frozen=True)
class MailAccount:
    """A mail server, how to sign in there, and whose name mails carry.

    encryption: none, starttls or tls. `password` is sealed; empty without a sign-in.
    """

    host: str
    port: int
    encryption: str
    user: str
    sender_name: str
    sender_address: str
    password: str = ""

    @property
    def sender(self) -> Address:
        """As a From header takes it."""
        return Address(self.sender_name, addr_spec=self.sender_address)

    @property
    def has_password(self) -> bool:
        return bool(self.password)

    @property
    def opens(self) -> bool:
        """Whether the password can be read with the present SECRET_KEY."""
        try:
            self._password()
        except WrongKey:
            return False
        return True

    def server(self) -> Account:
        """What to connect to. Raises WrongKey."""
        return Account(self.host, self.port, self.encryption, self.user, self._password())

    def _password(self) -> str:
        if not self.password:
            return ""
        return unseal(b64decode(self.password), self._identity(), purpose=_PURPOSE)

    def _identity(self) -> str:
        # Bound to where it is sent: a row that was edited by hand does not lead it elsewhere.
        return "\n".join((self.host, str(self.port), self.encryption, self.user))

    def with_password(self, typed: str) -> MailAccount:
        """The same with this password, sealed."""
        sealed = b64encode(seal(typed, self._identity(), purpose=_PURPOSE)).decode()
        return MailAccount(**{**vars(self), "password": sealed})


def load() -> MailAccount | None:
    """The server in use; None while nobody named one."""
    value = db.session.scalar(select(Setting.value).where(Setting.name == _ROW))
    return MailAccount(**value) if value else None


def change(wanted: MailAccount, typed: str, *, actor_id: int, now: datetime) -> None:
    """Use another server or sender. An empty `typed` keeps the password, where it is still for
    the same server and user. Raises PasswordNeeded."""
    with transaction() as session:
        before = load()
        if wanted.user and typed:
            wanted = wanted.with_password(typed)
        elif wanted.user:
            if before is None or not before.has_password or not _same_place(before, wanted):
                raise PasswordNeeded
            wanted = MailAccount(**{**vars(wanted), "password": before.password})
        if wanted == before:
            return
        session.merge(Setting(name=_ROW, value=vars(wanted), changed_at=now))
        _record("mail.server_changed", actor_id, now, before, wanted, typed=bool(typed))


def forget(*, actor_id: int, now: datetime) -> None:
    """Use none: mails are written to the console again."""
    with transaction() as session:
        row = session.get(Setting, _ROW)
        before = load()
        if row is not None:
            session.delete(row)
            _record("mail.server_forgotten", actor_id, now, before, None)


def _same_place(one: MailAccount, other: MailAccount) -> bool:
    return one._identity() == other._identity()


def _record(
    action: str,
    actor_id: int,
    now: datetime,
    before: MailAccount | None,
    after: MailAccount | None,
    **more: object,
) -> None:
    was, is_now = (_plain(account) for account in (before, after))
    audit.record(action, "site", actor_id=actor_id, now=now, before=was, after=is_now, **more)


def _plain(account: MailAccount | None) -> dict[str, object] | None:
    """Without the password, sealed or not."""
    if account is None:
        return None
    return {name: value for name, value in vars(account).items() if name != "password"}
