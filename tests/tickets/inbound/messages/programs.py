"""Outlook on Windows, Apple Mail, Thunderbird and their like."""
# ruff: noqa: E501

from __future__ import annotations

from base64 import b64encode

from tests.tickets.inbound.messages import Case, both, mail, part, parts
from tests.tickets.inbound.pictures import LOGO, PDF, SCREENSHOT

_OUTLOOK = (
    "Desde las 9.\n\nSaludos,\nAna\n\nDe: Centro de soporte <soporte@netsolution.example> \n"
    "Enviado el: viernes, 27 de noviembre de 2026 10:03\nPara: Ana Quispe <ana@andina.example>\n"
    "Asunto: [Ticket 1] Hay una respuesta en su ticket\n\nHola, Ana Quispe:\n\n¿Desde qué hora?\n"
)
_OUTLOOK_HTML = (
    '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal {margin:0}'
    ' --></style></head><body lang="ES-PE"><div class="WordSection1"><p class="MsoNormal">Desde las 9.'
    "<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>Saludos,<o:p></o:p></p>"
    "<p class=MsoNormal>Ana<o:p></o:p></p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt'>"
    "<p class=MsoNormal><b>De:</b> Centro de soporte &lt;soporte@netsolution.example&gt; <br>"
    "<b>Enviado el:</b> viernes, 27 de noviembre de 2026 10:03<br><b>Para:</b> Ana<br>"
    "<b>Asunto:</b> [Ticket 1]<o:p></o:p></p></div></div><p class=MsoNormal>Hola, Ana:</p></div></body>"
)
_APPLE = (
    "Desde las 9.\n\n> El 27 nov 2026, a las 10:03, Centro de soporte <soporte@netsolution.example>"
    " escribió:\n> \n> Hola, Ana Quispe:\n> ¿Desde qué hora?\n"
)


def file_part(name: str, content: bytes, kind: str, *more: str) -> bytes:
    """An attachment in base64."""
    # ruff: noqa: E501
    return part(
        b64encode(content),
        f'Content-Type: {kind}; name="{name}"',
        "Content-Transfer-Encoding: base64",
        *(more or (f'Content-Disposition: attachment; filename="{name}"',)),
    )


def _text(words: str) -> bytes:
    return part(words, "Content-Type: text/plain; charset=utf-8")


def _mixed(*pieces: bytes, kind: str = "mixed") -> bytes:
    body, said = parts(kind, *pieces, mark="Apple-Mail=_1")
    return mail(body, kind=said)


_INLINE_LOGO = file_part(
    "image001.png", LOGO, "image/png", "Content-ID: <image001.png@01DD>", "X-Attachment-Id: 1"
)
_INLINE_SHOT = file_part(
    "pantalla.png", SCREENSHOT, "image/png", "Content-ID: <shot@01DD>",
    'Content-Disposition: inline; filename="pantalla.png"',
)  # fmt: skip

