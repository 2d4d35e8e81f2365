"""Images that strangers sent, decoded and drawn anew in a process of its own.

A decoder that crashes, hangs or eats memory ends that process and not the site; what comes back
is a picture of ours: first frame, upright, no metadata, no colour profile. Only Pillow and the
standard library: the other process reads an image and writes the pictures.
"""

from __future__ import annotations

import resource
import struct
import subprocess  # nosec B404
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

from PIL import Image, ImageOps

ROOT = Path(__file__).resolve().parents[1]
#: Longest side in pixels, by the kind of picture: what previews of attachments are.
SIDES: Mapping[str, int] = MappingProxyType({"large": 1200, "small": 240})
MEDIA_TYPE = "image/webp"
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
MAX_PIXELS = 40_000_000
MAX_BYTES = 10 * 1024 * 1024
SECONDS, CPU_SECONDS = 30, 15
MEMORY = 1024 * 1024 * 1024
QUALITY = 82
_HEAD = struct.Struct(">HHI")


class Broken(Exception):
    """No picture can be made of it."""


@dataclass(frozen=True)
class Picture:
    """`content` is WebP; width and height in pixels."""

    kind: str
    width: int
    height: int
    content: bytes


def pictures_of(image: bytes, sides: Mapping[str, int] = SIDES) -> list[Picture]:
    """A picture of each kind of `sides`, the largest first. Raises Broken."""
    wanted = [f"{kind}={side}" for kind, side in sides.items()]
    command = [sys.executable, "-I", "-c", _PROGRAM, str(ROOT), *wanted]
    try:
        done = subprocess.run(  # noqa: S603  # nosec B603
            command, input=image, capture_output=True, timeout=SECONDS, check=False, env={}
        )
    except subprocess.TimeoutExpired:
        raise Broken("it took too long") from None
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise Broken(lines[-1][:200] if lines else f"status {done.returncode}")
    return list(_read(done.stdout, sides))


#: Isolated from the environment, so the path is given; no package of ours is set up there.
_PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from core.imaging import main; main()"


def _read(out: bytes, kinds: Iterable[str]) -> Iterator[Picture]:
    place = 0
    for kind in kinds:
        width, height, size = _HEAD.unpack_from(out, place)
        place += _HEAD.size
        yield Picture(kind, width, height, out[place : place + size])
        place += size


def main() -> None:
    """The other process: standard input to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sides = {kind: int(side) for kind, _, side in (one.partition("=") for one in sys.argv[2:])}
    for picture in draw(sys.stdin.buffer.read(MAX_BYTES + 1), sides):
        sys.stdout.buffer.write(_HEAD.pack(picture.width, picture.height, len(picture.content)))
        sys.stdout.buffer.write(picture.content)


def draw(content: bytes, sides: Mapping[str, int]) -> list[Picture]:
    """The pictures of an image, drawn here. Raises whatever Pillow raises."""
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with Image.open(BytesIO(content), formats=FORMATS) as image:
        if image.width * image.height > MAX_PIXELS:
            raise ValueError("too many pixels")
        # A JPEG can be read at a fraction of its size.
        largest = max(sides.values())
        image.draft("RGB", (largest, largest))
        image.load()
        upright = ImageOps.exif_transpose(image)
        has_alpha = upright.has_transparency_data
        plain = upright.convert("RGBA" if has_alpha else "RGB")
    return [_drawn(plain, kind, side) for kind, side in sides.items()]


def _drawn(image: Image.Image, kind: str, side: int) -> Picture:
    small = image.copy()
    small.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=3.0)
    # Into a new image: nothing that came with the old one is written.
    clean = Image.new(small.mode, small.size)
    clean.paste(small)
    out = BytesIO()
    clean.save(out, "WEBP", quality=QUALITY, method=4)
    return Picture(kind, clean.width, clean.height, out.getvalue())
