"""The only rooms with doors to outside parties. Two exceptions at the seam tell what became of a message."""


class Undelivered(Exception):
    """It certainly did not go out.

    ``permanent``: trying again would not help. ``code``: the provider's, or a word of ``models.failure``. ``retry_after``: seconds, if the
    provider said so. ``said``: the mail server's own words about the recipient, where it had some, with its status.
    """

    def __init__(self, code: str, *, permanent: bool, retry_after: int | None = None, said: str = "") -> None:
        super().__init__(code)
        self.code, self.permanent, self.retry_after, self.said = code, permanent, retry_after, said


class FateUnknown(Exception):
    """Whether the provider took it can't be known."""
