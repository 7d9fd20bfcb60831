"""The mail that tells those who lead the desk that something is amiss, if it still is."""

from __future__ import annotations

from madoguchi.channels.mail.outbound import Postman
from madoguchi.channels.mail.wordbook.composing import compose
from madoguchi.counter.reports.families import figure_names
from madoguchi.counter.routing import queues
from madoguchi.counter.routing.profiles import team_names
from madoguchi.counter.supervision import alerts
from madoguchi.counter.supervision.wording import alert_text
from madoguchi.counter.team import queries as team
from madoguchi.engine import outbox
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.outbox import Errand
from madoguchi.engine.settings import Settings

ONE = "mail.alert_to"  # errand: {"alert_id", "to"}


class AlertLetters:
    """Handlers of the topics `mail.alert` and `mail.alert_to`: one alert, then one mail for each address."""

    def __init__(self, database: Database, settings: Settings, postman: Postman) -> None:
        self._database = database
        self._settings = settings
        self._postman = postman

    def spread(self, errand: Errand) -> None:
        """An errand for each address, so that one that does not take mails keeps none from the others."""
        self._database.write(self._spread, errand.payload["alert_id"])

    def send(self, errand: Errand) -> None:
        language = self._settings.shop.languages[0]
        words = self._database.read(self._words, errand.payload["alert_id"], language)
        if not words:
            return
        letter = self._database.read(
            compose,
            self._settings,
            "alert",
            language,
            {"what": words},
            {"what": words, "link": f"{self._settings.base_url}/console/live"},
        )
        self._postman.send(
            errand,
            to=errand.payload["to"],
            name="",
            subject=letter.subject,
            text=letter.text,
            language=language,
        )

    def _spread(self, tx: Transaction, alert_id: str) -> None:
        for address in self._settings.supervision.alert_addresses:
            outbox.put(tx, ONE, {"alert_id": alert_id, "to": address}, key=f"{ONE}/{alert_id}/{address}")

    def _words(self, tx: Transaction, alert_id: str, language: str) -> str:
        """Empty when it is over: a mail that comes late would call people to nothing."""
        found = alerts.get(tx, alert_id)
        if found.ended_at is not None:
            return ""
        names = figure_names(language) | team_names(tx)
        if queue := queues.find(tx, found.subject.rpartition("/")[2]):
            names[queue.id] = queue.label(language)
        if agent := team.find(tx, found.subject):
            names[agent.id] = agent.display_name
        return alert_text(found, names, language)
