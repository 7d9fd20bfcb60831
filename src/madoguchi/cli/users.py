"""`madoguchi users`: agents, their passwords and second factors, and the API keys of integrators."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer
from sqlalchemy.exc import DBAPIError

from madoguchi.cli.tables import export_users, import_users
from madoguchi.counter.actors import Actor
from madoguchi.counter.problems import Problem
from madoguchi.counter.routing import presence
from madoguchi.counter.team import passwords, queries, service
from madoguchi.counter.team.model import Agent
from madoguchi.counter.team.policy import ROLES, SCOPES
from madoguchi.engine.database import Database, Transaction
from madoguchi.engine.opening import open_database
from madoguchi.engine.settings import Settings, SettingsError

T = TypeVar("T")

app = typer.Typer(name="users", help="Staff accounts and API keys.", no_args_is_help=True)
keys = typer.Typer(name="keys", help="API keys of integrators.", no_args_is_help=True)
app.add_typer(keys)
app.command("import")(import_users)
app.command("export")(export_users)

OPERATOR = Actor(kind="system", id="command_line")
_SAYS = {
    "login_taken": "there is somebody with the login {login} already",
    "login_unusable": "a login is 2 to 119 letters, digits, dots, hyphens, underscores, @ or +",
    "password_short": "the password needs at least {shortest} characters",
    "password_long": "the password may have at most {longest} characters",
    "password_common": "this password is among the first that are guessed; take another",
    "unknown_role": "roles are {roles}",
    "seller_unbound": "a seller's account has the role seller alone and names its seller",
    "unknown_scope": "scopes are {scopes}",
    "capacity_out_of_range": "capacity is {lowest} to {highest}",
    "agent_not_found": "nobody has this login",
    "api_key_not_found": "there is no live key with this id",
    "totp_wrong": "the code does not fit; nothing has changed",
}

SettingsPath = Annotated[
    Path | None,
    typer.Option("--settings", help="Settings file; without it madoguchi.toml here, if it exists."),
]
Login = Annotated[str, typer.Argument(help="The agent's login.")]


@app.callback()
def users() -> None:
    """Staff accounts and API keys."""


@app.command()
def add(
    login: Login,
    name: Annotated[str, typer.Option(help="Full name, seen by colleagues only.")] = "",
    display_name: Annotated[str, typer.Option(help="Name that customers see.")] = "",
    role: Annotated[
        list[str] | None, typer.Option(help=f"One of {', '.join(ROLES)}; may be repeated.")
    ] = None,
    language: Annotated[list[str] | None, typer.Option(help="Language spoken; may be repeated.")] = None,
    queue: Annotated[
        list[str] | None, typer.Option(help="Queue served; may be repeated; default: all.")
    ] = None,
    capacity: Annotated[int | None, typer.Option(help="Contacts handled at once.")] = None,
    seller: Annotated[
        str, typer.Option(help="A marketplace seller's account: the seller's id; the role is `seller`.")
    ] = "",
    settings: SettingsPath = None,
) -> None:
    """Add a member of staff. Leave the password empty and one is made and printed once."""
    loaded = _load(settings)
    password, made = _password()
    found = _write(
        loaded,
        lambda tx: service.add_agent(
            tx,
            login=login,
            password=password,
            name=name or login,
            display_name=display_name,
            roles=role or (["seller"] if seller else ["agent"]),  # type: ignore[arg-type]  # checked by the service
            languages=language or loaded.shop.languages[:1],
            queues=[] if seller else queue or ["*"],
            seller_id=seller,
            capacity=capacity or loaded.desk.default_capacity,
            shortest_password=loaded.identity.staff_password_length,
            by=OPERATOR,
        ),
    )
    typer.echo(f"{found.login} ({found.id}): {', '.join(found.roles)}")
    _show_made(password, made)


@app.command("list")
def list_agents(settings: SettingsPath = None) -> None:
    """Everybody who has an account."""
    for found in _write(_load(settings), queries.agents):
        state = "active" if found.active else "disabled"
        factor = "second factor" if found.totp_secret else "password only"
        skills = f"{','.join(found.languages)}; queues {','.join(found.queues)}; capacity {found.capacity}"
        typer.echo(
            f"{found.login}\t{found.display_name}\t{','.join(found.roles)}\t{state}\t{factor}\t{skills}"
        )


@app.command()
def password(login: Login, settings: SettingsPath = None) -> None:
    """Set a new password; the agent is signed out everywhere."""
    loaded = _load(settings)
    chosen, made = _password()
    shortest = loaded.identity.staff_password_length
    _write(
        loaded,
        lambda tx: service.set_password(
            tx, _agent(tx, login).id, chosen, shortest_password=shortest, by=OPERATOR
        ),
    )
    typer.echo("The password is set.")
    _show_made(chosen, made)


@app.command()
def totp(
    login: Login,
    remove: Annotated[bool, typer.Option("--remove", help="Switch the second factor off.")] = False,
    settings: SettingsPath = None,
) -> None:
    """Switch the second factor on: shows the seed, then asks for a code from the authenticator."""
    loaded = _load(settings)
    if remove:
        _write(loaded, lambda tx: service.remove_totp(tx, _agent(tx, login).id, by=OPERATOR))
        typer.echo("The second factor is off.")
        return
    found = _write(loaded, lambda tx: _agent(tx, login))
    secret, address = service.new_totp_secret(found.login, loaded.shop.name_en)
    typer.echo(f"Seed:    {secret}\nAddress: {address}")
    code = typer.prompt("Code from the authenticator")
    _write(loaded, lambda tx: service.enrol_totp(tx, found.id, secret, code, by=OPERATOR))
    typer.echo("The second factor is on.")


@app.command()
def roles(
    login: Login,
    role: Annotated[list[str], typer.Argument(help=f"All roles of the agent: {', '.join(ROLES)}.")],
    settings: SettingsPath = None,
) -> None:
    """Replace the roles of an agent."""
    changed = _write(
        _load(settings),
        lambda tx: service.set_roles(tx, _agent(tx, login).id, role, by=OPERATOR),  # type: ignore[arg-type]
    )
    typer.echo(f"{changed.login}: {', '.join(changed.roles)}")


@app.command()
def disable(login: Login, settings: SettingsPath = None) -> None:
    """Switch an account off: signed out at once, contacts in hand go back to their queues."""

    def switch_off(tx: Transaction) -> list[str]:
        found = _agent(tx, login)
        service.deactivate(tx, found.id, by=OPERATOR)
        return presence.release(tx, found.id, by=OPERATOR)

    released = _write(_load(settings), switch_off)
    typer.echo(f"{login} is switched off; contacts put back into queues: {len(released)}.")


@app.command()
def enable(login: Login, settings: SettingsPath = None) -> None:
    """Switch a disabled account on again."""
    _write(_load(settings), lambda tx: service.reactivate(tx, _agent(tx, login).id, by=OPERATOR))
    typer.echo(f"{login} is switched on.")


@keys.command("add")
def add_key(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    scope: Annotated[
        list[str] | None, typer.Option(help=f"One of {', '.join(SCOPES)}; may be repeated.")
    ] = None,
    settings: SettingsPath = None,
) -> None:
    """Make an API key; it is printed this once."""
    key, secret = _write(
        _load(settings), lambda tx: service.create_key(tx, name, scope or ["read"], by=OPERATOR)
    )
    typer.echo(f"{key.id}: {', '.join(key.scopes)}\nKey, shown only now: {secret}")


@keys.command("list")
def list_keys(settings: SettingsPath = None) -> None:
    """All API keys, without their secrets."""
    for key in _write(_load(settings), queries.keys):
        state = "revoked" if key.revoked_at else "live"
        used = f"{key.last_used_at:%Y-%m-%d %H:%M}Z" if key.last_used_at else "never"
        typer.echo(f"{key.id}\t{key.name}\t{','.join(key.scopes)}\t{state}\tlast used {used}")


@keys.command()
def revoke(
    key_id: Annotated[str, typer.Argument(help="The key's id, as `users keys list` shows it.")],
    settings: SettingsPath = None,
) -> None:
    """End an API key at once."""
    _write(_load(settings), lambda tx: service.revoke_key(tx, key_id, by=OPERATOR))
    typer.echo(f"{key_id} is revoked.")


def _load(path: Path | None) -> Settings:
    usual = Path("madoguchi.toml")
    try:
        return Settings.load(path or (usual if usual.exists() else None))
    except SettingsError as error:
        _fail(str(error))


def _write(settings: Settings, deed: Callable[[Transaction], T]) -> T:
    database: Database | None = None
    try:
        database = open_database(settings)
        return database.write(deed)
    except Problem as problem:
        _fail(_SAYS.get(problem.code, problem.code).format(**problem.params))
    except DBAPIError as error:
        _fail(f"{error.orig}\nIs the database there? `madoguchi migrate` makes its tables.")
    finally:
        if database is not None:
            database.close()


def _agent(tx: Transaction, login: str) -> Agent:
    found = queries.by_login(tx, login)
    return found if found is not None else queries.get(tx, "")


def _password() -> tuple[str, bool]:
    """What was typed twice, or else a made one; typed only at a terminal."""
    if not sys.stdin.isatty():
        return passwords.make(), True
    typed = typer.prompt(
        "Password (empty: make one)",
        default="",
        hide_input=True,
        show_default=False,
        confirmation_prompt=True,
    )
    return (typed, False) if typed else (passwords.make(), True)


def _show_made(password: str, made: bool) -> None:
    if made:
        typer.echo(f"Password, shown only now: {password}")


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)
