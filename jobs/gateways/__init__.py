"""The only rooms with doors to outside parties. Two exceptions at the seam tell what became of a message."""


class Undelivered(Exception):
    """It certainly did not go out.

    ``permanent``: trying again would not help. ``code``: the provider's, or a word of ``models.failure``. ``retry_after``: seconds, if the
    provider said so.
    """

    def __init__(self, code: str, *, permanent: bool, retry_after: int | None = None) -> None:
        super().__init__(code)
        self.code, self.permanent, self.retry_after = code, permanent, retry_after


class FateUnknown(Exception):
    """Whether the provider took it can't be known."""
