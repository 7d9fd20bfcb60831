"""From the start page every way to contact us ends in an answer, a queue, a case or a scheduled call (CH-053).

A browser without scripts follows every link and sends every form that leads towards us, with each of its buttons, and
goes on from the page that comes back until nothing new is to be seen.
"""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter.contacts import events, queries
from madoguchi.counter.problems import NotFound
from tests.form.conftest import FormCounter, SignsIn, Writer, link_in

_TOWARDS_US = ("/contacts", "/help/", "/person")
_NOT_A_WAY = re.compile(r"/(resolution|rating|transcript|summary|helped|choose|solved|new|remove|do/\w+)$")
_ELSEWHERE = re.compile(r"^/(static|api|desk|console|demo|sign-out|display|orders/[^/]+/receipt|proposals)")
_IDS = re.compile(
    r"(?<=/help/articles/).+|(con|form|ff|prop|cus)_\w+|C-\d+|\d{3}-\d{7}-\d{7}|[a-z_]+\.[a-z_]+(?=$|/|&)"
)
_ENDS = {"answer", "queue", "case"}
MOST = 1500


@dataclass(frozen=True)
class Press:
    """A button of a form on a page, with what somebody fills in."""

    page: str
    action: str
    fields: tuple[tuple[str, str], ...]

    @property
    def shape(self) -> str:
        names = sorted(
            f"{name}={value}" if name in ("way", "go", "topic") else name for name, value in self.fields
        )
        return _IDS.sub("*", f"{urlsplit(self.page).path} {self.action} {names}")


def presses(page: str, text: str) -> Iterator[Press]:
    for found in re.finditer(r'<form method="post"([^>]*)>(.*?)</form>', text, re.S):
        action = re.search(r'action="([^"]*)"', found[1])
        target = html.unescape(action[1]) if action else urlsplit(page).path
        fields = dict(_fields(found[2]))
        buttons = re.findall(r"<button([^>]*)>", found[2]) or [""]
        for button in buttons:
            own = dict(re.findall(r'(\w+)="([^"]*)"', button))
            more = {own["name"]: html.unescape(own.get("value", ""))} if "name" in own else {}
            address = html.unescape(own.get("formaction", target))
            if address.startswith(_TOWARDS_US) and not _NOT_A_WAY.search(address):
                yield Press(page, address, tuple({**fields, **more}.items()))


def _fields(body: str) -> Iterator[tuple[str, str]]:
    """What somebody fills in: the last of what is offered, words where words go."""
    for tag in re.findall(r"<input[^>]*>", body):
        own = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        kind, name, value = own.get("type", "text"), own.get("name", ""), html.unescape(own.get("value", ""))
        if not name or kind == "file" or own.get("tabindex") == "-1":
            continue
        if kind in ("hidden", "radio", "checkbox") or value:
            yield name, value
        elif kind == "email":
            yield name, "crawler@example.jp"
        elif name != "order_number":
            yield name, ""
    for name in re.findall(r'<textarea[^>]*name="([^"]*)"', body):
        yield name, "届いた皿が割れていました。どうすればよいですか"
    for name in re.findall(r'<select[^>]*name="([^"]*)"', body):
        yield name, ""


def links(text: str) -> Iterator[str]:
    for found in re.findall(r'<a [^>]*href="([^"#]*)', text):
        parts = urlsplit(html.unescape(found))
        if parts.scheme or parts.netloc or not parts.path.startswith("/") or _ELSEWHERE.match(parts.path):
            continue
        query = urlencode(
            [(name, value) for name, value in parse_qsl(parts.query) if name not in ("lang", "next", "back")]
        )
        yield parts.path + (f"?{query}" if query else "")


class Crawl:
    """`ends`: how each way that begins a contact ended."""

    def __init__(self, counter: FormCounter, who: Writer) -> None:
        self.counter = counter
        self.who = who
        self.seen: set[str] = set()
        self.shapes: set[str] = set()
        self.ends: dict[str, str] = {}
        self.loose: list[str] = []
        self._pages: deque[str] = deque(["/"])
        self._presses: deque[Press] = deque()

    def run(self) -> Crawl:
        while self._pages or self._presses:
            if self._pages:
                self._look(self._pages.popleft())
            else:
                self._press(self._presses.popleft())
            assert len(self.seen) < MOST, "the pages have no end"
        return self

    def _look(self, address: str) -> None:
        shape = _IDS.sub("*", address)
        if address in self.seen or (shape != address and shape in self.shapes):
            return
        self.seen.add(address)
        self.shapes.add(shape)
        self.who.get(address)
        assert self.who.answer.status_code in (200, 422), (address, self.who.answer.status_code)
        self._take(address)

    def _press(self, press: Press) -> None:
        if press.shape in self.shapes:
            return
        self.shapes.add(press.shape)
        self.who.answer = self.who.client.post(press.action, data=dict(press.fields))
        status, path = self.who.answer.status_code, urlsplit(self.who.path).path
        if status == 404 and "/contacts/" in press.action:
            return  # it was ended by an earlier press of this crawl
        assert status in (200, 409, 422), (press, status, self.who.text[:1000])
        if status == 422:
            assert self.who.errors, (press, "refused without a word")
        end = self._end(path)
        if end:
            self.ends[press.shape] = end
        elif (
            status == 200
            and not any(True for _ in presses(path, self.who.answer.text))
            and "/help/" in press.action
        ):
            self.loose.append(press.shape)
        self._take(self.who.path)

    def _take(self, address: str) -> None:
        text = self.who.answer.text
        self._pages.extend(each for each in links(text) if each not in self.seen)
        self._presses.extend(presses(address, text))

    def _end(self, path: str) -> str:
        talk = re.match(r"/contacts/(con_\w+)", path)
        if path.startswith("/help/form/sent/"):
            assert self.who.number
            return "case"
        if not talk:
            return ""
        self.counter.think(talk[1])
        try:
            seen = self.counter.house.database.read(queries.get, talk[1])
        except NotFound:
            return "nothing"
        if seen.case_id is None:
            return "nothing"
        if seen.owner_kind in ("queue", "agent"):
            return "queue"
        said = [each for each in self.counter.entries(seen.id) if each.kind == events.MESSAGE]
        return "answer" if any(each.author_kind == "assistant" for each in said) else "nothing"


@pytest.mark.req("CH-053")
@pytest.mark.parametrize("who", ["visitor", "customer"])
def test_every_way_from_the_start_page_ends_in_answer_queue_or_case(
    counter: FormCounter, signed_in: SignsIn, who: str
) -> None:
    person = counter.writer() if who == "visitor" else signed_in(cast.MISAKI)
    crawl = Crawl(counter, person).run()
    assert set(crawl.ends.values()) <= _ENDS, {k: v for k, v in crawl.ends.items() if v not in _ENDS}
    assert set(crawl.ends.values()) == _ENDS
    assert crawl.loose == []
    began = " ".join(crawl.ends)
    for way in ("/contacts ", "way=person", "/help/form/send", "/help/form/chat"):
        assert way in began, (way, sorted(crawl.ends))
    if who == "visitor":  # what waits for its address ends in a case too
        person.get(link_in(counter.mails_to("crawler@example.jp")[0]))
        person.send("/help/form/confirm", mine=counter.waiting()[0].id)
        assert "C-" in person.text
        assert counter.contacts()[0].owner_kind == "queue"
