"""The composition root: the only module that knows every other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

import madoguchi.assistant.learning.model
import madoguchi.assistant.learning.words.model
import madoguchi.channels.mail.model
import madoguchi.connectors.embedded.model
import madoguchi.counter.business.model
import madoguchi.counter.cases.events
import madoguchi.counter.cases.model
import madoguchi.counter.customers.account_model
import madoguchi.counter.customers.preferences
import madoguchi.counter.knowledge.model
import madoguchi.counter.orders.tables
import madoguchi.counter.routing.model
import madoguchi.counter.sellers.model
import madoguchi.counter.trust.model  # noqa: F401
from madoguchi import __version__
from madoguchi.assistant.model import Colleague
from madoguchi.assistant.turn import Assistant
from madoguchi.assistant.understanding import LateUnderstander
from madoguchi.channels.chat.inbound import ChatDoor
from madoguchi.channels.chat.live import Presence
from madoguchi.connectors.embedded.accounts import EmbeddedAccounts
from madoguchi.connectors.embedded.shop import EmbeddedShop, read_order
from madoguchi.counter.actors import ASSISTANT, SYSTEM, Actor
from madoguchi.counter.business.care_desk import CareDesk
from madoguchi.counter.business.workflow import BusinessDesk
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.customers import queries as customer_queries
from madoguchi.counter.customers.account_deeds import DEED_NAMES
from madoguchi.counter.customers.account_desk import AccountDesk
from madoguchi.counter.customers.account_model import AccountProposal
from madoguchi.counter.customers.account_wording import account_view
from madoguchi.counter.hours import desk_hours
from madoguchi.counter.knowledge.library import Library
from madoguchi.counter.knowledge.places import Places
from madoguchi.counter.orders.model import Proposal
from madoguchi.counter.orders.policy.draft import RUNGS
from madoguchi.counter.orders.receipt import Issuer
from madoguchi.counter.orders.rules import Rules, known_keys
from madoguchi.counter.orders.wording import proposal_view
from madoguchi.counter.orders.workflow import OrderDesk
from madoguchi.counter.routing.queues import ensure_queues
from madoguchi.counter.sellers.workflow import SellerDesk
from madoguchi.counter.trust.desk import TrustDesk
from madoguchi.counter.watch.workflow import OrderWatch
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.files import FileStore
from madoguchi.engine.keys import Keys
from madoguchi.engine.limiter import Limiter
from madoguchi.engine.migrations import migrate
from madoguchi.engine.schema import metadata
from madoguchi.engine.settings import Settings
from madoguchi.engine.stream import Stream
from madoguchi.errands import build_courier
from madoguchi.faces.api.routes import (
    accounts,
    articles,
    business,
    companies,
    desk,
    drafts,
    figures,
    live,
    mails,
    orders,
    replies,
    security,
    sessions,
    shop,
    webhooks,
)
from madoguchi.faces.api.routes import contacts as contact_routes
from madoguchi.faces.api.routes import (
    sellers as seller_routes,
)
from madoguchi.faces.console import router as console_pages
from madoguchi.faces.customer import errors as page_errors
from madoguchi.faces.customer import router as customer_pages
from madoguchi.faces.demo import router as demo_pages
from madoguchi.faces.desk import router as desk_pages
from madoguchi.faces.house import House
from madoguchi.faces.security import Guard
from madoguchi.faces.seller import router as seller_pages
from madoguchi.kit.clock import Clock, system_clock
from madoguchi.mailroom import MailRoom
from madoguchi.work import Workers

__all__ = ["build_house", "create_app", "metadata"]

STATIC = Path(__file__).parent / "static"


class Journal:
    """Writes every step of a proposal into the ledger of the contact that it was made in."""

    def __init__(self, languages: tuple[str, ...], rules: Rules) -> None:
        self._languages = languages
        self._rules = rules

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
        view = {
            language: account_view(proposal, customer, language, self._rules.zone)
            for language in self._languages
        }
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
        return {
            language: proposal_view(proposal, order, language, self._rules) for language in self._languages
        }


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
    settings.data.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database(settings.database_url, clock=clock, stream=Stream())
    migrate(database)
    database.write(ensure_queues, settings.desk.members_queue)
    keys = Keys(settings.data.folder)
    files = FileStore(settings.data.folder / "files")
    limiter = Limiter()
    embedded = EmbeddedShop(database, clock)
    rules = Rules.load(settings.data.policy)
    issuer = Issuer(name=settings.shop.name, invoice_number=settings.shop.invoice_number)
    customers = KnownCustomers(database)
    journal = Journal(tuple(settings.shop.languages), rules)
    order_desk = OrderDesk(
        database,
        embedded,
        rules,
        customers,
        journal,
        issuer,
    )
    accounts = AccountDesk(
        database,
        EmbeddedAccounts(database, keys, settings),
        {deed: RUNGS[getattr(rules.identity.account, deed)] for deed in DEED_NAMES},
        lambda number: _owner_of_order(embedded, customers, number),
        journal,
        minutes=rules.general.proposal_minutes,
    )
    trust = TrustDesk(database, keys, settings)
    seller_desk = SellerDesk(database, embedded, order_desk, rules, files, settings.limits)
    business_desk = BusinessDesk(database, embedded, order_desk, rules, issuer)
    library = Library(database, places_of(settings, rules))
    understander = LateUnderstander(settings.shop.order_number_pattern, settings.data.folder)
    colleague = Colleague(settings, database)
    presence = Presence()
    return House(
        settings=settings,
        database=database,
        keys=keys,
        files=files,
        limiter=limiter,
        shop=embedded,
        orders=order_desk,
        sellers=seller_desk,
        business=business_desk,
        care=CareDesk(database, business_desk, desk_hours(settings)),
        accounts=accounts,
        trust=trust,
        watch=OrderWatch(database, embedded, order_desk, customers),
        chat=ChatDoor(database, settings, files, limiter),
        assistant=Assistant(
            database,
            order_desk,
            accounts,
            trust,
            understander,
            settings,
            desk_hours(settings),
            colleague,
            library,
            seller_desk,
            business_desk,
            presence.speaks,
        ),
        colleague=colleague,
        presence=presence,
        library=library,
    )


def places_of(settings: Settings, rules: Rules) -> Places:
    """What stands in the places of articles: the shop's settings, its policy, its hours."""
    return Places(settings, rules, known_keys(), desk_hours(settings).text)


