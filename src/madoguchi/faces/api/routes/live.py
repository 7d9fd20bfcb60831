"""The live line: one WebSocket per screen that carries ledger rows after a cursor. Commands go by POST.

A screen says hello with its cursors and receives everything after them, then what comes. A missed wake-up costs
at most the heartbeat; what is sent is always read from the ledger. Typing and presence are not facts.

Who is at the other end is asked anew for every frame, in and out, and between them every two seconds where staff
look: a line whose session has ended sends nothing more and closes (S-16, ASVS 7.4.1).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from madoguchi.channels.chat.live import ASSISTANT
from madoguchi.counter.contacts import queries
from madoguchi.counter.problems import NotAllowed, NotFound, Problem, SignInNeeded
from madoguchi.counter.routing import attending, customer_presence
from madoguchi.counter.routing import presence as routing_presence
from madoguchi.counter.team import queries as team_queries
from madoguchi.engine.database import Transaction
from madoguchi.engine.stream import Waiter
from madoguchi.engine.texts import tr
from madoguchi.faces.api.problems import language_of, problem_body
from madoguchi.faces.api.routes.sessions import session_out
from madoguchi.faces.desk.inbox_feed import InboxFeed
from madoguchi.faces.entry_views import entries_out
from madoguchi.faces.house import House
from madoguchi.faces.principal import (
    Principal,
    find_principal,
    in_language,
    need,
    note_view,
    own_origins,
    principal_of,
    session_topic,
)
from madoguchi.faces.side_frames import SideFrames
from madoguchi.faces.views import contact_out

router = APIRouter()
HEARTBEAT_S = 20.0
STAFF_CHECK_S = 1.5
STAFF_QUIET_S = 12.0  # a desk says something every five seconds; one that does not is looked at by nobody
HELLO_S = 10.0
INBOX_PAUSE_S = 0.2
PAGE = 500
MAX_FRAME = 16_384
MAX_CONTACTS = 40
LAST_CURSOR = 2**31 - 1


@router.websocket("/live")
async def live(socket: WebSocket) -> None:
    house: House = socket.app.state.house
    if not _origin_allowed(socket, house):
        await socket.close(4403)
        return
    await socket.accept()
    try:
        await _serve(socket, house)
    except ValueError:
        await socket.close(4400)
    except (WebSocketDisconnect, RuntimeError):
        return


async def _serve(socket: WebSocket, house: House) -> None:
    try:
        frame = await asyncio.wait_for(_receive(socket), HELLO_S)
    except TimeoutError:
        await socket.close(4400)
        return
    token = frame.get("token")
    if isinstance(token, str) and token:
        found = await house.database.aread(find_principal, house, token, cookie=False)
        principal = None if found is None else in_language(socket, found)
    else:
        principal = await principal_of(socket)
    if principal is None:
        body = problem_body(language_of(socket), 401, "session_needed", {})
        await socket.send_json({"type": "problem", "problem": body})
        await socket.close(4401)
        return
    await Line(socket, house, principal).run(frame)


class Line:
    """One screen's live line."""

    def __init__(self, socket: WebSocket, house: House, principal: Principal) -> None:
        self._socket = socket
        self._house = house
        self._principal = principal
        self._actor = principal.actor
        self._side = "customer" if self._actor.kind == "customer" else self._actor.id
        self._cursors: dict[str, int] = {}
        self._stamps: dict[str, tuple[Any, ...]] = {}
        self._stop_typing: dict[str, Callable[[], None]] = {}
        self._zone = ZoneInfo(house.settings.shop.timezone)
        self._inbox = False
        self._inbox_at = 0.0
        self._inbox_wanted = False
        self._side_frames = SideFrames(house, self._actor, board=False, desk=False)
        self._whole_wanted = True
        self._feed = InboxFeed(house)
        self._heard_at = time.monotonic()
        self._aside = False
        self._typed: set[tuple[str, str]] = set()
        self._bell = Waiter(house.database.stream)
        self._loop = asyncio.get_running_loop()

    async def run(self, hello: dict[str, Any]) -> None:
        """Read and write until the screen goes, or its session ends. Raises ValueError for a frame that is none."""
        tasks: list[asyncio.Task[None]] = []
        try:
            await self._begin(hello)
            tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._write())]
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except (SignInNeeded, NotAllowed) as problem:
            await self._refuse(problem)
        finally:
            left = [contact_id for contact_id in list(self._cursors) if self._unwatch(contact_id)]
            self._bell.close()
            await self._note_gone(left)
            await _end(tasks)

    async def _begin(self, hello: dict[str, Any]) -> None:
        self._inbox = bool(hello.get("inbox")) and self._actor.kind == "agent"
        if self._inbox:
            need(self._principal, "contacts.read")
            self._bell.watch("inbox")
        board = bool(hello.get("board")) and self._actor.kind == "agent"
        if board:
            need(self._principal, "figures.read")
        self._side_frames = SideFrames(self._house, self._actor, board=board, desk=self._inbox)
        self._bell.watch(*self._side_frames.topics)
        if self._actor.kind == "agent":
            self._bell.watch(f"agent:{self._actor.id}")
        if self._principal.session is not None:
            self._bell.watch(session_topic(self._principal.session.token_hash))
        await self._send({"type": "welcome", "session": session_out(self._principal).model_dump(mode="json")})
        cursors = hello.get("contacts")
        for contact_id, cursor in list(cursors.items() if isinstance(cursors, dict) else [])[:MAX_CONTACTS]:
            await self._watch(str(contact_id), _cursor(cursor))

    async def _read(self) -> None:
        while True:
            frame = await _receive(self._socket)
            self._heard()
            await self._house.database.aread(self._still)
            kind = frame.get("type")
            contact_id = str(frame.get("contact", ""))
            if kind == "watch":
                await self._watch(contact_id, _cursor(frame.get("cursor", 0)))
                self._bell.ring()
            elif kind == "unwatch":
                if self._unwatch(contact_id):
                    await self._note_gone([contact_id])
            elif kind == "typing" and contact_id in self._cursors:
                staff = self._actor.kind == "agent"
                internal = staff and frame.get("internal") is True
                began = self._house.presence.typed(contact_id, self._side, internal=internal)
                if began and staff:
                    self._house.database.stream.wake(["inbox"])
            elif kind == "ping":
                await self._send({"type": "pong"})

    async def _write(self) -> None:
        due = True
        last_check = time.monotonic()
        while True:
            await self._house.database.aread(self._still)
            if due:
                await self._push_contacts()
                await self._push_inbox()
                for frame in await self._side_frames.frames():
                    await self._send(frame)
            await self._push_typing()
            rang = await self._bell.wait(self._pause())
            late = time.monotonic() - last_check > HEARTBEAT_S
            due = rang or late or self._inbox_late() or self._side_frames.late or self._people_moved()
            if late:
                last_check = time.monotonic()
                self._whole_wanted = True
                await self._heartbeat()
            if self._actor.kind == "agent" and time.monotonic() - self._heard_at > STAFF_QUIET_S:
                self._step_aside()

    def _still(self, tx: Transaction) -> Principal:
        """The one at the other end, as of now. Raises SignInNeeded when the session is over, NotAllowed by lost roles."""
        found = find_principal(tx, self._house, self._principal.token, cookie=self._principal.cookie)
        if found is None:
            raise SignInNeeded("session_needed")
        self._actor = replace(found.actor, language=self._principal.actor.language)
        if self._inbox:
            need(found, "contacts.read")
        if self._side_frames.shows_board:
            need(found, "figures.read")
        return found

    async def _refuse(self, problem: Problem) -> None:
        """Say why, then close; a screen that is gone already need not hear it."""
        body = problem_body(self._actor.language, problem.status, problem.code, problem.params)
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await self._send({"type": "problem", "problem": body})
            await self._socket.close(4401 if isinstance(problem, SignInNeeded) else 4403)

    def _pause(self) -> float:
        if self._inbox_late():
            return max(0.01, INBOX_PAUSE_S - (time.monotonic() - self._inbox_at))
        if self._side_frames.late:
            return self._side_frames.pause_s
        return STAFF_CHECK_S if self._actor.kind == "agent" else HEARTBEAT_S

    def _people_moved(self) -> bool:
        return self._inbox and self._feed.people_moved(self._actor.id)

    def _heard(self) -> None:
        """The screen is there: its agent is seen again where they look."""
        self._heard_at = time.monotonic()
        if self._aside:
            self._aside = False
            for contact_id in self._cursors:
                self._enter(contact_id)

    def _step_aside(self) -> None:
        """A screen that has fallen silent, asleep or cut off, shows nobody any more; its line may still come back."""
        if self._aside:
            return
        for contact_id in self._cursors:
            self._leave(contact_id)
        self._aside = True

    def _enter(self, contact_id: str) -> None:
        if not self._aside and self._house.presence.enter(contact_id, self._side):
            self._house.database.stream.wake(["inbox", f"contact:{contact_id}"])

    def _leave(self, contact_id: str) -> bool:
        """True when it was the last screen of this side."""
        if self._aside or not self._house.presence.leave(contact_id, self._side):
            return False
        self._house.database.stream.wake(["inbox", f"contact:{contact_id}"])
        return True

    def _inbox_late(self) -> bool:
        return self._inbox and self._inbox_wanted

    async def _heartbeat(self) -> None:
        if self._actor.kind == "agent":
            await self._house.database.awrite(routing_presence.heartbeat, self._actor.id)
        elif self._actor.kind == "customer" and self._cursors:
            await self._house.database.awrite(attending.come_to_people, list(self._cursors))

    async def _note_gone(self, contact_ids: list[str]) -> None:
        """The customer's last screens have closed: agents see it, also those of other processes (ux §5.9)."""
        if self._side == "customer" and contact_ids:
            await self._house.database.awrite(customer_presence.gone, contact_ids)

    async def _watch(self, contact_id: str, cursor: int) -> None:
        if contact_id in self._cursors or len(self._cursors) >= MAX_CONTACTS:
            return
        try:
            need(self._principal, "contacts.read")
            await self._house.database.aread(queries.visible, self._actor, contact_id)
        except Problem as error:
            await self._not_this_one(contact_id, error)
            return
        await note_view(self._house, self._principal, "contact", contact_id)
        self._cursors[contact_id] = cursor
        self._bell.watch(f"contact:{contact_id}")
        self._stop_typing[contact_id] = self._house.presence.on_typing(contact_id, self._on_typing)
        self._enter(contact_id)
        if self._side == "customer":
            await self._house.database.awrite(attending.come_to_people, [contact_id])

    async def _not_this_one(self, contact_id: str, error: Problem) -> None:
        body = problem_body(self._actor.language, error.status, error.code, error.params)
        await self._send({"type": "problem", "contact": contact_id, "problem": body})

    def _unwatch(self, contact_id: str) -> bool:
        """True when it was the last screen of this side."""
        if self._cursors.pop(contact_id, None) is None:
            return False
        self._bell.unwatch(f"contact:{contact_id}")
        self._stamps.pop(contact_id, None)
        self._stop_typing.pop(contact_id)()
        return self._leave(contact_id)

    async def _push_contacts(self) -> None:
        for contact_id in list(self._cursors):
            more = True
            while more:
                seen = self._cursors.get(contact_id)
                try:
                    frame, more = await self._house.database.aread(self._frame, contact_id)
                except NotFound as error:  # it was theirs when they began to watch, and is no more
                    self._unwatch(contact_id)
                    await self._not_this_one(contact_id, error)
                    break
                if frame is None:
                    break
                await self._send(frame)
                if self._cursors.get(contact_id) != seen:  # let go, or watched anew, while it was sent
                    self._stamps.pop(contact_id, None)
                    break
                self._cursors[contact_id] = frame["cursor"]

    def _frame(self, tx: Transaction, contact_id: str) -> tuple[dict[str, Any] | None, bool]:
        """What this screen has not seen of one contact; None when nothing is new. The flag: there is more."""
        cursor = self._cursors.get(contact_id)
        if cursor is None:
            return None, False
        need(self._still(tx), "contacts.read")
        contact = queries.visible(tx, self._actor, contact_id)
        viewers = self._house.presence.viewers(contact_id)
        stamp = (
            contact.updated_at,
            contact.owner_version,
            contact.customer_seen_seq,
            contact.agent_seen_seq,
            *viewers,
        )
        if contact.last_seq <= cursor and self._stamps.get(contact_id) == stamp:
            return None, False
        internal = self._actor.kind != "customer"
        found = queries.entries(tx, contact_id, after=cursor, limit=PAGE, internal=internal)
        more = len(found) == PAGE
        view = contact_out(
            tx, self._actor, contact, self._actor.language, present="customer" in viewers, timezone=self._zone
        ).model_dump(mode="json")
        if self._actor.kind == "agent":
            view["viewers"] = [
                {"id": who, "name": team_queries.display_name(tx, who)}
                for who in viewers
                if who not in ("customer", self._actor.id)
            ]
        self._stamps[contact_id] = stamp
        shown = entries_out(tx, self._actor, contact, found, self._actor.language, zone=self._zone)
        return {
            "type": "entries",
            "contact": view,
            "entries": [entry.model_dump(mode="json") for entry in shown],
            "cursor": found[-1].seq if more else max(contact.last_seq, cursor),
        }, more

    async def _push_inbox(self) -> None:
        if not self._inbox:
            return
        if time.monotonic() - self._inbox_at < INBOX_PAUSE_S:
            self._inbox_wanted = True
            return
        self._inbox_wanted = False
        self._inbox_at = time.monotonic()
        read = self._feed.whole if self._whole_wanted else self._feed.news
        self._whole_wanted = False
        view = await self._house.database.aread(read, self._actor)
        if view is not None:
            await self._send({"type": "inbox", **view})

    def _on_typing(self, contact_id: str, who: str, internal: bool) -> None:
        """From any thread, because the assistant thinks in one of its own."""
        if who != self._side and not (internal and self._side == "customer"):
            with contextlib.suppress(RuntimeError):  # the loop has closed: nobody looks any more
                self._loop.call_soon_threadsafe(self._typed.add, (contact_id, who))
            self._bell.ring()

    async def _push_typing(self) -> None:
        typed = list(self._typed)
        self._typed.clear()
        for contact_id, who in typed:
            if who == ASSISTANT:
                await self._push_speech(contact_id)
                continue
            name = ""
            if who != "customer":
                name = await self._house.database.aread(team_queries.display_name, who)
            author = {
                "kind": "customer" if who == "customer" else "agent",
                "id": "" if who == "customer" else who,
            }
            author["name"] = name or tr(self._actor.language, "Customer")
            await self._send({"type": "typing", "contact": contact_id, "author": author})

    async def _push_speech(self, contact_id: str) -> None:
        """The beginning of the assistant's answer, while the contact is still its own."""
        if contact_id not in self._cursors:
            return
        try:
            seen = await self._house.database.aread(queries.visible, self._actor, contact_id)
        except NotFound:
            return
        text = self._house.presence.speech(contact_id)
        if text and seen.owner_kind == "assistant":
            author = {"kind": "assistant", "id": "", "name": tr(self._actor.language, "AI assistant")}
            await self._send({"type": "typing", "contact": contact_id, "author": author, "text": text})

    async def _send(self, frame: dict[str, Any]) -> None:
        await self._socket.send_text(json.dumps(frame, ensure_ascii=False, separators=(",", ":")))


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    """Stop them and look at their ends, so that none is reported as forgotten."""
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)
    for task in tasks:
        if not task.cancelled():
            task.exception()


async def _receive(socket: WebSocket) -> dict[str, Any]:
    """The next frame. Raises ValueError for anything that is not a small JSON object."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1000))
    text = message.get("text")
    if text is None or len(text) > MAX_FRAME:
        raise ValueError("not a text, or too large")
    try:
        frame = json.loads(text)
    except RecursionError as error:
        raise ValueError("too deep") from error
    if not isinstance(frame, dict):
        raise ValueError("not an object")
    return frame


def _cursor(value: Any) -> int:
    """Raises ValueError for anything that is not a place in a ledger."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LAST_CURSOR:
        raise ValueError("not a cursor")
    return value


def _origin_allowed(socket: WebSocket, house: House) -> bool:
    """Browsers say where a page came from; only our own pages and the shop's may connect (ASVS 4.4.2)."""
    origin = socket.headers.get("origin")
    if origin is None:
        return True
    return origin in own_origins(socket) or origin in house.settings.server.widget_origins
