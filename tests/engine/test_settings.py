"""Settings: one file, overridden by the environment, unknown keys refused with the nearest name."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from madoguchi.cli.dev.settings_page import settings_page
from madoguchi.cli.house import settings_template
from madoguchi.engine.settings import Settings, SettingsError, known_keys


def test_an_unknown_key_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    file = tmp_path / "madoguchi.toml"
    file.write_text("[server]\nprot = 80\n", "utf-8")
    with pytest.raises(SettingsError, match=r"unknown setting `server\.prot`; did you mean `server\.port`\?"):
        Settings.load(file)


def test_a_wrong_value_names_the_key(tmp_path: Path) -> None:
    file = tmp_path / "madoguchi.toml"
    file.write_text("[server]\nport = 99999\n", "utf-8")
    with pytest.raises(SettingsError, match=r"`server\.port`"):
        Settings.load(file)


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "madoguchi.toml"
    file.write_text('[server]\nport = 8000\n[shop]\nname = "青空堂"\n', "utf-8")
    monkeypatch.setenv("MADOGUCHI_SERVER__PORT", "9000")
    settings = Settings.load(file)
    assert (settings.server.port, settings.shop.name) == (9000, "青空堂")


def test_every_key_says_what_it_is_for() -> None:
    assert all(len(description) >= 10 for description in known_keys().values())


def test_the_written_file_can_be_read_and_holds_every_key(tmp_path: Path) -> None:
    file = tmp_path / "madoguchi.toml"
    file.write_text(settings_template(tmp_path / "data"), "utf-8")
    assert Settings.load(file).data.folder == tmp_path / "data"
    uncommented = "\n".join(
        line.removeprefix("# ") if " = " in line and line.startswith("# ") and line[2:3].islower() else line
        for line in file.read_text("utf-8").splitlines()
    )
    names = {
        f"{section}.{key}"
        for section, keys in tomllib.loads(_without_prose(uncommented)).items()
        for key in keys
    }
    assert names == set(known_keys())


def _without_prose(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("#"))


def test_a_missing_file_tells_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="madoguchi init"):
        Settings.load(tmp_path / "none.toml")


def test_the_page_of_all_settings_is_up_to_date() -> None:
    page = Path(__file__).parents[2] / "docs" / "settings.md"
    assert page.read_text("utf-8") == settings_page()
