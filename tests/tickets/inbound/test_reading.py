"""Bytes that are no mail, mails that are too large, and headers meant to deceive."""
# ruff: noqa: E501

from __future__ import annotations

import time
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import plain_text, render_message
from core.wording import clean_text
from tests.tickets.inbound.messages import mail, part, parts, webmail
from tests.tickets.inbound.messages.broken import many, nested
from tickets.inbound.escaping import as_markdown
from tickets.inbound.headers import addresses_in, words_of
from tickets.inbound.html_text import words_of_html
from tickets.inbound.mime import MOST_PARTS
from tickets.inbound.policy import quiet_end
from tickets.inbound.quoting import cut
from tickets.inbound.reading import MOST_BYTES, read

MIB = 1024 * 1024
_PIECES = st.sampled_from(
    [
        b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"Content-Type: multipart/mixed; boundary=x", b"--x", b"--x--",
        b"Content-Type: text/html", b"Content-Type: message/rfc822", b"From: a@b.pe", b"=?utf-8?q?=ff?=",
        b"Content-Transfer-Encoding: base64", b"<blockquote>", b"<!", b"<![CDATA[", b"&#0;", b"\0", b"> ",
        b"El 27/11/26 a las 10:03, X <a@b.pe> escribi\xc3\xb3:", b"De: x", b"Enviado: y", b"Para: z", b"-- ",
        b"Content-Type: text/plain; charset=idna", b"filename*0*=utf-8''%", b"\xff\xfe", b";" * 50, b"(" * 99,
    ]
)  # fmt: skip


@given(st.lists(_PIECES | st.binary(max_size=40), max_size=60))
def test_no_bytes_raise(pieces: list[bytes]) -> None:
    letter = read(b"".join(pieces))
    found = cut(letter.text)
    quiet_end(letter.fields, kind=letter.kind, sender=letter.sender, subject=letter.subject)
    assert len(letter.fingerprint) == 43
    render_message(as_markdown(found.words)[:200_000])


@given(st.text(max_size=400) | st.text(alphabet="#>-+*_`[](){}<>&;:|~=.1a! \n\t", max_size=120))
def test_markdown_shows_the_very_words(text: str) -> None:
    text = "\n".join(line for line in text.splitlines() if not line.startswith(">"))
    shown = plain_text(as_markdown(text))
    assert "".join(shown.split()) == "".join(clean_text(text).split())
    html = str(render_message(as_markdown(text)))
    tags = {piece.split(">")[0].split()[0].strip("/") for piece in html.split("<")[1:]}
    assert tags <= {"p", "br", "a"}


@given(st.text(alphabet="<>/!-[]&;= \"'abpdiv\n", max_size=300))
def test_no_html_raises(html: str) -> None:
    words_of_html(html)


@pytest.mark.parametrize(
    "raw",
    [
        many(10_000),
        nested(200),
        mail("(" * 50_000, "From: " + "(" * 50_000, "To: " + "a@b.pe," * 20_000),
        mail("<" * 400_000, kind="text/html"),
        mail("<a " * 130_000, kind="text/html"),
        mail("<a 'b\" " * 60_000, kind="text/html"),
        mail('<a x="' * 60_000, kind="text/html"),
        mail("<blockquote><script>" * 20_000 + "&#" + "9" * 9_000 + ";", kind="text/html"),
        mail("<!--" * 100_000, kind="text/html"),
        mail("<div>" * 80_000 + "x", kind="text/html"),
        mail("El 27/11 a las 10:03 X <a@b.pe>\n" * 8_000),
        mail("De: x\n" * 30_000),
        mail("> " * 100_000),
        mail("-- \nx\n" * 30_000),
        mail("x" * 200_000),
        mail("=?utf-8?q?" * 20_000, "Subject: " + "=?utf-8?q?a?= " * 3_000),
        mail("x", kind="multipart/mixed; boundary=" + '"' * 3_000),
        mail("x", "X: " + ";" * 100_000, kind="text/plain" + "; a=b" * 20_000),
        mail(" \n" * 100_000),
    ],
    ids=range(19),
)
def test_no_mail_takes_long(raw: bytes) -> None:
    begun = time.process_time()
    letter = read(raw)
    cut(letter.text)
    # Some take a tenth of this; what grows with the square takes minutes.
    assert time.process_time() - begun < 15


