"""What may be attached, and how it is handed out again.

An attachment is what its extension says and its first bytes confirm; the declared type is
ignored. Archives are judged by their directory and images by their header, nothing is ever
unpacked or decoded (F1 to F5, V01 to V12 of the security cases).
"""

from __future__ import annotations

import hashlib
import re
import struct
import unicodedata
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Literal
from urllib.parse import quote

from flask_babel import lazy_gettext as _l
from PIL import Image, UnidentifiedImageError

from core.wording import clean_line

MIB = 1024 * 1024
MAX_BYTES = 10 * MIB
MAX_PER_MESSAGE = 5
MAX_REQUEST = 25 * MIB
#: Files of one message; the rest of MAX_REQUEST is room for its texts.
MAX_TOGETHER = 25_000_000
MAX_NAME = 100
MAX_PIXELS = 40_000_000
MAX_ENTRIES = 1_000
MAX_UNPACKED = 100 * MIB
MAX_RATIO = 100

Kind = Literal["image", "pdf", "text", "office", "zip"]


@dataclass(frozen=True)
class FileType:
    """A row of the allow-list. `mark` is what the content must hold: for images Pillow's name
    of the format, for documents the entry of the archive that makes them one."""

    media_type: str
    kind: Kind
    mark: str = ""


_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."

#: Extension, in lower case without its dot, to what it stands for (F1).
ALLOWED: Mapping[str, FileType] = MappingProxyType(
    {
        "png": FileType("image/png", "image", "PNG"),
        "jpg": FileType("image/jpeg", "image", "JPEG"),
        "jpeg": FileType("image/jpeg", "image", "JPEG"),
        "gif": FileType("image/gif", "image", "GIF"),
        "webp": FileType("image/webp", "image", "WEBP"),
        "pdf": FileType("application/pdf", "pdf"),
        "txt": FileType("text/plain", "text"),
        "log": FileType("text/plain", "text"),
        "csv": FileType("text/csv", "text"),
        "docx": FileType(_OOXML + "wordprocessingml.document", "office", "word/document.xml"),
        "xlsx": FileType(_OOXML + "spreadsheetml.sheet", "office", "xl/workbook.xml"),
        "pptx": FileType(_OOXML + "presentationml.presentation", "office", "ppt/presentation.xml"),
        "odt": FileType(_ODF + "text", "office", "content.xml"),
        "ods": FileType(_ODF + "spreadsheet", "office", "content.xml"),
        "zip": FileType("application/zip", "zip"),
    }
)

_SIGNATURES = {
    "PNG": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "JPEG": re.compile(rb"\xff\xd8\xff"),
    "GIF": re.compile(rb"GIF8[79]a"),
    "WEBP": re.compile(rb"RIFF....WEBP", re.DOTALL),
    "pdf": re.compile(rb"%PDF-\d"),
    "zip": re.compile(rb"PK\x03\x04"),
}
# What a browser that guesses would take for a page (WHATWG sniffing, plus XML and scripts).
_MARKUP = re.compile(
    r"<(?:[!?%]|/?(?:html|head|body|script|style|svg|math|iframe|object|embed|form|input|link"
    r"|meta|base|title|table|div|span|p|a|b|i|br|img|font|h[1-6]|template|xml)(?:[\s/>:]|$))",
    re.IGNORECASE,
)
_CONTROLS = re.compile("[\x00-\x07\x0e-\x1a\x1c-\x1f]")
_NESTED = re.compile(
    r"\.(?:zip|zipx|jar|war|apk|7z|rar|gz|tgz|bz2|tbz2?|xz|txz|lzma|zst|lz4?|tar|cab|iso|arj)$",
    re.IGNORECASE,
)
_STREAM = re.compile(r":[^:/\\.]*:?\$[A-Za-z_]+$")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)

MESSAGES = MappingProxyType(
    {
        "type": _l(
            "No se puede adjuntar «%(name)s». Se aceptan imágenes, PDF, textos, documentos de"
            " oficina y archivos ZIP."
        ),
        "empty": _l("El archivo «%(name)s» está vacío."),
        "too_large": _l("El archivo «%(name)s» pesa más de 10 MB."),
        "content": _l("El contenido de «%(name)s» no corresponde a su extensión."),
        "damaged": _l("El archivo «%(name)s» está dañado o incompleto."),
        "pixels": _l("La imagen «%(name)s» es demasiado grande: el máximo es 40 megapíxeles."),
        "encrypted": _l("El archivo «%(name)s» tiene contraseña. Adjúntelo sin ella."),
        "nested": _l("El archivo «%(name)s» contiene otro archivo comprimido."),
        "archive": _l("El archivo «%(name)s» contiene demasiado: adjunte sólo lo necesario."),
    }
)


