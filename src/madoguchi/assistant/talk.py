"""What a flow may say and ask. A flow is a coroutine over a `Talk`; its only memory is the answers recorded here.

Every `await talk.…` looks up its recorded answer by key. Where there is none it takes what the customer has already
said, and where that says nothing it asks and stops. Replaying a flow therefore ends at the same question. Reading
orders is always fresh; where a flow turns left or right on what it read, `noted` records the turn, so that a deed
done meanwhile does not send the replay another way.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from madoguchi.assistant.answers import said
from madoguchi.assistant.history import History, Run
from madoguchi.assistant.kinds import kind_label
from madoguchi.assistant.labour import Labour, may_act
from madoguchi.assistant.personal import only_named
from madoguchi.assistant.questions import Heard, Option, Question, choice, free_words, verbatim, yes_no
from madoguchi.assistant.speech import Speech
from madoguchi.assistant.troubleshooting import Tree
from madoguchi.assistant.wording import has_words, words
from madoguchi.counter.actors import ASSISTANT, Actor, Rung
from madoguchi.counter.business.workflow import BusinessDesk
from madoguchi.counter.calendars.loading import Calendars
from madoguchi.counter.callbacks.workflow import CallDesk
from madoguchi.counter.cases.categories import ORDINARY, priority_of
from madoguchi.counter.cases.model import Case
from madoguchi.counter.contacts.model import Contact
from madoguchi.counter.customers.account_desk import AccountDesk
from madoguchi.counter.customers.holdings import Holdings
from madoguchi.counter.customers.model import Customer
from madoguchi.counter.knowledge.library import Library, Told
from madoguchi.counter.orders.model import Order
from madoguchi.counter.orders.workflow import OrderDesk
from madoguchi.counter.routing.queues import queue_for
from madoguchi.counter.sellers.workflow import SellerDesk
from madoguchi.counter.trust.desk import TrustDesk
from madoguchi.engine.settings import Settings


class DeskHours(Protocol):
    """When people are at the desk."""

    def is_open(self, at: datetime) -> bool: ...

    def next_opening(self, at: datetime) -> datetime | None:
        """None when nobody is expected."""
        ...

    def text(self, language: str) -> str:
        """The hours in words."""
        ...

    def closed_for(self, at: datetime) -> Mapping[str, str]:
        """The holiday or exception for which nobody is there, by language; empty without one."""
        ...


Cite = Callable[[str, list[Told]], dict[str, Any]]
"""A question and articles to the answer from them: {"text", "ids"}; empty where there is none."""


@dataclass(frozen=True)
class Outcome:
    """How a flow ended. `what`: answer, action, handover, nothing, other_channel (the catalogue's outcomes).

    `language`: in which the conversation goes on from here.
    """

    what: str
    target: str = ""
    reason: str = ""
    ask_solved: bool = False
    priority: int = 0
    queue: str = ""
    language: str = ""


class Ended(Exception):
    """A step ends the flow, from however deep."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        super().__init__(outcome.what)


class StartOver(Exception):
    """The world has moved on: forget the answers from `key` on and look again."""

    def __init__(self, key: str, why: str) -> None:
        self.key = key
        self.why = why
        super().__init__(key)


class _Stop:
    """Awaited where a question waits for its answer; the runner stops the coroutine there."""

    def __await__(self) -> Generator[None, None, None]:
        yield


@dataclass(frozen=True)
class Scene:
    """What is known in this turn, the same for every flow."""

    contact: Contact
    history: History
    desk: OrderDesk
    sellers: SellerDesk
    business: BusinessDesk
    accounts: AccountDesk
    trust: TrustDesk
    calls: CallDesk
    settings: Settings
    hours: DeskHours
    now: datetime
    language: str
    customer: Customer | None = None
    case: Case | None = None
    cases: dict[str, Case] = field(default_factory=dict)  # of this and earlier contacts, by id
    numbers: Mapping[str, str] = field(
        default_factory=dict
    )  # case number → id of the one of `cases` it leads to
    calendars: Calendars | None = None  # None: `hours` are those of everybody
    never_closing: frozenset[str] = frozenset()  # queues that are open at every moment
    topics: Mapping[str, str] = field(default_factory=dict)  # kind → queue, where the house has changed it
    labour: Mapping[str, Labour] = field(default_factory=dict)  # who does what (HND-007)
    only: frozenset[str] | None = None  # orders named here, where no other may be used (PRIV-007)
    library: Library | None = None
    cite: Cite | None = None  # a language model that answers from articles, where the shop has one
    trees: Mapping[str, Tree] = field(default_factory=dict)  # out of trouble, by kind of device or service
    waiting: Mapping[str, int] = field(default_factory=dict)  # contacts by queue
    helpers: Mapping[str, str] = field(
        default_factory=dict
    )  # case → who helped there and can be asked for now
    _read: dict[str, list[Order]] = field(default_factory=dict)
    used: dict[str, int] = field(
        default_factory=dict
    )  # what of the customer's records the turn has looked at

    def orders(self) -> list[Order]:
        """The customer's orders as this turn found them, newest first."""
        if "orders" not in self._read:
            self._read["orders"] = only_named(self.desk.orders(self.actor), self.only)
            self.used["orders"] = len(self._read["orders"])
        return self._read["orders"]

    def holdings(self) -> Holdings | None:
        """Membership, subscriptions, devices; None for nobody signed in, and where nothing may be looked up (PRIV-007)."""
        known = self.contact.customer_id is not None and self.contact.rung >= Rung.SIGNED_IN
        found = self.accounts.holdings(self.actor) if known and self.only is None else None
        if found is not None:
            self.used["holdings"] = 1
        return found

    def earlier_cases(self) -> list[Case]:
        """The customer's other cases, newest first."""
        found = [case for case in self.cases.values() if case.id != self.contact.case_id]
        self.used["cases"] = len(found)
        return sorted(found, key=lambda case: case.opened_at, reverse=True)

    def order(self, number: str) -> Order:
        """One of them. Raises NotFound, with one answer for what is not there and what is not theirs."""
        found = next((order for order in self.orders() if order.number == number), None)
        return found or self.desk.order(self.actor, number)

    def hours_of(self, queue: str, channel: str = "") -> DeskHours:
        """When the people of a queue are there for this customer; "" is the desk as a whole."""
        if self.calendars is None:
            return self.hours
        return self.calendars.hours_for(
            queue,
            channel or self.contact.channel,
            self.contact.language,
            self.segments,
            never_closes=queue in self.never_closing,
        )

    def desk_of(self, kind: str) -> str:
        """The queue that serves this kind for this customer."""
        return queue_for(kind, self.segments, self.topics)

    def phone_hours(self) -> str:
        """The telephone's hours in words."""
        if self.calendars is None:
            return self.settings.hours.phone
        return self.hours_of("", "phone").text(self.language)

    def look_again(self) -> None:
        """The world has moved on in the middle of the turn."""
        self._read.clear()

    @property
    def crowded(self) -> bool:
        """Many wait where an ordinary matter like this one would go (HND-008)."""
        topic = self.contact.topic
        queue = self.desk_of(topic)
        return priority_of(topic) == ORDINARY and self.waiting.get(queue, 0) >= self.settings.desk.busy_from

    @property
    def segments(self) -> Sequence[str]:
        return self.customer.segments if self.customer else ()

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.settings.shop.timezone)

    @property
    def local_now(self) -> datetime:
        return self.now.astimezone(self.zone)

    @property
    def today(self) -> date:
        return self.local_now.date()

    @cached_property
    def actor(self) -> Actor:
        """The assistant, bound to what this customer has proved (ASVS 8.3.3)."""
        seen = self.contact
        bound = ASSISTANT.on_behalf_of(seen.customer_id, seen.rung, frozenset(seen.proven_orders))
        return replace(bound, language=self.language)


