"""What a simulated customer has come for, held against what is so: reached, missed, or still open."""

from __future__ import annotations

import json
from typing import Any

from madoguchi.assistant.history import remember, split_key
from madoguchi.connectors.embedded.demo.load import customer_id
from madoguchi.counter.actors import ASSISTANT, Rung
from madoguchi.counter.contacts import events
from madoguchi.counter.customers import account_service
from madoguchi.counter.customers.account_model import PREFIX as ACCOUNT
from madoguchi.counter.orders import queries as order_queries
from madoguchi.counter.problems import Problem
from madoguchi.engine.database import Transaction
from madoguchi.faces.house import House
from madoguchi.rehearsal.chat import Chat
from madoguchi.rehearsal.customers import Customer


class Aim:
    """The goal of one conversation. `hear` after every turn, then `missed` and `reached`."""

    def __init__(self, customer: Customer, house: House) -> None:
        self._customer = customer
        self._goal = customer.goal
        self._house = house
        self._before = self._orders()
        self._heard: list[str] = []
        self._cards: list[dict[str, Any]] = []

    def hear(self, chat: Chat) -> None:
        self._heard.append(chat.text)
        self._cards += chat.cards

    def reached(self, chat: Chat) -> bool:
        return not self._open(chat)

    def missed(self, chat: Chat) -> str:
        """What has gone wrong for good: another deed was done, or an order changed that nobody named."""
        for each in self._deeds(chat, events.DONE):
            why = self._unlike(each)
            if why:
                return f"did something else: {why}"
        after = self._orders()
        ours = {self._goal.order} if self._goal.deed and self._goal.state == "done" else set()
        changed = {number for number in after if after[number] != self._before.get(number)} - ours
        return f"changed order {', '.join(sorted(changed))}" if changed else ""

    def differs(self, chat: Chat, proposal_id: str) -> str:
        """How a proposal on the table differs from what is wanted."""
        return self._unlike(self._proposal(proposal_id))

    def stands(self, chat: Chat) -> str:
        """What is open of the goal, and where the conversation is."""
        history = remember(chat.entries)
        flows = ", ".join(f"{run.flow}={run.outcome or 'open'}" for run in history.runs)
        handed = chat.facts(events.HAND_OVER)
        where = f"{handed[-1]['queue']}/{handed[-1]['reason']}; " if handed else ""
        return f"{where}{flows}; open: {'; '.join(self._open(chat))}"

    # ── inside ────────────────────────────────────────────────────────────────────────────────────

    def _open(self, chat: Chat) -> list[str]:
        """Every part of the goal that is not so yet."""
        goal = self._goal
        found = []
        if goal.deed:
            deeds = [each for each in self._proposals(chat) if each["state"] == goal.state]
            if len(deeds) != 1 or self._unlike(deeds[0]):
                found.append(f"no {goal.deed} {goal.state}")
        if goal.refused and not self._was_refused(chat):
            found.append(f"{goal.refused} was not refused for {', '.join(goal.reasons)}")
        handed = chat.facts(events.HAND_OVER)
        for wanted, name in ((goal.queue, "queue"), (goal.handed, "reason")):
            if wanted and (not handed or handed[-1][name] != wanted):
                found.append(f"not handed over to {wanted}")
        summary = json.dumps(chat.summary, ensure_ascii=False)
        found += [f"{piece!r} not in the summary" for piece in goal.told if piece not in summary]
        heard = "\n".join([*self._heard, *(str(card) for card in self._cards)])
        found += [f"{piece!r} not said" for piece in goal.said if piece not in heard]
        if goal.shown and not any(_holds(card, goal.shown) for card in self._cards):
            found.append(f"no card {goal.shown}")
        return found + self._course(chat)

    def _course(self, chat: Chat) -> list[str]:
        goal = self._goal
        if not goal.flow and not goal.at and not goal.outcome:
            return []
        history = remember(chat.entries)
        run = history.runs[-1] if history.runs else None
        found = []
        if goal.order and (run is None or run.answers.get("order") != goal.order):
            found.append(f"not about {goal.order}")
        if goal.flow and (run is None or run.flow not in goal.flow):
            found.append(f"not in {', '.join(goal.flow)}")
        if goal.at and split_key(history.open_key)[1] not in goal.at:
            found.append(f"not at {', '.join(goal.at)}")
        if goal.outcome and (run is None or run.outcome != goal.outcome):
            found.append(f"not ended with {goal.outcome}")
        return found

    def _was_refused(self, chat: Chat) -> bool:
        for each in self._proposals(chat):
            if each["state"] == "refused" and each["deed"] == self._goal.refused:
                right = not self._unlike({**each, "deed": self._goal.deed})
                if right and set(self._goal.reasons) <= set(each["reasons"]):
                    return True
        return False

    def _proposals(self, chat: Chat) -> list[dict[str, Any]]:
        """Everything that was proposed in this conversation."""
        answers = [pair for run in remember(chat.entries).runs for pair in run.answers.items()]
        made = [str(value) for key, value in answers if key.startswith("proposal_")]
        return [self._proposal(proposal_id) for proposal_id in dict.fromkeys(made)]

    def _unlike(self, each: dict[str, Any]) -> str:
        goal = self._goal
        if each["deed"] != goal.deed:
            return f"{each['deed']} {each['order']}"
        if goal.order and each["order"] != goal.order:
            return f"order {each['order']}"
        wrong = [key for key, value in goal.request.items() if not _is_like(each["request"].get(key), value)]
        return "; ".join(f"{key} {each['request'].get(key)}" for key in wrong)

    def _deeds(self, chat: Chat, fact: str) -> list[dict[str, Any]]:
        return [self._proposal(body["proposal_id"]) for body in chat.facts(fact)]

    def _proposal(self, proposal_id: str) -> dict[str, Any]:
        def read(tx: Transaction) -> dict[str, Any]:
            if proposal_id.startswith(ACCOUNT):
                account = account_service.find(tx, proposal_id)
                return {
                    "deed": account.deed,
                    "order": "",
                    "request": account.request,
                    "state": account.state,
                    "reasons": list(account.reasons),
                }
            found = order_queries.proposal(tx, proposal_id)
            return {
                "deed": found.action,
                "order": found.order_number,
                "request": found.request,
                "state": found.state,
                "reasons": [reason.code for reason in found.decision.reasons],
            }

        return self._house.database.read(read)

    def _orders(self) -> dict[str, str]:
        """The customer's orders as they stand; a visitor's too, once it is known who comes."""
        if not self._customer.proves:
            return {}
        me = ASSISTANT.on_behalf_of(customer_id(self._customer.proves), Rung.FRESH, frozenset())
        try:
            return {order.number: order.model_dump_json() for order in self._house.orders.orders(me)}
        except Problem:
            return {}


def _is_like(found: Any, wanted: Any) -> bool:
    """The same, where parts that are not named may be anything."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(_is_like(found.get(key), each) for key, each in wanted.items())
    if isinstance(wanted, list):
        if not isinstance(found, list) or len(found) != len(wanted):
            return False
        return all(_is_like(one, other) for one, other in zip(found, wanted, strict=True))
    return bool(found == wanted)


def _holds(card: dict[str, Any], wanted: dict[str, str]) -> bool:
    return all(piece in str(card.get(key, "")) for key, piece in wanted.items())
