"""The mail that tells an agent who is away where they were named and what has moved in what they follow.

Who, where and how much, with a link; nothing of what was said, and nobody's name but a colleague's.
"""

from __future__ import annotations

from typing import Any

from madoguchi.channels.mail.outbound import Postman
from madoguchi.channels.mail.wordbook.composing import compose
from madoguchi.counter.cases import queries as cases
from madoguchi.counter.cases.model import Case
from madoguchi.counter.cases.wording import category_label
from madoguchi.counter.contacts import queries as contacts
from madoguchi.counter.inbox import news_mails
from madoguchi.counter.team import mail_wishes
from madoguchi.counter.team import queries as team
from madoguchi.counter.team.mail_wishes import MailWish
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.outbox import Errand, GiveUp
from madoguchi.engine.settings import Settings
from madoguchi.engine.texts import tr, trn


class NewsLetters:
    """Handler of the topic `mail.news`."""

    def __init__(self, database: Database, settings: Settings, postman: Postman) -> None:
        self._database = database
        self._settings = settings
        self._postman = postman

    def send(self, errand: Errand) -> None:
        """Nothing leaves of what has been read meanwhile. GiveUp: whoever it is for wants none any more."""
        told = self._database.read(self._told, errand.payload["agent_id"], errand.payload["items"])
        if told is None:
            raise GiveUp("the agent is gone or wants no mails")
        wish, name, lines = told
        if not lines:
            return
        language = wish.language or self._settings.shop.languages[0]
        letter = self._database.read(
            compose,
            self._settings,
            "news",
            language,
            {"n": len(lines)},
            {"news": "\n\n".join("\n".join(each) for each in lines)},
        )
        self._postman.send(
            errand, to=wish.address, name=name, subject=letter.subject, text=letter.text, language=language
        )

    def _told(
        self, tx: Transaction, agent_id: str, items: list[dict[str, Any]]
    ) -> tuple[MailWish, str, list[tuple[str, str]]] | None:
        agent, wish = team.find(tx, agent_id), mail_wishes.of_agent(tx, agent_id)
        if agent is None or not agent.active or not wish.wants_any:
            return None
        wanted = [each for each in items if wish.mentions or each["kind"] != "mentioned"]
        wanted = [each for each in wanted if wish.followed or each["kind"] == "mentioned"]
        left = news_mails.still_news(tx, agent_id, wanted)
        lines = [self._line(tx, each, wish.language) for each in left]
        return wish, agent.name, [each for each in lines if each is not None]

    def _line(self, tx: Transaction, item: dict[str, Any], language: str) -> tuple[str, str] | None:
        """Words and link; None for what was erased since."""
        if item["kind"] == "followed_case":
            case = cases.find(tx, item["case_id"])
            found = contacts.of_case(tx, case.id) if case else []
            contact_id = found[-1].id if found else ""
        else:
            contact = contacts.find(tx, item["contact_id"])
            case = cases.find(tx, contact.case_id) if contact and contact.case_id else None
            contact_id = contact.id if contact else ""
        if not contact_id:
            return None
        where = _where(case, language)
        link = f"{self._settings.base_url}/desk#contact={contact_id}"
        if item["kind"] == "mentioned":
            return tr(language, "{name} has named you in a note: {title}", name=item["by"], title=where), link
        one, many = "You follow {title}: {n} change", "You follow {title}: {n} changes"
        return trn(language, one, many, int(item["count"]), title=where), link


def _where(case: Case | None, language: str) -> str:
    if case is None:
        return tr(language, "Enquiry")
    return f"{case.label} {category_label(case.category, language)}" if case.category else case.label
