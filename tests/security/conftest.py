"""The counter of the security tests, and the customer whose matters everybody else wants to see."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import insert

from madoguchi.assistant.learning import queries as learning_queries
from madoguchi.assistant.learning import service as learning
from madoguchi.assistant.learning.facts import Said
from madoguchi.building import indexer_of
from madoguchi.channels.mail.model import received_mail, waiting_reply
from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.load import customer_id
from madoguchi.counter.actors import SYSTEM
from madoguchi.counter.cases import tasks
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.contacts.participants import Participant, participant
from madoguchi.counter.sellers.model import seller_thread
from madoguchi.counter.team import notices
from madoguchi.counter.trust.policy import Message
from madoguchi.engine.database import Transaction
from tests.conftest import StillClock
from tests.faces.api.conftest import filled as filled
from tests.faces.api.people import Caller, Counter


@pytest.fixture(scope="module")
def counter(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    folder = tmp_path_factory.mktemp("counter") / "data"
    shutil.copytree(filled, folder)
    limits = {
        "messages_per_minute": 10_000,
        "contacts_per_hour": 10_000,
        "contacts_per_address": 100_000,
        "codes_per_hour": 1000,
    }
    counter = Counter(folder, StillClock(), limits=limits)
    with counter.client:
        yield counter
    counter.close()


@dataclass(frozen=True)
class Possession:
    """What belongs to one customer (or visitor), and the words by which it would be recognised elsewhere."""

    owner: Caller
    ids: dict[str, str]
    marks: tuple[str, ...] = field(default=())


MARK = "目印七七三"


@pytest.fixture(scope="module")
def misakis(counter: Counter) -> Possession:
    """佐藤 美咲's order, contact with a note, file and proposal, and everything that names her."""
    misaki = counter.customer(cast.MISAKI)
    contact = misaki.open(f"{MARK}の件です", order_number=cast.MISAKI_UNSHIPPED)
    file = misaki.upload(f"/contacts/{contact['id']}/attachments", f"{MARK}.png", _picture())
    misaki.say(contact["id"], "", attachments=[file["id"]])
    ito = counter.agent("ito")
    ito.say(contact["id"], f"{MARK}社内", internal=True)
    wish = {
        "order_number": cast.MISAKI_UNSHIPPED,
        "action": {"action": "cancel"},
        "contact_id": contact["id"],
    }
    proposal = misaki.post("/proposals", wish, status=201)
    webhook = counter.key("webhooks").post(
        "/webhooks", {"url": "http://93.184.215.14/x", "kinds": ["contact.ended"]}
    )
    thread_id = counter.house.database.write(_thread, contact["id"])
    kogei = counter.agent("kogei").upload(
        f"/seller/threads/{thread_id}/evidence", f"{MARK}証拠.png", _picture()
    )
    order = counter.house.shop.order(cast.MISAKI_UNSHIPPED)
    assert order is not None
    fake = Message("site", "https://evil-login.example/login")
    report = counter.house.trust.report(fake, counter.house.trust.check(fake, SYSTEM), SYSTEM)
    ids = {
        "report_id": report.id,
        "article_id": "return-policy",
        "kind": "smart_speaker",
        "return_id": f"{cast.MISAKI_UNSHIPPED}-RMA1",
        "contact_id": contact["id"],
        "attachment_id": file["id"],
        "proposal_id": proposal["id"],
        "number": cast.MISAKI_UNSHIPPED,
        "customer_id": customer_id(cast.MISAKI),
        "webhook_id": webhook["id"],
        "thread_id": thread_id,
        "evidence_id": kogei["said"][-1]["files"][0]["url"].rsplit("/", 1)[-1],
        "document_id": "doc_x",
        "case_number": contact["case"]["number"],
        "other_number": contact["case"]["number"],
        "task_id": counter.house.database.write(_task, contact["case"]["id"]),
        "company_id": "org_x",
        "terms_id": "trm_x",
        "action": "cancel",
        "problem": "return_exchange_cancel.cancel_order",
        "draft_id": "frm_x",
        "shape": "txt",
        "family": "waits",
        "group": "order_delivery",
        "name": "order_status",
        "token": "srv_x.0",
        "feedback_id": "fb_x",
        "mail_id": counter.house.database.write(
            _received_mail, contact["id"], counter.house.files.put(f"Subject: x\n\n{MARK}".encode())
        ),
        "reply_id": counter.house.database.write(_waiting_reply, contact["id"]),
        "request_id": _copied(counter, misaki),
        "hold_id": _held(counter),
        "callback_id": _callback(misaki),
        "notice_id": counter.house.database.write(_told, counter.agent("ito").id),
        "note_id": ito.post(f"/customers/{customer_id(cast.MISAKI)}/notes", {"text": MARK}, status=201)["id"],
        "saved_reply_id": "greeting",
        "agent_id": counter.agent("ito").id,
        "queue_id": "orders",
        "alert_id": "alr_x",
        "loan_id": "len_x",
        "card_id": "rev_x",
        "key_id": "key_x",
        "participant_id": counter.house.database.write(_participant, contact["id"]),
        "view_id": ito.post("/desk/views", {"name": MARK, "criteria": {}}, status=201)["id"],
        "bulk_id": ito.post("/desk/bulk", _labelling(contact["id"]))["bulk_id"],
        "way": "mail",
        "letter": "order_done",
        "topic": "refunds",
        "turn_id": counter.house.database.write(_collected, contact["id"]),
    }
    indexer_of(counter.house).catch_up()  # what could be found, if somebody were let look
    address = order.address
    marks = (MARK, "佐藤 美咲", cast.MISAKI_EMAIL, address.line1, address.phone)
    return Possession(misaki, ids, tuple(mark for mark in marks if mark))


