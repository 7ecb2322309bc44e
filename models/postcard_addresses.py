"""Where the cards of a batch go, one line a card in the order of the PDF: for a printer who sets the addresses, or for labels."""

from collections.abc import Iterator

from models.list_file import ListFile, Row
from models.postcard_batch import PostcardBatch

COLUMNS = ("card", "mailing name", "street", "city", "region", "postal code", "country", "kind")


def addresses(batch: PostcardBatch) -> ListFile:
    """Of those that go."""
    return ListFile(f"postcards-{batch.id}", COLUMNS, _rows(batch))


def _rows(batch: PostcardBatch) -> Iterator[Row]:
    for letter in batch.going:
        *place, country = letter.customer.addresses[0].parts if letter.customer.addresses else [""] * 5
        yield letter.card_number, letter.customer.mailing_name, *place, country or batch.shop.country, letter.kind.label
