"""What a shop agrees to before plates are looked up; a text of another wording is another version, and is to be agreed to anew."""

from flask_babel import lazy_gettext as _l

VERSION = "1"
TERMS = (
    _l("The plate, its state and the country go to the provider named here, and nothing else: no name, no phone number, no address."),
    _l("The provider answers under your own contract with it, and may charge each look-up. What it costs is between the two of you."),
    _l("A plate is looked up to identify a vehicle that you service, and for nothing else. Nobody's ownership is asked for."),
    _l("Who looked up which plate, when, and what was answered is kept and shown to your administrators."),
    _l("An answer can be wrong. Compare the VIN with the one on the vehicle before you order parts by it."),
)