class Talk:
    """One run of a flow in one turn."""

    def __init__(self, run: Run, scene: Scene, said: list[Heard]) -> None:
        self.run = run
        self.scene = scene
        self.said = said  # everything the customer has said since the run began
        self.given: dict[str, Any] = {}  # answers of this turn, waiting for their question
        self.recorded: list[tuple[str, Any]] = []  # answers to be written down
        self.speech = Speech()
        self.question: Question | None = None
        self.passed: dict[str, Question] = {}
        self.fresh: set[str] = set()  # answers recorded in this turn: what is said around them is new
        self.anew = False  # an answer was corrected: what follows from the new one has not been told
        self.preface: list[str] = []
        self.facts: dict[str, str] = {}
        self.tried: list[str] = []
        self.order_number = ""
        self.goes_on_with = ""  # id of the customer's earlier case that this contact is about

    # ── who and when ──────────────────────────────────────────────────────────────────────────────

    @property
    def kind(self) -> str:
        return self.run.flow

    @property
    def language(self) -> str:
        return self.scene.language

    @property
    def topic(self) -> str:
        return kind_label(self.kind, self.language)

    def words(self, key: str, /, **places: Any) -> str:
        return words(self.language, key, turn=self.scene.history.turns, **places)

    @property
    def goes_on(self) -> bool:
        """Another flow led here, with the order already named and shown."""
        return bool(self.run.params.get("known"))

    # ── saying ────────────────────────────────────────────────────────────────────────────────────

    def say(self, key: str, /, **places: Any) -> None:
        self.speech.say(self.words(key, **places))

    def tell(self, text: str) -> None:
        """Words that another room has made, for example from a proposal."""
        if text:
            self.speech.say(text)

    def show(self, card: dict[str, Any]) -> None:
        self.speech.show(card)

    def fact(self, key: str, value: str) -> None:
        """Something an agent will want to know, for the hand-over."""
        if value:
            self.facts[key] = value

    def has_tried(self, key: str, /, **places: Any) -> None:
        line = self.words(f"tried.{key}", **places)
        if line not in self.tried:
            self.tried.append(line)

    # ── asking ────────────────────────────────────────────────────────────────────────────────────

    async def ask(self, question: Question) -> Any:
        """The answer to a question: recorded, given now, or named in what was said before; else ask and stop."""
        self.passed[question.key] = question
        if question.key in self.run.answers:
            if question.key not in self.fresh:
                self.speech.clear()
            return self.run.answers[question.key]
        if question.key in self.run.asked and not self.anew:
            self.speech.clear()
        answer = self.given.pop(question.key, None)
        if answer is None:
            answer = self._volunteered(question)
        if answer is not None:
            self._record(question.key, answer)
            return answer
        return await self._stop_at(question)

    async def choose(self, key: str, text: str, options: Iterable[Option], *, early: bool = True) -> str:
        """One of several options; `text` is the key of the wording."""
        question = choice(key, self.words(text), tuple(options), rephrased=self._again(text))
        answer: str = await self.ask(replace(question, early=early))
        return answer

    async def yes_no(
        self,
        key: str,
        text: str,
        yes: str = "yes",
        no: str = "no",
        *,
        named: tuple[str, str] = ("", ""),
        **places: Any,
    ) -> bool:
        question = yes_no(
            key,
            self.words(text, **places),
            self.words(f"button.{yes}"),
            self.words(f"button.{no}"),
            rephrased=self._again(text, **places),
            named=named,
        )
        return bool(await self.ask(question) == "yes")

    async def own_words(self, key: str, text: str, ways_around: Iterable[str] = ("skip",)) -> str:
        """The customer's own words, or the value of a button around them ("skip")."""
        options = [Option(name, self.words(f"button.{name}")) for name in ways_around]
        answer: str = await self.ask(free_words(key, self.words(text), options, rephrased=self._again(text)))
        return answer

    async def verbatim(self, key: str, text: str, ways_around: Iterable[str] = ("skip",)) -> str:
        """Words that are passed on as they are, also where they name another subject."""
        options = [Option(name, self.words(f"button.{name}")) for name in ways_around]
        answer: str = await self.ask(verbatim(key, self.words(text), options, rephrased=self._again(text)))
        return answer

    async def photo(self, key: str = "photo") -> list[str]:
        """Pictures, asked for once and never required (ORD-012). Attachment ids."""
        sent = [picture for heard in self.said for picture in heard.attachments]
        skip = Option(
            "none",
            self.words("button.no_photo"),
            named_by=said("talk.no_photo"),
        )
        question = Question(
            key,
            self.words("photo.ask"),
            (skip,),
            rephrased=self.words("photo.again"),
            read=lambda heard, direct: (
                list(heard.attachments)
                if heard.attachments
                else []
                if direct and heard.text.strip()
                else None
            ),
            accept=lambda value: [],
            free=True,
        )
        if sent and key not in self.run.answers and key not in self.given:
            self.given[key] = sent
        found: list[str] = await self.ask(question)
        return found

    def noted(self, key: str, read: Callable[[], Any]) -> Any:
        """What was read the first time: which way the flow went. The value must be JSON."""
        if key in self.run.answers:
            return self.run.answers[key]
        value = read()
        self._record(key, value)
        return value

    async def stop_at(self, question: Question) -> None:
        """Say this and wait, whatever comes; for steps that are answered by the world (a sign-in)."""
        if question.key in self.run.asked:
            self.speech.clear()
        self.passed[question.key] = question
        await self._stop_at(question)

    # ── ending ────────────────────────────────────────────────────────────────────────────────────

    def answered(self, target: str = "answer") -> Outcome:
        return Outcome("answer", target, ask_solved=True)

    def hand_over(self, reason: str, *, queue: str = "", priority: int = 0) -> Outcome:
        return Outcome("handover", reason=reason, queue=queue, priority=priority)

    def may_act(self, deed: str) -> bool:
        """Whether the shop lets the assistant carry this out; read anew in every turn (HND-007)."""
        return may_act(self.scene.labour, self.kind, deed)

    async def offer_person(self, text: str = "person.offer", *, key: str = "person") -> Outcome:
        """A way out that is always there: a person, or leave it."""
        if await self.yes_no(key, text, "person", "no_person"):
            return self.hand_over("cannot_solve")
        self.say("nothing.left_as_is")
        return Outcome("nothing")

    # ── inside ────────────────────────────────────────────────────────────────────────────────────

    def _again(self, text: str, **places: Any) -> str:
        key = f"{text}_again"
        return self.words(key, **places) if has_words(key) else ""

    def _volunteered(self, question: Question) -> Any:
        if question.key in self.run.again or question.proposal_id or not question.early:
            return None
        for heard in reversed(self.said):
            if heard.key:
                continue
            answer = question.read(heard, False)
            if answer is not None:
                return answer
        return None

    def _record(self, key: str, value: Any) -> None:
        self.run.answer(key, value)
        self.fresh.add(key)
        self.recorded.append((key, value))

    async def _stop_at(self, question: Question) -> None:
        self.question = question
        await _Stop()


Script = Callable[[Talk], Awaitable[Outcome]]