CASES = (
    Case("outlook-desktop-es", both(_OUTLOOK, _OUTLOOK_HTML), "Desde las 9.\n\nSaludos,\nAna"),
    Case(
        "outlook-desktop-html-only",
        mail(_OUTLOOK_HTML, kind="text/html; charset=UTF-8"),
        "Desde las 9.\n\nSaludos,\nAna",
    ),
    Case(
        "outlook-desktop-en",
        mail(
            "Since nine.\n\nFrom: Support <soporte@netsolution.example>\nSent: Friday, November 27,"
            " 2026 10:03 AM\nTo: Ana <ana@andina.example>\nSubject: Ticket 1\n\nHello Ana\n"
        ),
        "Since nine.",
    ),
    Case(
        "outlook-older-es",
        mail(
            "Desde las 9.\n\n-----Mensaje original-----\nDe: soporte@netsolution.example\n"
            "Enviado el: viernes 10:03\nPara: ana@andina.example\nAsunto: Ticket\n\nHola\n"
        ),
        "Desde las 9.",
    ),
    Case(
        "outlook-older-en",
        mail("Since nine.\n\n-----Original Message-----\nFrom: soporte\nSent: Friday\n\nHello\n"),
        "Since nine.",
    ),
    Case(
        "outlook-logo-and-screenshot",
        _mixed(
            part(_OUTLOOK_HTML, "Content-Type: text/html; charset=utf-8"),
            _INLINE_LOGO,
            _INLINE_SHOT,
            kind="related",
        ),
        "Desde las 9.\n\nSaludos,\nAna",
        files=("pantalla.png",),
    ),
    Case("apple-mac-es", mail(_APPLE), "Desde las 9."),
    Case(
        "apple-mac-en",
        mail("Since nine.\n\n> On 27 Nov 2026, at 10:03, Support <s@netsolution.example> wrote:\n"
             "> \n> Hello Ana\n"),
        "Since nine.",
    ),
    Case(
        "apple-ios-es",
        mail(
            "Ya está.\n\nEnviado desde mi iPhone\n\n> El 27 nov. 2026, a la(s) 10:03 a. m., Centro de"
            " soporte <soporte@netsolution.example> escribió:\n> \n> ﻿Hola, Ana Quispe:\n"
        ),
        "Ya está.",
    ),
    Case(
        "apple-ios-en",
        mail("Done.\n\nSent from my iPhone\n\n> On Nov 27, 2026, at 10:03 AM, Support <s@n.example>"
             " wrote:\n> \n> Hello\n"),
        "Done.",
    ),
    Case(
        "apple-picture-between-words",
        _mixed(
            _text("Mire esto:\n"),
            file_part("IMG_0001.png", SCREENSHOT, "image/png",
                      "Content-Disposition: inline; filename=IMG_0001.png"),
            _text("\nGracias\n\nEnviado desde mi iPad\n"),
        ),
        "Mire esto:\n\nGracias",
        files=("IMG_0001.png",),
    ),
    Case(
        "apple-alternative-with-pdf",
        _mixed(
            _text("Va la factura.\n"),
            part(
                b"--in\nContent-Type: text/html; charset=utf-8\n\n<p>Va la factura.</p>\n--in\n"
                + file_part("factura.pdf", PDF, "application/pdf") + b"\n--in--\n",
                'Content-Type: multipart/mixed; boundary="in"',
            ),
            kind="alternative",
        ),
        "Va la factura.",
        files=("factura.pdf",),
        cut=False,
    ),
    Case(
        "thunderbird-es",
        mail("Desde las 9.\n\nEl 27/11/26 a las 10:03, Centro de soporte escribió:\n> Hola, Ana\n"
             "> ¿Desde qué hora?\n"),
        "Desde las 9.",
    ),
    Case(
        "thunderbird-bottom-en",
        mail("On 11/27/26 10:03, Support wrote:\n> Hello Ana\n> Since when?\n\nSince nine.\n\n-- \n"
             "Ana Quispe\n"),
        "Since nine.",
    ),
    Case(
        "thunderbird-html",
        mail(
            '<html><body><p>Desde las 9.</p><div class="moz-cite-prefix">El 27/11/26 a las 10:03,'
            ' Centro de soporte escribió:<br></div><blockquote type="cite" cite="mid:1">'
            "<p>Hola</p></blockquote></body></html>",
            kind="text/html; charset=UTF-8",
        ),
        "Desde las 9.",
    ),
    Case(
        "thunderbird-flowed",
        mail(
            "Esta línea es larga y el programa la parte en dos \npara que quepa.\n\nY otra.\n",
            kind="text/plain; charset=UTF-8; format=flowed",
        ),
        "Esta línea es larga y el programa la parte en dos para que quepa.\n\nY otra.",
        cut=False,
    ),
    Case(
        "samsung-mail",
        mail("Ok\n\nEnviado desde mi Galaxy\n\n-------- Mensaje original --------\nDe: Centro de"
             " soporte <soporte@netsolution.example>\nFecha: 27/11/26 10:03\nPara: ana\n\nHola\n"),
        "Ok",
    ),
    Case(
        "log-in-the-words",
        mail("Sale esto:\n\n    # systemctl status\n    * apache2.service\n      <failed>\n"
             "1. línea\n---\n[x](javascript:alert(1))\n"),
        "Sale esto:\n\n    # systemctl status\n    * apache2.service\n      <failed>\n1. línea\n---\n"
        "[x](javascript:alert(1))",
        cut=False,
    ),
    Case(
        "dangerous-html",
        mail(
            "<p>Hola<script>alert(1)</script><img src=x onerror=MARK></p><style>p{color:red}</style>"
            '<p hidden>Ocúltame</p><div style="display:none">Y a mí</div>'
            '<p>&lt;script&gt;alert(2)&lt;/script&gt; <a href="javascript:x">aquí</a></p>',
            kind="text/html; charset=utf-8",
        ),
        "Hola\n\n<script>alert(2)</script> aquí",
        cut=False,
    ),
    Case(
        "signed-pgp",
        mail(
            parts("signed", _text("Firmado por mí.\n"), file_part(
                "signature.asc", b"-----BEGIN PGP SIGNATURE-----", "application/pgp-signature"))[0],
            kind='multipart/signed; boundary="=_part_1"; protocol="application/pgp-signature"',
        ),
        "Firmado por mí.",
        cut=False,
    ),
    Case(
        "signed-smime",
        mail(
            parts("signed", _text("Firmado.\n"), file_part(
                "smime.p7s", b"\x30\x80", "application/pkcs7-signature"))[0],
            kind='multipart/signed; boundary="=_part_1"; micalg=sha-256',
        ),
        "Firmado.",
        cut=False,
    ),
)  # fmt: skip
