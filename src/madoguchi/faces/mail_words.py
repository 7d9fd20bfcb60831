"""What staff read about a mail's origin: results as facts, in words that promise no more than was found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from madoguchi.engine.texts import tr

_RESULTS = {
    "pass": "passed",
    "fail": "failed",
    "softfail": "doubtful",
    "neutral": "says nothing",
    "none": "not set up",
    "policy": "covers only a part",
    "temperror": "no answer from DNS",
    "permerror": "wrongly set up",
    "unknown": "unknown",
}


def result_text(result: str, language: str) -> str:
    return tr(language, _RESULTS.get(result, "unknown"))


def mail_check_text(body: Mapping[str, Any], language: str) -> str:
    """One line: what the sender's domain says about the mail. It proves a domain, never a person."""
    told = " · ".join(
        f"{name} {result_text(str(body.get(name.lower(), 'unknown')), language)}"
        for name in ("SPF", "DKIM", "DMARC")
    )
    return tr(
        language,
        "Origin of the mail ({domain}): {results}",
        domain=str(body.get("domain") or "–"),
        results=told,
    )
