"""`madoguchi privacy`: a copy, erasure that shows first, holds, and the report."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from madoguchi.building import build_house
from madoguchi.cli import app
from madoguchi.connectors.embedded.demo import cast
from madoguchi.connectors.embedded.demo.load import load_demo
from madoguchi.counter.actors import Actor, Rung
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.customers import queries as customers
from madoguchi.engine.database import Transaction
from madoguchi.engine.settings import Settings

pytestmark = pytest.mark.req("PRIV-004", "PRIV-005")
WORDS = "秘密の合言葉ぬるぽ"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("MADOGUCHI_DATA__FOLDER", str(tmp_path / "data"))
    house = build_house(Settings.load(None))
    load_demo(house.database, house.database.clock())

    def write(tx: Transaction) -> None:
        found = customers.by_shop_ref(tx, cast.MISAKI)
        assert found is not None
        by = Actor(kind="customer", id="vis_1", customer_id=found.id, rung=Rung.SIGNED_IN)
        opened = contacts.open_contact(tx, actor=by, channel="chat", language="ja")
        contacts.say(tx, opened.id, actor=by, text=WORDS, client_key="1")

    house.database.write(write)
    house.database.close()
    yield tmp_path


def run(*words: str, ends: int = 0) -> str:
    told = CliRunner().invoke(app, ["privacy", *words])
    assert told.exit_code == ends, told.output
    return told.output


def holds(folder: Path) -> bool:
    return any(WORDS.encode() in path.read_bytes() for path in (folder / "data").rglob("*") if path.is_file())


def test_a_copy_is_written_for_its_reader_only(folder: Path) -> None:
    target = folder / "copy.zip"
    assert "sha256" in run("export", cast.MISAKI, "--to", str(target))
    assert target.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(target) as archive:
        assert WORDS in archive.read("records/ledger_entry.jsonl").decode()
    assert not list((folder / "data" / "files").rglob("file_*")), "no second copy stays behind"


def test_erasure_shows_first_and_a_hold_refuses_it(folder: Path) -> None:
    assert "Nothing was erased" in run("erase", cast.MISAKI) and holds(folder)
    held = run("hold", "--customer", cast.MISAKI, "--reason", "court").split()[0]
    run("erase", cast.MISAKI, "--yes", ends=1)
    assert holds(folder)
    run("hold", "--lift", held)
    done = json.loads(run("erase", cast.MISAKI, "--yes").splitlines()[-1])
    assert done["state"] == "done" and done["counts"]["contact"] == {"erased": 1} and not holds(folder)


def test_an_unknown_customer_is_said(folder: Path) -> None:
    assert "no such customer" in run("export", "C999999", ends=2)


def test_the_report_of_a_round(folder: Path) -> None:
    run("report", "--run")
    told = json.loads(run("report", "--json"))
    assert told["digest"] and told["held"] == {"cases": 0, "customers": 0}
