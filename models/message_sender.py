"""Who of several with one number has written: nobody is guessed, somebody of the shop says so."""

from models.actor import Actor
from models.customer import Customer
from models.entry import record
from models.handover import touch
from models.message import Message
from models.refused import NotFound


def attribute(message: Message, customer: Customer | None, *, by: Actor) -> None:
    """It is this customer who wrote it; None takes that back. Saying it twice says it once.

    Raises NotFound: the shop wrote it, or it is not the customer's number.
    """
    if message.direction != "in":
        raise NotFound("Message")
    if customer:
        customer.number(message.address)
    if message.customer == customer:
        return
    message.customer = customer
    message.actor_name = customer.name if customer else message.address
    record(message, "message.attributed", by, name=message.actor_name)
    touch(message.shop_id, "messages")
