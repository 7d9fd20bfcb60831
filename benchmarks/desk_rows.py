"""Whether the agents' desk stays smooth: 300 rows in the inbox, 20 of them changed each second over the real live line.

The real server with its demonstration in a process of its own, a real Chromium with one desk open in the view of those
who wait, a customer's program that says 20 words a second in turn in all contacts. In each round the desk is watched
first in peace, then under changes, and in both an arrow key moves through the rows four times a second: so the idle
desk of the same round is what the busy one is compared with.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page, sync_playwright

PER_SECOND = 20
LONG_FRAME_MS = 50
WATCH = """(seconds) => new Promise((done) => {
  const frames = [], inputs = [], tasks = [];
  const long = new PerformanceObserver((list) => tasks.push(...list.getEntries().map((one) => one.duration)));
  long.observe({ type: 'longtask' });
  const list = document.getElementById('desk-list');
  list.focus();
  let rows = 0;
  const badge = (one) => one.target.parentElement?.closest('.badge') ?? [...one.addedNodes].find((node) => node.matches?.('.badge'));
  const drawn = new MutationObserver((changes) => {
    rows += new Set(changes.map((one) => badge(one)?.closest('[data-contact]')).filter(Boolean)).size;
  });
  drawn.observe(list, { subtree: true, childList: true, characterData: true });
  let last = performance.now(), down = true;
  const press = setInterval(() => {
    const began = performance.now();
    list.dispatchEvent(new KeyboardEvent('keydown', { key: down ? 'ArrowDown' : 'ArrowUp', bubbles: true, cancelable: true }));
    down = Math.random() < 0.8;
    requestAnimationFrame(() => setTimeout(() => inputs.push(performance.now() - began)));
  }, 250);
  const end = last + seconds * 1000;
  const frame = (now) => {
    frames.push(now - last);
    last = now;
    if (now < end) return requestAnimationFrame(frame);
    clearInterval(press);
    long.disconnect();
    drawn.disconnect();
    done({ frames, inputs, tasks, rows: [rows / seconds] });
  };
  requestAnimationFrame(frame);
})"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=300)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--seconds", type=int, default=8, help="of each half of a round")
    options.add_argument("--json", action="store_true", help="only the JSON line")
    chosen = options.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="madoguchi-benchmark-") as folder,
        demonstration(Path(folder)) as (url, staff),
    ):
        token, contacts = asyncio.run(fill(url, chosen.rows))
        halves = watch(url, staff, token, contacts, chosen.rounds, chosen.seconds)
    found = {
        "benchmark": "desk_rows",
        "rows": len(contacts),
        "changes_per_second": PER_SECOND,
        **summary(halves),
    }
    if not chosen.json:
        print(
            f"{found['rows']} rows: a frame takes {found['busy_frame_p95_ms']} ms under changes (95 %), "
            f"{found['idle_frame_p95_ms']} ms in peace; a key {found['busy_key_p95_ms']} and {found['idle_key_p95_ms']} ms"
        )
    print(json.dumps(found))


