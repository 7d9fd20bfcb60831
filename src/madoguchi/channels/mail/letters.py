"""What our mails say. Automatic mails repeat no stranger's text; links lead to the configured address only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from madoguchi.channels.mail.outbound import Postman
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
    subject: str
    text: str
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
            subject=letter.subject,
            text=f"{letter.text}\n\n-- \n{self._settings.shop.name_in(letter.language)}\n{self._settings.base_url}\n",
            language=letter.language,
        )

    def _code_letter(self, mail: codes.CodeMail) -> Letter:
        language = mail.language
        text = tr(
            language,
            "Your code: {code}\n\nIt is valid for {minutes} minutes. Enter it on the page on which you asked for it.\n"
            "We never ask for this code by telephone, chat or mail. If you did not ask for it, you need not do anything.",
            code=mail.code,
            minutes=self._settings.identity.code_minutes,
        )
        return Letter(
            mail.to,
            "",
            tr(language, "Your code for {shop}", shop=self._settings.shop.name_in(language)),
            text,
            language,
        )

    def _link_letter(self, mail: access_links.LinkMail) -> Letter:
        language = mail.language
        text = tr(
            language,
            "With this link you get back into your account:\n{url}\n\nIt works once, within {minutes} minutes, and "
            "signs out all other devices. If you did not ask for it, you need not do anything.",
            url=mail.url,
            minutes=access_links.MINUTES,
        )
        subject = tr(language, "Back into your account at {shop}", shop=self._settings.shop.name_in(language))
        return Letter(mail.to, "", subject, text, language)

    def _account_letter(self, proposal_id: str) -> Letter | None:
        """To the address on file: whoever did it, the owner hears of it (ACC-009, ACC-018)."""
        proposal = self._accounts.proposal(SYSTEM, proposal_id)
        customer = self._database.read(customer_queries.find, proposal.customer_id or "")
        if customer is None or not customer.email:
            return None
        language = customer.language if customer.language in self._settings.shop.languages else "en"
        view = account_view(proposal, customer, language, self._zone)
        lines = [view["title"], "", *(f"{row['label']}: {row['value']}" for row in view["rows"])]
        lines += ["", *(f"- {effect}" for effect in view["effects"]), ""]
        lines.append(tr(language, "If this was not you, please contact us at once."))
        return Letter(
            customer.email,
            customer.name,
            tr(language, "Done: {action}", action=view["title"]),
            "\n".join(lines),
            language,
        )

    def _transcript_letter(self, tx: Transaction, payload: Mapping[str, Any]) -> Letter:
        contact = queries.get(tx, payload["contact_id"])
        customer = customer_queries.find(tx, payload["customer_id"])
        if customer is None or not customer.email:
            raise GiveUp("no address on file")
        case = cases_queries.find(tx, contact.case_id) if contact.case_id else None
        number = case.label if case else contact.id
        language = contact.language
        head = tr(
            language,
            "Transcript of your enquiry {number} (times: {zone})",
            number=number,
            zone=self._zone.key,
        )
        lines = [
            self._line(tx, contact, entry)
            for entry in queries.entries(tx, contact.id, limit=5000, internal=False)
        ]
        text = "\n\n".join([head, *(line for line in lines if line)])
        subject = tr(language, "Transcript of your enquiry {number}", number=number)
        return Letter(customer.email, customer.name, subject, text, language)

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
        rows = "\n".join(f"{row['label']}: {row['value']}" for row in view["rows"])
        effects = "\n".join(f"- {effect}" for effect in view["effects"])
        subject = tr(
            language, "Done: {title} (order {number})", title=view["title"], number=proposal.order_number
        )
        return Letter(
            customer.email, customer.name, subject, f"{view['title']}\n\n{rows}\n\n{effects}", language
        )

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self._settings.shop.timezone)


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
