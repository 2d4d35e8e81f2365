from __future__ import annotations

import hashlib
import re
import struct
import zipfile
import zlib
from email.message import Message
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.files import (
    ALLOWED,
    MAX_BYTES,
    MAX_PER_MESSAGE,
    MAX_REQUEST,
    MESSAGES,
    CheckedFile,
    FileRefused,
    check_file,
    display_name,
    download_headers,
)
from tests.limits import ends_soon


def picture(kind: str, size: tuple[int, int] = (3, 2)) -> bytes:
    target = BytesIO()
    Image.new("RGB", size).save(target, kind)
    return target.getvalue()


def archive(*names: str, content: bytes = b"hola", compress: bool = False) -> bytes:
    target = BytesIO()
    method = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    with zipfile.ZipFile(target, "w", method) as packed:
        for name in names:
            packed.writestr(name, content)
    return target.getvalue()


def open_document(media_type: str) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        packed.writestr("mimetype", media_type)
        packed.writestr("content.xml", "<x/>")
    return target.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A picture that ends where its points would begin."""
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    checksum = struct.pack(">I", zlib.crc32(body))
    start = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + checksum
    return start + struct.pack(">I", 4) + b"IDAT"


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        check_file(name, content)
    return refused.value.reason_code


GOOD = {
    "png": picture("PNG"),
    "jpg": picture("JPEG"),
    "jpeg": picture("JPEG"),
    "gif": picture("GIF"),
    "webp": picture("WEBP"),
    "pdf": b"%PDF-1.7\n...",
    "txt": "Año nuevo\n".encode(),
    "log": b"<13>Oct 10 host: \x1b[31merror\x1b[0m\n",
    "csv": "nombre;año\n".encode("latin-1"),
    "docx": archive("[Content_Types].xml", "word/document.xml", "word/embeddings/a.xlsx"),
    "xlsx": archive("[Content_Types].xml", "xl/workbook.xml"),
    "pptx": archive("[Content_Types].xml", "ppt/presentation.xml"),
    "odt": open_document("application/vnd.oasis.opendocument.text"),
    "ods": open_document("application/vnd.oasis.opendocument.spreadsheet"),
    "zip": archive("a.txt", "carpeta/b.docx"),
}


SCRIPT_CAPABLE = re.findall(
    r"\w+",
    "svg svgz html htm xhtml xht xml js exe bat lnk scr php pht phtml shtml htc mht mhtml swf jar"
    " docm xlsm hta vbs ps1 sh com",
)


def test_limits_are_those_of_the_design() -> None:
    assert (MAX_BYTES, MAX_PER_MESSAGE, MAX_REQUEST) == (10_485_760, 5, 26_214_400)
    assert set(ALLOWED) == set(GOOD)


@pytest.mark.parametrize("extension", sorted(GOOD))
def test_check_file_accepts_each_allowed_type(extension: str) -> None:
    content = GOOD[extension]
    checked = check_file(f"Informe.{extension.upper()}", content)
    is_image = extension in ("png", "jpg", "jpeg", "gif", "webp")
    assert checked == CheckedFile(
        name=f"Informe.{extension.upper()}",
        media_type=ALLOWED[extension].media_type,
        extension=extension,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        is_image=is_image,
        width=3 if is_image else None,
        height=2 if is_image else None,
    )


@pytest.mark.parametrize(
    "name",
    [
        *(f"evil.{extension}" for extension in SCRIPT_CAPABLE),
        ".htaccess",
        ".user.ini",
        "web.config",
        "sin-extension",
        "",
        ".",
        "..",
        ".txt",
        "x.pdf.exe",
        "x.png;.html",
        "x.ph\u200bp",
        "x.php\u200f",
        "\u202egnp.exe",
        "x.php. . ",
        "x.php::$DATA",
        "x.php:$DATA",
        "x.p\u200dng",
        "x.ｐｎｇ",
        "x.png/",
        "x.png\\evil.php",
    ],
)
def test_check_file_refuses_every_other_extension(name: str) -> None:
    assert refusal(name, GOOD["png"]) == "type"


@pytest.mark.parametrize("extension", sorted(GOOD))
def test_check_file_refuses_what_another_extension_holds(extension: str) -> None:
    same = {"jpg": {"jpg", "jpeg"}, "jpeg": {"jpg", "jpeg"}}.get(extension, {extension})
    if extension in ("txt", "log", "csv"):
        same = {"txt", "log", "csv"}
    if extension == "zip":
        same = {"zip", "docx", "xlsx", "pptx", "odt", "ods"}
    refused = {other for other in GOOD if _is_refused(f"x.{extension}", GOOD[other])}
    assert refused == set(GOOD) - same


def _is_refused(name: str, content: bytes) -> bool:
    try:
        check_file(name, content)
    except FileRefused as error:
        return error.reason_code == "content"
    return False


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("x.txt", b"", "empty"),
        ("x.txt", b"a" * (MAX_BYTES + 1), "too_large"),
        ("x.png", b"<html><script>alert(1)</script>", "content"),
        ("x.txt", b"  \r\n<!DOCTYPE html>", "content"),
        ("x.txt", b"\xef\xbb\xbf<script>", "content"),
        ("x.csv", "<svg onload=1>".encode("utf-16"), "content"),
        ("x.log", b"<?php system(1);", "content"),
        ("x.txt", b"a\x00b", "content"),
        ("x.txt", "sin marca".encode("utf-16-le"), "content"),
        ("x.txt", b"MZ\x90\x00\x03", "content"),
        ("x.png", b"\x89PNG\r\n\x1a\nbasura", "damaged"),
        ("x.gif", b"GIF89a", "damaged"),
        ("x.png", png_header(20_000, 20_000), "pixels"),
        ("x.png", png_header(10_000, 10_000), "pixels"),
        ("x.png", png_header(8_000, 5_001), "pixels"),
        ("x.zip", b"PK\x03\x04basura", "damaged"),
        ("x.zip", archive("../../etc/passwd"), "damaged"),
        ("x.zip", archive("/etc/passwd"), "damaged"),
        ("x.zip", archive("..\\x.txt"), "damaged"),
        ("x.zip", archive("C:\\x.txt"), "damaged"),
        ("x.zip", archive("a.txt", "b.ZIP"), "nested"),
        ("x.docx", archive("[Content_Types].xml", "word/document.xml", "a.7z"), "nested"),
        ("x.docx", archive("a.txt"), "content"),
        ("x.docx", archive("word/document.xml"), "content"),
        ("x.odt", archive("content.xml", "mimetype"), "content"),
        ("x.zip", archive("a.txt", content=bytes(5_000_000), compress=True), "archive"),
        ("x.zip", archive(*(f"{n}.txt" for n in range(1_001))), "archive"),
    ],
)
def test_check_file_refuses_bad_content(name: str, content: bytes, code: str) -> None:
    assert refusal(name, content) == code


def test_check_file_accepts_a_picture_of_exactly_the_limit() -> None:
    checked = check_file("x.gif", picture("GIF", (8_000, 5_000)))
    assert (checked.width, checked.height) == (8_000, 5_000)


def test_check_file_accepts_a_gif_that_is_also_a_script() -> None:
    # Harmless, because it is handed out as octet-stream, as an attachment and with nosniff.
    picture_bytes = bytearray(picture("GIF"))
    picture_bytes[6:8] = b"/*"
    assert check_file("x.gif", bytes(picture_bytes) + b"*/=1;alert(1)").width == 0x2A2F


def test_check_file_refuses_an_encrypted_archive() -> None:
    content = bytearray(archive("a.txt"))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert refusal("x.zip", bytes(content)) == "encrypted"


def test_check_file_refuses_a_link_inside_an_archive() -> None:
    link = zipfile.ZipInfo("a")
    link.create_system = 3
    link.external_attr = 0o120777 << 16
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        packed.writestr(link, "/etc/passwd")
    assert refusal("x.zip", target.getvalue()) == "damaged"


def test_check_file_refuses_entries_that_share_their_bytes() -> None:
    content = bytearray(archive("a.txt"))
    start = content.index(b"PK\x01\x02")
    content[start + 20 : start + 24] = struct.pack("<I", 1_000_000)
    assert refusal("x.zip", bytes(content)) == "damaged"


@ends_soon
def test_check_file_refuses_a_huge_directory_unread() -> None:
    content = b"PK\x03\x04" + b"PK\x01\x02" * 100_000
    assert refusal("x.zip", content) == "archive"


@settings(max_examples=150)
@given(st.sampled_from(sorted(GOOD)), st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_check_file_only_ever_refuses(extension: str, place: int, noise: bytes) -> None:
    content = bytearray(GOOD[extension])
    content[place : place + len(noise)] = noise
    try:
        outcome = check_file(f"x.{extension}", bytes(content)).extension
    except FileRefused as error:
        outcome = error.reason_code
    assert outcome in {extension, *MESSAGES}


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_refusal_names_the_file_in_words(code: str) -> None:
    words = str(FileRefused(code, "100%.txt"))
    assert "«100%.txt»" in words
    assert "%(" not in words


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\y.txt", "y.txt"),
        ("a/b.txt", "b.txt"),
        (".", "archivo"),
        ("..", "archivo"),
        ("", "archivo"),
        ("CON.txt", "_CON.txt"),
        ("lpt1", "_lpt1"),
        ("a\x00.txt", "a.txt"),
        ("\r\nX: y.txt", "X_ y.txt"),
        ("\u202egnp.exe", "gnp.exe"),
        ("-rf.txt", "rf.txt"),
        ("файл.pdf", "файл.pdf"),
        ("漢字.txt", "漢字.txt"),
        ("an\u0303o.txt", "año.txt"),
        ('"><svg onload=1>.jpg', "___svg onload=1_.jpg"),
        ("evil.php::$DATA", "evil.php"),
        ("evil.php:x.png", "evil.php_x.png"),
        ("a" * 5_000 + ".pdf", "a" * 96 + ".pdf"),
        ("a." + "b" * 5_000, "b" * 100),
        ("informe. . ", "informe"),
    ],
)
def test_display_name_is_clean(sent: str, shown: str) -> None:
    assert display_name(sent) == shown


@given(st.text(max_size=300))
def test_display_name_is_always_short_and_stable(name: str) -> None:
    shown = display_name(name)
    assert 1 <= len(shown) <= 101
    assert not set(shown) & set('/\\<>:"|?*\r\n\t\x00')
    assert display_name(shown) == shown


def test_download_headers_never_let_it_run() -> None:
    assert download_headers("evil.html") == {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": ("attachment; filename=\"evil.html\"; filename*=UTF-8''evil.html"),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


@pytest.mark.parametrize(
    ("name", "ascii_name"),
    [
        ("año.txt", "ano.txt"),
        ("漢字.txt", "__.txt"),
        ("файл.pdf", "____.pdf"),
        ("100%;a.txt", "100__a.txt"),
        ('a"b\r\nX: y.txt', "a_b X_ y.txt"),
    ],
)
def test_download_headers_carry_the_name_twice(name: str, ascii_name: str) -> None:
    disposition = download_headers(name)["Content-Disposition"]
    assert f'; filename="{ascii_name}"; ' in disposition
    assert disposition.isascii()
    assert "\n" not in disposition
    message = Message()
    message["Content-Disposition"] = disposition.replace(f' filename="{ascii_name}";', "")
    assert message.get_filename() == display_name(name)
