"""Drives a flow by hand: sends once, and the coroutine either returns its outcome or stands at a question.

No event loop is needed, because a flow waits for nothing but answers. A shop that does not answer is a question too
("try again?"), so that nothing said so far is lost.
"""

from __future__ import annotations

from dataclasses import dataclass

from madoguchi.assistant.flows import Flow
from madoguchi.assistant.questions import Option, Question
from madoguchi.assistant.talk import Ended, Outcome, StartOver, Talk
from madoguchi.counter.orders.ports import ShopUnreachable
from madoguchi.counter.problems import Conflict, NotFound, Problem

_TIMES = 3
RETRY = "retry"
STOP = "~stop"


@dataclass(frozen=True)
class Stand:
    """Where a run stands after driving: at a question, or at its end."""

    question: Question | None
    outcome: Outcome | None


def drive(flow: Flow, talk: Talk) -> Stand:
    """Run the flow up to its first unanswered question. What it says is in `talk.speech`."""
    for _ in range(_TIMES):
        talk.speech.clear()
        talk.question = None
        talk.facts.clear()
        talk.tried.clear()
        try:
            outcome = _send(flow, talk)
        except StartOver as again:
            _forget_from(talk, again.key)
            talk.scene.look_again()
            talk.given.clear()
            talk.run.asked.clear()
            talk.preface = [talk.words(again.why)]
            continue
        except ShopUnreachable:
            return _shop_is_silent(talk)
        return _stand(talk, outcome)
    talk.speech.clear()
    talk.say("shop.keeps_changing")
    return Stand(None, talk.hand_over("tool_failed"))


def _send(flow: Flow, talk: Talk) -> Outcome | None:
    coroutine = flow.script(talk).__await__()
    try:
        next(coroutine)
    except StopIteration as end:
        outcome: Outcome = end.value
        return outcome
    except Ended as end:
        return end.outcome
    except (Conflict, NotFound):
        # A refusal that no step of the flow expected: better a person than a guess.
        talk.say("shop.refused")
        return talk.hand_over("tool_failed")
    finally:
        if hasattr(coroutine, "close"):
            coroutine.close()
    return None


def _stand(talk: Talk, outcome: Outcome | None) -> Stand:
    if talk.preface:
        talk.speech.say_first(talk.preface)
    if outcome is not None:
        return Stand(None, outcome)
    question = talk.question
    if question is None:
        raise Problem("flow_stopped_without_question", flow=talk.kind)
    talk.speech.ask(
        question.text, key_of(talk, question), options_of(talk, question), question.kind, question.card
    )
    return Stand(question, None)


def options_of(talk: Talk, question: Question) -> list[Option]:
    """What is offered; a question for own words alone still has a way to stop."""
    return list(question.options) or [Option(STOP, talk.words("button.not_now"))]


def key_of(talk: Talk, question: Question) -> str:
    """The key under which a question is shown: a new one each time, because a pressed button stays pressed."""
    key = f"{talk.run.id}:{question.key}"
    return f"{key}#{talk.scene.history.turns}" if question.key in talk.run.asked else key


def _forget_from(talk: Talk, key: str) -> None:
    if key in talk.run.answers:
        talk.run.answer(key, None)
        talk.run.again.discard(key)
        talk.recorded.append((key, None))


def _shop_is_silent(talk: Talk) -> Stand:
    talk.speech.clear()
    options = (Option("again", talk.words("button.again")), Option("person", talk.words("button.person")))
    question = Question(
        RETRY,
        talk.words("shop.silent"),
        options,
        read=lambda heard, direct: "again" if direct and heard.understanding.answer == "yes" else None,
        accept=lambda value: value if value == "again" else None,
    )
    talk.passed[RETRY] = question
    talk.speech.ask(question.text, key_of(talk, question), list(options))
    return Stand(question, None)
