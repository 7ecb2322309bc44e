"""What a page says, without its markup."""

import re
from html import unescape


def plain(html: str) -> str:
    """Words alone: a name of which a part is marked is one name again."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())
