"""A privacy desk over a real data folder, and customers who have written, mailed and attached."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from madoguchi.assistant.learning.model import learning_turn
from madoguchi.assistant.learning.service import forget as forget_learning
from madoguchi.assistant.learning.words.model import word_sighting
from madoguchi.assistant.learning.words.service import forget as forget_words
from madoguchi.assistant.model.calls import model_call
from madoguchi.channels.mail.model import received_mail, reply_address, sent_mail
from madoguchi.channels.mail.outbound import Postman
from madoguchi.counter.actors import ASSISTANT, SYSTEM, Actor, Rung
from madoguchi.counter.cases import events as case_events
from madoguchi.counter.cases import service as cases
from madoguchi.counter.contacts import attachments, events
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.contacts.model import contact
from madoguchi.counter.customers import service as customers
from madoguchi.counter.customers import sign_ins
from madoguchi.counter.customers.model import Customer
from madoguchi.counter.privacy import service
from madoguchi.counter.privacy.model import Kind, PrivacyRequest
from madoguchi.counter.privacy.workflow import Means, PrivacyDesk
from madoguchi.engine import outbox, sessions
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.files import FileStore
from madoguchi.engine.keys import Keys
from madoguchi.engine.settings import Settings
from madoguchi.kit.ids import new_id

SUPERVISOR = Actor(kind="agent", id="agt_boss", roles=frozenset({"supervisor"}))
AGENT = Actor(kind="agent", id="agt_1", roles=frozenset({"agent"}))


def actor_of(customer: Customer, rung: Rung = Rung.FRESH) -> Actor:
    return Actor(kind="customer", id=f"vis_{customer.id[-8:]}", customer_id=customer.id, rung=rung)


@dataclass
class Desk:
    """The parts, and the verbs that tests repeat."""

    database: Database
    folder: Path
    settings: Settings
    files: FileStore
    desk: PrivacyDesk

    def customer(self, ref: str, name: str = "佐藤 美咲") -> Customer:
        return self.database.write(
            customers.upsert,
            shop_ref=ref,
            name=name,
            email=f"{ref}@mail.example",
            addresses=[{"city": f"{ref}市"}],
        )

    def asks(self, by: Actor, kind: Kind, **more: object) -> PrivacyRequest:
        wish = self.database.write(lambda tx: service.ask(tx, by, kind, **more))  # type: ignore[arg-type]
        return self.database.write(service.confirm, by, wish.id, self.settings.privacy)

    def done(self, wish: PrivacyRequest) -> PrivacyRequest:
        """Carry out what is due, and look at this request."""
        while self.desk.do_next() is not None:
            pass
        return self.database.read(service.get, wish.id)

    def holds(self, *markers: str) -> dict[str, list[str]]:
        """Which bytes of the data folder hold which of these words, in any of the ways in which text is stored."""
        found: dict[str, list[str]] = {}
        for path in sorted(self.folder.rglob("*")):
            if not path.is_file():
                continue
            content = path.read_bytes()
            for marker in markers:
                if marker.encode() in content:
                    found.setdefault(marker, []).append(path.name)
        return found


def desk_over(database: Database, folder: Path) -> Desk:
    settings = Settings(data={"folder": folder})
    files = FileStore(folder / "files")
    means = Means(files, Keys(folder), Postman(settings), (forget_learning, forget_words))
    return Desk(database, folder, settings, files, PrivacyDesk(database, settings, means))


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    return desk_over(database, tmp_path)


def history(
    desk: Desk, owner: Customer | None, visitor: str, marker: str, *, messages: int = 4, ended: bool = True
) -> str:
    """A contact with everything that a contact can have: words of which each holds `marker`, files, mails, traces."""
    by = (
        Actor(kind="customer", id=visitor, customer_id=owner.id, rung=Rung.SIGNED_IN)
        if owner
        else Actor(kind="customer", id=visitor)
    )
    picture, raw = desk.files.put(f"PIXELS {marker}".encode()), desk.files.put(f"RAW {marker}".encode())

    def fill(tx: Transaction) -> str:
        case = cases.open_case(tx, owner.id if owner else None, visitor)
        opened = contacts.open_contact(
            tx, actor=by, channel="chat", language="ja", case_id=case.id, owner="none"
        )
        att = attachments.store(
            tx,
            contact_id=opened.id,
            actor=by,
            name=f"{marker}.png",
            kept=attachments.Clean(b"x", "image/png", 1, 1),
            storage_key=picture,
            max_in_contact=1000,
        )
        for n in range(messages):
            said = contacts.say(
                tx,
                opened.id,
                actor=by,
                text=f"{marker} message number {n}",
                client_key=f"k{n}",
                attachments=[att] if n == 0 else None,
            )
            contacts.append(
                tx,
                opened.id,
                events.UNDERSTOOD,
                {"seq": said.seq, "entities": {"names": [marker]}, "intents": []},
                actor=ASSISTANT,
            )
        cases.classify(tx, case.id, summary={"words": f"{marker} message number 0"})
        case_events.note(tx, case.id, "note", {"text": f"said: {marker} message number 1"}, SYSTEM)
        trace(tx, opened.id, owner.id if owner else "", marker, raw)
        if owner:
            tx.execute(contact.update().where(contact.c.id == opened.id).values(customer_id=owner.id))
        if ended:
            cases.resolve(tx, case.id)
            contacts.end(tx, opened.id, SYSTEM, "done")
        return opened.id

    return desk.database.write(fill)


def trace(tx: Transaction, contact_id: str, customer_id: str, marker: str, raw: str) -> None:
    """What other rooms keep of a contact."""
    mail = {"mailbox": "m@shop.example", "content_key": new_id("k"), "storage_key": raw, "size": 9}
    tx.execute(
        insert(received_mail).values(
            id=new_id("mail"), recipients="m@shop.example", state="filed", reason="", sender=f"{marker}@x.example",
            contact_id=contact_id, seq=2, taken_at=tx.now, filed_at=tx.now, **mail,
        )
    )  # fmt: skip
    tx.execute(
        insert(sent_mail).values(
            message_id=new_id("m"),
            contact_id=contact_id,
            recipient=f"{marker}@x.example",
            kind="reply",
            sent_at=tx.now,
        )
    )
    tx.execute(
        insert(reply_address).values(
            token_hash=new_id("t"), contact_id=contact_id, recipient=f"{marker}@x.example", created_at=tx.now
        )
    )
    tx.execute(
        insert(learning_turn).values(
            id=new_id("ltn"), contact_id=contact_id, seq=2, reason="missed", language="ja", understood="",
            suggested=[], text=f"{marker} message number 0", said_at=tx.now, state="open", kinds=[], decided_by="",
        )
    )  # fmt: skip
    tx.execute(
        insert(word_sighting).values(
            contact_id=contact_id, seq=3, matter="goods", who=customer_id or contact_id, language="ja",
            text=f"{marker} message number 0", chosen="x", said_at=tx.now,
        )
    )  # fmt: skip
    tx.execute(
        insert(model_call).values(
            id=new_id("call"), contact_id=contact_id, purpose="answer", model="m", prompt="p", tokens_in=1, tokens_out=1,
            cost=1, first_token_ms=1, latency_ms=1, outcome="ok", at=tx.now,
        )
    )  # fmt: skip
    outbox.put(tx, "mail.transcript", {"contact_id": contact_id, "words": f"{marker} message number 0"})


def signed_in(desk: Desk, owner: Customer, marker: str) -> None:
    """The account's own traces."""

    def fill(tx: Transaction) -> None:
        data = {"customer_id": owner.id, "name": marker}
        sessions.begin(tx, "customer", "vis_elsewhere", data, timedelta(days=1))
        sign_ins.note(tx, owner.id, "mailed_code", {"device": marker, "place": ""})

    desk.database.write(fill)


def words(seed: int) -> str:
    """A word that stands nowhere else."""
    return "M" + "".join(random.Random(seed).choices("ABCDEFGHJKLMNPQRSTUVWXYZ", k=18))
