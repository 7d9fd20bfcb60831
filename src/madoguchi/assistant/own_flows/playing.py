"""Plays an own dialogue as a flow: the same `Talk`, stable keys, deeds through `settle` alone, a person at every question."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from madoguchi.assistant.own_flows.model import Choice, Deed, Dialogue, Fits, Step
from madoguchi.assistant.own_flows.places import fill
from madoguchi.assistant.questions import Heard, Option, Read, choice, free_words
from madoguchi.assistant.steps.articles import article_card, asker_of
from madoguchi.assistant.steps.deeds import settle, ways_out
from madoguchi.assistant.steps.identity import prove_for
from madoguchi.assistant.steps.orders import (
    choose_lines,
    choose_order,
    has_arrived,
    order_label,
    placed_text,
    waits_in_house,
)
from madoguchi.assistant.steps.parcels import is_on_the_way, latest_promise, may_be_missing
from madoguchi.assistant.steps.returning import ask_condition, ask_reason
from madoguchi.assistant.talk import Ended, Outcome, Script, Talk
from madoguchi.assistant.wording import day_text, money_text
from madoguchi.counter.customers.holdings import in_language
from madoguchi.counter.orders import pricing
from madoguchi.counter.orders.actions import Action, CancelOrder, RefundMissing, ReshipMissing, ReturnLines
from madoguchi.counter.orders.model import Order
from madoguchi.counter.problems import NotFound
from madoguchi.kit.text import fold

ROUNDS = 3  # times that one question is asked in a conversation; who comes back to it once more gets a person
PERSON = "person"
_BEGINNINGS = {
    "yes": ("はい", "yes", "是", "네", "예"),
    "no": ("いいえ", "no", "不", "否", "아니"),
}  # folded; of the labels of answers
_FAULTS = ("defective", "damaged", "wrong_item")


@dataclass(frozen=True)
class Hands:
    """How a dialogue touches orders. `facts`: places of its words (own_flows.places)."""

    order: Callable[[Talk, Fits], Awaitable[Order | None]]
    deed: Callable[[Talk, Deed, Order | None], Awaitable[Outcome]]
    facts: Callable[[Talk, Order | None], Mapping[str, str]]


def script_of(dialogue: Dialogue, hands: Hands) -> Script:
    """The dialogue as a script; it ends or stands at a question whatever is answered."""

    async def own_dialogue(talk: Talk) -> Outcome:
        return await _Play(dialogue, talk, hands).whole()

    return own_dialogue


class _Play:
    """One run of the steps in one turn."""

    def __init__(self, dialogue: Dialogue, talk: Talk, hands: Hands) -> None:
        self._dialogue = dialogue
        self._talk = talk
        self._hands = hands
        self._order: Order | None = None
        self._asked: dict[str, int] = {}
        self._told: list[str] = []

    async def whole(self) -> Outcome:
        step: Step | None = self._dialogue.steps[0]
        while step is not None:
            if (outcome := await self._end_at(step)) is not None:
                return outcome
            step = self._dialogue.step(await self._pass(step))
        return self._talk.hand_over("cannot_solve")  # leads nowhere: the checks let no such dialogue in force

    async def _end_at(self, step: Step) -> Outcome | None:
        """The outcome of a step that is the last of its way; None for one that goes on."""
        talk = self._talk
        if step.does == "deed":
            return await self._hands.deed(talk, step.deed, self._order)
        if not step.is_last:
            return None
        self._say(step)
        if step.does == "hand_over":
            return talk.hand_over(step.reason, queue=step.queue)
        return Outcome("answer", "answer", ask_solved=step.solved)

    async def _pass(self, step: Step) -> str:
        """Do what the step does; the name of the one after it. Raises Ended where a person is wished for, or better."""
        if step.does == "ask":
            return await self._ask(step)
        if step.does == "order":
            self._order = await self._hands.order(self._talk, step.fits)
        elif step.does == "link":
            self._link(step)
        else:
            self._say(step)
            _tell_article(self._talk, step.article)
        return self._dialogue.after(step, step.to)

    def _say(self, step: Step) -> None:
        self._talk.tell(self._words(step.words))

    def _link(self, step: Step) -> None:
        title = self._words(step.words)
        self._talk.show({"kind": "link", "title": title, "url": step.url})
        self._talk.has_tried("linked", page=title)

    async def _ask(self, step: Step) -> str:
        times = self._asked[step.name] = self._asked.get(step.name, 0) + 1
        if times > ROUNDS:
            raise Ended(self._to_person("persisting"))
        key = f"ask_{step.name}" if times == 1 else f"ask_{step.name}_{times}"
        if step.answer == "photo":
            self._say(step)
            await self._talk.photo(key)
            return self._dialogue.after(step, step.to)
        answer = await self._answer_to(step, key)
        if answer == PERSON:
            raise Ended(self._to_person("asked"))
        if step.answer == "own_words":
            self._note(step, answer)
            return self._dialogue.after(step, step.to)
        chosen = step.options[int(answer)]
        self._note(step, self._words(chosen.words))
        return self._dialogue.after(step, chosen.to)

    async def _answer_to(self, step: Step, key: str) -> str:
        """The place of the option, the words, or PERSON; earlier words answer nothing, since their question was another."""
        text, person = self._words(step.words), Option(PERSON, self._talk.words("button.person"))
        if step.answer == "own_words":
            question = free_words(key, text, [person], rephrased=text)
        else:
            offered = [self._option(place, each) for place, each in enumerate(step.options)]
            leads = [self._dialogue.step(name) for name in self._dialogue.onward(step)]
            has_way = any(each is not None and each.does == "hand_over" for each in leads)
            question = choice(key, text, offered if has_way else [*offered, person], rephrased=text)
            question = replace(question, read=_or_plainly(offered, question.read))
        answer: str = await self._talk.ask(replace(question, early=False))
        return answer

    def _option(self, place: int, offered: Choice) -> Option:
        return Option(str(place), self._words(offered.words))

    def _to_person(self, reason: str) -> Outcome:
        """To the queue of the dialogue's first hand-over; its words are for those who come to that step."""
        first = next((step for step in self._dialogue.steps if step.does == "hand_over"), None)
        return self._talk.hand_over(reason, queue=first.queue if first else "")

    def _note(self, step: Step, answer: str) -> None:
        """For the agent who goes on: what was asked and answered."""
        self._told.append(f"{self._words(step.words)} → {answer}")
        self._talk.fact("own_answers", "\n".join(self._told))

    def _words(self, texts: Mapping[str, str]) -> str:
        written = {language: text for language, text in texts.items() if text}
        return fill(in_language(written, self._talk.language), self._hands.facts(self._talk, self._order))


