"""What is stored, unreadable without its key: database, files and backups; and the way there and back (PRIV-001)."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from typer.testing import CliRunner

from madoguchi.building import build_house, indexer_of
from madoguchi.cli import app
from madoguchi.counter.actors import Actor
from madoguchi.counter.contacts import queries
from madoguchi.counter.contacts import service as contacts
from madoguchi.counter.search.finding import find
from madoguchi.counter.search.query import parse
from madoguchi.counter.search.rows import Filters
from madoguchi.engine.files import FileStore
from madoguchi.engine.opening import open_database
from madoguchi.engine.sealing import BLOCK, Seal, is_sealed
from madoguchi.engine.settings import Settings, SettingsError

KEY, OTHER = "a1" * 32, "b2" * 32
WORDS = "目印の言葉、荷物が届きません"
FILE = b"a picture of a broken cup" * 40


def settings(folder: Path, key: str = "") -> Settings:
    return Settings.load(None, data={"folder": folder, "encryption_key": key})


def talk(chosen: Settings) -> tuple[str, str]:
    """A house in which somebody has said something and sent a file: the contact and the file's key."""
    house = build_house(chosen)
    actor = Actor(kind="customer", id="vis_1")
    opened = house.database.write(
        lambda tx: contacts.open_contact(tx, actor=actor, channel="chat", language="ja")
    )
    house.database.write(
        lambda tx: contacts.say(tx, opened.id, actor=actor, text=WORDS, client_key="said-0001")
    )
    key = house.files.put(FILE)
    house.database.close()
    return opened.id, key


def read(chosen: Settings, contact_id: str, key: str) -> tuple[list[str], bytes]:
    house = build_house(chosen)
    entries = house.database.read(queries.entries, contact_id)
    found = [str(entry.body.get("text")) for entry in entries if entry.body.get("text")], house.files.get(key)
    house.database.close()
    return found


def found(chosen: Settings, words: str) -> list[str]:
    """In which contacts staff find these words."""
    house = build_house(chosen)
    indexer_of(house).catch_up()
    staff = Actor(kind="agent", id="agt_1", roles=frozenset({"agent"}))
    page = house.database.read(find, staff, parse(words), Filters(), limit=5)
    house.database.close()
    return [each.contact.id for each in page.found]


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.req("PRIV-001", "TECH-008")
def test_nothing_that_was_said_or_sent_can_be_read_from_the_disk(tmp_path: Path) -> None:
    plain, sealed = tmp_path / "plain", tmp_path / "sealed"
    talk(settings(plain))
    assert WORDS.encode() in everything(plain) and FILE in everything(plain)
    contact_id, key = talk(settings(sealed, KEY))
    for secret in (WORDS.encode(), FILE, b"CREATE TABLE", b"vis_1", KEY.encode()):
        assert secret not in everything(sealed)
    assert read(settings(sealed, KEY), contact_id, key) == ([WORDS], FILE)


def test_another_key_and_no_key_are_told_in_words(tmp_path: Path) -> None:
    talk(settings(tmp_path, KEY))
    with pytest.raises(SettingsError, match="cannot be opened with this key"):
        open_database(settings(tmp_path, OTHER))
    with pytest.raises(SettingsError, match="the database is encrypted"):
        open_database(settings(tmp_path))


def test_a_key_from_a_file_is_the_same_key_and_a_bad_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY + "\n")
    chosen = Settings.load(None, data={"folder": tmp_path, "encryption_key_file": tmp_path / "key"})
    seal = Seal.of(chosen)
    assert seal is not None and seal.database_key == Seal(KEY).database_key
    for bad in ("short", "zz" * 32, KEY + "00"):
        with pytest.raises(SettingsError, match="64 hexadecimal"):
            Seal(bad)


def sealed(seal: Seal, content: bytes, name: str = "file_a") -> bytes:
    blocks = [content[start : start + BLOCK] for start in range(0, len(content), BLOCK)]
    return b"".join(seal.seal(blocks, name))


def opened(seal: Seal, stored: bytes, name: str = "file_a") -> bytes:
    return b"".join(seal.open(io.BytesIO(stored), name))


@given(st.binary(max_size=3000))
@example(bytes(BLOCK))
@example(b"x" * (2 * BLOCK + 1))
def test_what_is_sealed_opens_to_the_same_and_never_looks_the_same_twice(content: bytes) -> None:
    seal = Seal(KEY)
    stored = sealed(seal, content)
    assert opened(seal, stored) == content
    assert is_sealed(stored) and stored != sealed(seal, content)


