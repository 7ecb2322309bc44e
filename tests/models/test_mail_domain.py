"""What SPF, DKIM and DMARC records say, right and wrong ones."""

import pytest

from models import mail_domain


@pytest.mark.parametrize(
    ("records", "code"),
    [
        ([], "none"),
        (["v=spf10 -all"], "none"),
        (["google-site-verification=1"], "none"),
        (["v=spf1 include:mail.example ~all"], "good"),
        (["V=SPF1 mx -ALL"], "good"),
        (["v=spf1 redirect=_spf.mail.example"], "good"),
        (["v=spf1 mx ?all"], "open"),
        (["v=spf1"], "open"),
        (["v=spf1 +all"], "everybody"),
        (["v=spf1 mx all"], "everybody"),
        (["v=spf1 -all", "v=spf1 mx -all"], "several"),
    ],
)
def test_an_spf_record_lets_some_send_and_not_everybody(records: list[str], code: str) -> None:
    assert mail_domain.spf(records).code == code


@pytest.mark.parametrize(
    ("records", "code"),
    [
        ([], "none"),
        (["hello"], "none"),
        (["v=DKIM1; k=rsa; p=MIIB"], "good"),
        (["p=MIIB"], "good"),
        (["v=DKIM1; p="], "withdrawn"),
        (["v=DKIM2; p=MIIB"], "none"),
    ],
)
def test_a_dkim_key_is_there_and_not_withdrawn(records: list[str], code: str) -> None:
    assert mail_domain.dkim(records).code == code


@pytest.mark.parametrize(
    ("records", "code"),
    [
        ([], "none"),
        (["v=DMARC1; p=none"], "watching"),
        (["v=DMARC1;p=reject"], "good"),
        (["v=DMARC1; rua=mailto:a@b.example"], "broken"),
        (["v=DMARC1; p=everything"], "broken"),
        (["v=DMARC1; p=none", "v=DMARC1; p=reject"], "several"),
        (["v=DMARC12; p=none"], "none"),
    ],
)
def test_a_dmarc_record_names_one_policy(records: list[str], code: str) -> None:
    assert mail_domain.dmarc(records).code == code


@pytest.mark.parametrize(
    ("address", "domain"),
    [("a@Harbour.Example", "harbour.example"), ("a@bücher.example", "xn--bcher-kva.example"), ("", ""), ("a@" + "x" * 70 + ".nl", "")],
)
def test_a_domain_is_written_as_dns_knows_it(address: str, domain: str) -> None:
    assert mail_domain.domain_of(address) == domain


def test_the_domains_above_end_where_registries_begin() -> None:
    assert mail_domain.above("desk.garage.example") == ["desk.garage.example", "garage.example"]
