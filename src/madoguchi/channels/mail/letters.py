"""What our mails say. Automatic mails repeat no stranger's text; links lead to the configured address only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from madoguchi.channels.mail.outbound import Postman
from madoguchi.channels.mail.wordbook.composing import Composed, compose
from madoguchi.counter.actors import SYSTEM
from madoguchi.counter.cases import queries as cases_queries
from madoguchi.counter.contacts import events, queries
from madoguchi.counter.contacts.model import Contact, Entry
from madoguchi.counter.customers import access_links, codes
from madoguchi.counter.customers import queries as customer_queries
from madoguchi.counter.customers.account_desk import AccountDesk
from madoguchi.counter.customers.account_wording import account_view
from madoguchi.counter.orders.wording import proposal_view
from madoguchi.counter.orders.workflow import OrderDesk
from madoguchi.counter.team import queries as team_queries
from madoguchi.counter.trust.ours import Ours
from madoguchi.counter.trust.outgoing import only_ours
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.keys import Keys
from madoguchi.engine.outbox import Errand, GiveUp
from madoguchi.engine.settings import Settings
from madoguchi.engine.texts import tr

_OF_PARCEL = ("state_label", "promised_text", "carrier", "tracking_number")


@dataclass(frozen=True)
class Letter:
    """One mail: to whom, about what, in which language."""

    to: str
    name: str
    composed: Composed
    language: str


class Letters:
    """Handlers of the topics `mail.code`, `mail.access_link`, `mail.transcript`, `order.done`, `account.done`."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        keys: Keys,
        orders: OrderDesk,
        accounts: AccountDesk,
        postman: Postman,
    ) -> None:
        self._database = database
        self._settings = settings
        self._keys = keys
        self._orders = orders
        self._accounts = accounts
        self._postman = postman
        self._ours = Ours.of(settings)

    def code(self, errand: Errand) -> None:
        mail = self._database.read(codes.mail_of, self._keys, self._settings, errand.payload)
        if mail is not None:
            self._send(errand, self._code_letter(mail))

    def access_link(self, errand: Errand) -> None:
        mail = self._database.read(access_links.mail_of, self._keys, self._settings, errand.payload)
        if mail is not None:
            self._send(errand, self._link_letter(mail))

    def account_done(self, errand: Errand) -> None:
        letter = self._account_letter(errand.payload["proposal_id"])
        if letter is not None:
            self._send(errand, letter)

    def transcript(self, errand: Errand) -> None:
        self._send(errand, self._database.read(self._transcript_letter, errand.payload))

    def order_done(self, errand: Errand) -> None:
        letter = self._done_letter(errand.payload["proposal_id"])
        if letter is not None:
            self._send(errand, letter)

    def _send(self, errand: Errand, letter: Letter) -> None:
        self._postman.send(
            errand,
            to=letter.to,
            name=letter.name,
            subject=letter.composed.subject,
            text=letter.composed.text,
            language=letter.language,
        )

    def _composed(
        self, kind: str, language: str, places: Mapping[str, object], facts: Mapping[str, str] | None = None
    ) -> Composed:
        return self._database.read(compose, self._settings, kind, language, places, facts)

    def _code_letter(self, mail: codes.CodeMail) -> Letter:
        places = {"code": mail.code, "minutes": self._settings.identity.code_minutes}
        return Letter(mail.to, "", self._composed("code", mail.language, places), mail.language)

    def _link_letter(self, mail: access_links.LinkMail) -> Letter:
        places = {"url": mail.url, "minutes": access_links.MINUTES}
        return Letter(mail.to, "", self._composed("access_link", mail.language, places), mail.language)

    def _account_letter(self, proposal_id: str) -> Letter | None:
        """To the address on file: whoever did it, the owner hears of it (ACC-009, ACC-018)."""
        proposal = self._accounts.proposal(SYSTEM, proposal_id)
        customer = self._database.read(customer_queries.find, proposal.customer_id or "")
        if customer is None or not customer.email:
            return None
        language = customer.language if customer.language in self._settings.shop.languages else "en"
        view = account_view(proposal, customer, language, self._zone)
        told = self._composed("account_done", language, {"action": view["title"]}, {"done": done_text(view)})
        return Letter(customer.email, customer.name, told, language)

    def _transcript_letter(self, tx: Transaction, payload: Mapping[str, Any]) -> Letter:
        contact = queries.get(tx, payload["contact_id"])
        customer = customer_queries.find(tx, payload["customer_id"])
        if customer is None or not customer.email:
            raise GiveUp("no address on file")
        case = cases_queries.find(tx, contact.case_id) if contact.case_id else None
        lines = [
            self._line(tx, contact, entry)
            for entry in queries.entries(tx, contact.id, limit=5000, internal=False)
        ]
        told = compose(
            tx,
            self._settings,
            "transcript",
            contact.language,
            {"number": case.label if case else contact.id, "zone": self._zone.key},
            {"lines": "\n\n".join(filter(None, lines))},
        )
        return Letter(customer.email, customer.name, told, contact.language)

    def _line(self, tx: Transaction, contact: Contact, entry: Entry) -> str:
        if entry.kind != events.MESSAGE or not (entry.body.get("text") or entry.body.get("attachments")):
            return ""
        language = contact.language
        who = {
            "customer": tr(language, "You"),
            "assistant": tr(language, "AI assistant"),
            "system": tr(language, "System"),
        }.get(entry.author_kind) or team_queries.display_name(tx, entry.author_id)
        at = entry.at.astimezone(self._zone).strftime("%Y-%m-%d %H:%M")
        files = [row.name for row in queries.attachments(tx, entry.body.get("attachments", [])).values()]
        return "\n".join(
            [
                f"[{at}] {who}",
                only_ours(str(entry.body.get("text", "")), self._ours),
                *_card_lines(entry.body.get("card") or {}),
                *(f"📎 {name}" for name in files),
            ]
        ).rstrip()

    def _done_letter(self, proposal_id: str) -> Letter | None:
        proposal = self._orders.proposal(SYSTEM, proposal_id)
        if proposal.customer_id is None or proposal.state != "done":
            return None
        customer = self._database.read(customer_queries.find, proposal.customer_id)
        if customer is None or not customer.email:
            return None
        language = customer.language if customer.language in self._settings.shop.languages else "en"
        order = self._orders.order(SYSTEM, proposal.order_number)
        view = proposal_view(proposal, order, language, self._orders.rules)
        told = self._composed(
            "order_done",
            language,
            {"title": view["title"], "number": proposal.order_number},
            {"done": done_text(view)},
        )
        return Letter(customer.email, customer.name, told, language)

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self._settings.shop.timezone)


def done_text(view: Mapping[str, Any]) -> str:
    """What was done and what follows, of the words of a proposal (`proposal_view`, `account_view`)."""
    rows = "\n".join(f"{row['label']}: {row['value']}" for row in view["rows"])
    effects = "\n".join(f"- {effect}" for effect in view["effects"])
    return "\n\n".join(filter(None, (view["title"], rows, effects)))


def _card_lines(card: Mapping[str, Any]) -> list[str]:
    """What was proposed or done, under the words that go with it."""
    if card.get("kind") == "proposal":
        told = [f"  {row['label']}: {row['value']}" for row in card["rows"]]
        return [f"  {card['title']}", *told, *(f"  - {effect}" for effect in card["effects"])]
    if card.get("kind") == "tracking":
        return [
            "  " + " · ".join(filter(None, (parcel.get(key) for key in _OF_PARCEL)))
            for parcel in card.get("parcels") or [card]
        ]
    receipt = card.get("receipt") if card.get("kind") == "receipt" else None
    if not receipt:
        return []
    return [f"  {receipt['title']}", *(f"  {row['label']}: {row['value']}" for row in receipt["rows"])]
