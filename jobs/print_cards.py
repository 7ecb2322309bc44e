"""One postcard as a print service wants it: who it goes to and comes from as fields, its two sides as PDF without an address."""

from dataclasses import replace
from io import BytesIO

import pypdfium2

from jobs.gateways.print_service import OutgoingCard
from jobs.postcards import drawn
from models import Message, PostcardSize, PrintedCard, PrintService
from models.postcard import Postcard

LONGEST = 40  # characters of a name, as the service prints it; what is longer goes on in the line below
SIZE = "4x6"  # all that it prints for abroad, and what the shop's own cards are


def outgoing(message: Message) -> OutgoingCard:
    """All of it, made while the database is at hand."""
    letter, card, service = message.letter, PrintedCard.of(message), PrintService.of(message.shop)
    assert letter
    assert card
    assert service
    art = replace(Postcard.of(letter), size=PostcardSize.american)
    front, back = _sides(drawn(message.shop, [art], addressed=False, marks=False))
    return OutgoingCard(service.account, card.key, fields(message, service), front, back)


def fields(message: Message, service: PrintService) -> dict[str, str]:
    """The form of the request. Who it goes to is told here alone: the service checks the address and prints it."""
    shop, customer = message.shop, message.customer
    assert customer
    assert message.letter
    address = customer.addresses[0]
    country = (address.country or shop.country).upper()
    inland = country == shop.country.upper() == "US"
    to = _place("to", customer.mailing_name, address.street, address.city, address.region, address.postal_code, country)
    home = _place("from", shop.name, shop.street, shop.city, shop.region, shop.postal_code, shop.country.upper())
    return {
        **to,
        **home,
        "size": SIZE,
        "use_type": service.use_type,
        "mail_type": service.mail_type if inland else "usps_first_class",
        "description": f"{shop.slug} {message.letter.kind.value}",
        "metadata[message]": message.uid,
        **({"metadata[shop]": service.shop_code} if service.shop_code else {}),
    }


def _place(side: str, name: str, street: str, city: str, region: str, postal_code: str, country: str) -> dict[str, str]:
    name, *rest = _broken(name)
    lines = [*rest, *(line.strip() for line in street.splitlines() if line.strip())]
    parts = {"name": name, "address_line1": lines[0] if lines else "", "address_line2": ", ".join(lines[1:]), "address_city": city}
    parts |= {"address_state": region, "address_zip": postal_code, "address_country": country}
    return {f"{side}[{part}]": value for part, value in parts.items() if value}


def _broken(name: str) -> list[str]:
    """The name in pieces that the service takes: a company's may be longer than its line."""
    if len(name) <= LONGEST:
        return [name]
    at = name.rfind(" ", 0, LONGEST + 1)
    cut = at if at > 0 else LONGEST
    return [name[:cut].strip(), name[cut:].strip()[:64]]


def _sides(pdf: bytes) -> list[bytes]:
    """Each page as a PDF of its own."""
    sides = []
    with pypdfium2.PdfDocument(pdf) as whole:
        for number in range(len(whole)):
            with pypdfium2.PdfDocument.new() as one:
                one.import_pages(whole, [number])
                file = BytesIO()
                one.save(file)
                sides.append(file.getvalue())
    return sides
