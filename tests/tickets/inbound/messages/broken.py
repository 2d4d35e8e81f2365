"""Mails that are no mails: missing boundaries, endless nesting, nothing at all."""
# ruff: noqa: E501

from __future__ import annotations

from base64 import b64encode

from tests.tickets.inbound.messages import Case, mail, part, parts
from tests.tickets.inbound.messages.programs import file_part
from tests.tickets.inbound.pictures import PDF
from tickets.inbound.policy import Outcome


def nested(levels: int) -> bytes:
    """Words at the bottom of so many containers."""
    # ruff: noqa: E501
    inner = part("En el fondo.\n", "Content-Type: text/plain")
    for level in range(levels):
        mark = f"b{level}"
        inner = part(
            f"--{mark}\n".encode() + inner + f"\n--{mark}--\n".encode(),
            f'Content-Type: multipart/mixed; boundary="{mark}"',
        )
    return mail(inner.partition(b"\n\n")[2], kind=f'multipart/mixed; boundary="b{levels - 1}"')


def many(count: int) -> bytes:
    """So many parts."""
    body, kind = parts(
        "mixed", *(part(f"Parte {n}\n", "Content-Type: text/plain") for n in range(count))
    )
    return mail(body, kind=kind)


_FORWARDED = (
    "From: Carlos <carlos@proveedor.example>\nSubject: =?utf-8?q?Aver=C3=ADa_del_enlace?=\n"
    "Date: Thu, 26 Nov 2026 09:00:00 -0500\nTo: ana@andina.example\n"
    'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="fw"\n\n--fw\n'
    "Content-Type: text/plain; charset=utf-8\n\nEl enlace está caído.\n--fw\n"
)

CASES = (
    Case("no-headers", b"Hola, esto no es un correo.\n", outcome=Outcome.NO_SENDER),
    Case(
        "boundary-not-said",
        mail("--x\nContent-Type: text/plain\n\nHola\n--x--\n", kind="multipart/mixed"),
        "--x\nContent-Type: text/plain\n\nHola\n--x--",
        cut=False,
    ),
    Case(
        "boundary-not-in-the-body",
        mail("Hola a todos.\n", kind='multipart/alternative; boundary="zz"'),
        "Hola a todos.",
        cut=False,
    ),
    Case(
        "end-missing",
        mail("--x\nContent-Type: text/plain\n\nHasta aquí llegó\n", kind="multipart/mixed; boundary=x"),
        "Hasta aquí llegó",
        cut=False,
    ),
    Case(
        "file-cut-in-the-middle",
        mail(
            parts("mixed", part("Va.\n", "Content-Type: text/plain"))[0].replace(b"--\n", b"\n", 0)
            .removesuffix(b"--=_part_1--\n") + b"--=_part_1\n"
            + file_part("mitad.pdf", PDF, "application/pdf")[:-20],
            kind='multipart/mixed; boundary="=_part_1"',
        ),
        "Va.", files=("mitad.pdf",), cut=False,
    ),
    Case("long-header", mail("Hola", "X-Relleno: " + "a" * 100_000), "Hola", cut=False),
    Case("many-headers", mail("Hola", *(f"X-{n}: {n}" for n in range(5_000))), "Hola", cut=False),
    Case("nuls", mail(b"Ho\0la\0"), "Hola", cut=False),
    Case("bare-cr", mail("x").replace(b"\r\n\r\nx", b"\r\n\r\nUna\rdos\r"), "Una\ndos", cut=False),
    Case("lines-end-in-lf", mail("Hola\nmundo").replace(b"\r\n", b"\n"), "Hola\nmundo", cut=False),
    Case("all-lines-end-in-cr", mail("Hola\nmundo").replace(b"\r\n", b"\r"), "Hola\nmundo", cut=False),
    Case("mailbox-line", b"From ana@andina.example Fri Nov 27 10:09:12 2026\n" + mail("Hola"), "Hola", cut=False),
    Case("nested-ten", nested(10), "En el fondo.", cut=False),
    Case("nested-two-hundred", nested(200), outcome=Outcome.UNREADABLE),
    Case(
        "forward-inline",
        mail("Miren lo que me llegó.\n\n---------- Forwarded message ---------\nDe: Carlos "
             "<carlos@proveedor.example>\nDate: jue, 26 nov 2026\nSubject: Avería\nTo: Ana\n\n"
             "El enlace está caído.\n"),
        "Miren lo que me llegó.\n\n---------- Forwarded message ---------\nDe: Carlos "
        "<carlos@proveedor.example>\nDate: jue, 26 nov 2026\nSubject: Avería\nTo: Ana\n\n"
        "El enlace está caído.",
        cut=False,
    ),
    Case(
        "forward-attached-with-its-files",
        mail(
            parts("mixed", part("Va el correo.\n", "Content-Type: text/plain"), part(
                _FORWARDED.encode() + file_part("aviso.pdf", PDF, "application/pdf") + b"\n--fw--\n",
                "Content-Type: message/rfc822"))[0],
            kind='multipart/mixed; boundary="=_part_1"',
        ),
        "Va el correo.", files=("Avería del enlace.txt", "aviso.pdf"), cut=False,
    ),
    Case(
        "tnef",
        mail(
            parts("mixed", part("Va.\n", "Content-Type: text/plain"),
                  file_part("winmail.dat", b"\x78\x9f\x3e\x22", "application/ms-tnef"))[0],
            kind='multipart/mixed; boundary="=_part_1"',
        ),
        "Va.", refused=("winmail.dat",), cut=False,
    ),
    Case(
        "invitation",
        mail(
            parts("alternative", part("Reunión con el equipo.\n", "Content-Type: text/plain; charset=utf-8"),
                  part("BEGIN:VCALENDAR", "Content-Type: text/calendar; method=REQUEST"))[0],
            kind='multipart/alternative; boundary="=_part_1"',
        ),
        "Reunión con el equipo.", cut=False,
    ),
    Case(
        "sealed",
        mail(b64encode(b"\x30\x80cifrado"), "Content-Transfer-Encoding: base64",
             kind='application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"'),
        outcome=Outcome.UNREADABLE,
    ),
    Case("empty", mail(""), outcome=Outcome.EMPTY),
    Case("only-our-words", mail("\n\n   \n"), outcome=Outcome.EMPTY),
    Case(
        "program-and-html-refused",
        mail(
            parts("mixed", part("Va.\n", "Content-Type: text/plain"),
                  file_part("virus.exe", b"MZ", "application/octet-stream"),
                  file_part("pagina.html", b"<b>", "text/html"))[0],
            kind='multipart/mixed; boundary="=_part_1"',
        ),
        "Va.", refused=("virus.exe", "pagina.html"), cut=False,
    ),
    Case(
        "control-headers-are-not-read",
        mail("Hola", "X-Ticket-State: cerrado", "X-Internal: yes", "X-RT-Command: take"),
        "Hola", cut=False,
    ),
)  # fmt: skip