class FileRefused(Exception):
    """The file may not be attached: `reason_code` is a key of `MESSAGES`, `name` is clean."""

    def __init__(self, reason_code: str, name: str) -> None:
        super().__init__(reason_code, name)
        self.reason_code = reason_code
        self.name = name

    def __str__(self) -> str:
        """The reason in words, in the language of whoever is being answered."""
        return str(MESSAGES[self.reason_code] % {"name": self.name})


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be stored. `size` in bytes, `sha256` in hexadecimal, `extension` in lower
    case without its dot; `width` and `height` in pixels, for images only."""

    name: str
    media_type: str
    extension: str
    size: int
    sha256: str
    is_image: bool
    width: int | None
    height: int | None


def check_file(name: str, content: bytes) -> CheckedFile:
    """Judges an upload by its name and its bytes. Raises `FileRefused`."""
    shown = display_name(name)
    extension = _extension(shown)
    if extension not in ALLOWED:
        raise FileRefused("type", shown)
    if not content:
        raise FileRefused("empty", shown)
    if len(content) > MAX_BYTES:
        raise FileRefused("too_large", shown)
    kind = ALLOWED[extension]
    width: int | None = None
    height: int | None = None
    if kind.kind == "image":
        width, height = _check_image(shown, content, kind.mark)
    elif kind.kind == "text":
        _check_text(shown, content)
    elif kind.kind == "pdf":
        _check_signature(shown, content, "pdf")
    else:
        _check_archive(shown, content, kind)
    return CheckedFile(
        name=shown,
        media_type=kind.media_type,
        extension=extension,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        is_image=kind.kind == "image",
        width=width,
        height=height,
    )


def display_name(name: str) -> str:
    """A name fit to be shown and to be saved under, whatever was sent (F5).

    No path, controls, invisible or reserved characters; at most `MAX_NAME` characters with
    the extension kept; `archivo` when nothing is left. The extension is not judged here.
    """
    # Only the end can matter, and cleaning a name of megabytes would be work for nothing.
    last = re.split(r"[/\\]", clean_line(name[-4 * MAX_NAME :], 4 * MAX_NAME))[-1]
    last = _STREAM.sub("", last.rstrip(". "))
    last = re.sub(r'[<>:"|?*]', "_", last).strip(". ").lstrip("-. ")
    stem, dot, extension = last.rpartition(".")
    if dot and len(extension) < 20:
        last = stem[: MAX_NAME - 1 - len(extension)].rstrip(". ") + dot + extension
    last = last[:MAX_NAME].rstrip(". ")
    return ("_" + last if _RESERVED.match(last) else last) or "archivo"


def download_headers(name: str) -> dict[str, str]:
    """The headers under which an attachment is handed out: always saved, never run (V01 to V06).

    The name goes in both forms of RFC 6266, ASCII and UTF-8.
    """
    shown = display_name(name)
    letters = (c for c in unicodedata.normalize("NFKD", shown) if not unicodedata.combining(c))
    ascii_name = re.sub(r'[^ -~]|["\\%;]', "_", "".join(letters))
    disposition = f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(shown, safe='')}"
    return {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": disposition,
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def _extension(shown: str) -> str:
    stem, _, extension = shown.rpartition(".")
    return extension.lower() if stem else ""


def _check_signature(name: str, content: bytes, kind: str) -> None:
    if not _SIGNATURES[kind].match(content):
        raise FileRefused("content", name)


def _check_image(name: str, content: bytes, pillow_format: str) -> tuple[int, int]:
    _check_signature(name, content, pillow_format)
    try:
        with Image.open(BytesIO(content), formats=[pillow_format]) as image:
            width, height = image.size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise FileRefused("pixels", name) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, struct.error):
        raise FileRefused("damaged", name) from None
    if width * height > MAX_PIXELS:
        raise FileRefused("pixels", name)
    return width, height


def _check_text(name: str, content: bytes) -> None:
    if any(signature.match(content) for signature in _SIGNATURES.values()):
        raise FileRefused("content", name)
    text = _decoded(content)
    if _CONTROLS.search(text) or _MARKUP.match(text.lstrip("\ufeff \t\r\n\f")[:64]):
        raise FileRefused("content", name)


def _decoded(content: bytes) -> str:
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return content.decode("utf-16" if is_wide else "utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _check_archive(name: str, content: bytes, kind: FileType) -> None:
    _check_signature(name, content, "zip")
    # Every entry has this mark; counting it first keeps a directory of 100,000 unread.
    if content.count(b"PK\x01\x02") > MAX_ENTRIES:
        raise FileRefused("archive", name)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, struct.error, ValueError, OSError, EOFError):
        raise FileRefused("damaged", name) from None
    _check_entries(name, entries, len(content))
    if kind.kind == "office" and not _is_document(content, entries, kind):
        raise FileRefused("content", name)


def _check_entries(name: str, entries: list[zipfile.ZipInfo], size: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if packed > size:
        # Entries that share their bytes: only made to multiply them.
        raise FileRefused("damaged", name)
    if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(packed, 1):
        raise FileRefused("archive", name)
    for entry in entries:
        if entry.flag_bits & 0x2041:
            raise FileRefused("encrypted", name)
        if _leaves(entry):
            raise FileRefused("damaged", name)
        if _NESTED.search(entry.filename.rstrip(". ")):
            raise FileRefused("nested", name)


def _leaves(entry: zipfile.ZipInfo) -> bool:
    """Whether unpacking the entry could write outside the folder it is unpacked in."""
    path = entry.orig_filename.replace("\\", "/")
    is_link = entry.external_attr >> 28 == 0xA
    return is_link or path.startswith("/") or ":" in path[:2] or ".." in PurePosixPath(path).parts


def _is_document(content: bytes, entries: list[zipfile.ZipInfo], kind: FileType) -> bool:
    names = {entry.filename for entry in entries}
    if kind.mark not in names:
        return False
    if kind.media_type.startswith(_OOXML):
        return "[Content_Types].xml" in names
    # OpenDocument keeps its type unpacked as the first entry, so that it can be read here.
    return content[30:].startswith(b"mimetype" + kind.media_type.encode() + b"PK")
