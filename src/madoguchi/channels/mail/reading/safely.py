"""Mails read in another process, bounded in memory and time (R-13 to R-15): what breaks it costs one mail's reading.

A mail on which the process dies is `Unreadable`, never an error of ours: it is filed with its raw bytes all the same.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import Literal, Self

from madoguchi.channels.mail.reading.mail import Mail
from madoguchi.channels.mail.reading.wire import unpacked
from madoguchi.channels.mail.reading.worker import LENGTH

SECONDS = 2.0  # of processor time for one mail
MEGABYTES = 640
_WAIT = 30.0  # seconds by the clock: a busy machine is no reason to give up
_LARGEST_ANSWER = 200 * 1_048_576


@dataclass(frozen=True)
class Unreadable:
    """A mail that could not be read. `reason`: it took too long, or the reader broke on it."""

    reason: Literal["too_long", "broken"]


class SafeReader:
    """Reads one mail at a time in its own process, which is started when it is needed and again when it has died."""

    def __init__(self, *, seconds: float = SECONDS, megabytes: int = MEGABYTES) -> None:
        self._command = [
            sys.executable,
            "-m",
            "madoguchi.channels.mail.reading.worker",
            str(seconds),
            str(megabytes),
        ]
        self._process: subprocess.Popen[bytes] | None = None
        self._one_at_a_time = threading.Lock()

    def read(self, raw: bytes, *, marker: str = "") -> Mail | Unreadable:
        with self._one_at_a_time:
            try:
                return unpacked(self._ask(raw, marker.encode()))
            except TimeoutError:
                self._end()
                return Unreadable("too_long")
            except (OSError, EOFError, ValueError):
                return Unreadable("too_long" if self._end() == -signal.SIGPROF else "broken")

    def processor_time(self) -> float:
        """Seconds of processor time that the process has used which reads now; 0 where there is none (Linux only)."""
        process = self._process
        if process is None or sys.platform != "linux":
            return 0.0
        try:
            return time.clock_gettime(
                (~process.pid << 3) | 2
            )  # the clock of another process, as the kernel names it
        except OSError:
            return 0.0

    def close(self) -> None:
        with self._one_at_a_time:
            self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, raw: bytes, marker: bytes) -> bytes:
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        for piece in (LENGTH.pack(len(marker)), marker, LENGTH.pack(len(raw)), raw):
            _write_all(process.stdin.fileno(), piece)
        by = time.monotonic() + _WAIT
        (length,) = LENGTH.unpack(_exactly(process.stdout.fileno(), LENGTH.size, by))
        if length > _LARGEST_ANSWER:
            raise ValueError("the answer is too long")
        return _exactly(process.stdout.fileno(), length, by)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
            )
        return self._process

    def _end(self) -> int | None:
        """Stop the process; its exit code."""
        process, self._process = self._process, None
        if process is None:
            return None
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            return process.wait(1)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()


def _write_all(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _exactly(descriptor: int, length: int, by: float) -> bytes:
    """So many bytes from a pipe until the moment `by`. Raises TimeoutError, EOFError."""
    pieces: list[bytes] = []
    missing = length
    while missing:
        ready, _, _ = select.select([descriptor], [], [], max(0.0, by - time.monotonic()))
        if not ready:
            raise TimeoutError
        piece = os.read(descriptor, min(missing, 1_048_576))
        if not piece:
            raise EOFError
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)
