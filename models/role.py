"""What each role may do, in one place."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l

_RECEPTIONIST = frozenset({"day", "book", "customers", "estimates", "messages", "queue", "board", "work"})


class Role(StrEnum):
    administrator = "administrator"
    receptionist = "receptionist"
    mechanic = "mechanic"

    def may(self, permission: str) -> bool:
        """Whether it holds ``permission``: day, book, customers, estimates, messages, queue, board, work, settings, staff or privacy."""
        return permission in PERMISSIONS[self]

    @property
    def label(self) -> str:
        return str(_LABELS[self])


PERMISSIONS = {
    Role.administrator: _RECEPTIONIST | {"settings", "staff", "privacy"},
    Role.receptionist: _RECEPTIONIST,
    Role.mechanic: frozenset({"queue"}),
}
_LABELS = {Role.administrator: _l("Administrator"), Role.receptionist: _l("Receptionist"), Role.mechanic: _l("Mechanic")}
