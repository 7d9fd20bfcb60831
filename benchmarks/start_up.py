"""How long the counter takes from `madoguchi serve` on an existing data folder to its first page, and for what.

Each start is a new process on the same folder; the clock stops when /help has been answered. `least_cpu_s` is the
processor time that the process had used by then, which other work on the machine disturbs least. One start is taken
apart by `python -X importtime`: the modules that cost most, in milliseconds, with all that they import. Compiled
modules are kept, as in every installation, whatever the environment says.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from madoguchi.cli.dev.torture.server import Server

ASK = "import madoguchi.cli.running"
HEAVY = (
    "madoguchi.cli.running",
    "madoguchi.app",
    "numpy",
    "reportlab",
    "PIL",
    "alembic",
    "babel",
    "phonenumbers",
    "sqlalchemy",
    "pydantic",
    "fastapi",
    "uvicorn",
    "httpx",
    "psycopg",
    "jinja2",
    "rich",
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--starts", type=int, default=7)
    options.add_argument("--json", action="store_true", help="only the JSON line")
    chosen = options.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory(prefix="madoguchi-benchmark-") as folder:
        starts = [_start(Path(folder)) for _ in range(chosen.starts + 1)][1:]
    seconds = [wall for wall, _ in starts]
    found = {
        "benchmark": "start_up",
        "starts": len(seconds),
        "median_s": round(statistics.median(seconds), 2),
        "best_s": round(min(seconds), 2),
        "worst_s": round(max(seconds), 2),
        "least_cpu_s": round(min(cpu for _, cpu in starts), 2),
        "import_ms": _imports(),
        "understander_ms": _understander(),
    }
    if not chosen.json:
        print(
            f"first page after {found['median_s']} s (best {found['best_s']} s, processor {found['least_cpu_s']} s)"
        )
    print(json.dumps(found))


def _start(folder: Path) -> tuple[float, float]:
    """Seconds on the wall, and of the processor."""
    server = Server(folder)
    try:
        return server.start(), _processor(server.pid)
    finally:
        server.stop()


def _processor(pid: int) -> float:
    """Seconds of processor time that a process has used (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _imports() -> dict[str, int]:
    """Package → milliseconds that importing it cost, its own imports included."""
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", ASK], capture_output=True, text=True, check=True
    ).stderr
    found: dict[str, int] = {}
    for row in told.splitlines():
        _, _, rest = row.partition("import time:")
        parts = [part.strip() for part in rest.split("|")]
        if len(parts) == 3 and parts[2] in HEAVY:
            found[parts[2]] = round(int(parts[1]) / 1000)
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def _understander() -> int:
    """Milliseconds of `Understander.load`, in a fresh process, without its imports."""
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import time\nfrom madoguchi.assistant.understanding import Understander\n"
            "began = time.perf_counter()\nUnderstander.load('')\nprint(time.perf_counter() - began)",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return round(float(told) * 1000)


if __name__ == "__main__":
    main()
