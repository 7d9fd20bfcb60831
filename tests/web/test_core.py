"""The front end's own proofs, where Node and its packages are at hand: core's tests, types, and that the build is fresh."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

import madoguchi

WEB = Path(__file__).parents[2] / "web"
STATIC = Path(madoguchi.__file__).parent / "static"

pytestmark = pytest.mark.skipif(
    shutil.which("npm") is None or not (WEB / "node_modules").is_dir(),
    reason="needs Node and `npm ci` in web/",
)


def npm(*arguments: str) -> str:
    done = subprocess.run(
        ["npm", "run", "--silent", *arguments], cwd=WEB, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_core_keeps_order_resumes_and_never_says_twice() -> None:
    npm("test")


@pytest.mark.parametrize("mode", ["loader", "panel"])
def test_the_committed_scripts_are_built_from_the_sources(mode: str, tmp_path: Path) -> None:
    npm("vite", "--", "build", "--mode", mode, "--outDir", str(tmp_path), "--logLevel", "error")
    built = sorted(tmp_path.glob("*.js"))
    assert built
    stale = [path.name for path in built if path.read_bytes() != (STATIC / path.name).read_bytes()]
    assert stale == [], "run `npm run build` in web/ and commit"