@given(st.integers(min_value=0), st.integers(1, 255))
def test_a_changed_byte_another_name_or_another_key_opens_nothing(place: int, change: int) -> None:
    seal = Seal(KEY)
    stored = bytearray(sealed(seal, FILE))
    with pytest.raises(ValueError, match="file_b"):
        opened(seal, bytes(stored), "file_b")
    with pytest.raises(ValueError, match="file_a"):
        opened(Seal(OTHER), bytes(stored))
    head = len(sealed(seal, b"")) - 16 - 8
    stored[head + place % (len(stored) - head)] ^= change
    with pytest.raises(ValueError, match="file_a"):
        opened(seal, bytes(stored))


def test_blocks_that_are_missing_swapped_or_cut_off_are_noticed() -> None:
    seal = Seal(KEY)
    head, *blocks = seal.seal([b"a" * BLOCK, b"b" * BLOCK, b"c" * 9], "file_a")
    assert opened(seal, b"".join([head, *blocks])).endswith(b"c" * 9)
    first, second, last = blocks
    for wrong in ([first, second], [first], [], [second, first, last], [first, last], [last]):
        with pytest.raises(ValueError, match="file_a"):
            opened(seal, b"".join([head, *wrong]))


@pytest.mark.req("PRIV-001", "TECH-008")
def test_an_installation_goes_under_the_key_and_out_again_with_everything_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data"
    contact_id, key = talk(settings(folder))
    monkeypatch.setenv("MADOGUCHI_DATA__ENCRYPTION_KEY", KEY)
    told = CliRunner().invoke(app, ["encrypt", "--data", str(folder)])
    assert told.exit_code == 0, told.output
    assert WORDS.encode() not in everything(folder) and FILE not in everything(folder)
    assert read(settings(folder), contact_id, key) == ([WORDS], FILE)
    assert found(settings(folder), "荷物") == [contact_id], "the index has come along"
    again = CliRunner().invoke(app, ["encrypt", "--data", str(folder)])
    assert again.exit_code == 0 and "0 of 1 files" in again.output
    assert CliRunner().invoke(app, ["decrypt", "--data", str(folder)]).exit_code == 0
    monkeypatch.delenv("MADOGUCHI_DATA__ENCRYPTION_KEY")
    assert read(settings(folder), contact_id, key) == ([WORDS], FILE)


def test_a_database_in_use_is_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    talk(settings(tmp_path))
    house = build_house(settings(tmp_path))
    with house.database.engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        monkeypatch.setenv("MADOGUCHI_DATA__ENCRYPTION_KEY", KEY)
        # In another process: two libraries in one would not see each other's locks.
        command = [sys.executable, "-m", "madoguchi", "encrypt", "--data", str(tmp_path)]
        told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        connection.exec_driver_sql("ROLLBACK")
    assert told.returncode == 1 and "stop the counter" in told.stderr
    house.database.close()
    assert (tmp_path / "madoguchi.db").read_bytes().startswith(b"SQLite format 3")


@pytest.mark.req("PRIV-001", "TECH-008")
def test_a_backup_of_an_encrypted_counter_is_encrypted_and_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MADOGUCHI_DATA__ENCRYPTION_KEY", KEY)
    here, there = tmp_path / "here", tmp_path / "there"
    contact_id, key = talk(settings(here))
    backup = tmp_path / "backup.zip"
    told = CliRunner().invoke(app, ["backup", str(backup), "--data", str(here)])
    assert told.exit_code == 0 and "encryption_key" in told.output, told.output
    assert CliRunner().invoke(app, ["restore", str(backup), "--data", str(there)]).exit_code == 0
    assert WORDS.encode() not in everything(there)
    assert read(settings(there), contact_id, key) == ([WORDS], FILE)


def test_files_from_before_the_key_are_still_read_and_new_ones_are_sealed(tmp_path: Path) -> None:
    before = FileStore(tmp_path).put(FILE)
    store = FileStore(tmp_path, Seal(KEY))
    after = store.put(FILE)
    assert store.get(before) == store.get(after) == FILE
    assert [store.is_sealed(each) for each in (before, after)] == [False, True]
    with pytest.raises(ValueError, match="encrypted"):
        FileStore(tmp_path).get(after)
    assert sorted(store.stored()) == sorted([before, after])
