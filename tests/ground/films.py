"""Photos and films as cameras make them, by Pillow and ffmpeg: small, and real."""

import struct
import subprocess
import tempfile
import zlib
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pillow_heif
from PIL import Image

from tests.ground.absent import cannot_run

PLACE = "+41.8781-087.6298/"  # Chicago, as a telephone notes it


def a_photo(kind: str = "JPEG", size: tuple[int, int] = (400, 200), **options: Any) -> bytes:
    """The left half is red, the right half is blue."""
    pillow_heif.register_heif_opener()
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    buffer = BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def place_and_turn(orientation: int = 6) -> bytes:
    """What a telephone that was held upright writes about a photo: turn it by a quarter, and where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825).update({1: "N", 2: (41.0, 52.0, 41.0), 3: "W", 4: (87.0, 37.0, 47.0)})
    return exif.tobytes()  # as bytes pillow_heif turns a HEIC too, by the property that readers of HEIC go by


def a_bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims so many pixels, and holds many of them, packed."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    rows = zlib.compressobj(9)
    packed = b"".join(rows.compress(b"\0" * (1 + width // 8)) for _row in range(min(height, 2000))) + rows.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@cache
def a_film(name: str = "film.mov", codec: str = "libx265", seconds: int = 1, size: str = "320x240", turned: bool = True) -> bytes:
    """As an iPhone films: HEVC in QuickTime, to be turned clockwise, with the place in it. Upright its upper left corner is red."""
    with tempfile.TemporaryDirectory() as folder:
        flat, made = Path(folder, f"flat{Path(name).suffix}"), Path(folder, name)
        width, height = size.split("x")
        # clockwise: what was below is on the left
        box = f"drawbox=x=0:y={int(height) * 3 // 4}:w={int(width) // 4}:h={int(height) // 4}:c=red:t=fill"
        marked = f"color=gray:s={size}:r=30:d={seconds},{box}"
        ffmpeg("-f", "lavfi", "-i", marked, "-f", "lavfi", "-i", f"sine=d={seconds}", *coded(codec), *noted(flat.suffix), str(flat))
        if not turned:
            return flat.read_bytes()
        turn = ("-metadata:s:v:0", "rotate=270", "-map_metadata", "0")
        ffmpeg("-i", str(flat), "-c", "copy", *turn, "-movflags", "use_metadata_tags", str(made))
        return made.read_bytes()


def coded(codec: str) -> tuple[str, ...]:
    if codec == "libx265":
        return ("-c:v", codec, "-x265-params", "log-level=error", "-preset", "ultrafast", "-tag:v", "hvc1", "-c:a", "aac")
    if codec == "libvpx":
        return ("-c:v", codec, "-deadline", "realtime", "-c:a", "libopus")
    return ("-c:v", codec, "-c:a", "aac")


def noted(suffix: str) -> tuple[str, ...]:
    names = ("-metadata", f"location={PLACE}", "-metadata", f"com.apple.quicktime.location.ISO6709={PLACE}", "-metadata", "title=Secret")
    return (*names, "-movflags", "use_metadata_tags") if suffix in {".mov", ".mp4"} else names


def ffmpeg(*arguments: str) -> None:
    try:
        subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *arguments], check=True, capture_output=True, timeout=60)
    except FileNotFoundError:
        cannot_run("ffmpeg is not installed (Debian: ffmpeg)")


def facts(content: bytes) -> str:
    """All that ffprobe finds in a film, as text."""
    with tempfile.NamedTemporaryFile(suffix=".bin") as file:
        file.write(content)
        file.flush()
        entries = "format:format_tags:stream=codec_name,width,height,pix_fmt,profile:stream_tags:stream_side_data"
        command = ["ffprobe", "-v", "error", "-show_entries", entries, "-of", "flat", file.name]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stdout
