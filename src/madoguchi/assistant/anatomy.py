"""What a flow is made of, read from its script and the steps it takes: questions, words, deeds, ends, ways to a person.

Nothing is kept beside the script that could differ from it. The script is followed into the functions of `flows` and
`steps` that it names; a part that is put together only while it runs is not seen.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from madoguchi.assistant.flows import Flow
from madoguchi.assistant.kinds import kinds
from madoguchi.assistant.labour import DEEDS
from madoguchi.assistant.wording import catalogue, has_words

_OURS = ("madoguchi.assistant.flows.", "madoguchi.assistant.steps.")
_SHARED = _OURS[1]
_ASKS = ("choose", "yes_no", "own_words", "verbatim", "choice", "free_words", "Question")
_ASKS_UNNAMED = {"photo": ("photo", "photo.ask"), "offer_person": ("person", "person.offer")}
_LEFT_OUT = ("button.", "tried.")  # what is put together from these is no sentence of its own
_BARE_IN = ("say", "words", *_ASKS)  # calls in which a word without a dot is a key of the wording


@dataclass
class Anatomy:
    """`questions`: key in the ledger → key of the wording. `words`, `shared`: keys of its own and of the steps it takes.

    `ends`: answer, action, nothing, other_channel. `persons`: reasons for which it hands over by itself;
    `offers_person`: it has a question with a person among the answers. `leads_to`: other kinds that it goes on with or offers.
    """

    questions: dict[str, str] = field(default_factory=dict)
    words: dict[str, None] = field(default_factory=dict)
    shared: dict[str, None] = field(default_factory=dict)
    deeds: dict[str, None] = field(default_factory=dict)
    ends: dict[str, None] = field(default_factory=dict)
    persons: dict[str, None] = field(default_factory=dict)
    leads_to: dict[str, None] = field(default_factory=dict)
    offers_person: bool = False
    troubleshoots: bool = False

    def add(self, other: Anatomy) -> None:
        """What came first stays first."""
        for key, text in other.questions.items():
            self.questions.setdefault(key, text)
        for name in ("words", "shared", "deeds", "ends", "persons", "leads_to"):
            getattr(self, name).update(getattr(other, name))
        self.offers_person |= other.offers_person
        self.troubleshoots |= other.troubleshoots


@dataclass(frozen=True)
class Part:
    """What one function adds, and the functions of ours that it names."""

    adds: Anatomy
    names: tuple[Callable[..., Any], ...]


@lru_cache
def anatomy(flow: Flow) -> Anatomy:
    """Of one flow, in the order in which its functions are met; every call gives the same object."""
    found = Anatomy()
    script = inspect.unwrap(flow.script)
    waiting, met = [script], {script}
    while waiting:
        part = _part(waiting.pop(0))
        found.add(part.adds)
        fresh = [each for each in part.names if each not in met]
        met.update(fresh)
        waiting += fresh
    return found


@lru_cache(maxsize=1024)
def _part(function: Callable[..., Any]) -> Part:
    written = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    assert isinstance(written, ast.FunctionDef | ast.AsyncFunctionDef)
    written.decorator_list = []
    reader = _Reader(function)
    reader.visit(written)
    return Part(reader.found, tuple(reader.named))


class _Reader(ast.NodeVisitor):
    """Reads one function, in the order in which it is written."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.found = Anatomy()
        self.named: dict[Callable[..., Any], None] = {}
        self._globals = function.__globals__
        self._words = self.found.shared if function.__module__.startswith(_SHARED) else self.found.words

    def visit_Call(self, call: ast.Call) -> None:
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        texts = [str(each.value) if isinstance(each, ast.Constant) else "" for each in call.args]
        if name in _BARE_IN:
            self._words.update(dict.fromkeys(filter(has_words, texts)))
        self._note_question(name, call.args)
        self._note_end(name, texts[0] if texts else "")
        self.found.offers_person |= name in ("ways_out", "offer_person", "person_option")
        self.found.troubleshoots |= name == "troubleshoot"
        self.generic_visit(call)

    def visit_Name(self, node: ast.Name) -> None:
        named = self._globals.get(node.id)
        if inspect.isfunction(named) and named.__module__.startswith(_OURS):
            self.named[named] = None
        elif isinstance(named, dict | tuple):
            for text in _texts(named):
                self._note_text(text)
        elif inspect.isclass(named):
            self._note_deed(named)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and "." in node.value:
            self._note_text(node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """`talk.words(f"instead.{name}")` says one of several."""
        first = node.values[0] if node.values else None
        start = str(first.value) if isinstance(first, ast.Constant) else ""
        if start.endswith(".") and not start.startswith(_LEFT_OUT):
            self._words.update(dict.fromkeys(key for key in catalogue("ja") if key.startswith(start)))
        self.generic_visit(node)

    def _note_question(self, name: str, args: list[ast.expr]) -> None:
        if name in _ASKS_UNNAMED:
            key, text = _ASKS_UNNAMED[name]
            self.found.questions.setdefault(key, text)
        elif name == "ways_out" and len(args) > 2:
            self._note_asked(args[2], args[3] if len(args) > 3 else ast.Constant("refused.what_next"))
        elif name in _ASKS and len(args) > 1:
            self._note_asked(args[0], args[1])

    def _note_asked(self, key: ast.expr, text: ast.expr) -> None:
        """`text` is a key of the wording, or `talk.words(key)`. A question without a constant key goes by its wording."""
        if isinstance(text, ast.Call) and text.args:
            text = text.args[0]
        if not (isinstance(text, ast.Constant) and has_words(str(text.value))):
            return
        name = str(key.value) if isinstance(key, ast.Constant) else str(text.value)
        self.found.questions.setdefault(name, str(text.value))

    def _note_end(self, name: str, first: str) -> None:
        if name == "answered":
            self.found.ends["answer"] = None
        elif name == "hand_over" and first:
            self.found.persons[first] = None
        elif name == "Outcome" and first and first != "other_flow":
            self.found.ends[first] = None

    def _note_deed(self, made: type) -> None:
        """A request of `orders.actions` or `customers.account_deeds` is made here."""
        fields = getattr(made, "model_fields", {})
        for name in {"action", "deed"} & fields.keys():
            if fields[name].default in DEEDS:
                self.found.deeds[fields[name].default] = None

    def _note_text(self, text: str) -> None:
        topic = text.removeprefix("topic ")
        if topic in kinds():
            self.found.leads_to[topic] = None
        elif has_words(text) and not text.startswith(_LEFT_OUT):
            self._words[text] = None


def _texts(table: Any) -> Iterator[str]:
    """Keys of the wording in a table of the module."""
    if isinstance(table, str):
        if "." in table:
            yield table
    elif isinstance(table, dict | tuple):
        for value in table.values() if isinstance(table, dict) else table:
            yield from _texts(value)
