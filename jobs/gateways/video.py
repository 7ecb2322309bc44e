"""Videos by ffmpeg: the only place that runs it. What it reads was sent by somebody, and may be made to hurt.

It runs as a program of its own, with little of the machine: it may open no address and no other file (no playlists, no lists of files,
no references out of a file), knows only the formats and codecs that cameras use, is bounded in time, memory and output, and gives way.
"""

import json
import os
import resource
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

import structlog

from models.attachment_reason import VIDEO_MINUTES
from models.photo import Unusable

log = structlog.get_logger()

LONGEST_SIDE = 1280  # pixels
MOST_PIXELS = 7680 * 4320  # of a frame; what cameras call 8K
LONGEST = VIDEO_MINUTES * 60  # seconds
GRACE = 2  # seconds that a camera's five minutes may be longer
TIME_LIMIT = 1200  # seconds for converting: four times the longest video
LOOK_LIMIT = 30  # seconds for looking at it
MOST_MEMORY = 4 * 1024**3  # bytes of address space
MOST_OUTPUT = 300 * 1024**2  # bytes
THREADS = 4
FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm"
PICTURES = "h264,hevc,mpeg4,h263,mjpeg,prores,vp8,vp9,av1,libdav1d"
SOUNDS = "aac,alac,mp3,mp3float,opus,vorbis,amrnb,amrwb,pcm_s16le,pcm_s16be,pcm_s24le"
CAREFUL = ("-protocol_whitelist", "file,pipe", "-format_whitelist", FORMATS, "-codec_whitelist", f"{PICTURES},{SOUNDS}")
QUIET = ("-hide_banner", "-nostdin", "-loglevel", "error", "-y")
# 10-bit films of telephones are made for bright screens; unless they are brought back they look grey on all others
BRIGHT = {"arib-std-b67", "smpte2084"}
TONE = "zscale=t=linear:npl=203,format=gbrpf32le,zscale=p=bt709,tonemap=mobius:desat=0,zscale=t=bt709:m=bt709:r=tv,"


@dataclass(frozen=True, slots=True)
class Film:
    """What a file holds: which stream is the picture, how it is coded, how large and long (seconds) it is."""

    stream: int
    codec: str
    width: int
    height: int
    seconds: float
    transfer: str


def look(path: Path) -> Film:
    """What is in the file. Raises Unusable: no film, broken, too long, too large a picture, of a kind we don't take."""
    asked = "format=duration:stream=index,codec_type,codec_name,width,height,duration,color_transfer:stream_disposition=attached_pic"
    command = [_program("ffprobe"), "-v", "error", *CAREFUL, "-show_entries", asked, "-of", "json", f"file:{path}"]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=LOOK_LIMIT, preexec_fn=_confined, check=False)
    except subprocess.TimeoutExpired as problem:
        raise Unusable("broken") from problem
    if done.returncode:
        log.info("film not understood", problem=_last_words(done.stderr))
        raise Unusable("broken")
    return _understood(json.loads(done.stdout))


def _understood(facts: dict) -> Film:  # type: ignore[type-arg]
    streams = [one for one in facts.get("streams", []) if one.get("codec_type") == "video"]
    pictures = [one for one in streams if not one.get("disposition", {}).get("attached_pic")]  # a song's cover is no film
    if not pictures:
        raise Unusable("no_picture")
    picture = pictures[0]
    seconds = float(facts.get("format", {}).get("duration") or picture.get("duration") or 0)
    film = Film(
        picture["index"],
        picture.get("codec_name", "unknown"),
        int(picture.get("width") or 0),
        int(picture.get("height") or 0),
        seconds,
        picture.get("color_transfer", ""),
    )
    if film.codec not in PICTURES.split(","):
        raise Unusable("codec")
    if not film.width or not film.height:
        raise Unusable("broken")
    if film.width * film.height > MOST_PIXELS:
        raise Unusable("pixels")
    if seconds > LONGEST + GRACE:
        raise Unusable("length")
    return film