def test_parts_beyond_the_limit_are_not_read() -> None:
    text = read(many(10_000)).text
    assert text.count("Parte") <= MOST_PARTS
    assert text.startswith("Parte 0")


def test_thirty_megabytes_are_read_and_their_words_land() -> None:
    film = part(
        b64encode(bytes(MIB)) * 22,
        'Content-Type: video/mp4; name="video.mp4"',
        "Content-Transfer-Encoding: base64",
        "Content-Disposition: attachment",
    )
    body, kind = parts("mixed", part("Va el video.\n", "Content-Type: text/plain"), film)
    raw = mail(body, kind=kind)
    assert len(raw) > 29 * MIB
    letter = read(raw)
    assert cut(letter.text).words == "Va el video."
    assert [file.name for file in letter.files] == ["video.mp4"]


def test_what_is_beyond_the_limit_is_not_read() -> None:
    body, kind = parts(
        "mixed", part("Hola\n", "Content-Type: text/plain"), part(b"A" * MOST_BYTES, "X: y")
    )
    assert cut(read(mail(body, kind=kind)).text).words.startswith("Hola")


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("Ana <ana@andina.example>", ["ana@andina.example"]),
        ('"a@b.pe, c@d.pe" <ana@andina.example>', ["ana@andina.example"]),
        ("ANA@Andina.Example (a@b.pe)", ["ana@andina.example"]),
        ("a@b.pe, c@d.pe", ["a@b.pe", "c@d.pe"]),
        ("grupo: a@b.pe, c@d.pe;", ["a@b.pe", "c@d.pe"]),
        ("<<a@b.pe>>", ["a@b.pe"]),
        ("a@b.pe\0", []),
        ("a@b@c.pe", []),
        ("=?utf-8?q?a=40b.pe?=", []),
        ("", []),
    ],
)
def test_only_plain_addresses_are_believed(value: str, found: list[str]) -> None:
    assert addresses_in(value) == found


def test_encoded_words_cannot_bring_a_line_break_into_a_subject() -> None:
    raw = mail("x", "Subject: =?UTF-8?Q?hi=0D=0ABcc:_evil=40x.y?=")
    assert "\n" not in read(raw).subject
    assert "\r" not in read(raw).subject
    assert words_of("=?utf-8?b?YcO?= =?utf-8?b?sW8=?=") == "año"


def test_the_same_mail_has_one_fingerprint_however_it_came() -> None:
    raw = webmail.CASES[0].raw
    other = b"Received: from mx.example.com\r\nDelivered-To: x@y.pe\r\n" + raw
    assert read(raw).fingerprint == read(other).fingerprint
    assert read(raw).fingerprint != read(raw.replace(b"ma\xc3\xb1ana", b"tarde")).fingerprint


def test_an_over_eager_cut_never_loses_all_words() -> None:
    below = "De: Centro\nEnviado: hoy\nPara: Ana\nAsunto: Ticket\n\nRespondo abajo\n"
    assert "Respondo abajo" in cut(below).words
    assert cut("> sólo cita\n> más").words == "> sólo cita\n> más"
    assert cut("El técnico que vino ayer escribió:\nno sé").words.endswith("no sé")


@pytest.mark.parametrize(
    "said",
    [
        "El martes 3 llamé y me atendió Luis.\nHasta ahora nada.",
        "De: mi parte, gracias.\nPara: todos",
        "--\n",
        "- uno\n- dos\n-- tres",
        "Enviado desde mi casa, donde no hay internet desde ayer.",
        "On 3 servers the disk is full.\nPlease help.",
        "Asunto: urgente\nEl servidor no arranca.",
    ],
)
def test_sentences_that_look_like_a_quote_stay(said: str) -> None:
    assert cut(said).words == said.strip("\n")
