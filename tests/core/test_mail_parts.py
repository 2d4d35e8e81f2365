"""Both parts of a mail: what they are on the wire, and what hostile text becomes in them."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape

import pytest
from flask import Flask

from core import clock, mail, outbox
from core.mail import FootLine, MemorySender
from core.mail_threads import message_id, reference_of
from tests.accounts.mailbox import html_of, news_of, text_of
from tests.cast import Cast
from tests.core.test_mail import INJECTIONS
from tests.tickets.builders import answered, filed, taken
from tickets.handling import Then

HOSTILE = '"><img src=x onerror=MARK>\n.\n<script>MARK</script> {{ 7*7 }} %(x)s \u202e\x00fin'


def letter(**changes: object) -> EmailMessage:
    facts: dict[str, object] = {"person_name": "Ana", "url": "http://localhost/cuenta/x"}
    return mail.render(
        "password_changed",
        to="ana@example.com",
        locale="es",
        reference="password-1-1",
        **{**facts, **changes},  # type: ignore[arg-type]
    )


def test_a_mail_has_text_first_and_then_html_both_in_utf8(app: Flask) -> None:
    made = letter()
    assert made.get_content_type() == "multipart/alternative"
    text, html = made.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content_charset() == html.get_content_charset() == "utf-8"


@pytest.mark.parametrize("name", ["Ana", "a" * 5000, "ñ" * 5000, "漢字" * 3000, "a b " * 3000])
def test_lines_on_the_wire_are_short_and_plain(app: Flask, name: str) -> None:
    wire = bytes(letter(person_name=name))
    assert max(len(line) for line in wire.split(b"\n")) <= 998
    assert wire.isascii()
    back = message_from_bytes(wire, policy=policy.default)
    assert isinstance(back, EmailMessage)
    assert f"Hola, {name.strip()}" in text_of(back)
    assert f"Hola, {name.strip()}" in html_of(back)


def test_hostile_text_is_text_in_both_parts(app: Flask) -> None:
    made = letter(person_name=HOSTILE)
    html = html_of(made)
    assert "<img" not in html
    assert "<script" not in html
    assert '"><img src=x onerror=MARK>' in text_of(made)
    assert "{{ 7*7 }} %(x)s" in html


@pytest.mark.parametrize("subject", [*INJECTIONS, "=?utf-8?q?" + "x" * 5000])
def test_hostile_subject_is_one_line_of_text_in_both_parts(
    app: Flask, cast: Cast, mails: MemorySender, subject: str
) -> None:
    filed(cast.ana, subject=subject[:200], now=clock.now())
    outbox.drain(clock.now())
    (sent,) = mails.sent
    back = message_from_bytes(bytes(sent), policy=policy.default)
    assert back.keys() == sent.keys()
    assert "Bcc" not in back
    assert len(str(back["Subject"]).splitlines()) == 1
    assert len(str(back["Subject"])) <= 200


def test_long_subject_is_cut_and_breaks_nothing(app: Flask) -> None:
    made = letter(site_name="x", person_name="=?UTF-8?Q?hi=0D=0ABcc:_evil@x.y?=" * 200)
    assert made["Bcc"] is None


def test_what_happened_is_first_in_text_heading_and_preview(
    app: Flask, cast: Cast, mails: MemorySender
) -> None:
    number = filed(cast.ana, now=clock.now())
    outbox.drain(clock.now())
    (sent,) = mails.sent
    news = f"Recibimos su ticket {number}"
    assert news_of(sent) == news
    assert re.findall(rf"<(h1|div)[^>]*>{news}</\1>", html_of(sent)) == ["div", "h1"]


def test_mails_of_a_ticket_are_one_thread(app: Flask, cast: Cast, mails: MemorySender) -> None:
    number = filed(cast.ana)
    taken(cast.diego)
    answered(number, cast.diego, Then.WAIT)
    answered_again = filed(cast.beto)
    outbox.drain(clock.now())
    mine = [m for m in mails.sent if m["To"] == "ana@example.com"]
    other = next(m for m in mails.sent if m["To"] == "beto@example.com")
    first, second = mine
    assert first["Subject"] == second["Subject"] == f"[Ticket {number}] No llegan correos de Gmail"
    assert first["Message-ID"] == message_id(f"ticket-{number}")
    assert first["In-Reply-To"] is None
    assert second["In-Reply-To"] == second["References"] == first["Message-ID"]
    assert second["Message-ID"] != first["Message-ID"]
    assert other["Message-ID"] == message_id(f"ticket-{answered_again}")


def test_an_identifier_is_whole_on_the_wire(app: Flask) -> None:
    long = "ticket-100100-" + "1" * 100
    wire = bytes(letter(thread=long))
    found = re.findall(rb"(?:In-Reply-To|References):\s*(<\S+>)", wire)
    assert [reference_of(one.decode()) for one in found] == [long, long]


def test_head_names_answer_address_and_unsubscribing_only_when_given(app: Flask) -> None:
    plain = letter()
    assert {"Reply-To", "List-Unsubscribe", "List-Unsubscribe-Post"} & set(plain.keys()) == set()
    url = "http://localhost/correos/baja/x"
    made = letter(reply_to="a@example.com", unsubscribe=url)
    assert made["Reply-To"] == "a@example.com"
    assert made["List-Unsubscribe"] == f"<{url}>"
    assert made["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_foot_says_why_in_both_parts(app: Flask) -> None:
    made = letter(foot=[FootLine("Porque <sí>."), FootLine("Elija:", "http://localhost/c?a=1&b=2")])
    text = text_of(made)
    assert "\n-- \n" in text
    assert text.endswith("Porque <sí>.\nElija: http://localhost/c?a=1&b=2\n")
    html = html_of(made)
    assert "Porque &lt;sí&gt;." in html
    assert 'href="http://localhost/c?a=1&amp;b=2"' in html


def test_a_mail_fetches_nothing(app: Flask) -> None:
    html = unescape(html_of(letter()))
    assert re.findall(r"<(img|link|script|iframe|object|video|audio|form)\b", html) == []
    assert "url(" not in html
    assert "@import" not in html
