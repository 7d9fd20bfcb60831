"""The real server as a child process: `madoguchi serve` on a folder of its own, on the loopback, killable."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

NO_LIMITS = {
    "MADOGUCHI_LIMITS__MESSAGES_PER_MINUTE": "100000000",
    "MADOGUCHI_LIMITS__CONTACTS_PER_HOUR": "100000000",
    "MADOGUCHI_LIMITS__CONTACTS_PER_ADDRESS": "100000000",
    "MADOGUCHI_LIMITS__SESSIONS_PER_ADDRESS": "100000000",
}
START_S = 60.0


class Server:
    """One server on `folder`; it may be started again after `kill`, on the same port and data."""

    def __init__(self, folder: Path, *options: str, environment: Mapping[str, str] | None = None) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self._options = options
        self._environment = environment or {}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def database(self) -> Path:
        """The SQLite file that the server works on."""
        return self._folder / "madoguchi.db"

    def start(self) -> float:
        """Start it and wait for its first page; returns the seconds that this took. Raises RuntimeError."""
        began = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "madoguchi", "serve", "--data", str(self._folder), *self._listening()],
            cwd=self._folder,
            env={**os.environ, **NO_LIMITS, **self._environment},
            stdout=subprocess.DEVNULL,
            stderr=(self._folder / "server.log").open("ab"),
        )
        while time.monotonic() - began < START_S:
            try:
                with urllib.request.urlopen(f"{self.url}/help", timeout=5):
                    return time.monotonic() - began
            except OSError:
                if self._process.poll() is not None:
                    break
                time.sleep(0.01)
        raise RuntimeError(f"the server does not start: {(self._folder / 'server.log').read_text()[-2000:]}")

    def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()

    def post(self, path: str, body: dict[str, Any], token: str = "") -> dict[str, Any]:
        """POST JSON to the API. Raises OSError for any answer but a good one."""
        request = urllib.request.Request(
            f"{self.url}/api/v1{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        with urllib.request.urlopen(request, timeout=10) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def _listening(self) -> list[str]:
        return ["--host", "127.0.0.1", "--port", str(self.port), *self._options]
