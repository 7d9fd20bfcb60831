"""What the assistant is about to say in a turn: lines, cards and questions, gathered into as few messages as fit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from madoguchi.assistant.questions import Option


@dataclass
class Message:
    """One message of the assistant. `choices` as in `contacts.events`: key, kind, options."""

    lines: list[str] = field(default_factory=list)
    card: dict[str, Any] | None = None
    choices: dict[str, Any] | None = None

    @property
    def text(self) -> str:
        return "\n".join(line for line in self.lines if line)

    def body(self, language: str) -> dict[str, Any]:
        body: dict[str, Any] = {"text": self.text, "lang": language}
        if self.card is not None:
            body["card"] = self.card
        if self.choices is not None:
            body["choices"] = self.choices
        return body


class Speech:
    """Lines join the message before them; a card or a question closes it."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def say(self, text: str) -> None:
        self._open().lines.append(text)

    def say_first(self, texts: list[str]) -> None:
        if not self.messages:
            self.messages.append(Message())
        self.messages[0].lines[:0] = texts

    def show(self, card: dict[str, Any]) -> None:
        self._open().card = card

    def ask(
        self,
        text: str,
        key: str,
        options: list[Option],
        kind: str = "buttons",
        card: dict[str, Any] | None = None,
    ) -> None:
        """`card`: what the question is about; its buttons are the question's."""
        message = self._open()
        message.lines.append(text)
        message.card = card
        message.choices = {"key": key, "kind": kind, "options": [option.view() for option in options]}

    def clear(self) -> None:
        self.messages.clear()

    def take_back_question(self) -> None:
        """The open question is withdrawn: the next thing the customer said has overtaken it."""
        self.messages = [message for message in self.messages if message.choices is None]

    def add(self, other: Speech) -> None:
        """What the other says comes after; its first lines join ours where they can."""
        if other.messages and self.messages and self._is_open(self.messages[-1]):
            first = other.messages[0]
            joined = self.messages[-1]
            joined.lines += first.lines
            joined.card, joined.choices = first.card, first.choices
            self.messages += other.messages[1:]
            return
        self.messages += other.messages

    def _open(self) -> Message:
        if not self.messages or not self._is_open(self.messages[-1]):
            self.messages.append(Message())
        return self.messages[-1]

    @staticmethod
    def _is_open(message: Message) -> bool:
        return message.card is None and message.choices is None
