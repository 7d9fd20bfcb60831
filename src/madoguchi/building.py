"""Puts a house together: its database, desks, doors and assistant, and what works in it beside the web faces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import madoguchi.assistant.learning.model
import madoguchi.assistant.learning.words.model
import madoguchi.channels.form.model
import madoguchi.channels.mail.model
import madoguchi.connectors.embedded.model
import madoguchi.counter.business.model
import madoguchi.counter.calendars.model
import madoguchi.counter.callbacks.model
import madoguchi.counter.cases.events
import madoguchi.counter.cases.followers
import madoguchi.counter.cases.joining
import madoguchi.counter.cases.model
import madoguchi.counter.cases.promise_model
import madoguchi.counter.conditions.model
import madoguchi.counter.contacts.followers
import madoguchi.counter.customers.account_model
import madoguchi.counter.customers.notes
import madoguchi.counter.customers.preferences
import madoguchi.counter.inbox.model
import madoguchi.counter.knowledge.draft_model
import madoguchi.counter.knowledge.model
import madoguchi.counter.orders.tables
import madoguchi.counter.privacy.model
import madoguchi.counter.quality.model
import madoguchi.counter.reports.model
import madoguchi.counter.routing.customer_presence
import madoguchi.counter.routing.model
import madoguchi.counter.routing.schedules
import madoguchi.counter.routing.status_kinds
import madoguchi.counter.saved_replies.model
import madoguchi.counter.search.model
import madoguchi.counter.sellers.model
import madoguchi.counter.supervision.model
import madoguchi.counter.surveys.model
import madoguchi.counter.team.lending
import madoguchi.counter.team.notices
import madoguchi.counter.trust.model
import madoguchi.engine.pulse
import madoguchi.engine.uptime  # noqa: F401
from madoguchi.assistant.learning.service import forget as forget_learning
from madoguchi.assistant.learning.words.service import forget as forget_words
from madoguchi.assistant.model import Colleague
from madoguchi.assistant.turn import Assistant
from madoguchi.assistant.understanding import LateUnderstander
from madoguchi.channels.chat.inbound import ChatDoor
from madoguchi.channels.chat.live import Presence
from madoguchi.channels.form.door import FormDoor
from madoguchi.channels.mail.outbound import Postman
from madoguchi.connectors.embedded.accounts import EmbeddedAccounts
from madoguchi.connectors.embedded.shop import EmbeddedShop, read_order
from madoguchi.counter.actors import ASSISTANT, SYSTEM, Actor, Rung
from madoguchi.counter.business.care_desk import CareDesk
from madoguchi.counter.business.workflow import BusinessDesk
from madoguchi.counter.calendars.loading import Calendars, as_settings, load
from madoguchi.counter.callbacks.own_telephone import OwnTelephone
from madoguchi.counter.callbacks.workflow import CallDesk
from madoguchi.counter.cases import promises
from madoguchi.counter.cases.ways.channels import check_subjects
from madoguchi.counter.conditions.policy import Rules as PeakRules
from madoguchi.counter.conditions.watching import Watchman
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.customers import queries as customer_queries
from madoguchi.counter.customers.account_deeds import DEED_NAMES, AccountDeedName
from madoguchi.counter.customers.account_desk import AccountDesk
from madoguchi.counter.customers.account_model import AccountProposal
from madoguchi.counter.customers.account_wording import account_view
from madoguchi.counter.knowledge.library import Library
from madoguchi.counter.knowledge.places import Places, Policy
from madoguchi.counter.orders.model import Proposal
from madoguchi.counter.orders.policy.draft import RUNGS
from madoguchi.counter.orders.receipt import Issuer
from madoguchi.counter.orders.rule_book.book import Book, RuleBook
from madoguchi.counter.orders.rules import Rules, known_keys
from madoguchi.counter.orders.wording import proposal_view
from madoguchi.counter.orders.workflow import OrderDesk
from madoguchi.counter.privacy.workflow import Means, PrivacyDesk
from madoguchi.counter.quality.reviews import ensure_criteria
from madoguchi.counter.reports import others
from madoguchi.counter.reports.following import Follower
from madoguchi.counter.routing.queues import ensure_queues
from madoguchi.counter.search.indexing import Indexer
from madoguchi.counter.search.service import forget as forget_found
from madoguchi.counter.sellers.workflow import SellerDesk
from madoguchi.counter.trust.desk import TrustDesk
from madoguchi.counter.watch.workflow import OrderWatch
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.keys import Keys
from madoguchi.engine.limiter import Limiter
from madoguchi.engine.migrations import migrate
from madoguchi.engine.opening import open_database, open_files
from madoguchi.engine.schema import metadata
from madoguchi.engine.settings import Settings
from madoguchi.engine.stream import Stream
from madoguchi.errands import build_courier
from madoguchi.faces.house import House
from madoguchi.faces.live_board import LiveBoard
from madoguchi.kit.clock import Clock, system_clock
from madoguchi.mailroom import MailRoom
from madoguchi.work import Workers

__all__ = ["build_house", "metadata"]


class Journal:
    """Writes every step of a proposal into the ledger of the contact that it was made in."""

    def __init__(self, languages: tuple[str, ...], book: Book) -> None:
        self._languages = languages
        self._book = book

    def proposal_changed(self, tx: Transaction, proposal: Proposal, fact: str) -> None:
        if proposal.contact_id is None:
            return
        body: dict[str, Any] = {"proposal_id": proposal.id}
        view = self._views(tx, proposal)
        if view:
            body["view"] = view
        contacts.append(
            tx, proposal.contact_id, fact, body, actor=_actor_of(proposal.actor_kind, proposal.actor_id)
        )
        if fact in (events.DONE, events.FAILED) and proposal.actor_kind == "assistant":
            self._let_assistant_answer(tx, proposal.contact_id, proposal.confirmed_by)

    def account_changed(self, tx: Transaction, proposal: AccountProposal, fact: str) -> None:
        if proposal.contact_id is None:
            return
        customer = customer_queries.find(tx, proposal.customer_id) if proposal.customer_id else None
        zone = self._book.within(tx).rules.zone
        view = {language: account_view(proposal, customer, language, zone) for language in self._languages}
        actor = _actor_of(proposal.actor_kind, proposal.actor_id)
        contacts.append(
            tx, proposal.contact_id, fact, {"proposal_id": proposal.id, "view": view}, actor=actor
        )

    def _let_assistant_answer(self, tx: Transaction, contact_id: str, confirmed_by: str | None) -> None:
        """Its proposal was confirmed from outside the conversation: the assistant has not spoken of it yet."""
        if confirmed_by == ASSISTANT.id:
            return
        if contact_queries.get(tx, contact_id).owner_kind == "assistant":
            contacts.owe_turn(tx, contact_id)

    def _views(self, tx: Transaction, proposal: Proposal) -> dict[str, Any]:
        order = read_order(tx, proposal.order_number)
        if order is None:
            return {}
        rules = self._book.within(tx).rules
        return {language: proposal_view(proposal, order, language, rules) for language in self._languages}


class AccountRungs(Mapping[AccountDeedName, Rung]):
    """What each deed on an account asks for, by the rules in force."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def __getitem__(self, deed: AccountDeedName) -> Rung:
        return RUNGS[getattr(self._book.rules.identity.account, deed)]

    def __iter__(self) -> Iterator[AccountDeedName]:
        return iter(DEED_NAMES)

    def __len__(self) -> int:
        return len(DEED_NAMES)


