"""Which handler does what has become due: every topic of the outbox and who carries it out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from madoguchi.channels.chat.inbound import settle
from madoguchi.channels.mail.alert_letters import ONE, AlertLetters
from madoguchi.channels.mail.callback_letters import CallbackLetters
from madoguchi.channels.mail.case_letters import CaseLetters
from madoguchi.channels.mail.letters import Letters
from madoguchi.channels.mail.news_letters import NewsLetters
from madoguchi.channels.mail.privacy_letters import PrivacyLetters
from madoguchi.channels.mail.seller_letters import SellerLetters
from madoguchi.channels.mail.survey_letters import SurveyLetters
from madoguchi.channels.mail.waiting_letters import WaitingLetters
from madoguchi.channels.mail.wordbook.trying import TOPIC as LETTER_TRIAL
from madoguchi.channels.mail.wordbook.trying import LetterTrials
from madoguchi.counter.actors import SYSTEM
from madoguchi.counter.callbacks.carrying import LINE
from madoguchi.counter.callbacks.carrying import MAIL as CALLBACK_MAIL
from madoguchi.counter.cases import follow_ups
from madoguchi.counter.cases.telling import MAIL as CASE_MAIL
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.inbox import news_mails
from madoguchi.counter.knowledge import drafts
from madoguchi.counter.orders.rules import Rules
from madoguchi.counter.privacy import service as privacy
from madoguchi.counter.reports import mails as report_mails
from madoguchi.counter.routing import attending, patience
from madoguchi.counter.routing import service as routing
from madoguchi.counter.sellers import service as sellers
from madoguchi.counter.supervision import alerts
from madoguchi.counter.surveys import service as surveys
from madoguchi.engine.database import Transaction
from madoguchi.engine.outbox import Courier, Errand, Handler
from madoguchi.faces.hooks.deliver import Deliverer
from madoguchi.faces.house import House
from madoguchi.faces.report_letters import ReportLetters
from madoguchi.mailroom import MailRoom, postman_of


def build_courier(house: House, mailroom: MailRoom | None = None) -> Courier:
    """The courier with a handler for every topic; of the mail room's too, its own unless one is given."""
    postman = postman_of(house)
    letters = Letters(house.database, house.settings, house.keys, house.orders, house.accounts, postman)
    partners = SellerLetters(house.database, house.settings, house.shop, postman)
    waiting_letters = WaitingLetters(house.database, house.settings, house.keys, postman)
    alert_letters = AlertLetters(house.database, house.settings, postman)
    privacy_letters = PrivacyLetters(house.database, house.settings, house.keys, postman)
    handlers: dict[str, Handler] = {
        "mail.code": letters.code,
        "mail.access_link": letters.access_link,
        "mail.transcript": letters.transcript,
        "account.done": letters.account_done,
        "order.done": letters.order_done,
        CASE_MAIL: CaseLetters(house.database, house.settings, house.keys, postman).send,
        "webhook": Deliverer(
            house.database,
            house.keys,
            frozenset(house.settings.server.webhook_hosts),
            ZoneInfo(house.settings.shop.timezone),
        ),
        "routing.offer_expired": lambda errand: house.database.write(
            _offer_expired, errand, house.settings.desk.passed_limit
        ),
        "resolution.timeout": lambda errand: house.database.write(
            _resolution_timeout, errand, house.settings.desk.reopen_days
        ),
        drafts.LIVE: lambda errand: _article_live(house, errand),
        sellers.REMIND: lambda errand: house.database.write(_seller_reminded, errand),
        sellers.OVERDUE: lambda errand: house.database.write(_seller_overdue, errand, house.orders.rules),
        sellers.TO_SELLER: partners.to_seller,
        sellers.TO_BUYER: partners.to_buyer,
        sellers.PAY: lambda errand: _claim_granted(house, errand),
        surveys.ASK: SurveyLetters(house.database, house.settings, house.keys, postman).ask,
        follow_ups.DUE: lambda errand: house.database.write(
            _follow_up, errand, house.settings.shop.languages[0]
        ),
        alerts.MAIL: alert_letters.spread,
        ONE: alert_letters.send,
        news_mails.TOPIC: NewsLetters(house.database, house.settings, postman).send,
        privacy.TOPIC: privacy_letters.privacy,
        contacts.OPENED_TOPIC: privacy_letters.new_contact,
        patience.PROMISE_DUE: lambda errand: _told(house, patience.tell_broken_promise, errand),
        patience.OTHER_WAYS_DUE: lambda errand: _told(house, patience.offer_other_ways, errand),
        attending.CALLED: waiting_letters.called,
        attending.ANSWERED: waiting_letters.answered,
        LINE: house.calls.carry,
        CALLBACK_MAIL: CallbackLetters(house.database, house.settings, house.keys, postman).send,
        LETTER_TRIAL: LetterTrials(house.database, house.settings, postman).send,
        report_mails.TOPIC: ReportLetters(house.database, house.settings, postman).send,
        "contact.wake": lambda errand: house.database.write(_wake, errand),
        **(mailroom or MailRoom(house)).handlers(),
    }
    return Courier(house.database, {topic: _by_one_book(house, each) for topic, each in handlers.items()})


def _by_one_book(house: House, handler: Handler) -> Handler:
    """The same rules from the beginning of an errand to its end."""

    @wraps(handler)
    def carry(errand: Errand) -> None:
        with house.book.opened():
            handler(errand)

    return carry


def _told(house: House, tell: Callable[[Transaction, Any], bool], errand: Errand) -> None:
    house.database.write(tell, errand.payload)


def _offer_expired(tx: Transaction, errand: Errand, passed_limit: int) -> None:
    deadline = datetime.fromisoformat(errand.payload["deadline"])
    routing.expire(tx, errand.payload["contact_id"], errand.payload["agent_id"], deadline, passed_limit)


def _resolution_timeout(tx: Transaction, errand: Errand, reopen_days: int) -> None:
    contact = contact_queries.find(tx, errand.payload["contact_id"])
    if contact is None or contact.state != "resolved":
        return
    if contact.last_customer_seq <= errand.payload["resolved_seq"]:
        settle(tx, SYSTEM, contact.id, True, reopen_days)


def _article_live(house: House, errand: Errand) -> None:
    article_id = errand.payload["article_id"]
    base = house.library.shipped(article_id)
    house.database.write(drafts.due, article_id, errand.payload["revision"], base)


def _seller_reminded(tx: Transaction, errand: Errand) -> None:
    sellers.remind(tx, errand.payload["thread_id"], datetime.fromisoformat(errand.payload["answer_by"]))


def _seller_overdue(tx: Transaction, errand: Errand, rules: Rules) -> None:
    deadline = datetime.fromisoformat(errand.payload["answer_by"])
    sellers.overdue(tx, errand.payload["thread_id"], deadline, rules)


def _claim_granted(house: House, errand: Errand) -> None:
    house.sellers.pay(errand.payload["thread_id"])


def _follow_up(tx: Transaction, errand: Errand, language: str) -> None:
    at = datetime.fromisoformat(errand.payload["at"])
    follow_ups.wake(tx, errand.payload["case_id"], at, language)


def _wake(tx: Transaction, errand: Errand) -> None:
    contact = contact_queries.find(tx, errand.payload["contact_id"])
    if contact is not None and contact.snoozed_until is not None and contact.snoozed_until <= tx.now:
        contacts.wake_up(tx, contact.id, SYSTEM)