def _owner_of_order(shop: EmbeddedShop, customers: KnownCustomers, number: str) -> str | None:
    order = shop.order(number)
    return customers.customer_id(order.customer_ref) if order else None


def create_app(house: House, *, work: bool = True) -> FastAPI:
    """The web application. `work`: run the assistant, couriers and rounds in this process too."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        house.database.listen()
        mailroom = MailRoom(house)
        workers = Workers(
            house.database,
            house.settings,
            house.orders,
            house.accounts,
            house.watch,
            house.assistant,
            build_courier(house, mailroom),
        )
        if work:
            workers.start()
            mailroom.open()
        yield
        if work:
            mailroom.close()
            await workers.stop()
        house.colleague.close()
        house.database.close()

    settings = house.settings
    app = FastAPI(
        title="Madoguchi",
        version=__version__,
        summary="The customer-service system of an online shop",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # the redirect would be built from the Host header (S-20)
        lifespan=lifespan,
    )
    app.state.house = house
    page_errors.install(app)
    for module in (
        sessions,
        shop,
        articles,
        accounts,
        orders,
        seller_routes,
        business,
        companies,
        contact_routes,
        desk,
        drafts,
        figures,
        mails,
        replies,
        security,
        webhooks,
        live,
    ):
        app.include_router(module.router, prefix="/api/v1")
    _mount_pages(app)
    app.mount("/static", Static(directory=STATIC), name="static")
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.server.widget_origins,
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["authorization", "content-type", "accept-language"],
        max_age=600,
    )
    app.add_middleware(
        Guard,
        deadline_s=settings.server.request_timeout_s,
        max_upload=settings.limits.attachment_mb * 1_048_576 + 65_536,
        secure=settings.base_url.startswith("https://"),
    )
    return app


class Static(StaticFiles):
    """Our own files, usable from the shop's pages: the widget is loaded from there."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        answer = super().file_response(*args, **kwargs)
        answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.headers["Cache-Control"] = "no-cache"
        return answer


def _mount_pages(app: FastAPI) -> None:
    @app.get("/widget.js", include_in_schema=False)
    async def widget() -> Response:
        headers = {
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Access-Control-Allow-Origin": "*",
            "Cache-Control": "no-cache",
        }
        return FileResponse(STATIC / "widget.js", media_type="text/javascript", headers=headers)

    for router in (customer_pages, desk_pages, seller_pages, console_pages, demo_pages):
        app.include_router(router, include_in_schema=False)


def _actor_of(kind: str, actor_id: str) -> Actor:
    if kind == "assistant":
        return ASSISTANT
    if kind == "agent":
        return Actor(kind="agent", id=actor_id)
    if kind == "customer":
        return Actor(kind="customer", id=actor_id)
    return SYSTEM
