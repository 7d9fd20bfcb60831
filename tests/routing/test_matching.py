"""The board of places and agents: against the rule in one look, for any history."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from madoguchi.counter.hours import always_open
from madoguchi.counter.routing.matching import Board, Pair
from madoguchi.counter.routing.model import Place
from madoguchi.counter.routing.policy import HEAD_START, Candidate, Rules, choose, rank
from madoguchi.counter.routing.queues import Queue

START = datetime(2026, 11, 20, 9, tzinfo=UTC)
QUEUES = {
    "orders": Queue(
        "orders",
        {},
        4,
        60,
        False,
        True,
        level=4,
        relaxation=[{"after_s": 60, "level": 2}, {"after_s": 120, "level": 1}],
    ),
    "payments": Queue("payments", {}, 4, 60, False, True, overflow=[{"after_s": 90, "queue": "orders"}]),
    "security": Queue("security", {}, 1, 60, False, True),
    "supervisor": Queue("supervisor", {}, 3, 60, False, True),
}
RULES = Rules(
    30, 90, always_open(), reserve_seconds=20, language_levels={"ja": 3}, alone=frozenset({"phone"})
)
NAMES = [f"agt_{number}" for number in range(6)]


def a_place(contact_id: str, queue: str = "orders", **changes: object) -> Place:
    place = Place(
        contact_id,
        queue,
        "waiting",
        QUEUES[queue].priority,
        "ja",
        START,
        "",
        None,
        [],
        -1,
        -1,
        -1,
        None,
        "",
        None,
        "chat",
    )
    return replace(place, **changes)  # type: ignore[arg-type]


def an_agent(agent_id: str, **changes: object) -> Candidate:
    member = Candidate(
        agent_id, agent_id, frozenset({"ja"}), frozenset({"*"}), False, 3, 0, "available", START, True,
        alone=RULES.alone,
    )  # fmt: skip
    return replace(member, **changes)  # type: ignore[arg-type]


def a_board(rules: Rules = RULES) -> Board:
    return Board(
        QUEUES.values(),
        language_levels=rules.language_levels,
        reserve=timedelta(seconds=rules.reserve_seconds),
    )


def in_one_look(
    places: dict[str, tuple[Place, str]], team: dict[str, Candidate], now: datetime
) -> list[Pair]:
    """What `policy.choose` says of each place, in the order of service; `team` holds what it was given afterwards."""
    pairs = []
    for place, preferred in sorted(places.values(), key=lambda each: rank(each[0])):
        found = choose(place, list(team.values()), QUEUES[place.queue_id], now, RULES, preferred)
        if found is not None:
            pairs.append(Pair(place.contact_id, found.agent_id))
            held_on = {**found.held_on, place.channel: found.held_on.get(place.channel, 0) + 1}
            team[found.agent_id] = replace(found, held=found.held + 1, held_on=held_on)
    return pairs


levels = st.dictionaries(
    st.sampled_from(["queue:orders", "queue:*", "queue:payments", "language:ja"]),
    st.integers(1, 5),
    max_size=2,
)
skills = st.fixed_dictionaries(
    {
        "queues": st.sampled_from(
            [
                frozenset({"*"}),
                frozenset({"orders"}),
                frozenset({"payments"}),
                frozenset({"orders", "security"}),
            ]
        ),
        "languages": st.sampled_from([frozenset({"ja"}), frozenset({"en"}), frozenset({"ja", "zh-Hans"})]),
        "supervisor": st.booleans(),
        "levels": levels,
    }
)


class History(RuleBasedStateMachine):
    """Anything may happen at the desk; after it the board and the rule in one look agree."""

    @initialize()
    def open(self) -> None:
        self.now = START
        self.board = a_board()
        self.places: dict[str, tuple[Place, str]] = {}
        self.team: dict[str, Candidate] = {}
        self.in_hand: list[tuple[Place, str, str]] = []
        self.count = 0

    @rule(
        queue=st.sampled_from(sorted(QUEUES)),
        language=st.sampled_from(["ja", "en", "zh-Hant", "ko"]),
        channel=st.sampled_from(["chat", "phone", "mail"]),
        preferred=st.sampled_from(["", "", *NAMES]),
        ago=st.integers(0, 200),
    )
    def wait(self, queue: str, language: str, channel: str, preferred: str, ago: int) -> None:
        self.count += 1
        entered = self.now - timedelta(seconds=ago)
        place = a_place(
            f"con_{self.count:03d}", queue, language=language, channel=channel, entered_at=entered
        )
        self.places[place.contact_id] = (place, preferred)
        self.board.wait(place, preferred)

    @rule(dice=st.randoms(use_true_random=False))
    def leave(self, dice: random.Random) -> None:
        if self.places:
            contact_id = dice.choice(sorted(self.places))
            del self.places[contact_id]
            self.board.leave(contact_id)

    @rule(
        name=st.sampled_from(NAMES),
        has=skills,
        status=st.sampled_from(["available", "available", "break"]),
        capacity=st.integers(1, 3),
        channels=st.sampled_from([{}, {"chat": 1}, {"phone": 1, "mail": 2}]),
    )
    def agent(
        self, name: str, has: dict[str, object], status: str, capacity: int, channels: dict[str, int]
    ) -> None:
        held = [place.channel for place, who, _ in self.in_hand if who == name]
        self.team[name] = an_agent(
            name,
            **has,
            status=status,
            capacity=capacity,
            channels=channels,
            held=len(held),
            held_on={channel: held.count(channel) for channel in held},
            since=self.now,
        )
        self.board.agent(self.team[name])

    @rule(name=st.sampled_from(NAMES))
    def gone(self, name: str) -> None:
        self.team.pop(name, None)
        self.in_hand = [each for each in self.in_hand if each[1] != name]
        self.board.gone(name)

    @rule(dice=st.randoms(use_true_random=False), back=st.booleans())
    def done(self, dice: random.Random, back: bool) -> None:
        """A contact ends, or the offer of it was let pass and it waits again."""
        if not self.in_hand:
            return
        place, who, preferred = self.in_hand.pop(dice.randrange(len(self.in_hand)))
        self.board.done(who, place.channel, self.now)
        mine = self.team[who]
        held_on = {**mine.held_on, place.channel: mine.held_on[place.channel] - 1}
        self.team[who] = replace(mine, held=mine.held - 1, held_on=held_on, idle_since=self.now)
        if back:
            again = replace(place, declined_by=[*place.declined_by, who], offer_deadline=self.now)
            self.places[again.contact_id] = (again, preferred)
            self.board.wait(again, preferred)

    @rule(seconds=st.integers(0, 45))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def offer(self) -> None:
        before = dict(self.team)
        expected = in_one_look(self.places, self.team, self.now)
        fresh = a_board()
        for place, preferred in reversed(self.places.values()):
            fresh.wait(place, preferred)
        for member in reversed(before.values()):
            fresh.agent(member)
        assert fresh.next_pairs(self.now) == expected
        assert self.board.next_pairs(self.now) == expected
        for contact_id, agent_id in expected:
            place, preferred = self.places.pop(contact_id)
            self.in_hand.append((place, agent_id, preferred))

    @invariant()
    def nobody_holds_more_than_fits(self) -> None:
        for name in getattr(self, "team", {}):
            member = self.board.candidate(name)
            assert member is not None
            given = [place.channel for place, who, _ in self.in_hand if who == name]
            assert member.held == len(given)


TestHistory = History.TestCase
TestHistory.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


@pytest.mark.parametrize("seed", range(30))
def test_the_board_and_the_rule_agree_over_a_long_day(seed: int) -> None:
    """The same deeds as above, many more of them in one history, the busy hours as well as the quiet ones."""
    dice = random.Random(seed)
    desk = History()
    desk.open()
    languages = ["ja", "ja", "en", "zh-Hant"]
    for step in range(400):
        busy = step // 50 % 2
        deed = dice.choices(range(7), (6 if busy else 3, 1, 2, 0.3, 2 if busy else 4, 2, 5))[0]
        if deed == 0:
            named = dice.choice(["", *NAMES])
            queue, channel = dice.choice(sorted(QUEUES)), dice.choice(["chat", "phone", "mail"])
            desk.wait(queue, dice.choice(languages), channel, named, dice.choice([0, 0, 30, 100]))
        elif deed == 1:
            desk.leave(dice)
        elif deed == 2:
            has = {
                "queues": frozenset(dice.choice([["*"], ["orders"], ["payments", "security"]])),
                "languages": frozenset(dice.choice([["ja"], ["en"], ["ja", "zh-Hans"]])),
                "supervisor": dice.random() < 0.3,
                "levels": dice.choice([{}, {"queue:*": 3}, {"queue:orders": 1}, {"language:ja": 2}]),
            }
            status = dice.choice(["available", "available", "break"])
            limits: dict[str, int] = dice.choice([{}, {"chat": 1}, {"phone": 1, "mail": 2}])
            desk.agent(dice.choice(NAMES), has, status, dice.randint(1, 3), limits)
        elif deed == 3:
            desk.gone(dice.choice(NAMES))
        elif deed == 4:
            desk.done(dice, dice.random() < 0.4)
        elif deed == 5:
            desk.time_passes(dice.choice([1, 5, 20, 45]))
        else:
            desk.offer()
            desk.nobody_holds_more_than_fits()


@pytest.mark.req("QUE-003")
def test_nobody_waits_longer_than_the_head_start_of_those_who_came_later() -> None:
    """However many emergencies come, whoever waits is overtaken only by those of the next 45 minutes."""
    board = a_board()
    board.agent(an_agent("agt_0", capacity=1, supervisor=True))
    board.wait(a_place("con_patient", "orders", priority=4, language="ja"))
    served_at = None
    for minute in range(120):
        now = START + timedelta(minutes=minute)
        board.wait(a_place(f"con_{minute}", "security", entered_at=now))
        for contact_id, agent_id in board.next_pairs(now):
            board.done(agent_id, "chat", now)
            served_at = now if contact_id == "con_patient" else served_at
        if served_at:
            break
    assert served_at is not None and served_at - START <= 3 * HEAD_START + timedelta(minutes=1)


@pytest.mark.req("HND-015")
def test_the_level_asked_falls_with_the_wait_and_never_before() -> None:
    board = a_board()
    board.agent(an_agent("agt_0", levels={"queue:orders": 2}))
    board.wait(a_place("con_1"))
    assert board.next_pairs(START + timedelta(seconds=59)) == []
    assert board.next_pairs(START + timedelta(seconds=60)) == [("con_1", "agt_0")]


def test_a_queue_runs_over_to_the_agents_of_another_after_its_time() -> None:
    board = a_board()
    board.agent(an_agent("agt_0", queues=frozenset({"orders"})))
    board.wait(a_place("con_1", "payments"))
    assert board.next_pairs(START + timedelta(seconds=89)) == []
    assert board.next_pairs(START + timedelta(seconds=90)) == [("con_1", "agt_0")]


@pytest.mark.req("HND-016")
def test_japanese_goes_to_those_who_speak_it_well_enough() -> None:
    board = a_board()
    board.agent(an_agent("agt_0", levels={"language:ja": 2}))
    board.agent(an_agent("agt_1", levels={"language:ja": 3}, status="break"))
    board.wait(a_place("con_1", "payments"))
    assert board.next_pairs(START) == []  # somebody on the team speaks it well: worth waiting for
    board.agent(an_agent("agt_1", levels={"language:ja": 3}))
    assert board.next_pairs(START) == [("con_1", "agt_1")]


@pytest.mark.req("HND-014")
def test_a_place_is_kept_a_moment_for_the_agent_who_helped_before() -> None:
    board = a_board()
    board.agent(an_agent("agt_0", capacity=1, held=1))
    board.agent(an_agent("agt_1"))
    board.wait(a_place("con_1", "payments"), preferred="agt_0")
    board.wait(a_place("con_2", "payments", entered_at=START + timedelta(seconds=1)))
    assert board.next_pairs(START + timedelta(seconds=5)) == [("con_2", "agt_1")]
    assert board.next_pairs(START + timedelta(seconds=20)) == [("con_1", "agt_1")]


def test_who_helped_before_but_is_on_a_break_holds_nobody_up() -> None:
    board = a_board()
    board.agent(an_agent("agt_0", status="break"))
    board.agent(an_agent("agt_1"))
    board.wait(a_place("con_1", "payments"), preferred="agt_0")
    assert board.next_pairs(START) == [("con_1", "agt_1")]


@pytest.mark.parametrize(
    "change", [{"status": "break"}, {"queues": frozenset({"security"})}, {"present": False}]
)
def test_a_place_is_kept_no_longer_when_its_agent_cannot_take_it(change: dict[str, object]) -> None:
    board = a_board()
    board.agent(an_agent("agt_0", capacity=1, held=1))
    board.agent(an_agent("agt_1"))
    board.agent(an_agent("agt_2", queues=frozenset({"security"}), status="offline"))
    board.wait(a_place("con_1", "payments"), preferred="agt_0")
    assert board.next_pairs(START) == []
    board.agent(an_agent("agt_0", capacity=1, held=1, **change))
    assert board.next_pairs(START) == [("con_1", "agt_1")]


def test_the_most_proficient_then_the_longest_idle_is_asked_first() -> None:
    board = a_board()
    later = START + timedelta(minutes=1)
    board.agent(an_agent("agt_0", levels={"queue:payments": 3}))
    board.agent(an_agent("agt_1", since=later))
    board.agent(an_agent("agt_2"))
    for number in range(3):
        board.wait(a_place(f"con_{number}", "payments", entered_at=later))
    assert [pair.agent_id for pair in board.next_pairs(later)] == ["agt_2", "agt_1", "agt_0"]


def test_a_call_has_the_agents_whole_attention() -> None:
    board = a_board()
    board.agent(an_agent("agt_0", channels={"phone": 1}))
    board.wait(a_place("con_1", "payments", channel="phone"))
    board.wait(a_place("con_2", "payments", entered_at=START + timedelta(seconds=1)))
    now = START + timedelta(seconds=2)
    assert board.next_pairs(now) == [("con_1", "agt_0")]
    board.done("agt_0", "phone", now)
    assert board.next_pairs(now) == [("con_2", "agt_0")]


def test_a_limit_stops_a_round_and_the_next_goes_on() -> None:
    board = a_board()
    board.agent(an_agent("agt_0"))
    for number in range(3):
        board.wait(a_place(f"con_{number}", "payments"))
    assert [pair.contact_id for pair in board.next_pairs(START, limit=2)] == ["con_0", "con_1"]
    assert [pair.contact_id for pair in board.next_pairs(START)] == ["con_2"]
