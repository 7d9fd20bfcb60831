"""The mail that asks how our help was: one question, a link to the page that takes the answer, a way to hear no more."""

from __future__ import annotations

from dataclasses import dataclass

from madoguchi.channels.mail.outbound import Postman
from madoguchi.channels.mail.wordbook.composing import compose
from madoguchi.counter.cases import queries as cases
from madoguchi.counter.cases.policy import is_live
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.surveys import links, queries, service
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.keys import Keys
from madoguchi.engine.outbox import Errand
from madoguchi.engine.settings import Settings


@dataclass(frozen=True)
class _Asked:
    to: str
    name: str
    language: str
    number: str
    url: str


class SurveyLetters:
    """Handler of the topic `mail.survey`."""

    def __init__(self, database: Database, settings: Settings, keys: Keys, postman: Postman) -> None:
        self._database = database
        self._settings = settings
        self._keys = keys
        self._postman = postman

    def ask(self, errand: Errand) -> None:
        """Nothing goes out to somebody who has answered meanwhile, nor about what is not over, or gone."""
        asked = self._database.read(self._asked, errand.payload["survey_id"])
        if asked is None:
            return
        letter = self._database.read(
            compose, self._settings, "survey", asked.language, {"number": asked.number}, {"link": asked.url}
        )
        self._postman.send(
            errand,
            to=asked.to,
            name=asked.name,
            subject=letter.subject,
            text=letter.text,
            language=asked.language,
        )

    def _asked(self, tx: Transaction, survey_id: str) -> _Asked | None:
        found = queries.get(tx, survey_id)
        to = service.address_of(tx, found)
        if found.state != "open" or not to:
            return None
        case = cases.find(tx, found.case_id)
        if case is None or case.merged_into or is_live(case.state):
            return None
        known = customers.find(tx, found.customer_id) if found.customer_id else None
        languages = self._settings.shop.languages
        wished = (known.language if known else "") or found.language
        url = f"{self._settings.base_url}/survey/{links.token_of(self._keys, survey_id)}"
        return _Asked(
            to=to,
            name=known.name if known else "",
            language=wished if wished in languages else languages[0],
            number=case.label,
            url=url,
        )
