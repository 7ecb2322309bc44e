"""Why a photo or video could not be used, in plain words with what to do."""

from flask_babel import lazy_gettext as _l

PHOTO_MB, VIDEO_MB, VIDEO_MINUTES = 40, 500, 5  # the most that is taken in

_WORDS = {
    "empty": _l("There is nothing in this file. Choose it once more."),
    "unknown": _l("This is no photo or video that we can use. Photos: JPEG, PNG, WebP, HEIC; videos: MP4, MOV, WebM."),
    "broken": _l("This file is broken or was cut off on its way. Send it once more."),
    "pixels": _l("This picture has too many pixels. Use one of at most 64 million."),
    "photo_size": _l("This photo is larger than %(size)s MB.", size=PHOTO_MB),
    "video_size": _l("This video is larger than %(size)s MB. Film a shorter one.", size=VIDEO_MB),
    "length": _l("This video is longer than %(count)s minutes. Film a shorter one.", count=VIDEO_MINUTES),
    "no_picture": _l("There is no moving picture in this file."),
    "codec": _l("This video is of a kind that we can't convert. Film it with the telephone's own camera."),
    "too_slow": _l("Converting this video took too long. Film a shorter one."),
    "gave_up": _l("Converting failed several times, and it may be our fault. Try again; if it fails once more, send another one."),
    "no_program": _l("Videos can't be converted on this server: ffmpeg is missing. Tell the administrator, then try again."),
}
OURS = {"gave_up", "no_program"}  # another try may help, so what was sent is kept for it


def words_for(reason: str) -> str:
    return str(_WORDS[reason])