class KnownCustomers:
    """Whose order it is, from the customers' room."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def customer_ref(self, customer_id: str) -> str | None:
        found = self._database.read(customer_queries.find, customer_id)
        return found.shop_ref if found else None

    def customer_id(self, customer_ref: str) -> str | None:
        found = self._database.read(customer_queries.by_shop_ref, customer_ref)
        return found.id if found else None


def build_house(settings: Settings, *, clock: Clock = system_clock) -> House:
    """Put the parts together; the database is brought to the newest revision."""
    check_subjects(settings)
    settings.data.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = open_database(settings, clock=clock, stream=Stream())
    promises.read_from(settings.data.promises)
    migrate(database)
    database.write(ensure_queues, settings.desk.members_queue)
    database.write(others.plant)
    database.write(ensure_criteria)
    keys = Keys(settings.data.folder)
    files = open_files(settings)
    limiter = Limiter()
    embedded = EmbeddedShop(database, clock)
    book = RuleBook(database, Rules.load(settings.data.policy))
    book.reopen()  # what is in force has to fit the file: raises RulesError otherwise
    issuer = Issuer(name=settings.shop.name, invoice_number=settings.shop.invoice_number)
    customers = KnownCustomers(database)
    journal = Journal(tuple(settings.shop.languages), book)
    order_desk = OrderDesk(
        database,
        embedded,
        book,
        customers,
        journal,
        issuer,
    )
    accounts = AccountDesk(
        database,
        EmbeddedAccounts(database, keys, settings),
        AccountRungs(book),
        lambda number: _owner_of_order(embedded, customers, number),
        journal,
        minutes=lambda: book.rules.general.proposal_minutes,
        renew=book.reopen,
    )
    trust = TrustDesk(database, keys, settings)
    seller_desk = SellerDesk(database, embedded, order_desk, book, files, settings.limits)
    business_desk = BusinessDesk(database, embedded, order_desk, book, issuer)
    understander = LateUnderstander(settings.shop.order_number_pattern, settings.data.folder)
    library = Library(database, places_of(settings, book, database), guesser=understander)
    colleague = Colleague(settings, database)
    presence = Presence(database.tell_others)
    calls = CallDesk(database, settings, keys, OwnTelephone())
    return House(
        settings=settings,
        database=database,
        keys=keys,
        files=files,
        limiter=limiter,
        shop=embedded,
        book=book,
        orders=order_desk,
        sellers=seller_desk,
        business=business_desk,
        care=CareDesk(database, business_desk, settings),
        calls=calls,
        accounts=accounts,
        trust=trust,
        watch=OrderWatch(database, embedded, order_desk, customers),
        chat=ChatDoor(database, settings, files, limiter),
        forms=FormDoor(database, settings, files, limiter, keys),
        assistant=Assistant(
            database,
            order_desk,
            accounts,
            trust,
            understander,
            settings,
            colleague,
            library,
            seller_desk,
            business_desk,
            calls,
            presence.speaks,
        ),
        colleague=colleague,
        presence=presence,
        library=library,
        board=LiveBoard(settings),
        privacy=PrivacyDesk(
            database,
            settings,
            Means(files, keys, Postman(settings), (forget_learning, forget_words, forget_found)),
        ),
    )


def workers_of(house: House, mailroom: MailRoom) -> Workers:
    """The assistant's turns, couriers and rounds; nothing runs yet."""
    return Workers(
        house.database,
        house.settings,
        house.orders,
        house.accounts,
        house.watch,
        house.assistant,
        house.privacy,
        house.calls,
        build_courier(house, mailroom),
        indexer_of(house),
        follower_of(house),
        watchman_of(house),
    )


