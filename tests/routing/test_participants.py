"""Who takes part in a contact beside its owner, who may speak in it, and that the customer always has one owner."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import events
from madoguchi.counter.contacts import participants as rows
from madoguchi.counter.contacts import queries as contact_queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.contacts.model import Contact, Entry
from madoguchi.counter.problems import Conflict, Invalid, NotAllowed, NotFound, Problem
from madoguchi.counter.routing import participants, queries, service
from madoguchi.engine.database import Transaction
from tests.routing.conftest import Desk


def owned(desk: Desk, owner: Actor, queue: str = "general") -> Contact:
    contact_id = desk.waiting(queue)
    return desk.database.write(service.take, contact_id, owner, desk.contact(contact_id).owner_version)


def ask(
    desk: Desk, contact_id: str, role: str, owner: Actor, agent: Actor | None = None, queue: str = ""
) -> str:
    def deed(tx: Transaction) -> str:
        asked = participants.invite(
            tx,
            contact_id,
            role,  # type: ignore[arg-type]
            actor=owner,
            agent_id=agent.id if agent else "",
            queue_id=queue,
        )
        return asked.id

    return desk.database.write(deed)


def bring_in(desk: Desk, contact_id: str, role: str, owner: Actor, agent: Actor) -> str:
    asked = ask(desk, contact_id, role, owner, agent)
    return desk.database.write(participants.join, contact_id, asked, agent).id


def say(desk: Desk, seen: Contact, actor: Actor, text: str, key: str) -> Entry:
    return desk.database.write(
        lambda tx: contacts.say(
            tx, seen.id, actor=actor, text=text, client_key=key, owner_version=seen.owner_version
        )
    )


def public(desk: Desk, contact_id: str) -> list[Entry]:
    return desk.database.read(lambda tx: contact_queries.entries(tx, contact_id, internal=False))


@pytest.mark.req("LNG-004")
def test_an_interpreter_joins_speaks_and_both_texts_are_kept(desk: Desk) -> None:
    owner, interpreter = desk.agent("hana"), desk.agent("ling", languages=("ja", "zh-Hans"))
    seen = owned(desk, owner)
    with pytest.raises(NotAllowed, match="not_owner"):
        say(desk, seen, interpreter, "您好", "too-early")
    bring_in(desk, seen.id, "interpreter", owner, interpreter)
    original = {"text": "少々お待ちください", "lang": "ja"}
    desk.database.write(
        lambda tx: contacts.say(
            tx,
            seen.id,
            actor=interpreter,
            text="请稍等",
            lang="zh-Hans",
            client_key="interpreted",
            owner_version=seen.owner_version,
            original=original,
        )
    )
    say(desk, seen, owner, "ありがとうございます", "owner-word")
    shown = public(desk, seen.id)
    joined = next(entry for entry in shown if entry.kind == events.PARTICIPANT_JOINED)
    assert (joined.body["role"], joined.body["name"]) == ("interpreter", "ling")
    words = [entry for entry in shown if entry.kind == events.MESSAGE]
    assert [(word.author_id, word.body["text"]) for word in words] == [
        (interpreter.id, "请稍等"),
        (owner.id, "ありがとうございます"),
    ]
    assert words[0].body["original"] == original
    assert desk.contact(seen.id).owner_id == owner.id


def test_whoever_has_left_speaks_no_longer(quick_desk: Desk) -> None:
    owner, second = quick_desk.agent("hana"), quick_desk.agent("ken")
    seen = owned(quick_desk, owner)
    mine = bring_in(quick_desk, seen.id, "second", owner, second)
    say(quick_desk, seen, second, "わたくしからも", "second-word")
    quick_desk.database.write(participants.leave, seen.id, mine, second)
    quick_desk.database.write(participants.leave, seen.id, mine, second)  # a second time changes nothing
    with pytest.raises(NotAllowed, match="not_owner"):
        say(quick_desk, seen, second, "もう一言", "too-late")
    assert [entry.kind for entry in public(quick_desk, seen.id)].count(events.PARTICIPANT_LEFT) == 1


def test_who_takes_part_must_look_again_after_a_change_of_owner(quick_desk: Desk) -> None:
    owner, other, second = quick_desk.agent("hana"), quick_desk.agent("yui"), quick_desk.agent("ken")
    seen = owned(quick_desk, owner)
    bring_in(quick_desk, seen.id, "second", owner, second)
    now = quick_desk.database.write(
        lambda tx: service.transfer_to_agent(
            tx, seen.id, other.id, quick_desk.rules, actor=owner, owner_version=seen.owner_version
        )
    )
    with pytest.raises(Conflict, match="owner_changed"):
        say(quick_desk, seen, second, "つづけます", "old-version")
    say(quick_desk, now, second, "つづけます", "new-version")

    waiting = quick_desk.database.write(
        lambda tx: service.transfer_to_queue(
            tx, seen.id, "general", actor=other, owner_version=now.owner_version
        )
    )
    with pytest.raises(NotAllowed, match="not_owner"):
        say(quick_desk, waiting, second, "お待ちの間に", "nobody-owns")


def test_an_interpreter_takes_room_in_the_hands_and_gives_it_back_at_the_end(quick_desk: Desk) -> None:
    owner, interpreter = quick_desk.agent("hana"), quick_desk.agent("ling", capacity=1)
    seen = owned(quick_desk, owner)
    bring_in(quick_desk, seen.id, "interpreter", owner, interpreter)
    another = quick_desk.waiting()
    with pytest.raises(Conflict, match="at_capacity"):
        quick_desk.database.write(
            service.take, another, interpreter, quick_desk.contact(another).owner_version
        )
    crew = {member.agent_id: member for member in quick_desk.database.read(queries.crew, quick_desk.rules)}
    assert (crew[interpreter.id].held, crew[interpreter.id].held_on["chat"]) == (1, 1)

    def resolve(tx: Transaction) -> None:
        contacts.resolve(tx, seen.id, owner, seen.owner_version)
        service.finished(tx, seen.id)

    quick_desk.database.write(resolve)
    assert quick_desk.database.read(rows.of_contact, seen.id) == []
    quick_desk.database.write(service.take, another, interpreter, quick_desk.contact(another).owner_version)


def test_an_interpreter_with_full_hands_cannot_come(quick_desk: Desk) -> None:
    owner, full = quick_desk.agent("hana"), quick_desk.agent("ling", capacity=1)
    seen = owned(quick_desk, owner)
    owned(quick_desk, full)
    asked = ask(quick_desk, seen.id, "interpreter", owner, full)
    with pytest.raises(Conflict, match="at_capacity"):
        quick_desk.database.write(participants.join, seen.id, asked, full)
    consulted = quick_desk.agent("ken", capacity=1)
    owned(quick_desk, consulted)
    bring_in(quick_desk, seen.id, "consult", owner, consulted)  # advice takes no room


def test_a_warm_transfer_consults_first_and_the_customer_never_lacks_an_owner(desk: Desk) -> None:
    owner, expert = desk.agent("hana"), desk.agent("ken")
    seen = owned(desk, owner)
    asked = bring_in(desk, seen.id, "consult", owner, expert)
    assert desk.contact(seen.id).owner_id == owner.id
    with pytest.raises(NotAllowed, match="not_owner"):
        say(desk, seen, expert, "こんにちは", "not-yet")  # the customer hears the owner alone
    assert events.PARTICIPANT_JOINED not in [entry.kind for entry in public(desk, seen.id)]

    handed = desk.database.write(
        lambda tx: participants.promote(
            tx, seen.id, asked, actor=owner, owner_version=seen.owner_version, note="返金の件です"
        )
    )
    assert (handed.owner_kind, handed.owner_id) == ("agent", expert.id)
    assert handed.owner_version == seen.owner_version + 1
    say(desk, handed, expert, "ここからは私が承ります", "now-mine")
    with pytest.raises(Conflict, match="owner_changed"):
        say(desk, seen, owner, "まだいます", "no-more")
    assert desk.database.read(rows.of_contact, seen.id) == []
    shown = [entry.kind for entry in public(desk, seen.id)]
    assert events.TRANSFERRED in shown and shown.count(events.JOINED) == 2


def test_a_consultation_may_end_without_a_hand_over(quick_desk: Desk) -> None:
    owner, expert = quick_desk.agent("hana"), quick_desk.agent("ken")
    seen = owned(quick_desk, owner)
    asked = bring_in(quick_desk, seen.id, "consult", owner, expert)
    quick_desk.database.write(participants.leave, seen.id, asked, owner)
    assert quick_desk.contact(seen.id).owner_version == seen.owner_version
    with pytest.raises(Conflict, match="invitation_gone"):
        quick_desk.database.write(
            lambda tx: participants.promote(tx, seen.id, asked, actor=owner, owner_version=seen.owner_version)
        )


def test_a_queue_is_asked_and_one_of_it_comes(quick_desk: Desk) -> None:
    owner = quick_desk.agent("hana")
    expert = quick_desk.agent("ken", queues=("payments",))
    stranger = quick_desk.agent("sora", queues=("returns",))
    seen = owned(quick_desk, owner)
    asked = ask(quick_desk, seen.id, "consult", owner, queue="payments")
    of = {
        who.name: quick_desk.database.read(participants.invitations, who.id)
        for who in (owner, expert, stranger)
    }
    assert {name: len(found) for name, found in of.items()} == {"hana": 0, "ken": 1, "sora": 0}
    with pytest.raises(NotAllowed, match="not_invited"):
        quick_desk.database.write(participants.join, seen.id, asked, stranger)
    quick_desk.database.write(participants.join, seen.id, asked, expert)
    late = quick_desk.agent("mei", queues=("payments",))
    with pytest.raises(Conflict, match="invitation_gone"):
        quick_desk.database.write(participants.join, seen.id, asked, late)


def test_of_ten_who_come_to_a_queues_invitation_at_once_one_does(desk: Desk) -> None:
    owner = desk.agent("hana")
    others = [desk.agent(f"agent{number}") for number in range(10)]
    seen = owned(desk, owner)
    asked = ask(desk, seen.id, "second", owner, queue="payments")
    start = threading.Barrier(len(others))

    def come(who: Actor) -> bool:
        start.wait()
        try:
            desk.database.write(participants.join, seen.id, asked, who)
        except Conflict as refused:
            assert refused.code == "invitation_gone"
            return False
        return True

    with ThreadPoolExecutor(len(others)) as threads:
        assert list(threads.map(come, others)).count(True) == 1


def test_a_supervisor_listens_whispers_and_takes_over_unseen_by_the_customer(quick_desk: Desk) -> None:
    owner = quick_desk.agent("hana")
    boss = quick_desk.agent("boss", roles=("agent", "supervisor"))
    seen = owned(quick_desk, owner)
    before = public(quick_desk, seen.id)
    with pytest.raises(NotAllowed, match="role_missing"):
        quick_desk.database.write(participants.observe, seen.id, "listening", quick_desk.agent("ken"))
    first = quick_desk.database.write(participants.observe, seen.id, "listening", boss)
    with pytest.raises(NotAllowed, match="not_whispering"):
        quick_desk.database.write(participants.whisper, seen.id, boss, "ゆっくりで", "whisper-1")
    again = quick_desk.database.write(participants.observe, seen.id, "whispering", boss)
    assert again.id == first.id
    word = quick_desk.database.write(participants.whisper, seen.id, boss, "ゆっくりで", "whisper-1")
    assert word.visibility == "internal" and word.body["whisper_to"] == owner.id
    with pytest.raises(NotAllowed, match="not_owner"):
        say(quick_desk, seen, boss, "上司です", "not-openly")
    assert public(quick_desk, seen.id) == before
    taken = quick_desk.database.write(
        lambda tx: participants.promote(tx, seen.id, first.id, actor=boss, owner_version=seen.owner_version)
    )
    assert taken.owner_id == boss.id


def test_only_the_owner_or_a_supervisor_asks_others_in(quick_desk: Desk) -> None:
    owner, other = quick_desk.agent("hana"), quick_desk.agent("ken")
    boss = quick_desk.agent("boss", roles=("agent", "supervisor"))
    editor = quick_desk.agent("eda", roles=("editor",))
    seen = owned(quick_desk, owner)
    with pytest.raises(NotAllowed, match="not_owner"):
        ask(quick_desk, seen.id, "second", other, other)
    with pytest.raises(Invalid, match="unknown_agent"):
        ask(quick_desk, seen.id, "second", owner, editor)
    with pytest.raises(Conflict, match="already_takes_part"):
        ask(quick_desk, seen.id, "second", owner, owner)
    with pytest.raises(Invalid, match="unknown_role"):
        ask(quick_desk, seen.id, "listening", owner, other)
    asked = ask(quick_desk, seen.id, "second", boss, other)
    with pytest.raises(Conflict, match="already_takes_part"):
        ask(quick_desk, seen.id, "interpreter", owner, other)
    with pytest.raises(NotAllowed, match="not_owner"):
        quick_desk.database.write(participants.leave, seen.id, asked, quick_desk.agent("sora"))
    elsewhere = owned(quick_desk, owner)
    with pytest.raises(NotFound, match="participant_not_found"):
        quick_desk.database.write(participants.join, elsewhere.id, asked, other)
    still_waits = quick_desk.waiting()
    with pytest.raises(Conflict, match="not_open"):
        ask(quick_desk, still_waits, "second", boss, other)


def test_racing_words_joins_leaves_and_hand_overs_leave_no_word_of_one_who_might_not_speak(
    desk: Desk,
) -> None:
    """Any mixture at once: read back in the ledger's own order, each word is of the owner or of who takes part then.

    Six rounds, and more while chance has let too few words through to say anything.
    """
    crew = [desk.agent(f"agent{number}", capacity=9) for number in range(4)]
    seen = owned(desk, crew[0])
    chance = random.Random(11)
    for turn in range(60):
        ledger = desk.database.read(contact_queries.entries, seen.id)
        if turn >= 6 and len(_words_of_agents(ledger)) >= 5:
            break
        now = desk.contact(seen.id)
        lead = next(who for who in crew if who.id == now.owner_id)
        for who in crew:
            if who is not lead and desk.database.read(rows.of_agent, seen.id, who.id) is None:
                ask(desk, seen.id, "second", lead, who)
        taking = desk.database.read(rows.of_contact, seen.id)
        deeds = [
            _deed(chance, now, lead, crew, chance.choice(taking), f"{turn}/{number}") for number in range(24)
        ]
        _race(desk, deeds)
    _assert_every_word_was_allowed(desk.database.read(contact_queries.entries, seen.id))


def _deed(  # type: ignore[no-untyped-def]
    chance: random.Random, now: Contact, lead: Actor, crew: list[Actor], part: rows.Participant, key: str
):
    who, called = chance.choice(crew), next(each for each in crew if each.id == part.agent_id)
    return chance.choice(
        (
            lambda tx: contacts.say(
                tx, now.id, actor=who, text=key, client_key=key, owner_version=now.owner_version
            ),
            lambda tx: participants.join(tx, now.id, part.id, called),
            lambda tx: participants.leave(tx, now.id, part.id, lead),
            lambda tx: participants.promote(tx, now.id, part.id, actor=lead, owner_version=now.owner_version),
        )
    )


def _race(desk: Desk, deeds: list) -> None:  # type: ignore[type-arg]
    start = threading.Barrier(len(deeds))

    def run(deed) -> None:  # type: ignore[no-untyped-def]
        start.wait()
        try:
            desk.database.write(deed)
        except Problem as refused:
            assert refused.code in {
                "not_owner", "owner_changed", "invitation_gone", "already_takes_part", "not_open",
            }, refused  # fmt: skip

    with ThreadPoolExecutor(len(deeds)) as threads:
        list(threads.map(run, deeds))


def _assert_every_word_was_allowed(ledger: list[Entry]) -> None:
    owner, beside, words = "", set(), _words_of_agents(ledger)
    for entry in ledger:
        if entry.kind == events.JOINED:
            owner = entry.body["agent_id"]
            beside.discard(owner)
        elif entry.kind == events.PARTICIPANT_JOINED:
            beside.add(entry.body["agent_id"])
        elif entry.kind == events.PARTICIPANT_LEFT:
            beside.discard(entry.body["agent_id"])
        elif entry in words:
            assert entry.author_id == owner or entry.author_id in beside
    assert len(words) >= 5


def _words_of_agents(ledger: list[Entry]) -> list[Entry]:
    return [entry for entry in ledger if entry.kind == events.MESSAGE and entry.author_kind == "agent"]
