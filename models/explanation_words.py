"""The words of the explanations, for owners of vehicles: short, plain, and true for nearly every car."""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l


@dataclass(frozen=True, slots=True)
class Words:
    title: LazyString
    drawn: LazyString
    steps: tuple[tuple[LazyString, LazyString], ...]
    sentences: tuple[LazyString, LazyString, LazyString, LazyString]  # under HEADINGS


HEADINGS = (_l("What it is"), _l("How it wears"), _l("If it is left"), _l("What we do"))

WORDS = {
    "brake-pads": Words(
        _l("Brake pads"),
        _l(
            "A brake disc seen from its edge. A caliper squeezes a pad against each side of it. The pads shrink from 11 millimetres "
            "to 3, and at last to bare metal that grinds on the disc."
        ),
        (
            (_l("New: 11 mm"), _l("The caliper squeezes both pads onto the disc, and the car stops.")),
            (_l("Worn: 3 mm"), _l("Time for new pads, while the disc is still good.")),
            (_l("Gone: metal on metal"), _l("Bare steel cuts into the disc and stops the car late.")),
        ),
        (
            _l("Brake pads are blocks of hard friction material that clamp the spinning disc behind each wheel."),
            _l("Every stop rubs a little off. You may hear a squeal, and we measure what is left in millimetres."),
            _l("Below 3 mm stops get longer; once the steel touches, the disc is ruined too and the repair costs far more."),
            _l("We fit new pads in pairs, check the discs, sliders and fluid, and try the brakes on the road."),
        ),
    ),
    "tyre-tread": Words(
        _l("Tyre tread"),
        _l(
            "A wheel rolls on a wet road, with a close look at its tread. Deep grooves take up the water and the rubber stays on the road. "
            "As the tread wears down, water pushes under the tyre until it floats."
        ),
        (
            (_l("New"), _l("Deep grooves carry the water away. The rubber grips the road.")),
            (_l("Worn"), _l("Less room for water: the car needs more road to stop.")),
            (_l("At the limit"), _l("The water has nowhere to go. The tyre floats on it and can't steer or brake.")),
        ),
        (
            _l("The grooves in a tyre pump water out from under it, litres every second, so that rubber meets road."),
            _l("Every mile takes some tread. We measure its depth in several places: uneven wear tells of other faults."),
            _l("On a wet road a worn tyre slides on a film of water. At 1.6 mm (2/32 inch) it is at the legal limit in most places."),
            _l("We tell you the depth of each tyre, fit and balance new ones, and check pressure and wheel alignment."),
        ),
    ),
    "battery": Words(
        _l("Battery"),
        _l(
            "A battery feeds the starter motor, which turns the engine by a ring of teeth. Full, it turns the engine fast. "
            "Weak, it turns it slowly. Flat, the starter only clicks."
        ),
        (
            (_l("Full: 12.6 volts"), _l("Plenty of current. The engine spins fast and starts at once.")),
            (_l("Weak: 12.0 volts"), _l("The engine turns slowly. A cold morning may be too much.")),
            (_l("Flat: 11.5 volts"), _l("The starter only clicks, and the car stays where it is.")),
        ),
        (
            _l("The battery gives the starter a great burst of current; while you drive, the alternator fills it up again."),
            _l("With the years it holds less: the engine turns lazily, and lights dim as you start."),
            _l("It fails without asking, mostly on the first cold morning, and a weak one wears out the alternator."),
            _l("We test how much it still can give, not only its volts, and check charging, cables and terminals."),
        ),
    ),
    "air-filter": Words(
        _l("Engine air filter"),
        _l(
            "Dusty air flows through a pleated filter to the engine. Clean paper holds back the dust and lets the air through. "
            "Full of dirt, it lets hardly any air reach the engine."
        ),
        (
            (_l("Clean"), _l("The paper keeps the dust. The engine gets all the air it needs.")),
            (_l("Dirty"), _l("Dust fills the pleats, and the engine has to suck harder.")),
            (_l("Clogged"), _l("Hardly any air gets through: less power, more fuel.")),
        ),
        (
            _l("The engine breathes thousands of litres of air for every litre of fuel, all of it through this paper."),
            _l("Clean paper is pale. Dust, leaves and insects turn it grey and fill the folds."),
            _l("A clogged filter costs power and fuel, and a torn one lets sand into the engine."),
            _l("We take it out, show it to you, clean its box and put in a new one: a matter of minutes."),
        ),
    ),
    "timing-belt": Words(
        _l("Timing belt"),
        _l(
            "A toothed belt joins the crankshaft below with the camshaft above, so that piston and valve take turns. "
            "The belt cracks with age. When it snaps, the valve stays open and the piston hits it."
        ),
        (
            (_l("Sound"), _l("The teeth keep time: the valve is out of the way whenever the piston comes up.")),
            (_l("Old and cracked"), _l("It still runs, and gives no warning. Only its age and mileage tell.")),
            (_l("Snapped"), _l("The valve stays open, the piston hits it, and the engine is wrecked.")),
        ),
        (
            _l("This belt turns the camshaft once for every two turns of the crankshaft, so that valves and pistons never meet."),
            _l("Rubber ages: cracks, missing teeth and oil on it are signs, but many belts look fine until they break."),
            _l("In most engines a broken belt bends the valves within one turn, and the engine must come apart."),
            _l("We change it at the age or mileage the maker gives, with its tensioner and often the water pump behind it."),
        ),
    ),
    "coolant": Words(
        _l("Coolant"),
        _l(
            "Coolant flows from the hot engine through the radiator and back, red where it is hot and blue where it is cool. "
            "When there is too little, it hardly flows, and the engine gets too hot."
        ),
        (
            (_l("Full and fresh"), _l("It takes the heat to the radiator and comes back cool.")),
            (_l("Low or old"), _l("Less of it flows, and rust and scale begin to narrow the way.")),
            (_l("Overheating"), _l("The heat stays in the engine. Stop, and let it cool down.")),
        ),
        (
            _l("Coolant is water with antifreeze: it carries the engine's heat to the radiator, and keeps off frost and rust."),
            _l("It loses its protection in a few years. Brown colour, a falling level or a sweet smell are signs."),
            _l("An engine that overheats warps its head and blows its gasket within minutes: one of the dearest repairs there are."),
            _l("We test how far down it protects, look for leaks, and change it for the kind your car's maker asks for."),
        ),
    ),
    "suspension": Words(
        _l("Suspension"),
        _l(
            "A wheel with a spring and a damper rolls over a bump, and a line draws how the car moves. "
            "With a good damper the car settles at once. With a worn one it goes on bouncing and the wheel leaves the road."
        ),
        (
            (_l("Good damper"), _l("One soft push, and the car is calm. The wheel stays on the road.")),
            (_l("Weak damper"), _l("The car rocks a few times after each bump.")),
            (_l("Worn out and leaking"), _l("The wheel hops. In the air it can't brake or steer.")),
        ),
        (
            _l("The spring takes the bump, and the damper beside it calms the spring: oil pressed through small holes."),
            _l("Dampers wear slowly, so you get used to it: nose-diving, swaying, tyres with worn patches, oil on the tube."),
            _l("A hopping wheel needs more road to stop, above all on rough or wet roads, and wears out tyres and joints."),
            _l("We look for leaks and play, try it on the road, and change dampers in pairs so that both sides act alike."),
        ),
    ),
    "oil": Words(
        _l("Engine oil"),
        _l(
            "Two metal surfaces in the engine, much enlarged, slide past each other on a film of oil, with a dipstick beside them. "
            "The oil turns from clear amber to black and thin, until the metal touches and wears."
        ),
        (
            (_l("Fresh"), _l("A film thinner than a hair keeps the metal apart. Nothing touches.")),
            (_l("Used"), _l("Dark with soot and grit, and thinner: the tips begin to touch.")),
            (_l("Too old or too low"), _l("The film breaks. Metal rubs on metal and wears away.")),
        ),
        (
            _l("Oil keeps the engine's moving metal apart, cools it, and carries dirt to the filter."),
            _l("It takes up soot, fuel and water, gets dark and thin, and every engine uses a little of it."),
            _l("Without a good film bearings and chains wear fast, sludge blocks the oil's way, and an engine may seize."),
            _l("We drain the old oil, change the filter, fill in the grade your car's maker asks for, and reset the reminder."),
        ),
    ),
}
