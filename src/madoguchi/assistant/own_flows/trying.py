"""A draft tried out: whole turns, played in memory from the first word on. Nothing is written, no order is read or changed.

Where the dialogue would let the customer choose an order or propose a deed, it says so instead; the order's facts stand
as their places. Other dialogues are not played: what leads to one is answered as for a kind without a script.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from madoguchi.assistant.conversation import Conversation
from madoguchi.assistant.history import remember
from madoguchi.assistant.own_flows.keeping import DRAFT, Version
from madoguchi.assistant.own_flows.model import Deed, Dialogue, Fits, to_table
from madoguchi.assistant.own_flows.places import OF_ORDER
from madoguchi.assistant.own_flows.playing import HANDS, Hands
from madoguchi.assistant.own_flows.serving import Serving
from madoguchi.assistant.questions import Heard
from madoguchi.assistant.reply import HandOver, Reply
from madoguchi.assistant.talk import Outcome, Scene, Talk
from madoguchi.assistant.understanding import Understanding
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts.model import Contact, Entry
from madoguchi.counter.orders.model import Order
from madoguchi.counter.orders.wording import action_label

MOST_LINES = 20


@dataclass(frozen=True)
class Line:
    """What the customer does in one turn: words, or a pressed button."""

    text: str = ""
    key: str = ""
    value: str = ""


@dataclass(frozen=True)
class Said:
    """A message of the conversation. `options`: key of the question, and (value, label) of each button."""

    by_customer: bool
    text: str
    card: Mapping[str, Any] | None = None
    key: str = ""
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Trial:
    """How it went. `ended`: the outcome of the run, empty while it stands at a question."""

    said: list[Said]
    ended: str
    hand_over: HandOver | None


def try_out(
    dialogue: Dialogue, lines: Iterable[Line], scene: Scene, understand: Callable[[str], Understanding]
) -> Trial:
    """`scene`: of a made-up contact without a customer. The topic has been picked before the first of the `lines`."""
    version = Version(
        dialogue.kind, 1, DRAFT, to_table(dialogue.model_copy(update={"topic": None})), 1, [], "", scene.now
    )
    own = Serving({dialogue.kind: version}, hands=TRIAL)
    entries: list[Entry] = []
    reply = _think(own, scene, entries, [], opened_with=dialogue.kind)
    said: list[Heard] = []
    for line in lines:
        if reply.hand_over is not None:
            break
        choice = {"key": line.key, "value": line.value} if line.key else None
        entry = _add(
            entries, scene, events.MESSAGE, "customer", {"text": _as_shown(entries, line), "choice": choice}
        )
        words = "" if line.key else line.text
        heard = Heard(entry.seq, words, understand(words), key=line.key, value=line.value)
        reply = _think(own, scene, entries, said, heard)
        said.append(heard)
    runs = remember(entries).runs
    return Trial(_shown(entries), runs[0].outcome if runs else "", reply.hand_over)


def _think(
    own: Serving, scene: Scene, entries: list[Entry], said: list[Heard], *inputs: Heard, opened_with: str = ""
) -> Reply:
    """One turn, and what it would write into the ledger."""
    now = replace(scene, history=remember(entries))
    reply = Conversation(now, {}, list(said), own).think(list(inputs), opened_with=opened_with)
    for kind, body in reply.facts:
        _add(entries, scene, kind, "assistant", body)
    for message in reply.messages:
        _add(entries, scene, events.MESSAGE, "assistant", message.body(scene.language))
    return reply


def _add(entries: list[Entry], scene: Scene, kind: str, by: str, body: dict[str, Any]) -> Entry:
    seq = len(entries) + 1
    entries.append(Entry(scene.contact.id, seq, kind, "public", by, by, str(seq), body, scene.now))
    return entries[-1]


def _as_shown(entries: list[Entry], line: Line) -> str:
    """A pressed button says its label."""
    for entry in reversed(entries):
        choices = entry.body.get("choices")
        if line.key and choices and choices["key"] == line.key:
            labels = {each["value"]: str(each["label"]) for each in choices["options"]}
            return labels.get(line.value, line.value)
    return line.text or line.value


def _shown(entries: Iterable[Entry]) -> list[Said]:
    found = []
    for entry in entries:
        if entry.kind != events.MESSAGE:
            continue
        choices = entry.body.get("choices") or {"key": "", "options": []}
        options = tuple((each["value"], each["label"]) for each in choices["options"])
        text, card = str(entry.body.get("text", "")), entry.body.get("card")
        found.append(Said(entry.author_kind == "customer", text, card, choices["key"], options))
    return found


def made_up_contact(now: datetime, language: str) -> Contact:
    """Nobody's contact, which is in no database."""
    return Contact(
        id="con_trial", case_id=None, customer_id=None, visitor_id="vis_trial", channel="chat", initiation_method="customer",
        language=language, topic="", order_number="", owner_kind="assistant", owner_id="assistant", owner_version=1,
        state="open", customer_rung=0, proven_orders=[], last_seq=0, last_customer_seq=0, answered_seq=0,
        customer_seen_seq=0, agent_seen_seq=0, snoozed_until=None, opened_at=now, connected_at=None,
        handed_over_at=None, resolved_at=None, ended_at=None, updated_at=now, disconnect_reason="", attributes={},
    )  # fmt: skip


# ── without orders ────────────────────────────────────────────────────────────────────────────────


async def _choose(talk: Talk, fits: Fits) -> Order | None:
    talk.tell(talk.words("own.choose_here", which=talk.words(f"own.fits.{fits}")))
    return None


async def _propose(talk: Talk, deed: Deed, order: Order | None) -> Outcome:
    talk.tell(talk.words("own.deed_here", deed=action_label(deed, talk.language)))
    return Outcome("action", deed)


def _facts(talk: Talk, order: Order | None) -> Mapping[str, str]:
    known = HANDS.facts(talk, None)
    return {**{place: f"[{place}]" for place in OF_ORDER}, **known}


TRIAL = Hands(_choose, _propose, _facts)
