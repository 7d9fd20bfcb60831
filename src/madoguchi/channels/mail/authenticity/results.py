"""What is known about a mail's origin, in the words of RFC 8601. "unknown": nobody could tell, which is no failure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Result = Literal["pass", "fail", "softfail", "neutral", "none", "policy", "temperror", "permerror", "unknown"]
By = Literal["us", "server", ""]
RESULTS: tuple[Result, ...] = (
    "pass",
    "fail",
    "softfail",
    "neutral",
    "none",
    "policy",
    "temperror",
    "permerror",
    "unknown",
)


@dataclass(frozen=True)
class Signature:
    """One DKIM signature: the domain that signed, and whether it holds."""

    domain: str
    result: Result


@dataclass(frozen=True)
class Authentication:
    """`by`: computed by us, or read from our own mail server's header. `domain`: of From. `policy`: what its owner asks
    for mails that fail DMARC. `spf_domain`: of the envelope's sender.
    """

    by: By = ""
    domain: str = ""
    spf: Result = "unknown"
    spf_domain: str = ""
    dkim: Result = "unknown"
    signatures: tuple[Signature, ...] = ()
    dmarc: Result = "unknown"
    policy: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def read_back(told: Mapping[str, Any] | None) -> Authentication | None:
    """What `as_json` made, as it was kept; None where nothing was."""
    if not told:
        return None
    signatures = tuple(Signature(**each) for each in told.get("signatures", ()))
    return Authentication(**{**told, "signatures": signatures})
