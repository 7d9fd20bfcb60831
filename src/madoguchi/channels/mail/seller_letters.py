"""Mails between the two sides of a thread with a seller. Nobody's address stands in them; the words stay on our pages."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from madoguchi.channels.mail.outbound import Postman
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.orders.ports import ShopConnector
from madoguchi.counter.sellers import queries
from madoguchi.counter.sellers.model import Thread
from madoguchi.engine.database import Database
from madoguchi.engine.outbox import Errand, GiveUp
from madoguchi.engine.settings import Settings
from madoguchi.engine.texts import tr

_SELLER = {
    "asked": "A buyer has written to you about order {number}. Please answer by {until}.",
    "reminded": "A buyer is waiting for your answer about order {number}. Please answer by {until}.",
    "escalated": "The shop's disputes desk has taken up order {number}.",
    "granted": "The guarantee pays for order {number}. We will contact you about it.",
    "paid": "The guarantee has paid for order {number}. We will contact you about it.",
    "refused": "The claim about order {number} was refused.",
}
_BUYER = {
    "answered": "The seller has answered about your order {number}.",
    "silent": "The seller has not answered about your order {number}. You can ask the shop to take it up.",
    "escalated": "The shop's disputes desk has taken up your order {number}. A person will answer you.",
    "granted": "The guarantee pays for your order {number}.",
    "refused": "There is a decision on your claim about order {number}.",
}


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
        text = _SELLER[errand.payload["what"]]
        self._send(errand, thread, seller.email, seller.name, seller.language, text, f"/seller/{thread.id}")

    def to_buyer(self, errand: Errand) -> None:
        thread = self._thread(errand)
        buyer = self._database.read(customers.find, thread.customer_id)
        if buyer is None or not buyer.email:
            raise GiveUp("no address on file")
        text = _BUYER[errand.payload["what"]]
        page = f"/contacts/{thread.contact_id}"
        self._send(errand, thread, buyer.email, buyer.name, thread.language, text, page)

    def _thread(self, errand: Errand) -> Thread:
        return self._database.read(queries.get, errand.payload["thread_id"])

    def _send(
        self, errand: Errand, thread: Thread, to: str, name: str, language: str, text: str, page: str
    ) -> None:
        tongue = language if language in self._settings.shop.languages else "en"
        zone = ZoneInfo(self._settings.shop.timezone)
        until = thread.answer_by.astimezone(zone).strftime("%Y-%m-%d %H:%M") if thread.answer_by else "-"
        said = tr(tongue, text, number=thread.order_number, until=until)
        shop = self._settings.shop.name_in(tongue)
        self._postman.send(
            errand,
            to=to,
            name=name,
            subject=tr(tongue, "About order {number}", number=thread.order_number),
            text=f"{said}\n\n{self._settings.base_url}{page}\n\n-- \n{shop}\n",
            language=tongue,
        )
