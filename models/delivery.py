"""How far a message got: the one table of states and events, with an answer for every event in every state."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class Delivery(StrEnum):
    planned = "planned"  # waits for its moment
    held = "held"  # a rule holds it back
    queued = "queued"  # goes as soon as a worker takes it
    sending = "sending"  # claimed: a worker is talking to the provider
    sent = "sent"  # the provider took it
    delivered = "delivered"  # the provider says that it arrived
    failed = "failed"  # it will not arrive
    unknown = "unknown"  # whether the provider took it can't be known
    cancelled = "cancelled"  # its reason is gone

    @property
    def label(self) -> str:
        return str(_LABELS[self])


_LABELS = {
    Delivery.planned: _l("Planned"),
    Delivery.held: _l("Held back"),
    Delivery.queued: _l("Queued"),
    Delivery.sending: _l("Sending"),
    Delivery.sent: _l("Sent"),
    Delivery.delivered: _l("Delivered"),
    Delivery.failed: _l("Failed"),
    Delivery.unknown: _l("Unknown"),
    Delivery.cancelled: _l("Called off"),
}

# ``again``: the carrier reports that it could not deliver what the provider took, for a reason that often passes.
# Of postcards: ``withdraw``: the print service took it out of production; ``renew``: a person has it printed after all.
# A dot: the event changes nothing. Terminal beats non-terminal whatever the order in which the provider's reports arrive. A report about a
# message that we believe to be queued (a backup was restored) proves that it went: it must not go again.
# ``bounce``: mail came back. That may be days after the other side's front door said that it took it, so it is the last word even then.
_TABLE = """
event      planned    held       queued     sending    sent       delivered  failed     unknown    cancelled
queue      queued     queued     .          .          .          .          .          .          .
postpone   .          planned    planned    .          .          .          .          .          .
hold       held       .          held       .          .          .          .          .          .
cancel     cancelled  cancelled  cancelled  .          .          .          .          .          .
claim      .          .          sending    .          .          .          .          .          .
retry      .          .          .          queued     .          .          .          .          .
again      .          .          .          .          queued     .          .          queued     .
accept     .          .          sent       sent       .          .          .          sent       .
deliver    .          .          delivered  delivered  delivered  .          .          delivered  .
refuse     .          .          failed     failed     failed     .          .          failed     .
bounce     .          .          failed     failed     failed     failed     .          failed     .
lose       .          .          .          unknown    .          .          .          .          .
withdraw   .          .          .          .          cancelled  .          .          cancelled  .
renew      .          .          .          .          .          .          queued     .          queued
"""


def _read(table: str) -> dict[str, dict[Delivery, Delivery]]:
    header, *rows = (line.split() for line in table.strip().splitlines())
    states = [Delivery(name) for name in header[1:]]
    transitions: dict[str, dict[Delivery, Delivery]] = {}
    for event, *cells in rows:
        transitions[event] = {state: state if cell == "." else Delivery(cell) for state, cell in zip(states, cells, strict=True)}
    return transitions


TRANSITIONS = _read(_TABLE)


def after(state: Delivery, event: str) -> Delivery:
    """The state that ``event`` leads to. Raises KeyError for an event that isn't in the table."""
    return TRANSITIONS[event][state]
