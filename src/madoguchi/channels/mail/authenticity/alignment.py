"""DMARC (RFC 7489): what the domain in From asks for, and whether SPF or a signature speaks for that very domain."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from madoguchi.channels.mail.authenticity.names import Names, NoAnswer
from madoguchi.channels.mail.authenticity.results import Result, Signature
from madoguchi.counter.trust.addresses import domain_of

_TAG = re.compile(r"(?:^|;)\s*([a-z]{1,8})\s*=\s*([^;\s]{1,200})", re.I)


@dataclass(frozen=True)
class Policy:
    """`asks`: none, quarantine or reject. Strict: the very same domain; else one of the same owner."""

    asks: str
    strict_dkim: bool
    strict_spf: bool


def policy_of(domain: str, names: Names) -> Policy | None:
    """The record of the domain, else of its owner's. Raises NoAnswer."""
    owner = domain_of(domain)
    for place in dict.fromkeys((domain, owner)):
        records = [each for each in names.txt(f"_dmarc.{place}") if each[:8].upper().startswith(b"V=DMARC1")]
        if len(records) == 1:
            tags = {key.lower(): value for key, value in _TAG.findall(records[0].decode("ascii", "replace"))}
            asks = tags.get("sp", tags.get("p", "")) if place != domain else tags.get("p", "")
            return Policy(asks.lower()[:20], tags.get("adkim") == "s", tags.get("aspf") == "s")
    return None


def check(
    domain: str, spf: Result, spf_domain: str, signatures: Sequence[Signature], names: Names
) -> tuple[Result, str]:
    """The result and what the owner asks for mails that fail.

    Where SPF is unknown, the lack of a good signature proves nothing: "unknown", not "fail".
    """
    if not domain:
        return "permerror", ""
    try:
        policy = policy_of(domain, names)
    except NoAnswer:
        return "temperror", ""
    if policy is None:
        return "none", ""
    by_spf = spf == "pass" and aligned(domain, spf_domain, policy.strict_spf)
    by_dkim = any(
        each.result == "pass" and aligned(domain, each.domain, policy.strict_dkim) for each in signatures
    )
    if by_spf or by_dkim:
        return "pass", policy.asks
    if spf == "temperror" or any(each.result == "temperror" for each in signatures):
        return "temperror", policy.asks
    return "unknown" if spf == "unknown" else "fail", policy.asks


def aligned(domain: str, other: str, strict: bool) -> bool:
    if not other:
        return False
    return domain == other if strict else domain_of(domain) == domain_of(other)
