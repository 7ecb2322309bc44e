"""What every answer carries that says nothing else."""

from settings import Settings

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # under no-referrer browsers send "Origin: null" with plain forms, which looks like somebody else's
    "Referrer-Policy": "strict-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=()",
    "Cache-Control": "no-store",  # what may be kept says so itself
}


def security_headers(settings: Settings) -> dict[str, str]:
    """What every answer carries that says nothing else, files and refusals included (``portal.doorkeeper``)."""
    return {**HEADERS, "Strict-Transport-Security": "max-age=31536000; includeSubDomains"} if settings.secure else HEADERS