def follower_of(house: House) -> Follower:
    """Who keeps the figures of this house up to date."""
    return Follower(house.database, house.settings)


def indexer_of(house: House) -> Indexer:
    """What brings the ledger into the search; parcels' numbers come from the shop."""

    def tracking(number: str) -> list[str]:
        order = house.shop.order(number)
        parcels = order.parcels if order else []
        return [parcel.tracking_number for parcel in parcels if parcel.tracking_number]

    return Indexer(house.database, tracking)


def watchman_of(house: House) -> Watchman:
    """What looks at the house's own parts."""
    return Watchman(house.database, house.shop, PeakRules.of(house.settings))


def places_of(settings: Settings, policy: Policy, database: Database | None = None) -> Places:
    """What stands in the places of articles: the shop's settings, its policy, its hours (without a database the settings')."""

    def calendars() -> Calendars:
        return database.read(load, settings) if database else as_settings(settings)

    return Places(
        settings,
        policy,
        known_keys(),
        lambda language: calendars().hours_for(language=language).text(language),
        lambda language: calendars().hours_for(channel="phone", language=language).text(language),
    )


def _owner_of_order(shop: EmbeddedShop, customers: KnownCustomers, number: str) -> str | None:
    order = shop.order(number)
    return customers.customer_id(order.customer_ref) if order else None


def _actor_of(kind: str, actor_id: str) -> Actor:
    if kind == "assistant":
        return ASSISTANT
    if kind == "agent":
        return Actor(kind="agent", id=actor_id)
    if kind == "customer":
        return Actor(kind="customer", id=actor_id)
    return SYSTEM
