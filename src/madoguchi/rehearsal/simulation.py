"""A simulated customer holds a conversation as a person does: reads what is asked, types, and confirms what is right.

Everything is typed but two things, which a person must press or pass: the button of a proposal and the sign-in. The
seed chooses the words: which paraphrase, which way of saying a fact, what is added unasked, where the finger slips.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from madoguchi.assistant.history import History, remember, split_key
from madoguchi.counter.actors import Rung
from madoguchi.faces.house import House
from madoguchi.rehearsal.aims import Aim
from madoguchi.rehearsal.chat import Chat
from madoguchi.rehearsal.customers import PARAPHRASES, VISITOR, Crowd, Customer
from madoguchi.rehearsal.slips import with_slip
from madoguchi.rehearsal.stage import Stage

MOST_TURNS = 14
_MOST_TIMES = 3  # the same question, before they give up
_MOST_WISHES = 3  # the whole wish, said anew
_SLIPS = 0.3
_GENEROUS = 0.25
_EXACT = frozenset({"address", "email", "number", "message"})  # typed with care
_ADDED = ("reason", "condition")  # what a person tells beside what is asked


@dataclass(frozen=True)
class Verdict:
    """One conversation. `why`: empty when solved; `asked`: the question at which it failed; `wishes`: how often the whole
    wish had to be said.
    """

    customer: str
    language: str
    attempt: int
    why: str
    asked: str
    wishes: int
    transcript: tuple[str, ...]

    @property
    def solved(self) -> bool:
        return not self.why


class _GivesUp(Exception):
    """Nothing more to say; the message says why."""


def simulate(
    crowd: Crowd,
    stage: Stage,
    *,
    languages: Iterable[str],
    tries: int,
    seed: str = "1",
    done: Callable[[Verdict], None] = lambda verdict: None,
) -> list[Verdict]:
    """Every customer in every language, `tries` times in other words, each on a fresh copy of the shop."""
    found = []
    for customer in crowd.customers:
        for language in languages:
            for attempt in range(tries if language in customer.words else 0):
                with stage.house() as house:
                    verdict = converse(customer, crowd, house, language, attempt, seed)
                done(verdict)
                found.append(verdict)
    return found


def converse(
    customer: Customer, crowd: Crowd, house: House, language: str, attempt: int = 0, seed: str = "1"
) -> Verdict:
    """One conversation, from the first word to the goal or to the point where the customer gives up."""
    return _Person(customer, crowd, house, language, attempt, seed).converse()


class _Person:
    def __init__(
        self, customer: Customer, crowd: Crowd, house: House, language: str, attempt: int, seed: str
    ) -> None:
        self._customer = customer
        self._words = customer.words[language]
        self._shared = crowd.answers[language]
        self._language = language
        self._attempt = attempt
        self._rng = random.Random(f"{seed}/{customer.name}/{language}/{attempt}")
        shift = random.Random(f"{seed}/{customer.name}/{language}").randrange(PARAPHRASES)
        order = [(shift + attempt + n) % PARAPHRASES for n in range(PARAPHRASES)]
        self._wishes = [self._words.openings[place] for place in order]
        self._used: dict[str, int] = {}
        self._told: set[str] = set()
        self._asked = ""
        self._lines: list[str] = []
        visitor = customer.who == VISITOR
        self._chat = Chat(
            house,
            "" if visitor else customer.who,
            rung=Rung.VISITOR if visitor else Rung.FRESH,
            language=language,
        )
        self._aim = Aim(customer, house)

    def converse(self) -> Verdict:
        why = ""
        try:
            self._say(self._wish())
            for _ in range(MOST_TURNS):
                wrong = self._aim.missed(self._chat)
                if wrong or self._aim.reached(self._chat):
                    why = wrong
                    break
                self._answer()
            else:
                why = "" if self._aim.reached(self._chat) else f"gave up after {MOST_TURNS} turns"
        except _GivesUp as given_up:
            why = str(given_up)
        return Verdict(
            self._customer.name,
            self._language,
            self._attempt,
            why,
            self._asked,
            min(self._used["~wish"], _MOST_WISHES),
            tuple(self._lines),
        )

    # ── reading and answering ─────────────────────────────────────────────────────────────────────

    def _answer(self) -> None:
        """Look at the last question, and do what a person would do about it."""
        if self._chat.contact.owner_kind != "assistant":
            raise _GivesUp(f"handed over: {self._aim.stands(self._chat)}")
        choices = self._last_choices()
        if choices is None:
            self._say(self._wish())
            return
        owner, key = split_key(choices["key"])
        self._asked = f"{self._flow()}:{key}" if owner.startswith("r") and owner[1:].isdigit() else owner
        subject = self._subject(choices, key)
        if subject:
            self._say(subject)
        elif owner == "topic":
            self._say(self._wish())
        elif owner == "solved":
            self._say(f"{self._any('not_solved')} {self._wish()}")
        elif owner == "resume":
            self._say(self._any("yes"))
        elif key.startswith("sign_in_"):
            self._sign_in()
        elif key.startswith("confirm_"):
            self._confirm(choices, key)
        else:
            self._say(self._fact(key, choices) or f"{self._any('wrong')} {self._wish()}")

    def _subject(self, choices: dict[str, Any], key: str) -> str:
        """The subject on offer that is theirs, as its button names it; once for each question."""
        if self._known(key):
            return ""
        wanted = [f"topic {kind}" for kind in self._customer.kinds]
        offered = [o["label"] for o in choices["options"] if o["value"] in wanted]
        return str(offered[0]) if offered and self._count(f"~subject:{choices['key']}") == 1 else ""

    def _sign_in(self) -> None:
        if not self._customer.proves:
            raise _GivesUp("was asked to sign in")
        self._lines.append(f"    ({self._customer.proves} signs in)")
        self._chat.prove(Rung.FRESH, ref=self._customer.proves)
        self._listen()

    def _confirm(self, choices: dict[str, Any], key: str) -> None:
        wrong = self._aim.differs(self._chat, key.removeprefix("confirm_"))
        if wrong:
            self._correct(wrong)
            return
        self._lines.append(f"> [{choices['options'][0]['label']}]")
        self._chat.choose(choices["key"], "yes")
        self._listen()

    def _correct(self, wrong: str) -> None:
        """Not what they want: said so once, with what was meant."""
        if self._count("~correct") > 1:
            raise _GivesUp(f"was shown another proposal: {wrong}")
        about = wrong.partition(" ")[0]
        question = {"order": "order", "lines": "lines", "line_id": "line"}.get(about, about)
        ways, _ = self._ways(question, {})
        self._say(f"{self._any('wrong')} {self._pick(question, ways) if ways else self._wish()}")

    def _wish(self) -> str:
        """What it is about, each time in other words."""
        times = self._count("~wish")
        if times > _MOST_WISHES:
            raise _GivesUp(f"was not understood ({self._asked}): {self._aim.stands(self._chat)}")
        return self._typed(self._wishes[(times - 1) % PARAPHRASES])

    def _fact(self, key: str, choices: dict[str, Any]) -> str:
        """The answer to a question, in words not used before; at the last try as its button says it.

        Empty where they know none: then the conversation has gone another way than they wanted.
        """
        options = {option["value"]: str(option["label"]) for option in choices["options"]}
        question = _plain(key)
        ways, value = self._ways(question, options)
        if not ways and value not in options:
            return ""
        times = self._count(f"{self._flow()}:{key}")
        if times > _MOST_TIMES:
            raise _GivesUp(f"the answer to {self._asked} was not understood")
        if not ways or (times == _MOST_TIMES and value in options):
            return options[value]
        self._told.add(question)
        text = self._pick(question, ways)
        return text if question in _EXACT else self._typed(self._with_more(text, question))

    def _ways(self, question: str, options: dict[str, str]) -> tuple[tuple[str, ...], str]:
        """How they would say it, and which button it is."""
        value = self._known(question)
        if question in self._words.say:
            return self._words.say[question], value
        if question == "order":
            return self._order_words(options), value
        if question in ("line", "lines"):
            return self._said("article", self._known("article")) + self._place(value, options), value
        found = self._said(f"{self._flow().rpartition('.')[2]}.{question}", value) or self._said(
            question, value
        )
        return found or (self._shared["say"].get(value, ()) if value in ("yes", "no") else ()), value

    def _order_words(self, options: dict[str, str]) -> tuple[str, ...]:
        number = self._known("order")
        numbers = tuple(way.format(number) for way in self._said("number", "order")) if number else ()
        return self._said("article", self._known("article")) + numbers + self._place(number, options)

    def _place(self, value: str, options: dict[str, str]) -> tuple[str, ...]:
        """Its place in the list that they see."""
        place = list(options).index(value) + 1 if value in options else 0
        return self._said("place", str(place)) if len(options) > 2 else ()

    def _known(self, question: str) -> str:
        flow = self._flow().rpartition(".")[2]
        knows = self._customer.knows
        return knows.get(f"{flow}.{question}", knows.get(question, {"photo": "none"}.get(question, "")))

    def _with_more(self, text: str, question: str) -> str:
        """Something else that will be asked, before or after, as people do."""
        waiting = [key for key in _ADDED if key in self._customer.knows and key not in self._told]
        if question not in (*_ADDED, "order", "lines", "line") or not waiting:
            return text
        if self._rng.random() >= _GENEROUS:
            return text
        more = waiting[0]
        ways = self._words.say.get(more) or self._said(more, self._known(more))
        if not ways:
            return text
        self._told.add(more)
        parts = [text, self._pick(more, ways)]
        self._rng.shuffle(parts)
        return self._shared["say"]["join"][0].join(part.rstrip(" 。.") for part in parts)

    # ── words ─────────────────────────────────────────────────────────────────────────────────────

    def _said(self, question: str, value: str) -> tuple[str, ...]:
        return tuple(self._shared.get(question, {}).get(value, ()))

    def _any(self, what: str) -> str:
        return self._pick(what, self._shared["say"][what])

    def _pick(self, question: str, ways: tuple[str, ...]) -> str:
        """One that was not said before, while there is one."""
        fresh = [way for way in ways if f"={way}" not in self._used]
        chosen = self._rng.choice(fresh or list(ways))
        self._used[f"={chosen}"] = 1
        return chosen

    def _typed(self, text: str) -> str:
        return with_slip(text, self._language, self._rng) if self._rng.random() < _SLIPS else text

    def _count(self, what: str) -> int:
        self._used[what] = self._used.get(what, 0) + 1
        return self._used[what]

    # ── the conversation ──────────────────────────────────────────────────────────────────────────

    def _say(self, text: str) -> None:
        self._lines.append(f"> {text}")
        self._chat.say(text)
        self._listen()

    def _listen(self) -> None:
        self._aim.hear(self._chat)
        if self._chat.text:
            self._lines += [f"    {line}" for line in self._chat.text.splitlines() if line]
        self._lines += [f"    ({card['kind']} card)" for card in self._chat.cards]
        if self._chat.labels:
            self._lines.append(f"    [{'] ['.join(self._chat.labels)}]")

    def _last_choices(self) -> dict[str, Any] | None:
        found = [entry.body["choices"] for entry in self._chat.answers if entry.body.get("choices")]
        return found[-1] if found else None

    def _history(self) -> History:
        return remember(self._chat.entries)

    def _flow(self) -> str:
        run = self._history().active
        return run.flow if run else ""


def _plain(key: str) -> str:
    """The question behind a key that carries a line's or a row's id."""
    return "count" if re.match(r"lines?_count_", key) else key
