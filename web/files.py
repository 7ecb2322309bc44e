"""Files out of the storage: to be shown, played or saved."""

from flask import Response, make_response, request
from werkzeug.wrappers import Response as AnyResponse
from werkzeug.wsgi import FileWrapper

from models import Attachment, Document, MessageMedia, NotFound, StoredFile

FILE_POLICY = "default-src 'none'; media-src 'self'; img-src 'self'; style-src 'unsafe-inline'; sandbox"
PIECE = 64 * 1024  # bytes
YEAR = 365 * 24 * 3600  # seconds
# What the browser's own viewer of PDF needs; a sandbox would show it blank.
PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src data: blob:; frame-ancestors 'none'"


def printed(document: Document) -> Response:
    """The document's PDF, for the browser to show. Raises NotFound: it is not there yet."""
    if document.file is None:
        raise NotFound("Document")
    response = make_response(document.file.read())
    response.headers.update(
        {"Content-Type": document.file.content_type, "Cache-Control": "private, no-store", "Content-Security-Policy": PDF_POLICY}
    )
    response.headers["Content-Disposition"] = f'inline; filename="{document.name}.pdf"'
    return response


def saved(file: StoredFile, name: str) -> Response:
    """The file, for the browser to save, piece by piece: it may be large. No cache keeps it."""
    response = Response(FileWrapper(file.open(), PIECE), content_type=file.content_type, direct_passthrough=True)
    response.content_length = file.size
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def file_answer(stored: StoredFile, name: str) -> AnyResponse:
    """A file as browsers play and keep it: whole or the range that they ask for (Safari plays nothing else), for a year, since it never
    changes; for whoever may see it alone, and with no rights if it is opened by itself."""
    response = Response(FileWrapper(stored.open(), PIECE), mimetype=stored.content_type, direct_passthrough=True)
    response.content_length = stored.size
    response.set_etag(str(stored.id))
    response.headers.update({"Cache-Control": f"private, max-age={YEAR}, immutable", "Content-Security-Policy": FILE_POLICY})
    response.headers.set("Content-Disposition", "inline", filename=name)
    return response.make_conditional(request, accept_ranges=True, complete_length=stored.size)


def picture_answer(attachment: Attachment, shape: str) -> AnyResponse:
    """A photo's picture as WebP where the browser says that it knows it (``*/*`` says nothing), else as JPEG; a video's as MP4.

    Raises NotFound: it is not ready, or there is no such shape.
    """
    wanted = "image/webp" if "image/webp" in request.headers.get("Accept", "") else "image/jpeg"
    file = attachment.rendition(shape, [wanted])
    response = file_answer(file, f"{shape}-{attachment.id}.{file.content_type.partition('/')[2]}")
    response.vary.add("Accept")
    return response


def media_answer(media: MessageMedia, shape: str = "large") -> AnyResponse:
    """A file of a text: of the kind that it was found to be, whatever it was called. Raises NotFound: it is not there."""
    response = file_answer(media.stored(shape), media.file_name if shape == "large" else "small.jpg")
    if response.mimetype == "application/pdf":  # which browsers show blank in a sandbox, and in a viewer of their own besides
        response.headers["Content-Security-Policy"] = PDF_POLICY
    return response
