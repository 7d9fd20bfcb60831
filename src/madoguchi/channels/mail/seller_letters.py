"""Mails between the two sides of a thread with a seller. Nobody's address stands in them; the words stay on our pages."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from madoguchi.channels.mail.outbound import Postman
from madoguchi.channels.mail.wordbook.composing import compose
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.orders.ports import ShopConnector
from madoguchi.counter.sellers import queries
from madoguchi.counter.sellers.model import Thread
from madoguchi.engine.database import Database
from madoguchi.engine.outbox import Errand, GiveUp
from madoguchi.engine.settings import Settings


class SellerLetters:
    """Handlers of the outbox topics `mail.seller` and `mail.buyer`."""

    def __init__(self, database: Database, settings: Settings, shop: ShopConnector, postman: Postman) -> None:
        self._database = database
        self._settings = settings
        self._shop = shop
        self._postman = postman

    def to_seller(self, errand: Errand) -> None:
        thread = self._thread(errand)
        seller = self._shop.seller(thread.seller_id)
        if seller is None or not seller.email:
            raise GiveUp("no address on file")
        kind = f"seller_{errand.payload['what']}"
        self._send(errand, thread, seller.email, seller.name, seller.language, kind, f"/seller/{thread.id}")

    def to_buyer(self, errand: Errand) -> None:
        thread = self._thread(errand)
        buyer = self._database.read(customers.find, thread.customer_id)
        if buyer is None or not buyer.email:
            raise GiveUp("no address on file")
        kind = f"buyer_{errand.payload['what']}"
        page = f"/contacts/{thread.contact_id}"
        self._send(errand, thread, buyer.email, buyer.name, thread.language, kind, page)

    def _thread(self, errand: Errand) -> Thread:
        return self._database.read(queries.get, errand.payload["thread_id"])

    def _send(
        self, errand: Errand, thread: Thread, to: str, name: str, language: str, kind: str, page: str
    ) -> None:
        tongue = language if language in self._settings.shop.languages else "en"
        zone = ZoneInfo(self._settings.shop.timezone)
        until = thread.answer_by.astimezone(zone).strftime("%Y-%m-%d %H:%M") if thread.answer_by else "-"
        letter = self._database.read(
            compose,
            self._settings,
            kind,
            tongue,
            {"number": thread.order_number, "until": until},
            {"link": f"{self._settings.base_url}{page}"},
        )
        self._postman.send(
            errand,
            to=to,
            name=name,
            subject=letter.subject,
            text=letter.text,
            language=tongue,
        )
