"""What people asked a price for: some still think about it, some have booked, some have declined."""

from datetime import timedelta

from jobs.demo.crowd import Person
from jobs.demo.desk import Desk
from jobs.demo.drop_off import DropOff
from models import Estimate, clock

# work, note, what became of it, open days ago
ASKED: dict[str, tuple[tuple[str, str, str, int], ...]] = {
    "harbour": (
        ("Front brake pads and rotors", "Squeals when cold. Wants original parts priced too", "active", 0),
        ("Timing belt kit with water pump", "118,000 miles, never done", "active", 1),
        ("Four all-season tyres, fitted", "", "active", 1),
        ("Replace alternator", "Battery light on the highway", "booked", 2),
        ("Front struts, pair", "Got a lower price elsewhere", "declined", 3),
        ("A/C performance check and recharge", "", "active", 4),
        ("Replace valve cover gasket", "Smell of oil at idle", "booked", 5),
        ("60,000-mile service", "Compare with the dealer's price", "active", 6),
        ("Replace one oxygen sensor", "Code P0141 from a parts store", "active", 8),
        ("Replace starter motor", "Clicks, needs a tow if it dies", "booked", 9),
        ("Rear shock absorbers, pair", "Sells the car instead", "declined", 11),
        ("Replace rear muffler", "Loud since last winter", "active", 14),
    ),
    "northgate": (
        ("Four all-season tyres, fitted", "205/55R16, quiet ones", "active", 1),
        ("Rear brake pads and rotors", "", "booked", 3),
        ("Four-wheel alignment", "Pulls to the right", "active", 6),
    ),
    "elm": (
        ("Rear bumper replacement", "Photos by e-mail, insurer not involved", "active", 1),
        ("Hail damage, roof and hood", "Adjuster comes on Tuesday", "active", 2),
        ("Door dent repair, left side", "", "booked", 6),
        ("Fender replacement and paint", "Insurer paid it out as a total loss", "declined", 9),
    ),
    "delinde": (
        ("Distributieriem vervangen", "142.000 km", "active", 1),
        ("Grote beurt", "", "booked", 4),
        ("Airco controleren en vullen", "Te duur", "declined", 7),
    ),
}


def tell(desk: Desk) -> None:
    for work, note, fate, ago in ASKED[desk.shop.slug]:
        Question(desk, _driver_of_an_engine(desk), work, note, fate, ago)


def _driver_of_an_engine(desk: Desk) -> Person:
    """Nobody asks what a timing belt for an electric car costs."""
    return next(person for person in iter(desk.crowd.next, None) if person.cars[0]["engine"] != "Electric")


class Question:
    """What would it cost?"""

    def __init__(self, desk: Desk, person: Person, work: str, note: str, fate: str, ago: int) -> None:
        self.desk, self.person, self.work, self.note, self.fate = desk, person, work, note, fate
        asked = desk.working_moment(desk.day(-ago), desk.rng) if ago else desk.lately(55)
        desk.history.at(asked, self._ask)

    def _ask(self) -> None:
        by = self.desk.someone(self.desk.rng)
        customer, vehicles = self.desk.meet(self.person, by)
        estimate = Estimate.ask(customer, vehicles[0], self.work, self.note, by=by)
        thought_over = self.desk.attended(clock.now() + timedelta(hours=20))
        if self.fate == "declined":
            self.desk.history.at(thought_over, lambda: estimate.decline(by=by))
        elif self.fate == "booked":
            day = self.desk.day(self.desk.rng.randint(2, 5), self.desk.shop.local(thought_over).date())
            at = self.desk.rng.choice(self.desk.slots(day))
            DropOff(self.desk, self.person, day, at, booked=thought_over, work=self.work, ending="comes", estimate=estimate)
