"""Pictures are drawn anew: bounded, upright, of the first frame, without what came along."""

from __future__ import annotations

import time
import zlib
from io import BytesIO

import pytest
from PIL import Image

from core import files, imaging
from core.imaging import Broken, Picture, pictures_of


def image(kind: str, size: tuple[int, int], mode: str = "RGB", **more: object) -> bytes:
    out = BytesIO()
    Image.new(mode, size, "red" if mode != "P" else 1).save(out, kind, **more)
    return out.getvalue()


def shape(picture: Picture) -> tuple[str, int, int]:
    with Image.open(BytesIO(picture.content), formats=["WEBP"]) as opened:
        assert opened.size == (picture.width, picture.height)
    return picture.kind, picture.width, picture.height


def test_limits_are_those_of_attachments() -> None:
    assert (imaging.MAX_PIXELS, imaging.MAX_BYTES) == (files.MAX_PIXELS, files.MAX_BYTES)
    kinds = {kind.mark for kind in files.ALLOWED.values() if kind.kind == "image"}
    assert kinds == set(imaging.FORMATS)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("PNG", "1"), ("PNG", "I;16"),
        ("JPEG", "RGB"), ("JPEG", "CMYK"), ("JPEG", "L"), ("GIF", "P"), ("WEBP", "RGBA"),
    ],
)  # fmt: skip
def test_every_allowed_image_has_two_pictures(kind: str, mode: str) -> None:
    made = pictures_of(image(kind, (1600, 800), mode if mode != "I;16" else "I;16"))
    assert [shape(one) for one in made] == [("large", 1200, 600), ("small", 240, 120)]


def test_the_caller_says_how_large() -> None:
    made = pictures_of(image("PNG", (3200, 1600)), {"article": 1600})
    assert [shape(one) for one in made] == [("article", 1600, 800)]


def test_a_small_image_is_not_made_larger() -> None:
    assert [shape(one)[1:] for one in pictures_of(image("PNG", (30, 20)))] == [(30, 20)] * 2


def test_a_thin_image_keeps_a_side_of_one_pixel() -> None:
    assert shape(pictures_of(image("PNG", (20_000, 2)))[1])[1:] == (240, 1)


def test_metadata_stays_behind_and_the_picture_is_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Secreto de la cámara"
    sent = image("JPEG", (400, 100), exif=exif.tobytes(), comment=b"Secreto")
    made = pictures_of(sent)[0]
    assert b"Secreto" in sent
    assert shape(made)[1:] == (100, 400)
    for part in (b"Secreto", b"EXIF", b"Exif", b"ICCP", b"XMP "):
        assert part not in made.content


def test_only_the_first_frame_is_drawn() -> None:
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    out = BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    with Image.open(BytesIO(pictures_of(out.getvalue())[0].content)) as drawn:
        assert getattr(drawn, "n_frames", 1) == 1
        red, _green, blue = drawn.convert("RGB").getpixel((20, 20))
    assert red > 200
    assert blue < 60


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred KB that says it is this large."""
    head = width.to_bytes(4) + height.to_bytes(4) + bytes([8, 2, 0, 0, 0])
    out = b"\x89PNG\r\n\x1a\n"
    for name, data in ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(5_000_000))), (b"IEND", b"")):
        out += len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4)
    return out


@pytest.mark.parametrize(
    "content",
    [
        b"", b"x",
        b"\x89PNG\r\n\x1a\n", image("PNG", (300, 300))[:200], image("JPEG", (90, 90))[:80],
        b"GIF89a" + b"\xff" * 40, b"RIFF\x10\0\0\0WEBPVP8 ", b"<svg onload='alert(1)'/>",
        bomb(30_000, 30_000), bomb(60_000, 60_000), image("BMP", (10, 10)), image("TIFF", (10, 10)),
    ],
    ids=range(12),
)  # fmt: skip
def test_what_cannot_be_drawn_is_broken(content: bytes) -> None:
    with pytest.raises(Broken):
        pictures_of(content)


def test_an_image_of_the_limit_is_drawn() -> None:
    begun = time.monotonic()
    assert shape(pictures_of(image("PNG", (8_000, 5_000)))[0])[1:] == (1200, 750)
    assert time.monotonic() - begun < imaging.SECONDS


def test_a_decoder_that_eats_memory_ends_its_process_only(monkeypatch: pytest.MonkeyPatch) -> None:
    eats = imaging._PROGRAM.replace("; main()", "; import core.imaging as i; "
        "i.draw = lambda content, sides: bytearray(3 * 1024 ** 3); main()")  # fmt: skip
    monkeypatch.setattr(imaging, "_PROGRAM", eats)
    with pytest.raises(Broken, match="MemoryError"):
        pictures_of(image("PNG", (10, 10)))


def test_one_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imaging, "_PROGRAM", "import time; time.sleep(60)")
    monkeypatch.setattr(imaging, "SECONDS", 1)
    with pytest.raises(Broken, match="too long"):
        pictures_of(image("PNG", (10, 10)))


def test_the_other_process_knows_no_secret_of_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "Secreto")
    monkeypatch.setattr(imaging, "_PROGRAM", "import os, sys; sys.exit(str(dict(os.environ)))")
    with pytest.raises(Broken) as told:
        pictures_of(image("PNG", (10, 10)))
    assert "Secreto" not in str(told.value)