def _participant(tx: Transaction, contact_id: str) -> str:
    """Somebody who was asked into her conversation."""
    row = Participant(
        "par_misakis", contact_id, "agt_x", "", "second", "agt_x", tx.now, joined_at=None, left_at=None
    )
    tx.execute(insert(participant).values(**vars(row)))
    return row.id


def _labelling(contact_id: str) -> dict[str, object]:
    """A deed on many contacts, here on hers alone."""
    rows = [{"contact_id": contact_id, "owner_version": 0}]
    return {"deed": "label", "label": MARK, "key": "labelling", "rows": rows}


def _task(tx: Transaction, case_id: str) -> str:
    """Something that a desk has to do for her."""
    return tasks.add(tx, case_id, f"{MARK}の確認", SYSTEM).id


def _copied(counter: Counter, misaki: Caller) -> str:
    """Her copy of everything, ready to be fetched."""
    request_id = str(misaki.post("/privacy/requests", {"kind": "export"}, status=201)["id"])
    misaki.post(f"/privacy/requests/{request_id}/confirm", {})
    assert counter.house.privacy.do_next() is not None
    return request_id


def _told(tx: Transaction, agent_id: str) -> str:
    """Something that the agent was told."""
    notices.tell(tx, agent_id, "reviewed", SYSTEM)
    return notices.unseen(tx, agent_id)[-1].id


def _held(counter: Counter) -> str:
    """A hold on somebody else's records."""
    wish = {"customer_id": customer_id(cast.JOHN), "reason": f"{MARK}係争"}
    return str(counter.agent("mori").post("/privacy/holds", wish, status=201)["id"])


def _callback(misaki: Caller) -> str:
    """A call that she has booked."""
    wish = {"phone": "090-1234-5678", "client_key": "key-of-the-matrix", "note": f"{MARK}電話"}
    return str(misaki.post("/callbacks", wish, status=201)["id"])


def _thread(tx: Transaction, contact_id: str) -> str:
    """A thread of hers with a seller, with words that are recognised."""
    thread_id = "thr_misakis"
    tx.execute(
        insert(seller_thread).values(
            id=thread_id,
            order_number=cast.MISAKI_UNSHIPPED,
            seller_id="seller-kogei",
            customer_id=customer_id(cast.MISAKI),
            contact_ids=[contact_id],
            language="ja",
            state="waiting",
            answer_by=tx.now,
            asked_at=tx.now,
            why="",
            created_at=tx.now,
            updated_at=tx.now,
        )
    )
    body = {"thread": thread_id, "seller": "seller-kogei", "text": f"{MARK}出品者へ"}
    contacts.append(tx, contact_id, events.SELLER_ASKED, body, actor=SYSTEM)
    return thread_id


def _received_mail(tx: Transaction, contact_id: str, storage_key: str) -> str:
    """A mail of hers."""
    tx.execute(
        insert(received_mail).values(
            id="mail_misakis",
            mailbox="support@shop.example",
            content_key="x",
            storage_key=storage_key,
            size=1,
            recipients="",
            state="filed",
            reason="new",
            sender=cast.MISAKI_EMAIL,
            subject=f"{MARK}件名",
            contact_id=contact_id,
            seq=1,
            taken_at=tx.now,
            filed_at=tx.now,
        )
    )
    return "mail_misakis"


def _waiting_reply(tx: Transaction, contact_id: str) -> str:
    """An agent's reply to her that has not left yet."""
    tx.execute(
        insert(waiting_reply).values(
            id="rep_misakis",
            contact_id=contact_id,
            agent_id="agt_x",
            client_key="key-of-the-matrix",
            text=f"{MARK}返信",
            lang="ja",
            attachments=[],
            due_at=tx.now,
            scheduled=True,
            state="waiting",
            version=1,
            created_at=tx.now,
        )
    )
    return "rep_misakis"


@pytest.fixture(scope="module")
def strangers(counter: Counter, misakis: Possession) -> Possession:
    """The same for a visitor whom nobody knows: a contact and a file."""
    visitor = counter.visitor()
    contact = visitor.open(f"{MARK}匿名")
    file = visitor.upload(f"/contacts/{contact['id']}/attachments", f"{MARK}.png", _picture())
    visitor.say(contact["id"], "", attachments=[file["id"]])
    ids = {
        **misakis.ids,
        "contact_id": contact["id"],
        "attachment_id": file["id"],
        "case_number": contact["case"]["number"],
    }
    return Possession(visitor, ids, (MARK,))


def _collected(tx: Transaction, contact_id: str) -> str:
    """A message of hers that the assistant did not understand, as it is kept: veiled."""
    found = Said(1, tx.now, "", "ja", "", "rephrase", [], {"missed"})
    learning.keep(tx, [(contact_id, [(found, "{name}です。ぬるぽ")])], tx.now)
    return learning_queries.of_contact(tx, contact_id)[1].id


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "PNG")
    return out.getvalue()
