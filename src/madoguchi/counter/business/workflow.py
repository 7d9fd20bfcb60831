"""The business desk: who may do what in an organisation, catalogue and orders read fresh, documents issued once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.business import policy, purchases, queries, service
from madoguchi.counter.business.forms import form_of
from madoguchi.counter.business.model import Document, Item, Member, MemberRole, Organisation
from madoguchi.counter.customers import queries as customers
from madoguchi.counter.orders.model import Order, Product, Variant
from madoguchi.counter.orders.ports import ShopConnector
from madoguchi.counter.orders.receipt import Issuer
from madoguchi.counter.orders.rule_book.book import Book
from madoguchi.counter.orders.rules import Rules
from madoguchi.counter.orders.workflow import OrderDesk
from madoguchi.counter.problems import Invalid, NotAllowed, NotFound, SignInNeeded
from madoguchi.engine.database import Database, outside

MOST_ITEMS = 50
MOST_PIECES = 99_999
_ORDERS_OF_ONE = 500


@dataclass(frozen=True)
class Wanted:
    """A row of a wished quotation."""

    product_id: str
    sku: str
    quantity: int


class BusinessDesk:
    """Organisations, for assistant, pages and API alike."""

    def __init__(
        self, database: Database, shop: ShopConnector, orders: OrderDesk, book: Book, issuer: Issuer
    ) -> None:
        self._database = database
        self._shop = shop
        self._orders = orders
        self._issuer = issuer
        self.book = book

    @property
    def rules(self) -> Rules:
        """Those in force (orders.rule_book)."""
        return self.book.rules

    # ── who ───────────────────────────────────────────────────────────────────────────────────────

    def membership(self, customer_id: str | None) -> tuple[Organisation, Member] | None:
        return self._database.read(queries.of_customer, customer_id) if customer_id else None

    def organisation(self, actor: Actor, deed: policy.Deed = "see") -> tuple[Organisation, Member]:
        """The actor's organisation, if their role there allows the deed. Raises SignInNeeded, NotAllowed."""
        if actor.customer_id is None or actor.rung < Rung.SIGNED_IN:
            raise SignInNeeded(rung=int(Rung.SIGNED_IN))
        found = self.membership(actor.customer_id)
        if found is None:
            raise NotAllowed("business_only")
        if not policy.may(found[1].role, deed):
            raise NotAllowed("role_missing")
        return found

    def members(self, actor: Actor) -> list[Member]:
        to, _ = self.organisation(actor)
        return self._database.read(queries.members, to.id)

    def set_role(self, actor: Actor, customer_id: str, role: MemberRole) -> None:
        """Within the owner's own organisation. Raises NotFound for somebody who is not in it, Conflict("last_owner")."""
        to = self._of_owner(actor, customer_id)
        self._database.write(service.put_member, to.id, customer_id, role, actor)

    def remove(self, actor: Actor, customer_id: str) -> None:
        to = self._of_owner(actor, customer_id)
        self._database.write(service.remove_member, to.id, customer_id, actor)

    # ── documents ─────────────────────────────────────────────────────────────────────────────────

    def catalogue(self) -> list[Product]:
        """What can be quoted: the shop's own goods."""
        outside()
        return [product for product in self._shop.products() if product.seller_id == "shop"]

    def price(self, wanted: Sequence[Wanted], language: str = "ja") -> list[Item]:
        """The rows of a quotation, at today's prices. Raises Invalid for what is not in the catalogue."""
        if not 0 < len(wanted) <= MOST_ITEMS:
            raise Invalid("nothing_to_print", field="items")
        return [self._row(one, language) for one in wanted]

    def quote(self, actor: Actor, wanted: Sequence[Wanted], currency: str, key: str) -> Document:
        """Issue a quotation. Raises NotAllowed("quote_by_person") above the limit."""
        to, _ = self.organisation(actor, "documents")
        items = self.price(wanted, to.language)
        if policy.needs_consultant(policy.total(items), currency, self.rules):
            raise NotAllowed("quote_by_person")
        days = self.rules.business.quote_days
        return self._database.write(service.issue, "quote", to, actor, items, currency, key=key, days=days)

    def invoice(self, actor: Actor, order_number: str) -> Document:
        """The invoice of an order in the organisation's name; the same order as it stands gives the same document."""
        to, _ = self.organisation(actor, "documents")
        order = self._order(actor, to, order_number)
        items = policy.billed(order, self.rules, to.language, form_of(to.language).shipping)
        return self._database.write(
            service.issue,
            "invoice",
            to,
            actor,
            items,
            order.currency,
            key=f"invoice/{order.number}/{policy.total(items)}",
            order_number=order.number,
            placed_at=order.placed_at,
        )

    def documents(self, actor: Actor) -> list[Document]:
        to, _ = self.organisation(actor)
        return self._database.read(queries.documents, to.id)

    def pdf(self, actor: Actor, document_id: str) -> tuple[Document, bytes]:
        """A document as it was issued. Raises NotFound for another organisation's."""
        from madoguchi.counter.business import documents  # here: the PDF library is slow to load

        to, _ = self.organisation(actor)
        document = self._database.read(queries.document, document_id)
        if document.organisation_id != to.id:
            raise NotFound("document_not_found")
        return document, documents.render(document, self._issuer, self.rules.zone)

    # ── what was bought ───────────────────────────────────────────────────────────────────────────

    def purchases(self, actor: Actor, first: date, last: date) -> list[tuple[str, Order]]:
        """The orders of everybody in the organisation, with the buyer's name (BIZ-004)."""
        to, _ = self.organisation(actor, "history")
        if first > last:
            raise Invalid("period", field="last")
        return purchases.within(self._everybodys(to), first, last, self.rules.zone)

    def purchases_csv(self, actor: Actor, first: date, last: date, language: str) -> bytes:
        return purchases.as_csv(self.purchases(actor, first, last), self.rules.zone, language)

    # ── inside ────────────────────────────────────────────────────────────────────────────────────

    def _row(self, wanted: Wanted, language: str) -> Item:
        product = self._shop.product(wanted.product_id)
        variant = self._variant(product, wanted.sku)
        if product is None or variant is None or product.seller_id != "shop":
            raise Invalid("unknown_product", field="items")
        if not 1 <= wanted.quantity <= MOST_PIECES:
            raise Invalid("unknown_quantity", field="items")
        return policy.quoted(product, variant, wanted.quantity, self.rules, language)

    @staticmethod
    def _variant(product: Product | None, sku: str) -> Variant | None:
        return next((v for v in product.variants if v.sku == sku), None) if product else None

    def _order(self, actor: Actor, to: Organisation, number: str) -> Order:
        """An order of anybody in the organisation."""
        outside()
        order = self._shop.order(number)
        theirs = {ref for ref, _ in self._refs(to)}
        if order is None or order.customer_ref not in theirs:
            raise NotFound("order_not_found")
        return order

    def _everybodys(self, to: Organisation) -> list[tuple[str, Order]]:
        outside()
        return [
            (name, order)
            for ref, name in self._refs(to)
            for order in self._shop.orders_of(ref, limit=_ORDERS_OF_ONE)
        ]

    def _refs(self, to: Organisation) -> list[tuple[str, str]]:
        people = self._database.read(queries.members, to.id)
        found = [self._database.read(customers.find, member.customer_id) for member in people]
        return [(customer.shop_ref, customer.name) for customer in found if customer is not None]

    def _of_owner(self, actor: Actor, customer_id: str) -> Organisation:
        to, _ = self.organisation(actor, "people")
        if all(member.customer_id != customer_id for member in self._database.read(queries.members, to.id)):
            raise NotFound("member_not_found")
        return to
