"""E-mail addresses: checked for form here; whether they work, only a mail tells (library email-validator)."""

from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l

from models.refused import Refused


def normalised(text: str, field: str = "email") -> str:
    """The address with its domain in lower case. Raises Refused for what is no address."""
    try:
        # .example domains are what demonstrations and tests are to use (RFC 2606)
        return validate_email(text.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as problem:
        raise Refused(
            _l("This is no e-mail address. It needs a name, an @ and a domain, like maria@mail.example."), field=field
        ) from problem
