"""The only rooms with doors to outside parties. Two exceptions at the seam tell what became of a message."""

LONGEST_WAIT = 24 * 3600  # seconds that a provider is left alone, whatever it asks for


class Undelivered(Exception):
    """It certainly did not go out.

    ``permanent``: trying again would not help. ``code``: the provider's, or a word of ``models.failure``. ``retry_after``: seconds, if the
    provider said so, a day at most. ``said``: the mail server's own words about the recipient, where it had some, with its status.
    """

    def __init__(self, code: str, *, permanent: bool, retry_after: int | None = None, said: str = "") -> None:
        super().__init__(code)
        self.code, self.permanent, self.said = code, permanent, said
        self.retry_after = retry_after and min(retry_after, LONGEST_WAIT)


class FateUnknown(Exception):
    """Whether the provider took it can't be known."""
