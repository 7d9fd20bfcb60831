"""A customer, an order, a contact and an agent whose every text is an attack on whoever renders it (S-05)."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy import update

from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.storing import put_order
from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.customers import service as customers
from madoguchi.counter.team.model import agent as agent_table
from madoguchi.engine.database import Transaction
from madoguchi.kit.ids import new_id
from tests.faces.api.people import Caller, Counter

PAYLOADS = [
    line.encode().decode("unicode_escape").encode("latin-1", "ignore").decode("utf-8", "ignore")
    if "\\u" not in line
    else line.encode("ascii", "ignore").decode("unicode_escape")
    for line in (Path(__file__).parent / "payloads.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


@dataclass(frozen=True)
class Hostile:
    """One such customer. `texts`: field → the attacks put into it."""

    customer: Caller
    contact_id: str
    order_number: str
    proposal_id: str
    texts: dict[str, list[str]]

    @property
    def all(self) -> set[str]:
        return {payload for payloads in self.texts.values() for payload in payloads}


def make(counter: Counter, number: int, desk: Caller) -> Hostile:
    """The `number`-th attacker: every field holds another draw of the attacks."""
    draw = random.Random(number)
    texts: dict[str, list[str]] = {}

    def attack(field: str, count: int = 3) -> str:
        texts[field] = draw.sample(PAYLOADS, count)
        return " ".join(texts[field])

    ref = f"X{number:04d}"
    counter.house.database.write(
        customers.upsert,
        shop_ref=ref,
        name=attack("customer name"),
        kana=attack("reading"),
        company=attack("company"),
        email=f"x{number}@example.jp",
    )
    counter.house.database.write(_order, counter, ref, attack)
    counter.house.database.write(_rename, desk.id, attack("agent"))
    customer = counter.stranger()
    token = counter.shop_token(sub=ref, auth_time=int(counter.clock.now.timestamp()))
    customer.token = customer.post("/sessions/shop-token", {"token": token})["token"]
    order_number = _number(ref)
    contact = customer.open(attack("first words"), order_number=order_number, page=attack("page", 1)[:500])
    contact_id = contact["id"]
    for n in range(4):
        customer.say(contact_id, attack(f"message {n}", 6))
    file = customer.upload(f"/contacts/{contact_id}/attachments", attack("file", 1) + ".png", _picture())
    customer.say(contact_id, "", attachments=[file["id"]])
    wish = {
        "order_number": order_number,
        "action": {"action": "cancel", "reason": attack("reason")},
        "contact_id": contact_id,
    }
    proposal = customer.post("/proposals", wish, status=201)
    _hand_over(counter, customer, contact_id, attack("summary"))
    seen = desk.get(f"/contacts/{contact_id}")
    taken = desk.post(f"/contacts/{contact_id}/take", {"owner_version": seen["owner"]["version"]})
    desk.say(contact_id, attack("note"), internal=True)
    _answer(counter, desk, contact_id, attack("answer"), taken["owner"]["version"])
    return Hostile(customer, contact_id, order_number, proposal["id"], texts)


def _answer(counter: Counter, desk: Caller, contact_id: str, text: str, version: int) -> None:
    """Past the desk's door, which lets no link to elsewhere out: what is in the ledger already must be harmless too."""
    agent = Actor(kind="agent", id=desk.id, roles=frozenset({"agent"}))
    said = partial(contacts.say, actor=agent, text=text, client_key=new_id("key"), owner_version=version)
    counter.house.database.write(said, contact_id)


def _hand_over(counter: Counter, customer: Caller, contact_id: str, correction: str) -> None:
    customer.post(f"/contacts/{contact_id}/hand-over", {"client_key": new_id("key")})
    counter.think(contact_id)
    customer.post(f"/contacts/{contact_id}/summary", {"text": correction})


def _number(ref: str) -> str:
    return f"503-9{int(ref[1:]):06d}-0000001"


def _order(tx: Transaction, counter: Counter, ref: str, attack: Any) -> None:
    order = counter.house.shop.order(cast.MISAKI_UNSHIPPED)
    assert order is not None
    name = attack("product")
    line = order.lines[0].model_copy(
        update={"name": {"ja": name, "en": name}, "variant_name": {"ja": attack("variant"), "en": "x"}}
    )
    address = order.address.model_copy(
        update={
            "name": attack("receiver"),
            "line1": attack("street"),
            "line2": attack("building"),
            "city": attack("city"),
            "phone": attack("phone", 1),
        }
    )
    changes = {
        "number": _number(ref),
        "customer_ref": ref,
        "lines": [line],
        "address": address,
        "note": attack("order note"),
    }
    put_order(tx, order.model_copy(update=changes))


def _rename(tx: Transaction, agent_id: str, name: str) -> None:
    tx.execute(update(agent_table).where(agent_table.c.id == agent_id).values(display_name=name))


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "PNG")
    return out.getvalue()
