"""Ask a plate service for a vehicle's VIN. A job, not the request: an answer that may have been charged is kept, whoever closed the page
meanwhile, and a provider that does not answer holds up nobody's console."""

from jobs.gateways import plates
from models import PlateLookup, db
from models.plate_service import PlateService


def look_up(lookup_id: int) -> None:
    """Asks once: what became of a call that was begun and never ended can't be known, and might be paid for twice."""
    lookup = db.session.get(PlateLookup, lookup_id)
    if lookup is None:
        return
    service = PlateService.of(lookup.shop)
    sought = plates.Sought(service.address, service.key, lookup.plate, lookup.region, lookup.country, f"wrenchline-{lookup.id}")
    if not service.works or not lookup.claim():
        return
    lookup.answered(*plates.look_up(sought))  # no transaction is open while the provider is asked
    db.session.commit()
