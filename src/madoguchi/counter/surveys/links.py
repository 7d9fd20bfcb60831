"""The link of a survey's mail: it opens this one survey, shows nothing of the conversation, and is made when it is sent.

As with links for signing in nothing that opens a door is stored: it follows from the survey's random id and the
house's secret (S-06).
"""

from __future__ import annotations

import hmac

from madoguchi.counter.problems import NotFound
from madoguchi.counter.surveys import queries
from madoguchi.counter.surveys.model import Survey
from madoguchi.engine.database import Transaction
from madoguchi.engine.keys import Keys

_PURPOSE = "survey-link"


def token_of(keys: Keys, survey_id: str) -> str:
    return f"{survey_id}.{keys.sign(_PURPOSE, survey_id)}"


def opened(tx: Transaction, keys: Keys, token: str) -> Survey:
    """The survey that this link opens. Raises NotFound("survey_not_found") for any other word."""
    survey_id, _, signature = token.partition(".")
    if not hmac.compare_digest(signature.encode(), keys.sign(_PURPOSE, survey_id).encode()):
        raise NotFound("survey_not_found")
    return queries.get(tx, survey_id)
