"""Who sends slowly, endlessly or too much is cut off, and everybody else is served meanwhile. Over real sockets."""

from __future__ import annotations

import json
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn

from madoguchi.app import create_app
from madoguchi.faces.patience import patient
from madoguchi.faces.security import MESSAGE_BYTES
from tests.conftest import StillClock
from tests.faces.api.people import Counter

DEADLINE_S = 1


@pytest.fixture(scope="module")
def address(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """A counter behind the web server as `serve` runs it, with a deadline of one second."""
    folder = tmp_path_factory.mktemp("slow") / "data"
    shutil.copytree(filled, folder)
    counter = Counter(
        folder, StillClock(), server={"request_timeout_s": DEADLINE_S}, limits={"attachment_mb": 1}
    )
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        create_app(counter.house, work=False),
        http=patient(DEADLINE_S),
        ws="websockets-sansio",
        log_level="error",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield listening.getsockname()
    server.should_exit = True
    thread.join(10)


def _call(address: tuple[str, int]) -> socket.socket:
    return socket.create_connection(address, timeout=6)


def _rest(line: socket.socket) -> bytes:
    """Everything until the other side hangs up."""
    heard = b""
    try:
        while part := line.recv(65536):
            heard += part
    except ConnectionError:
        pass
    return heard


def _head(length: int, kind: str = "application/json") -> bytes:
    return (
        f"POST /api/v1/sessions/visitor HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\n"
        f"Accept-Language: en\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


def _problem(answer: bytes) -> tuple[bytes, str]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head
    assert b"connection: close" in head.lower()
    return head.split(b" ")[1], json.loads(body)["code"]


def test_a_body_that_drips_is_ended_at_the_deadline_though_every_byte_is_in_time(
    address: tuple[str, int],
) -> None:
    began = time.monotonic()
    with _call(address) as line:
        line.sendall(_head(1000))
        for _ in range(30):
            try:
                line.sendall(b" ")
            except OSError:
                break
            time.sleep(0.1)
            if time.monotonic() - began > 1.6:
                break
        assert _problem(_rest(line)) == (b"408", "too_slow")
    assert time.monotonic() - began < 4


@pytest.mark.parametrize("begin", [b"", b"GET /api/v1/shop HT", b"GET /api/v1/shop HTTP/1.1\r\nX-A: "])
def test_a_head_that_never_ends_is_cut(address: tuple[str, int], begin: bytes) -> None:
    began = time.monotonic()
    with _call(address) as line:
        line.sendall(begin)
        assert _rest(line) == b""
    assert 0.5 < time.monotonic() - began < 4


def test_a_head_that_drips_after_an_answered_request_is_cut_too(address: tuple[str, int]) -> None:
    with _call(address) as line:
        line.sendall(b"GET /api/v1/shop HTTP/1.1\r\nHost: x\r\n\r\n")
        assert line.recv(65536).startswith(b"HTTP/1.1 200")
        began = time.monotonic()
        line.sendall(b"GET /api/v1/sh")
        _rest(line)
    assert time.monotonic() - began < 4


def test_two_hundred_slow_callers_keep_nobody_out(address: tuple[str, int]) -> None:
    slow = [_call(address) for _ in range(200)]
    for line in slow:
        line.sendall(_head(1000) + b"{")
    try:
        began = time.monotonic()
        assert httpx.get(f"http://{address[0]}:{address[1]}/api/v1/shop", timeout=5).status_code == 200
        assert time.monotonic() - began < 2
    finally:
        for line in slow:
            line.close()


def test_a_body_that_says_it_is_too_large_is_not_even_read(address: tuple[str, int]) -> None:
    with _call(address) as line:
        line.sendall(_head(MESSAGE_BYTES + 1))
        assert _problem(_rest(line)) == (b"413", "too_large")


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x"])
def test_a_body_without_an_announced_length_is_cut_when_it_has_become_too_large(
    address: tuple[str, int], kind: str
) -> None:
    """Chunked: the limit counts what came, not what was said."""
    limit = MESSAGE_BYTES if kind.startswith("app") else 1_048_576 + 65_536
    sent = 0
    with _call(address) as line:
        head = f"POST /api/v1/sessions/visitor HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n"
        line.sendall(head.encode())
        try:
            while sent < limit + 4 * 65536:
                line.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")
                sent += 65536
        except OSError:
            pass
        answer = _rest(line)
    assert b"413" in answer[:20] or answer == b"", answer[:200]


def test_an_ordinary_caller_notices_nothing(address: tuple[str, int]) -> None:
    with httpx.Client(base_url=f"http://{address[0]}:{address[1]}/api/v1") as client:
        for _ in range(3):
            begun = client.post("/sessions/visitor", json={"language": "ja"})
            assert begun.status_code == 201
        headers = {"authorization": f"Bearer {begun.json()['token']}"}
        wish = {"text": "あ" * 4000, "client_key": "ordinary-caller"}
        assert client.post("/contacts", json=wish, headers=headers).status_code == 201
