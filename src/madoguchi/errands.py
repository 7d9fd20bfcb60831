"""Which handler does what has become due: every topic of the outbox and who carries it out."""

from __future__ import annotations

from datetime import datetime

from madoguchi.channels.chat.inbound import settle
from madoguchi.channels.mail.letters import Letters
from madoguchi.channels.mail.seller_letters import SellerLetters
from madoguchi.channels.mail.survey_letters import SurveyLetters
from madoguchi.counter.actors import SYSTEM
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.orders.rules import Rules
from madoguchi.counter.routing import service as routing
from madoguchi.counter.sellers import service as sellers
from madoguchi.counter.surveys import service as surveys
from madoguchi.engine.database import Transaction
from madoguchi.engine.outbox import Courier, Errand
from madoguchi.faces.hooks.deliver import Deliverer
from madoguchi.faces.house import House
from madoguchi.mailroom import MailRoom, postman_of


def build_courier(house: House, mailroom: MailRoom | None = None) -> Courier:
    """The courier with a handler for every topic; of the mail room's too, its own unless one is given."""
    postman = postman_of(house)
    letters = Letters(house.database, house.settings, house.keys, house.orders, house.accounts, postman)
    partners = SellerLetters(house.database, house.settings, house.shop, postman)
    return Courier(
        house.database,
        {
            "mail.code": letters.code,
            "mail.access_link": letters.access_link,
            "mail.transcript": letters.transcript,
            "account.done": letters.account_done,
            "order.done": letters.order_done,
            "webhook": Deliverer(house.database, house.keys, frozenset(house.settings.server.webhook_hosts)),
            "routing.offer_expired": lambda errand: house.database.write(_offer_expired, errand),
            "resolution.timeout": lambda errand: house.database.write(
                _resolution_timeout, errand, house.settings.desk.reopen_days
            ),
            sellers.REMIND: lambda errand: house.database.write(_seller_reminded, errand),
            sellers.OVERDUE: lambda errand: house.database.write(_seller_overdue, errand, house.orders.rules),
            sellers.TO_SELLER: partners.to_seller,
            sellers.TO_BUYER: partners.to_buyer,
            sellers.PAY: lambda errand: _claim_granted(house, errand),
            surveys.ASK: SurveyLetters(house.database, house.settings, house.keys, postman).ask,
            "contact.wake": lambda errand: house.database.write(_wake, errand),
            **(mailroom or MailRoom(house)).handlers(),
        },
    )


def _offer_expired(tx: Transaction, errand: Errand) -> None:
    deadline = datetime.fromisoformat(errand.payload["deadline"])
    routing.expire(tx, errand.payload["contact_id"], errand.payload["agent_id"], deadline)


def _resolution_timeout(tx: Transaction, errand: Errand, reopen_days: int) -> None:
    contact = contact_queries.find(tx, errand.payload["contact_id"])
    if contact is None or contact.state != "resolved":
        return
    if contact.last_customer_seq <= errand.payload["resolved_seq"]:
        settle(tx, SYSTEM, contact.id, True, reopen_days)


def _seller_reminded(tx: Transaction, errand: Errand) -> None:
    sellers.remind(tx, errand.payload["thread_id"], datetime.fromisoformat(errand.payload["answer_by"]))


def _seller_overdue(tx: Transaction, errand: Errand, rules: Rules) -> None:
    deadline = datetime.fromisoformat(errand.payload["answer_by"])
    sellers.overdue(tx, errand.payload["thread_id"], deadline, rules)


def _claim_granted(house: House, errand: Errand) -> None:
    house.sellers.pay(errand.payload["thread_id"])


def _wake(tx: Transaction, errand: Errand) -> None:
    contact = contact_queries.find(tx, errand.payload["contact_id"])
    if contact is not None and contact.snoozed_until is not None and contact.snoozed_until <= tx.now:
        contacts.wake_up(tx, contact.id, SYSTEM)
