"""How far a night's file got: the one table of states and events, with an answer for every event in every state."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class ExportState(StrEnum):
    planned = "planned"  # its file is to be made
    ready = "ready"  # made, and goes to the partner's server as soon as it is its turn
    sending = "sending"  # claimed: a worker is talking to the server
    delivered = "delivered"  # it lies there, whole, under its final name
    kept = "kept"  # made, and kept for somebody to download
    empty = "empty"  # there was nothing to hand over
    failed = "failed"  # tried often enough: a person has to look
    cancelled = "cancelled"  # the partner was switched off first

    @property
    def label(self) -> str:
        return str(_LABELS[self])


_LABELS = {
    ExportState.planned: _l("Being made"),
    ExportState.ready: _l("Waits to go"),
    ExportState.sending: _l("Under way"),
    ExportState.delivered: _l("Delivered"),
    ExportState.kept: _l("Kept for download"),
    ExportState.empty: _l("Nothing to send"),
    ExportState.failed: _l("Failed"),
    ExportState.cancelled: _l("Called off"),
}

# A dot: the event changes nothing.
_TABLE = """
event    planned    ready      sending    delivered  kept       empty      failed     cancelled
make     ready      .          .          .          .          .          .          .
keep     kept       kept       .          .          .          .          .          .
nothing  empty      empty      .          .          .          .          .          .
claim    .          sending    .          .          .          .          .          .
deliver  .          .          delivered  .          .          .          .          .
retry    .          .          ready      .          .          .          .          .
refuse   .          .          failed     .          .          .          .          .
again    .          .          .          .          .          .          ready      .
cancel   cancelled  cancelled  .          .          .          .          cancelled  .
"""


def _read(table: str) -> dict[str, dict[ExportState, ExportState]]:
    header, *rows = (line.split() for line in table.strip().splitlines())
    states = [ExportState(name) for name in header[1:]]
    return {
        event: {state: state if cell == "." else ExportState(cell) for state, cell in zip(states, cells, strict=True)}
        for event, *cells in rows
    }


TRANSITIONS = _read(_TABLE)
PENDING = (ExportState.planned, ExportState.ready)


def after(state: ExportState, event: str) -> ExportState:
    """The state that ``event`` leads to. Raises KeyError for an event that isn't in the table."""
    return TRANSITIONS[event][state]
