"""What programs send by themselves: nothing of it is answered."""
# ruff: noqa: E501

from __future__ import annotations

from tests.tickets.inbound.messages import Case, mail, part, parts
from tickets.inbound.policy import Outcome

_DSN = parts(
    "report",
    part("No pudimos entregar su correo.\n", "Content-Type: text/plain; charset=utf-8"),
    part(
        "Reporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; ana@andina.example\n"
        "Action: failed\nStatus: 5.1.1\n",
        "Content-Type: message/delivery-status",
    ),
    part("Message-ID: @@OURS@@\nSubject: [Ticket 1]\n", "Content-Type: text/rfc822-headers"),
)[0]


def _quiet(name: str, outcome: Outcome, *headers: str, body: str = "Hola") -> Case:
    return Case(name, mail(body, *headers), outcome=outcome)


CASES = (
    _quiet("auto-replied", Outcome.AUTO_REPLY, "Auto-Submitted: auto-replied (vacation)"),
    _quiet("auto-generated", Outcome.AUTO_REPLY, "Auto-Submitted: auto-generated"),
    _quiet("x-autoreply", Outcome.AUTO_REPLY, "X-Autoreply: yes"),
    _quiet("away-es", Outcome.AUTO_REPLY, "Subject: Respuesta automática: [Ticket 1] Hay una respuesta"),
    _quiet("away-encoded", Outcome.AUTO_REPLY, "Subject: =?utf-8?q?Fuera_de_la_oficina?="),
    _quiet("away-en", Outcome.AUTO_REPLY, "Subject: Out of Office: back on Monday"),
    _quiet("away-named", Outcome.AUTO_REPLY, "Subject: Ausente: [Ticket 1] Se corta la red"),
    _quiet("away-in-brackets", Outcome.AUTO_REPLY, "Subject: [Fuera de oficina] Re: [Ticket 1]"),
    _quiet("holidays", Outcome.AUTO_REPLY, "Subject: Vacaciones Re: [Ticket 1] Se corta la red"),
    _quiet("away-pt", Outcome.AUTO_REPLY, "Subject: Resposta automática: [Ticket 1]"),
    _quiet("exchange-notice", Outcome.AUTO_REPLY, "X-Auto-Response-Suppress: All"),
    _quiet("calendar-answer", Outcome.AUTO_REPLY, "Subject: Aceptada: Reunión"),
    _quiet("precedence-bulk", Outcome.LIST, "Precedence: bulk"),
    _quiet("list", Outcome.LIST, "List-Id: Avisos <avisos.example.com>"),
    _quiet("newsletter", Outcome.LIST, "List-Unsubscribe: <https://example.com/baja>"),
    Case(
        "delivery-report",
        mail(
            _DSN, "From: Mail Delivery System <MAILER-DAEMON@mx.example.com>", "Return-Path: <>",
            "Auto-Submitted: auto-replied", "In-Reply-To:", "References:",
            kind='multipart/report; report-type=delivery-status; boundary="=_part_1"',
        ),
        outcome=Outcome.BOUNCE,
    ),
    _quiet("bounce-of-old", Outcome.BOUNCE, "From: MAILER-DAEMON@mx.example.com"),
    _quiet("qmail", Outcome.BOUNCE, "Return-Path: <>", "Subject: failure notice"),
    _quiet("no-return-path", Outcome.AUTO_REPLY, "Return-Path: <>"),
    _quiet("no-reply-address", Outcome.AUTO_REPLY, "From: no-reply@tienda.example"),
    _quiet("our-own-address", Outcome.OWN, "From: soporte@netsolution.example"),
    _quiet("our-mail-came-back", Outcome.OWN, "Message-ID: @@OURS@@"),
    _quiet("two-senders", Outcome.NO_SENDER, "From: ana@andina.example, diego@netsolution.example"),
    _quiet("no-sender", Outcome.NO_SENDER, "From: "),
)  # fmt: skip
