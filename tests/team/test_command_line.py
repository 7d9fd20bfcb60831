"""`madoguchi users`, as an operator types it."""

from __future__ import annotations

from pathlib import Path

import pyotp
import pytest
from typer.testing import CliRunner, Result

from madoguchi.cli.users import app
from madoguchi.counter.team import service
from madoguchi.counter.team.workflow import SignInRefused, check_sign_in
from madoguchi.engine.database import Database
from madoguchi.engine.migrations import migrate

runner = CliRunner()


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "madoguchi.toml"
    path.write_text(f'[data]\nfolder = "{tmp_path}"\n', "utf-8")
    database = Database(f"sqlite:///{tmp_path / 'madoguchi.db'}")
    migrate(database)
    database.close()
    return path


def run(settings: Path, *words: str, typed: str = "") -> Result:
    return runner.invoke(app, [*words, "--settings", str(settings)], input=typed)


def made_password(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.output.split("shown only now: ")[1].strip()


def signs_in(settings: Path, login: str, password: str) -> bool:
    database = Database(f"sqlite:///{settings.parent / 'madoguchi.db'}")
    try:
        check_sign_in(database, login, password)
    except SignInRefused:
        return False
    finally:
        database.close()
    return True


def test_an_added_agent_signs_in_with_the_printed_password_until_disabled(settings: Path) -> None:
    added = run(
        settings,
        "add",
        "hana",
        "--name",
        "山田 花子",
        "--role",
        "agent",
        "--role",
        "supervisor",
        "--queue",
        "orders",
    )
    first = made_password(added)
    assert signs_in(settings, "hana", first)
    assert first not in run(settings, "list").output
    second = made_password(run(settings, "password", "hana"))
    assert not signs_in(settings, "hana", first) and signs_in(settings, "hana", second)
    assert "agent, operator" in run(settings, "roles", "hana", "agent", "operator").output
    assert run(settings, "disable", "hana").exit_code == 0
    assert not signs_in(settings, "hana", second)
    assert "disabled" in run(settings, "list").output
    run(settings, "enable", "hana")
    assert signs_in(settings, "hana", second)


def test_what_is_wrong_is_said_in_one_line(settings: Path) -> None:
    made_password(run(settings, "add", "hana"))
    for words, said in (
        (("add", "hana"), "somebody with the login hana"),
        (("add", "ken", "--role", "admin"), "roles are agent, supervisor, operator"),
        (("password", "nobody"), "nobody has this login"),
        (("keys", "add", "ERP", "--scope", "root"), "scopes are read"),
        (("keys", "revoke", "key_none"), "no live key"),
    ):
        result = run(settings, *words)
        assert result.exit_code == 1 and said in result.output and "Traceback" not in result.output


def test_without_tables_it_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "madoguchi.toml"
    path.write_text(f'[data]\nfolder = "{tmp_path}"\n', "utf-8")
    result = run(path, "list")
    assert result.exit_code == 1 and "madoguchi migrate" in result.output


def test_a_key_is_printed_once_and_can_be_revoked(settings: Path) -> None:
    made = run(settings, "keys", "add", "ERP", "--scope", "read")
    secret, key_id = made.output.split("shown only now: ")[1].strip(), made.output.split(":")[0]
    listed = run(settings, "keys", "list").output
    assert secret.startswith("mdg_") and secret not in listed and "live" in listed
    assert run(settings, "keys", "revoke", key_id).exit_code == 0
    assert "revoked" in run(settings, "keys", "list").output


def test_a_second_factor_is_switched_on_with_a_code_only(settings: Path) -> None:
    password = made_password(run(settings, "add", "hana"))
    refused = run(settings, "totp", "hana", typed="000000\n")
    assert refused.exit_code == 1 and "does not fit" in refused.output
    assert signs_in(settings, "hana", password)

    secret, address = service.new_totp_secret("hana")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service, "new_totp_secret", lambda *_: (secret, address))
        assert run(settings, "totp", "hana", typed=f"{pyotp.TOTP(secret).now()}\n").exit_code == 0
    assert not signs_in(settings, "hana", password)
    assert "second factor" in run(settings, "list").output
    assert run(settings, "totp", "hana", "--remove").exit_code == 0
    assert signs_in(settings, "hana", password)
