"""Every figure once more, slowly and straight from the ledger: no row, no sum, none of the code that is under test.

Each figure is written down as its definition says it, over all entries of all contacts, with plain lists.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from madoguchi.counter.cases.model import case_file
from madoguchi.counter.contacts.model import contact, ledger_entry
from madoguchi.counter.customers.model import customer
from madoguchi.counter.routing.model import queue
from madoguchi.engine.database import Transaction

TOKYO = ZoneInfo("Asia/Tokyo")
DAY, WEEK = timedelta(hours=24), timedelta(days=7)
Said = tuple[float | None, int]


@dataclass
class Story:
    """A contact and everything that happened in it."""

    row: Any
    entries: list[Any]
    segment: str

    def moments(self, kind: str, who: str = "") -> list[datetime]:
        return [e.at for e in self.entries if e.kind == kind and who in ("", e.author_kind)]

    @property
    def asked_at(self) -> datetime | None:
        return min(self.moments("message", "customer"), default=None)

    @property
    def last_word(self) -> datetime:
        return max(self._said(), default=self.row.opened_at)

    def _said(self) -> list[datetime]:
        return [at for who in ("customer", "assistant", "agent") for at in self.moments("message", who)]

    def first_answer(self, who: str) -> datetime | None:
        asked = [e.seq for e in self.entries if e.kind == "message" and e.author_kind == "customer"]
        if not asked:
            return None
        return next((e.at for e in self.entries if self._is_answer(e, who) and e.seq > asked[0]), None)

    def answer(self) -> datetime | None:
        known = [at for who in ("assistant", "agent") if (at := self.first_answer(who))]
        return min(known, default=None)

    @staticmethod
    def _is_answer(entry: Any, who: str) -> bool:
        return entry.kind == "message" and entry.author_kind == who

    def first_wait(self) -> tuple[datetime, str, datetime | None, str] | None:
        """Since, queue, until, how it ended."""
        begins = [
            e for e in self.entries
            if e.kind == "hand_over.requested" or (e.kind == "contact.transferred" and "to_queue" in e.body)
        ]  # fmt: skip
        if not begins:
            return None
        first = begins[0]
        name = first.body.get("queue") or first.body.get("to_queue")
        endings = {"agent.joined": "taken", "contact.returned_to_assistant": "left", "contact.ended": "left"}
        end = next((e for e in self.entries if e.seq > first.seq and e.kind in endings), None)
        return first.at, name, end.at if end else None, endings[end.kind] if end else "waiting"

    def queue(self) -> str:
        found = self.first_wait()
        return found[1] if found else ""

    def told(self) -> tuple[datetime, int, int] | None:
        found = self.first_wait()
        if found is None:
            return None
        since, _, until, _ = found
        for e in self.entries:
            known = e.kind == "queue.position_changed" and e.body["open"] and e.body["low_s"] is not None
            if known and e.at >= since and (until is None or e.at <= until):
                return e.at, e.body["low_s"], e.body["high_s"]
        return None

    @property
    def had_person(self) -> bool:
        return self.first_wait() is not None or bool(self.moments("agent.joined"))

    @property
    def came_back(self) -> bool:
        return bool(self.moments("contact.reopened") or self.moments("resolution.denied"))

    def handled(self) -> int:
        """Second by second would be slower still: at each fact, whether somebody had it until the next one."""
        whole, holder, working, since = 0, "", False, None
        for e in self.entries:
            stops = e.kind in ("agent.joined", "agent.left", "contact.transferred", "hand_over.requested",
                               "contact.returned_to_assistant", "contact.ended", "contact.resolved")  # fmt: skip
            if working and stops and since is not None:
                whole += int((e.at - since).total_seconds())
                working = False
            if stops and e.kind != "contact.resolved":
                holder = ""
            if e.kind == "agent.joined":
                holder, working, since = e.body["agent_id"], True, e.at
            if e.kind in ("contact.reopened", "resolution.denied") and holder and not working:
                working, since = True, e.at
        return whole

    def waits_for_answers(self) -> list[tuple[datetime, str, int]]:
        """When the customer began to wait, who answered, after how many seconds."""
        found = []
        words = [e for e in self.entries if e.kind == "message" and e.author_kind != "system"]
        for place, e in enumerate(words):
            before = words[place - 1].author_kind if place else ""
            if e.author_kind != "customer" or before == "customer":
                continue
            answer = next((later for later in words[place:] if later.author_kind != "customer"), None)
            if answer is not None:
                found.append((e.at, answer.author_kind, int((answer.at - e.at).total_seconds())))
        return found

    @property
    def person(self) -> str:
        joined = [e.body["agent_id"] for e in self.entries if e.kind == "agent.joined"]
        return joined[-1] if joined else ""


def stories(tx: Transaction) -> list[Story]:
    found = []
    for row in tx.all(select(contact)):
        told = tx.all(
            select(ledger_entry).where(ledger_entry.c.contact_id == row.id).order_by(ledger_entry.c.seq)
        )
        segments = tx.scalar(select(customer.c.segments).where(customer.c.id == row.customer_id)) or []
        segment = "business" if "business" in segments else "member" if "member" in segments else "other"
        found.append(Story(row, list(told), segment))
    return found


def next_contact(of: Story, all_of_them: list[Story], *, same_kind: bool = False) -> datetime | None:
    later = [
        s.row.opened_at for s in all_of_them
        if (s.row.opened_at, s.row.id) > (of.row.opened_at, of.row.id)
        and (s.row.visitor_id == of.row.visitor_id or (of.row.customer_id and s.row.customer_id == of.row.customer_id))
        and (not same_kind or (of.row.topic and s.row.topic == of.row.topic))
    ]  # fmt: skip
    return min(later, default=None)


def comes_again(of: Story, everybody: list[Story], within: timedelta, *, same_kind: bool = False) -> bool:
    then = next_contact(of, everybody, same_kind=same_kind)
    return then is not None and int((then - of.last_word).total_seconds()) <= within.total_seconds()


def upper_end(seconds: float) -> int:
    """Exact to twenty seconds, then steps of 5 %, as decision 28 says it."""
    end = 20
    if seconds <= end:
        return int(seconds)
    while end < seconds:
        end = max(end + 1, math.ceil(end * 1.05))
    return end


def nearest_rank(values: Iterable[int], share: float) -> int | None:
    ordered = sorted(values)
    return upper_end(ordered[max(0, math.ceil(share * len(ordered)) - 1)]) if ordered else None


def ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


class Slow:
    """The figures of some stories as of `now`; `everybody`: all contacts there are."""

    def __init__(
        self, tx: Transaction, of: list[Story], everybody: list[Story], now: datetime, limit: Any
    ) -> None:
        self.tx, self.of, self.everybody, self.now = tx, of, everybody, now
        self.letter_limit: Callable[[datetime], datetime] = limit
        self.targets = {row.id: row.target_seconds for row in tx.all(select(queue))}

    def all_figures(self) -> dict[str, Said]:
        asked = [s for s in self.of if s.asked_at]
        return {
            "contacts": (len(self.of), len(self.of)),
            "enquiries": (len(asked), len(asked)),
            **self._again(asked),
            **self._solved(asked),
            **self._waits(),
            **self._answers(asked),
            **self._people(asked),
        }

    def _again(self, asked: list[Story]) -> dict[str, Said]:
        day = [s for s in asked if self.now >= s.last_word + DAY]
        week = [s for s in asked if self.now >= s.last_word + WEEK]

        def back(some: list[Story], span: timedelta, kind: bool = False) -> int:
            return sum(comes_again(s, self.everybody, span, same_kind=kind) for s in some)

        waited = sum(took for s in asked for _, _, took in s.waits_for_answers())
        return {
            "again_day": (ratio(back(day, DAY), len(day)), len(day)),
            "again_week": (ratio(back(week, WEEK), len(week)), len(week)),
            "again_kind": (ratio(back(week, WEEK, True), len(week)), len(week)),
            "waiting_per_contact": (ratio(waited, len(asked)), len(asked)),
            "messages_per_case": self._messages_per_case(),
        }

    def _messages_per_case(self) -> Said:
        cases = {row.id: row for row in self.tx.all(select(case_file))}
        solved = [
            s for s in self.of if s.row.case_id and cases[s.row.case_id].state in ("resolved", "closed")
        ]
        first = [
            s for s in solved
            if s.row.id == min((o.row.opened_at, o.row.id) for o in self.everybody if o.row.case_id == s.row.case_id)[1]
        ]  # fmt: skip
        said = sum(
            len(s.moments("message", who)) for s in solved for who in ("customer", "assistant", "agent")
        )
        return ratio(said, len(first)), len(first)

    def _solved(self, asked: list[Story]) -> dict[str, Said]:
        found: dict[str, Said] = {}
        for name, span in (("solved_day", DAY), ("solved_week", WEEK)):
            judged = [s for s in asked if self.now >= s.last_word + span]
            solved = [
                s for s in judged
                if s.first_answer("assistant") and not s.had_person and not s.came_back
                and not comes_again(s, self.everybody, span)
            ]  # fmt: skip
            found[name] = (ratio(len(solved), len(judged)), len(judged))
        entered = [s for s in self.of if s.first_wait()]
        found["handed_over"] = (ratio(len(entered), len(asked)), len(asked))
        return found

    def _waits(self) -> dict[str, Said]:
        """People who stand and wait apart from letters that lie there; the house's total is of the former."""
        live, letters = self._waits_of("chat", "phone"), self._waits_of("mail", "form")
        chat, phone = self._waits_of("chat"), self._waits_of("phone")
        in_hours = lambda said: (None if said[0] is None else said[0] / 3600, said[1])  # noqa: E731
        return {
            **{name: said for name, said in live.items() if name != "wait_p90"},
            "chat_wait_p50": chat["wait_p50"],
            "chat_wait_p90": chat["wait_p90"],
            "phone_p50": phone["wait_p50"],
            "phone_p90": phone["wait_p90"],
            "letter_waited": letters["waited"],
            "letter_wait_p50": in_hours(letters["wait_p50"]),
            "letter_wait_p95": in_hours(letters["wait_p95"]),
            "letter_level": letters["service_level"],
        }

    def _waits_of(self, *ways: str) -> dict[str, Said]:
        waits = [(s, *w) for s in self.of if s.row.channel in ways and (w := s.first_wait())]
        over = [
            (s, name, int((until - since).total_seconds()), how)
            for s, since, name, until, how in waits
            if until
        ]
        taken = [(s, name, took) for s, name, took, how in over if how == "taken"]
        gave_up = [took for _, _, took, how in over if how == "left" and took >= 10]
        at_once = [took for _, _, took, how in over if how == "left" and took < 10]
        seconds = [took for _, _, took in taken]
        in_target = sum(took <= self.targets[name] for _, name, took in taken)
        served = [(s.told(), s.first_wait()) for s, _, _ in taken if s.told()]
        true = sum(int((w[2] - at).total_seconds()) <= high for (at, _, high), w in served)  # type: ignore
        judged = len(taken) + len(gave_up)
        return {
            "waited": (len(waits), len(waits)),
            **{f"wait_p{p}": (nearest_rank(seconds, p / 100), len(seconds)) for p in (50, 80, 90, 95)},
            "service_level": (ratio(in_target, judged), judged),
            "abandoned": (ratio(len(gave_up), judged), judged),
            "left_at_once": (len(at_once), len(at_once)),
            "in_promise": (ratio(true, len(served)), len(served)),
        }

    def _answers(self, asked: list[Story]) -> dict[str, Said]:
        chats = [s for s in asked if s.row.channel == "chat"]
        letters = [s for s in asked if s.row.channel in ("mail", "form")]

        def took(some: list[Story], who: str) -> list[int]:
            return [int((a - s.asked_at).total_seconds()) for s in some if (a := s.first_answer(who))]  # type: ignore

        by_bot, by_person = took(chats, "assistant"), took(chats, "agent")
        first = [int((a - s.asked_at).total_seconds()) for s in letters if (a := s.answer()) and s.asked_at]
        late = [s for s in letters if (s.answer() or self.now) > self.letter_limit(s.asked_at)]  # type: ignore
        missing = [s for s in asked if s.row.topic == "order_delivery.item_not_received"]
        half, most = nearest_rank(first, 0.5), nearest_rank(first, 0.95)
        return {
            "chat_first_assistant": (ratio(sum(by_bot), len(by_bot)), len(by_bot)),
            "chat_first_person": (ratio(sum(by_person), len(by_person)), len(by_person)),
            **self._replies(chats),
            "letter_p50": (None if half is None else half / 3600, len(first)),
            "letter_p95": (None if most is None else most / 3600, len(first)),
            "letter_late": (len(late), len(late)),
            "letter_day": self._within_a_day(letters),
            "within_day": self._within_a_day(asked),
            "not_received_day": self._within_a_day(missing),
        }

    def _within_a_day(self, some: list[Story]) -> Said:
        judged = [s for s in some if s.answer() or self.now > s.asked_at + DAY]  # type: ignore
        good = [s for s in judged if (a := s.answer()) and int((a - s.asked_at).total_seconds()) <= 86400]  # type: ignore
        return ratio(len(good), len(judged)), len(judged)

    def _replies(self, chats: list[Story]) -> dict[str, Said]:
        replies = [
            (at.astimezone(TOKYO).hour, took)
            for s in chats
            for at, who, took in s.waits_for_answers()
            if who == "agent"
        ]
        hours = [hour for hour, _ in replies]
        busiest = sorted(set(hours), key=lambda hour: (-hours.count(hour), hour))[:3]
        mean = lambda some: (ratio(sum(some), len(some)), len(some))  # noqa: E731
        return {
            "chat_reply": mean([took for _, took in replies]),
            "chat_reply_peak": mean([took for hour, took in replies if hour in busiest]),
            "chat_reply_other": mean([took for hour, took in replies if hour not in busiest]),
        }

    def _people(self, asked: list[Story]) -> dict[str, Said]:
        helped = [s for s in self.of if s.moments("agent.joined")]
        handled = [s.handled() for s in helped]
        handed = []
        for s in [each for each in self.of if each.row.channel == "chat"]:
            asked_for = s.moments("hand_over.requested")
            spoken = [at for at in s.moments("message", "agent") if asked_for and at >= asked_for[0]]
            handed += [int((spoken[0] - asked_for[0]).total_seconds())] if spoken else []
        passed = [s for s in self.of if s.moments("contact.transferred")]
        up = [
            s for s in self.of
            if any("supervisor" in (e.body.get("queue"), e.body.get("to_queue")) for e in s.entries
                   if e.kind in ("hand_over.requested", "contact.transferred"))
        ]  # fmt: skip
        back = [s for s in self.of if s.came_back]
        return {
            "with_person": (len(helped), len(helped)),
            "handling_mean": (ratio(sum(handled), len(handled)), len(handled)),
            "handling_p90": (nearest_rank(handled, 0.9), len(handled)),
            "hand_over_mean": (ratio(sum(handed), len(handed)), len(handed)),
            "hand_over_p50": (nearest_rank(handed, 0.5), len(handed)),
            "hand_over_p90": (nearest_rank(handed, 0.9), len(handed)),
            "transferred": (ratio(len(passed), len(helped)), len(helped)),
            "escalated": (ratio(len(up), len(self.of)), len(self.of)),
            "reopened": (ratio(len(back), len(asked)), len(asked)),
        }