@contextmanager
def demonstration(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Its address, and the passwords of its staff."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    days = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
    environment = {
        **os.environ,
        "MADOGUCHI_DEMO__PAST": "false",
        "MADOGUCHI_LIMITS__CONTACTS_PER_HOUR": "100000",
        "MADOGUCHI_LIMITS__CONTACTS_PER_ADDRESS": "100000",
        "MADOGUCHI_LIMITS__MESSAGES_PER_MINUTE": "100000",
        **{f"MADOGUCHI_HOURS__{day}": "00:00-24:00" for day in days},
    }
    command = ["-m", "madoguchi", "demo", "--port", str(port), "--no-browser", "--data", str(folder / "data")]
    process = subprocess.Popen(
        [sys.executable, *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd=folder,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(1200):
            try:
                httpx.get(f"{url}/api/v1/shop", timeout=2).raise_for_status()
                break
            except httpx.HTTPError:
                time.sleep(0.2)
        yield url, json.loads((folder / "data" / "demo-staff.json").read_text("utf-8"))
    finally:
        process.terminate()
        process.wait(30)


async def fill(url: str, rows: int) -> tuple[str, list[str]]:
    """A customer's token, and so many contacts of theirs that wait for a person."""
    async with httpx.AsyncClient(base_url=f"{url}/api/v1", timeout=60) as client:
        token = (await client.post("/sessions/visitor", json={"language": "ja"})).json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        contacts = []
        for number in range(rows):
            opening = {"language": "ja", "text": "", "client_key": f"opening-{number:06d}"}
            opened = await client.post("/contacts", json=opening)
            contact_id = opened.raise_for_status().json()["contact"]["id"]
            asked = await client.post(
                f"/contacts/{contact_id}/hand-over", json={"client_key": f"person-{number:06d}"}
            )
            asked.raise_for_status()
            contacts.append(contact_id)
    return token, contacts


def watch(
    url: str, staff: dict[str, str], token: str, contacts: list[str], rounds: int, seconds: int
) -> list[tuple[str, dict[str, list[float]]]]:
    """(idle | busy, what the page measured), in the order of the rounds."""
    with sync_playwright() as playwright:
        path = os.environ.get("MADOGUCHI_TEST_CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(
            base_url=url, locale="ja-JP", viewport={"width": 1280, "height": 860}
        ).new_page()
        sign_in(page, staff)
        page.wait_for_function(
            f"() => document.querySelectorAll('#desk-list [role=option]').length >= {len(contacts)}"
        )
        halves = []
        for turn in range(rounds):
            halves.append(("idle", page.evaluate(WATCH, seconds)))
            talker = talking(url, token, contacts, seconds + 2, turn)
            time.sleep(1)
            halves.append(("busy", page.evaluate(WATCH, seconds)))
            if talker.wait(60):
                raise RuntimeError("the customer's program broke off: nothing was measured")
        browser.close()
    return halves


def sign_in(page: Page, staff: dict[str, str]) -> None:
    page.goto("/desk")
    page.locator("input[name=login]").fill("mori")
    page.locator("input[name=password]").fill(staff["mori"])
    page.keyboard.press("Enter")
    page.locator("#desk-list").wait_for()
    page.locator(".views button").nth(1).click()


def talking(url: str, token: str, contacts: list[str], seconds: int, turn: int) -> subprocess.Popen[bytes]:
    """The customer's program, in a process of its own, so that it takes no time from the browser's driver."""
    wish = json.dumps({"url": url, "token": token, "contacts": contacts, "seconds": seconds, "turn": turn})
    code = "import asyncio, json, sys; from benchmarks.desk_rows import talk; asyncio.run(talk(json.load(sys.stdin)))"
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, cwd=Path(__file__).parents[1]
    )
    assert process.stdin is not None
    process.stdin.write(wish.encode())
    process.stdin.close()
    return process


async def talk(wish: dict[str, Any]) -> None:
    """Twenty words a second, whatever the answers take."""
    headers = {"Authorization": f"Bearer {wish['token']}"}
    async with httpx.AsyncClient(base_url=f"{wish['url']}/api/v1", headers=headers, timeout=30) as client:
        began, said = time.monotonic(), []
        for number in range(wish["seconds"] * PER_SECOND):
            await asyncio.sleep(max(0.0, began + number / PER_SECOND - time.monotonic()))
            contact_id = wish["contacts"][(number * 7) % len(wish["contacts"])]
            words = {"text": f"まだですか {number}", "client_key": f"word-{wish['turn']:03d}-{number:06d}"}
            said.append(asyncio.create_task(client.post(f"/contacts/{contact_id}/entries", json=words)))
        for answer in await asyncio.gather(*said):
            answer.raise_for_status()


def summary(halves: list[tuple[str, dict[str, list[float]]]]) -> dict[str, Any]:
    """Medians of the rounds, and the ratio of each busy half to the idle half before it."""
    found: dict[str, Any] = {}
    for kind in ("idle", "busy"):
        rounds = [measured for name, measured in halves if name == kind]
        found[f"{kind}_frame_p95_ms"] = middle([percentile(each["frames"], 95) for each in rounds])
        found[f"{kind}_key_p95_ms"] = middle([percentile(each["inputs"], 95) for each in rounds])
        found[f"{kind}_long_frames_percent"] = middle(
            [
                100 * sum(frame > LONG_FRAME_MS for frame in each["frames"]) / len(each["frames"])
                for each in rounds
            ]
        )
        found[f"{kind}_long_tasks_ms"] = middle([sum(each["tasks"]) for each in rounds])
    found["rows_drawn_per_second"] = middle(
        [measured["rows"][0] for name, measured in halves if name == "busy"]
    )
    pairs = list(zip(halves[::2], halves[1::2], strict=True))
    for name, key in (("frame", "frames"), ("key", "inputs")):
        ratios = [percentile(busy[1][key], 95) / percentile(idle[1][key], 95) for idle, busy in pairs]
        found[f"{name}_ratio"] = round(statistics.median(ratios), 2)
    return found


def percentile(values: list[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def middle(values: list[float]) -> float:
    return round(statistics.median(values), 1)


if __name__ == "__main__":
    main()