def _or_plainly(offered: Sequence[Option], read: Read) -> Read:
    """A bare yes or no names the one answer that begins with it."""

    def answer(heard: Heard, direct: bool) -> Any:
        found = read(heard, direct)
        meant = heard.understanding.answer if direct and found is None else None
        begun = [each for each in offered if meant and fold(each.label).startswith(_BEGINNINGS[meant])]
        return begun[0].value if len(begun) == 1 else found

    return answer


def _tell_article(talk: Talk, article_id: str) -> None:
    """Its short answer, with the page; silence where it was taken back meanwhile."""
    if not article_id or talk.scene.library is None:
        return
    try:
        found = talk.scene.library.read(article_id, asker_of(talk.scene), fallback=True)
    except NotFound:
        return
    talk.tell(found.short)
    talk.show(article_card(found))
    talk.has_tried("article", title=found.title)


# ── real orders ───────────────────────────────────────────────────────────────────────────────────


async def _choose(talk: Talk, fits: Fits) -> Order | None:
    checks: dict[Fits, Callable[[Order], bool] | None] = {
        "any": None,
        "waits_in_house": waits_in_house,
        "on_the_way": is_on_the_way,
        "may_be_missing": lambda order: may_be_missing(order, talk.scene.today),
        "has_arrived": has_arrived,
    }
    return await choose_order(talk, checks[fits])


async def _do(talk: Talk, deed: Deed, order: Order | None) -> Outcome:
    """Propose it under the policy, show it, ask, do it once, tell; nothing else changes an order."""
    if order is None:
        return talk.hand_over("cannot_solve")
    if not talk.may_act(deed):
        return talk.hand_over("configured")
    if deed == "return":
        return await _return(talk, order)
    wanted: dict[str, Action] = {
        "cancel": CancelOrder(),
        "reship": ReshipMissing(),
        "refund_missing": RefundMissing(),
    }
    return await settle(talk, order, wanted[deed])


async def _return(talk: Talk, order: Order) -> Outcome:
    """Pieces, reason and condition are asked for as in the shipped dialogue (RET-007)."""
    await prove_for(talk, "return")
    lines = await choose_lines(talk, order, lambda line: pricing.delivered(order, line) > 0)
    if not lines:
        talk.say("return.nothing_left")
        return await ways_out(talk, [], "nothing_left")
    rules = talk.scene.desk.rules.returns
    reason = await ask_reason(talk)
    fault = reason in rules.shop_fault_reasons
    condition = "defective" if reason == "defective" else "unopened" if fault else await ask_condition(talk)
    photos = await talk.photo() if reason in (*_FAULTS, *rules.photo_needed_for) else []
    wanted = ReturnLines.model_validate(
        {"lines": lines, "reason": reason, "condition": condition, "photos": photos}
    )
    return await settle(talk, order, wanted, again_from="lines")


def _facts(talk: Talk, order: Order | None) -> Mapping[str, str]:
    scene, language = talk.scene, talk.language
    known = {
        "customer": _named(talk),
        "shop": scene.settings.shop.name_in(language),
        "today": day_text(scene.today, language),
    }
    if order is None:
        return known
    promise = latest_promise(order)
    return known | {
        "order": order.number,
        "item": order_label(order, language),
        "ordered_on": placed_text(order, talk),
        "total": money_text(order.total, order.currency, language),
        "delivery_date": day_text(promise, language) if promise else talk.words("own.not_known"),
    }


def _named(talk: Talk) -> str:
    customer = talk.scene.customer
    name = customer.name if customer is not None else ""
    return talk.words("own.named", name=name) if name else talk.words("own.unnamed")


HANDS = Hands(_choose, _do, _facts)
