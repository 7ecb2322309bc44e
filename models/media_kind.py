"""What an uploaded file is, told by its first bytes; what it is called says nothing."""

from enum import StrEnum

HEAD = 64  # bytes that have to be looked at


class MediaKind(StrEnum):
    photo = "photo"
    video = "video"


_BOXES = {b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}  # how a QuickTime film of an older camera begins
_STILL = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevm", b"hevs", b"mif1", b"msf1"}  # brands of ISO 23008-12
_NEITHER = {b"avif", b"avis", b"crx ", b"M4A ", b"M4B ", b"M4P "}  # pictures and sounds that we can't take in


def kind_of(head: bytes) -> MediaKind | None:
    """Photo or video by the first ``HEAD`` bytes; None for anything else. It is a promise of nothing: the decoder has the last word."""
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return MediaKind.photo
    if head.startswith(b"\x1a\x45\xdf\xa3"):  # Matroska and WebM
        return MediaKind.video
    if head[4:8] == b"ftyp":
        return _by_brands(head)
    return MediaKind.video if head[4:8] in _BOXES else None


def _by_brands(head: bytes) -> MediaKind | None:
    """The family of MP4, QuickTime and HEIC: the major brand decides, and where it says little those that follow do."""
    length = min(int.from_bytes(head[:4], "big"), len(head))
    major, compatible = head[8:12], {head[at : at + 4] for at in range(16, length, 4)}
    if major in _NEITHER or (major == b"mif1" and b"avif" in compatible):
        return None
    return MediaKind.photo if major in _STILL else MediaKind.video
