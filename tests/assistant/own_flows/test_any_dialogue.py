"""Any usable dialogue, whatever is answered: it ends or asks, a person is always a step away, a replay asks the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.assistant.flows import Flow
from madoguchi.assistant.history import Run
from madoguchi.assistant.own_flows.checking import Known, is_usable
from madoguchi.assistant.own_flows.model import Dialogue, from_table
from madoguchi.assistant.own_flows.playing import PERSON, ROUNDS, script_of
from madoguchi.assistant.own_flows.samples import examples
from madoguchi.assistant.own_flows.trying import TRIAL, Line, try_out
from madoguchi.assistant.questions import Question
from madoguchi.assistant.runner import Stand, drive
from madoguchi.assistant.talk import Scene, Talk
from madoguchi.counter.contacts.model import ledger_entry
from madoguchi.counter.orders.tables import proposal
from madoguchi.faces.console.own_flow_try import scene_of
from madoguchi.faces.house import House
from madoguchi.rehearsal.stage import Stage

KIND = "order_delivery.delivery_delay"
JA_EN = Known(languages=("ja", "en"))
WORDS = {"ja": "言葉です。", "en": "Words."}


@pytest.fixture(scope="module")
def standing(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with stage.house(tmp_path_factory.mktemp("own")) as house:
        yield house


@st.composite
def usable(draw: st.DrawFn) -> Dialogue:
    """Steps in a row, of which questions lead anywhere, also back, and all else on; what nothing leads to is left out."""
    count = draw(st.integers(2, 9))
    names = [f"s{place}" for place in range(count)]
    steps: list[dict[str, Any]] = [
        ask(draw, names[0], [*draw(st.lists(st.sampled_from(names), max_size=3)), names[-1]])
    ]
    for place, name in enumerate(names[1:-1], 1):
        does = draw(st.sampled_from(["say", "ask", "ask", "own", "photo", "order", "link", "deed", "end"]))
        onward = draw(st.sampled_from(["", *names[place + 1 :]]))
        if does == "ask":
            steps.append(ask(draw, name, draw(st.lists(st.sampled_from(names), min_size=1, max_size=4))))
        elif does in ("own", "photo"):
            answer = "own_words" if does == "own" else "photo"
            to = draw(st.sampled_from(["", *names]))
            steps.append({"name": name, "does": "ask", "answer": answer, "words": WORDS, "to": to})
        elif does == "deed":
            steps.append({"name": name, "does": "end" if draw(st.booleans()) else "hand_over"})
        else:
            to = {} if does == "end" else {"to": onward}
            url = {"url": "/help"} if does == "link" else {}
            steps.append({"name": name, "does": does, "words": {} if does == "order" else WORDS, **to, **url})
    steps.append({"name": names[-1], "does": "hand_over"})
    return without_unreached(from_table({"kind": KIND, "steps": steps}))


def ask(draw: st.DrawFn, name: str, to: list[str]) -> dict[str, Any]:
    options = [{"to": each, "ja": f"答え{place}", "en": f"Answer {place}"} for place, each in enumerate(to)]
    return {"name": name, "does": "ask", "words": {"ja": f"質問{name}", "en": name}, "options": options}


def without_unreached(made: Dialogue) -> Dialogue:
    """Each step with its `to` written out, so that leaving steps out changes no way."""
    whole = [
        step.model_copy(update={"to": "" if step.is_last or step.has_options else made.onward(step)[0]})
        for step in made.steps
    ]
    reached, waiting = set(), [whole[0].name]
    while waiting:
        name = waiting.pop()
        step = made.step(name)
        if name not in reached and step is not None:
            reached.add(name)
            waiting += made.onward(step)
    return made.model_copy(update={"steps": [step for step in whole if step.name in reached]})


def stands(made: Dialogue, run: Run, scene: Scene, **given: Any) -> tuple[Stand, Talk]:
    talk = Talk(run, scene, [])
    talk.given.update(given)
    return drive(Flow(KIND, script_of(made, TRIAL), "orders"), talk), talk


def leads_to_a_person(made: Dialogue, question: Question) -> bool:
    if any(option.value == PERSON for option in question.options):
        return True
    name = question.key.removeprefix("ask_").partition("_")[0]
    step = made.step(name)
    assert step is not None
    if step.answer == "photo":
        return True  # the conversation's own way, as in every shipped dialogue
    return any((to := made.step(each)) is not None and to.does == "hand_over" for each in made.onward(step))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(usable(), st.lists(st.integers(0, 9), min_size=120, max_size=120))
def test_it_ends_or_asks_with_a_person_a_step_away_and_a_replay_asks_the_same(
    standing: House, made: Dialogue, picks: list[int]
) -> None:
    assert is_usable(made, JA_EN)
    scene, run = scene_of(standing, "ja"), Run("r1", KIND, {}, 0)
    stand, _ = stands(made, run, scene)
    for pick in picks:
        if stand.question is None:
            break
        question = stand.question
        assert leads_to_a_person(made, question)
        again, _ = stands(made, Run("r1", KIND, {}, 0, dict(run.answers)), scene)
        assert again.question is not None and again.question.key == question.key
        offered = [option.value for option in question.options if option.value != PERSON]
        value: Any = [] if question.key.startswith("ask_") and not offered else "言葉"
        if offered:
            value = question.pressed(offered[pick % len(offered)])
        elif question.free and question.options:
            value = "言葉"
        stand, _ = stands(made, run, scene, **{question.key: value})
    assert stand.outcome is not None, "it must end before so many answers"
    assert len(run.answers) <= ROUNDS * len(made.steps)


def rows_of(house: House) -> tuple[int, int]:
    return house.database.read(
        lambda tx: (len(tx.all(ledger_entry.select())), len(tx.all(proposal.select())))
    )


def test_trying_plays_whole_turns_and_writes_nothing(standing: House) -> None:
    before = rows_of(standing)
    scene = scene_of(standing, "ja")
    began = try_out(examples()["late_parcel"], [], scene, standing.assistant.understand)
    question = began.said[-1]
    assert "ここでお客様がご注文を選びます：配送中の注文" in began.said[0].text
    assert [label for _, label in question.options] == ["待つ", "キャンセルしたい", "担当者に相談したい"]
    pressed = Line(key=question.key, value="1")
    done = try_out(examples()["late_parcel"], [pressed], scene, standing.assistant.understand)
    assert "「注文をキャンセル" in done.said[-1].text or "キャンセル" in done.said[-1].text
    assert done.ended == "action"
    asked = try_out(
        examples()["late_parcel"], [Line("担当者と話したい")], scene, standing.assistant.understand
    )
    assert asked.hand_over is not None and asked.hand_over.reason == "asked"
    wished = try_out(
        examples()["gift_wrapping"],
        [Line("はい"), Line("赤いリボンで")],
        scene,
        standing.assistant.understand,
    )
    assert wished.hand_over is not None and wished.hand_over.reason == "exception"
    assert rows_of(standing) == before
