"""Installed from a wheel, far from the checkout, the whole house is there: every file, page, talk and desk of it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import httpx
import pytest

from madoguchi.connectors.embedded.demo import cast
from tests.stories.conftest import Counter, running
from tests.stories.desk_people import Customer, sign_in

CHECKOUT = Path(__file__).parents[2]
FOR_CUSTOMERS = (
    "/",
    "/demo/shop",
    "/help",
    "/help/contact",
    "/help/status",
    "/help/form",
    "/help/callback",
    "/widget.js",
    "/docs",
    "/api/v1/openapi.json",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=CHECKOUT, check=True, capture_output=True)
    [made] = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the wheel's files lie, as pip would put them."""
    site = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as opened:
        opened.extractall(site)
    return site


@pytest.mark.req("TECH-001")
def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    source = CHECKOUT / "src"
    ours = {
        str(path.relative_to(source))
        for path in (source / "madoguchi").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as opened:
        packed = {name for name in opened.namelist() if name.startswith("madoguchi/")}
    assert packed == ours


@pytest.mark.req("TECH-001")
def test_one_command_of_an_installed_house_opens_everything_without_a_paid_service(
    installed: Path, tmp_path: Path
) -> None:
    environment = {"PYTHONPATH": str(installed)}
    shown = subprocess.run(
        [sys.executable, "-c", "import madoguchi; print(madoguchi.__file__)"],
        env={**os.environ, **environment},
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert shown.stdout.strip() == str(installed / "madoguchi" / "__init__.py")
    with running(tmp_path, **environment) as counter:
        _pages_open(counter)
        _a_customer_is_answered_and_handed_over(counter)


def _pages_open(counter: Counter) -> None:
    with httpx.Client(base_url=counter.url, timeout=30, follow_redirects=True) as anybody:
        assert [path for path in FOR_CUSTOMERS if anybody.get(path).status_code != 200] == []
    lead = sign_in(counter.url, "yamada", counter.staff["yamada"], "ja")
    pages = httpx.Client(base_url=counter.url, cookies=lead.cookies, timeout=30)
    assert pages.get("/desk").status_code == 200
    linked = set(re.findall(r'href="(/console/[^"#?]+)"', pages.get("/console").text))
    assert len(linked) > 20
    assert {path: answer for path in linked if (answer := pages.get(path).status_code) != 200} == {}


def _a_customer_is_answered_and_handed_over(counter: Counter) -> None:
    customer = Customer(counter.url, cast.MISAKI)
    opened = customer.post(
        "/contacts", language="ja", text="注文した商品がまだ届きません", client_key="the first word"
    )
    customer.contact_id = opened["contact"]["id"]
    ends = time.monotonic() + 60
    while not any(entry["author"]["kind"] == "assistant" for entry in customer.sees()):
        assert time.monotonic() < ends, "the assistant is silent"
        time.sleep(0.1)
    customer.post(f"/contacts/{customer.contact_id}/hand-over", client_key="the second word")
    agent = sign_in(counter.url, "kato", counter.staff["kato"], "ja")
    while customer.contact()["owner"]["kind"] != "queue":
        assert time.monotonic() < ends, "nobody was asked for"
        time.sleep(0.1)
    waiting = agent.get("/desk/inbox").raise_for_status().json()["contacts"]
    assert customer.contact_id in [contact["id"] for contact in waiting]
