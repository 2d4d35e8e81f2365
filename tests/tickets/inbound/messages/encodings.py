"""Mails whose letters are packed oddly, mislabelled or damaged."""
# ruff: noqa: E501

from __future__ import annotations

from base64 import b64encode

from tests.tickets.inbound.messages import Case, mail, part, parts
from tests.tickets.inbound.messages.programs import file_part
from tests.tickets.inbound.pictures import PDF


def _kind(charset: str) -> str:
    return f"text/plain; charset={charset}"


def _with(name: str, *headers: str) -> bytes:
    """A mail with a PDF whose name is said by these headers."""
    # ruff: noqa: E501
    body, kind = parts(
        "mixed",
        part("Va.\n", "Content-Type: text/plain"),
        part(b64encode(PDF), "Content-Transfer-Encoding: base64", *headers),
    )
    return mail(body, kind=kind)


CASES = (
    Case(
        "windows-1252-called-latin-1",
        mail("El precio es «10 €» – gracias…".encode("cp1252"), kind=_kind("iso-8859-1")),
        "El precio es «10 €» – gracias…",
        cut=False,
    ),
    Case("latin-1", mail("Mañana, ¿sí?".encode("latin-1"), kind=_kind("ISO-8859-1")), "Mañana, ¿sí?", cut=False),
    Case("no-charset-utf8", mail("Mañana", kind="text/plain"), "Mañana", cut=False),
    Case("no-charset-cp1252", mail("Mañana".encode("cp1252"), kind="text/plain"), "Mañana", cut=False),
    Case("gb18030", mail("你好，服务器".encode("gb18030"), kind=_kind("gb2312")), "你好，服务器", cut=False),
    Case("shift-jis", mail("メールが届きません①".encode("cp932"), kind=_kind("Shift_JIS")), "メールが届きません①", cut=False),
    Case("iso-2022-jp", mail("日本語".encode("iso2022_jp"), kind=_kind("ISO-2022-JP")), "日本語", cut=False),
    Case("koi8-r", mail("Почта".encode("koi8-r"), kind=_kind("KOI8-R")), "Почта", cut=False),
    Case("utf-16", mail("Mañana".encode("utf-16"), kind=_kind("utf-16")), "Mañana", cut=False),
    Case(
        "utf-7-is-not-read",
        mail("Hola +ADw-script+AD4-", kind=_kind("utf-7")),
        "Hola +ADw-script+AD4-",
        cut=False,
    ),
    Case("unknown-charset", mail("Mañana", kind=_kind("x-marciano")), "Mañana", cut=False),
    Case("codec-that-is-no-charset", mail("Hola", kind=_kind("rot13")), "Hola", cut=False),
    Case(
        "quoted-printable",
        mail("Ma=C3=B1ana, l=\nargo =3D s=C3=AD", "Content-Transfer-Encoding: quoted-printable"),
        "Mañana, largo = sí",
        cut=False,
    ),
    Case(
        "quoted-printable-broken",
        mail("Ma=C3=B1ana =ZZ = fin=", "Content-Transfer-Encoding: Quoted-Printable"),
        "Mañana =ZZ = fin",
        cut=False,
    ),
    Case(
        "base64",
        mail(b64encode("Mañana sí".encode()), "Content-Transfer-Encoding: base64"),
        "Mañana sí",
        cut=False,
    ),
    Case(
        "base64-broken",
        mail(b"TWHDsW\n!FuYSBz**w60gc2k", "Content-Transfer-Encoding: BASE64"),
        "Mañana sí si",
        cut=False,
    ),
    Case(
        "name-rfc2231",
        _with("x", "Content-Type: application/pdf",
              "Content-Disposition: attachment;\n filename*0*=utf-8''factura%20n%C3%BAmero;"
              "\n filename*1*=%201.pdf"),
        "Va.", files=("factura número 1.pdf",), cut=False,
    ),
    Case(
        "name-encoded-word-in-quotes",
        _with("x", 'Content-Type: application/pdf; name="=?UTF-8?Q?a=C3=B1o_2026.pdf?="'),
        "Va.", files=("año 2026.pdf",), cut=False,
    ),
    Case(
        "name-split-in-two-words",
        _with("x", "Content-Type: application/pdf",
              'Content-Disposition: attachment; filename="=?UTF-8?B?YcO?= =?UTF-8?B?sW8ucGRm?="'),
        "Va.", files=("año.pdf",), cut=False,
    ),
    Case(
        "name-with-path",
        _with("x", "Content-Type: application/pdf",
              'Content-Disposition: attachment; filename="../../etc/pass wd.pdf"'),
        "Va.", files=("pass wd.pdf",), cut=False,
    ),
    Case(
        "name-right-to-left",
        _with("x", "Content-Type: application/pdf",
              "Content-Disposition: attachment; filename*=utf-8''%E2%80%AEfdp.exe"),
        "Va.", refused=("fdp.exe",), cut=False,
    ),
    Case(
        "name-eight-bit",
        _with("x", "Content-Type: application/pdf",
              'Content-Disposition: attachment; filename="informe año.pdf"'),
        "Va.", files=("informe año.pdf",), cut=False,
    ),
    Case(
        "subject-eight-bit-and-long",
        mail("Hola", "Subject: Re: ¿Mañana? " + "á" * 5_000),
        "Hola", cut=False,
    ),
    Case(
        "from-encoded-with-comma",
        mail("Hola", "From: =?utf-8?q?Quispe=2C_Ana_=3Cx=40y=2Ez=3E?= <@@FROM@@>"),
        "Hola", cut=False,
    ),
    Case(
        "from-quoted-address-as-name",
        mail("Hola", 'From: "diego@netsolution.example (jefe)" <@@FROM@@>'),
        "Hola", cut=False,
    ),
    Case(
        "html-and-type-lie",
        mail(
            parts("mixed", part("Va.\n", "Content-Type: text/plain"),
                  file_part("foto.png", b"<html><script>alert(1)</script>", "image/png"))[0],
            kind='multipart/mixed; boundary="=_part_1"',
        ),
        "Va.", refused=("foto.png",), cut=False,
    ),
)  # fmt: skip