def convert(source: Path, into: Path, film: Film, goes_on: Callable[[int], bool]) -> None:
    """Write what every browser plays: H.264 and AAC in an MP4 that begins to play before it is all there, upright, at most 1280 pixels,
    without place, time or names. ``goes_on`` is told the percentage once a second and says whether anybody still wants it.

    Raises Unusable: it can't be decoded, or takes too long. Raises Abandoned: nobody wants it any more.
    """
    command = [_program("ffmpeg"), *QUIET, "-timelimit", str(TIME_LIMIT * THREADS)]
    command += [*CAREFUL, "-threads", str(THREADS), "-t", str(LONGEST + GRACE), "-i", f"file:{source}"]
    command += ["-map", f"0:{film.stream}", "-map", "0:a:0?", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"]
    command += ["-vf", _picture(film), "-fpsmax", "30", "-c:v", "libx264", "-preset", "veryfast", "-crf", "25", "-threads", str(THREADS)]
    command += ["-profile:v", "high", "-level:v", "4.0", "-maxrate", "3M", "-bufsize", "6M", "-c:a", "aac", "-b:a", "96k", "-ac", "2"]
    command += ["-movflags", "+faststart", "-progress", "pipe:1", "-nostats", "-f", "mp4", f"file:{into}"]
    _run(command, film.seconds, goes_on)


def poster(source: Path, into: Path, seconds: float) -> None:
    """One picture of a film of ours, a little after its beginning. Raises Unusable: there is none."""
    at = min(1.0, seconds / 2)
    command = [_program("ffmpeg"), *QUIET, *CAREFUL, "-ss", f"{at:.2f}", "-i", f"file:{source}"]
    _run([*command, "-frames:v", "1", "-c:v", "png", "-f", "image2", "-update", "1", f"file:{into}"], 0, lambda _percent: True)
    if not into.exists():
        raise Unusable("broken")


class Abandoned(Exception):
    """Whoever waited for it removed it, or the work is another worker's now."""


def _picture(film: Film) -> str:
    side = LONGEST_SIDE
    small = f"scale=w='min({side},iw)':h='min({side},ih)':force_original_aspect_ratio=decrease:force_divisible_by=2,setsar=1"
    tone = TONE if film.transfer in BRIGHT and _knows_tones() else ""
    return f"{small},{tone}format=yuv420p"


@cache
def _knows_tones() -> bool:
    listed = subprocess.run([_program("ffmpeg"), "-hide_banner", "-filters"], capture_output=True, text=True, check=False).stdout
    return " zscale " in listed and " tonemap " in listed


def _program(name: str) -> str:
    """The system's own. Raises Unusable: it is not there."""
    found = shutil.which(name)
    if found is None:
        raise Unusable("no_program")
    return found


def _confined() -> None:
    """What the program may take of this machine, said in it before it begins."""
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_OUTPUT, MOST_OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if hasattr(resource, "RLIMIT_AS") and os.uname().sysname == "Linux":  # macOS knows the name and refuses the value
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def _run(command: Sequence[str], seconds: float, goes_on: Callable[[int], bool]) -> None:
    with tempfile.TemporaryFile() as complaints:
        program = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=complaints, preexec_fn=_confined)
        late = threading.Timer(TIME_LIMIT, program.kill)
        late.start()
        try:
            assert program.stdout
            for percent in _percentages(program.stdout, seconds):
                if not goes_on(percent):
                    raise Abandoned
            program.wait()
            too_slow = not late.is_alive()
        finally:
            late.cancel()
            program.kill()
            program.communicate()
        if program.returncode:
            complaints.seek(0)
            log.info("film not converted", code=program.returncode, problem=_last_words(complaints.read(65536)))
            raise Unusable("too_slow" if too_slow else "broken")


def _percentages(lines: IO[bytes], seconds: float) -> Iterator[int]:
    """How far ffmpeg says it is, at most once a second."""
    told = time.monotonic()
    for line in lines:
        name, _equals, value = line.decode("ascii", "replace").strip().partition("=")
        if name == "out_time_us" and value.lstrip("-").isdecimal() and time.monotonic() - told >= 1:
            told = time.monotonic()
            yield max(0, min(99, int(int(value) / 10_000 / seconds))) if seconds else 0


def _last_words(complaints: bytes) -> str:
    return complaints.decode("utf-8", "replace").strip()[-300:]
