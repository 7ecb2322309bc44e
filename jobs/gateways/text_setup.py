"""What the text provider knows of a shop's account, number, messaging service and webhook. Reads there, changes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from requests.exceptions import RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException

from jobs.gateways.texts import client_of
from models import Credentials, SetupCheck
from models.setup_check import Finding


@dataclass(frozen=True, slots=True)
class Sought:
    account: Credentials
    number: str
    webhook: str


class _Found(Exception):
    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


def look(sought: Sought) -> Iterator[Finding]:
    """One finding after the other; where one says that nothing more can be seen, the rest is left out."""
    if not sought.account.complete:
        yield Finding("account", "none")
        return
    with client_of(sought.account) as client:
        try:
            yield _account(client, sought)
            number = _number(client, sought)
            yield Finding("number", "good" if number.capabilities.get("sms", True) else "no_texts")
            service = _service(client, sought)
            if service:
                yield Finding("service", "good", service.friendly_name or "")
            yield _webhook(number, service, sought)
        except _Found as found:
            yield found.finding


def _account(client: Any, sought: Sought) -> Finding:
    with _asking("account", {401: "refused", 403: "refused", 404: "refused"}):
        account = client.api.v2010.accounts(sought.account.account_sid).fetch()
    if account.status != "active":
        raise _Found(Finding("account", "closed", str(account.status)))
    return Finding("account", "trial" if account.type == "Trial" else "good")


def _number(client: Any, sought: Sought) -> Any:
    if not sought.number:
        raise _Found(Finding("number", "none"))
    with _asking("number", {}):
        found = client.incoming_phone_numbers.list(phone_number=sought.number, limit=1)
    if not found:
        raise _Found(Finding("number", "not_here", sought.number))
    return found[0]


def _service(client: Any, sought: Sought) -> Any:
    if not sought.account.service_sid:
        return None
    with _asking("service", {404: "unknown"}):
        return client.messaging.v1.services(sought.account.service_sid).fetch()


def _webhook(number: Any, service: Any, sought: Sought) -> Finding:
    """Where the provider posts what customers write: to the service's address, unless that leaves it to the number."""
    of_number = service is None or service.use_inbound_webhook_on_number
    url, method = (number.sms_url, number.sms_method) if of_number else (service.inbound_request_url, service.inbound_method)
    if not url or (of_number and number.sms_application_sid):
        return Finding("webhook", "elsewhere" if number.sms_application_sid else "nowhere", str(number.sms_application_sid or ""))
    if url.partition("#")[0] != sought.webhook:
        return Finding("webhook", "elsewhere", url)
    return Finding("webhook", "good" if method == "POST" else "by_get", url.partition("#")[0])


@contextmanager
def _asking(step: str, meanings: dict[int, str]) -> Iterator[None]:
    """What the provider's refusal means for this step; that it did not answer is a finding too."""
    try:
        yield
    except TwilioRestException as problem:
        raise _Found(Finding(step, meanings.get(problem.status, "silent"), str(problem.code or problem.status))) from problem
    except (TwilioException, RequestException) as problem:
        raise _Found(Finding(step, "silent")) from problem


def sought_by(check: SetupCheck, webhook: str) -> Sought:
    """Read while the database is at hand."""
    return Sought(Credentials.of(check.shop), check.shop.texting_number or "", webhook)
