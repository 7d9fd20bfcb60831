"""Refusals: one shape (RFC 9457), one vocabulary, both languages."""

from __future__ import annotations

import ast
import string
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

import madoguchi
from madoguchi.connectors.embedded.demo import cast
from madoguchi.counter import problems as kinds
from madoguchi.engine.texts import catalogue
from madoguchi.faces.api.problems import FIELDS, TITLES, problem_body
from tests.faces.api.people import Counter

PACKAGE = Path(madoguchi.__file__).parent
KINDS = {name for name in vars(kinds) if isinstance(getattr(kinds, name), type)}
FORMATTED = {"too_many_": ("messages", "contacts", "attachments", "transcripts", "sessions", "sign_ins")}


def raised() -> Iterator[tuple[str, frozenset[str] | None, str]]:
    """Every refusal in the sources: code, names of its parameters (None: a class, not yet raised), place."""
    for room in ("counter", "channels", "faces", "assistant"):
        for path in sorted((PACKAGE / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                place = f"{path.relative_to(PACKAGE)}:{getattr(node, 'lineno', 0)}"
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS:
                    given = frozenset(keyword.arg or "" for keyword in node.keywords)
                    for code in _codes(node.args[0]) if node.args else ():
                        yield code, given, place
                if isinstance(node, ast.ClassDef) and any(_name(base) in KINDS for base in node.bases):
                    for line in node.body:
                        if isinstance(line, ast.Assign) and _name(line.targets[0]) == "code":
                            yield from ((code, None, place) for code in _codes(line.value))


def _codes(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.IfExp):
        return [*_codes(node.body), *_codes(node.orelse)]
    if isinstance(node, ast.JoinedStr):
        head = str(node.values[0].value) if isinstance(node.values[0], ast.Constant) else ""
        return [head + end for end in FORMATTED[head]]
    assert isinstance(node, ast.Name), ast.dump(node)
    return ["at_capacity", "agent_not_free"]  # the only function that is handed its code


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def test_every_refusal_in_the_sources_has_a_title_in_both_languages() -> None:
    missing = sorted({f"{code} ({place})" for code, _, place in raised() if code not in TITLES})
    assert missing == []
    assert len({code for code, _, _ in raised()}) > 60, "the search finds refusals"
    japanese = catalogue("ja")
    assert sorted(title for title in (*TITLES.values(), *FIELDS.values()) if title not in japanese) == []


def test_every_place_in_a_title_is_filled_by_whoever_refuses() -> None:
    """Otherwise a person would read `{limit}`."""
    given: dict[str, list[tuple[frozenset[str], str]]] = defaultdict(list)
    for code, names, place in raised():
        if names is None:
            continue
        told = names | {"minutes"} if "retry_after" in names else names  # the body reckons them
        given[code].append((told, place))
    for code, title in TITLES.items():
        wanted = {name for _, name, _, _ in string.Formatter().parse(title) if name}
        for names, place in given[code]:
            assert wanted <= names, f"{place}: {code} needs {wanted - names}"


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("code", sorted(TITLES))
def test_a_problem_is_a_whole_document_in_the_readers_language(code: str, language: str) -> None:
    names = {name for _, name, _, _ in string.Formatter().parse(TITLES[code]) if name}
    body = problem_body(language, 409, code, dict.fromkeys(names, 7))
    assert {"type", "title", "status", "detail", "code"} <= set(body)
    assert body["type"] == f"/problems/{code}"
    assert "{" not in body["title"] + body["detail"]
    is_japanese = any("぀" <= character <= "ヿ" or "一" <= character <= "鿿" for character in body["title"])
    assert is_japanese == (language == "ja"), body["title"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/contacts/con_none", 401, "session_needed"),
        ("GET", "/nothing", 404, "not_found"),
        ("DELETE", "/shop", 405, "method_not_allowed"),
        ("POST", "/sessions/staff", 422, "invalid"),
    ],
)
def test_what_the_framework_refuses_has_the_same_shape(
    counter: Counter, method: str, path: str, status: int, code: str
) -> None:
    for language in ("ja", "en"):
        answer = counter.stranger(language).send(method, path)
        body = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert (answer.status_code, body["status"], body["code"]) == (status, status, code)
        assert body["title"] == (catalogue("ja")[TITLES[code]] if language == "ja" else TITLES[code])


def test_every_wrong_field_is_named_in_the_readers_language(counter: Counter) -> None:
    visitor = counter.visitor("ja")
    wish = {"text": 5, "client_key": "short", "colour": "red", "want_person": "perhaps"}
    errors = {
        error["field"]: error["detail"]
        for error in visitor.send("POST", "/contacts", json=wish).json()["errors"]
    }
    assert errors == {
        "text": "文字列で指定してください",
        "client_key": "8文字以上で指定してください",
        "colour": "この項目はありません",
        "want_person": "true か false で指定してください",
    }


def test_a_body_that_is_no_json_is_refused_in_words(counter: Counter) -> None:
    answer = counter.visitor("en").send(
        "POST", "/contacts", content=b"{not json", headers={"content-type": "application/json"}
    )
    assert answer.json()["errors"][0]["detail"] == "This is not valid JSON"


@pytest.mark.parametrize(
    "path",
    [
        "/contacts/x%00y",
        "/orders/%00",
        "/customers?search=a%00b",
        "/contacts/con_x/entries?after=99999999999999999999999",
        "/contacts/con_x/entries?after=-1",
        "/contacts/con_x/entries?limit=100000",
        "/contacts/" + "x" * 4000,
        "/orders/%F0%9F%98%80%ED%A0%80",
        "/attachments/..%2F..%2Fsecret.key",
        "/orders?limit=1e9",
        "/contacts?view=%27%20OR%201%3D1",
    ],
)
def test_no_address_makes_the_server_stumble(counter: Counter, path: str) -> None:
    answer = counter.agent("mori").send("GET", path)
    assert 400 <= answer.status_code < 500, answer.text


@pytest.mark.parametrize(
    "text", ["\ud800", "a\x00b", "\U000e0041" * 50, "‮gnp.exe", "👨‍👩‍👧‍👦", "é" * 900, "\x1b[2J"]
)
def test_no_text_makes_the_server_stumble(counter: Counter, text: str) -> None:
    visitor = counter.visitor()
    contact = visitor.open("")
    escaped = "".join(f"\\u{ord(c):04x}" if ord(c) < 0x10000 else c for c in text)
    body = f'{{"text":"x{escaped}","client_key":"stumble-{abs(hash(text))}"}}'.encode()
    answer = visitor.send(
        "POST",
        f"/contacts/{contact['id']}/entries",
        content=body,
        headers={"content-type": "application/json"},
    )
    assert answer.status_code == 201, answer.text
    assert "\x00" not in answer.json()["entry"]["text"]


def test_a_joined_emoji_stays_whole(counter: Counter) -> None:
    visitor = counter.visitor()
    contact = visitor.open("")
    assert visitor.say(contact["id"], "👨‍👩‍👧‍👦")["entry"]["text"] == "👨‍👩‍👧‍👦"


@pytest.mark.parametrize("number", [2**31, 2**63, 2**200, -1])
def test_numbers_beyond_any_ledger_are_refused(counter: Counter, number: int) -> None:
    visitor, desk = counter.visitor(), counter.agent("ito")
    contact = visitor.open("")
    path = f"/contacts/{contact['id']}"
    assert visitor.refused("POST", f"{path}/seen", {"seq": number}) == (422, "invalid")
    assert desk.refused("POST", f"{path}/take", {"owner_version": number}) == (422, "invalid")


def test_a_surprise_is_told_without_its_cause(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a secret of the house")

    monkeypatch.setattr(counter.house.chat, "history", broken)
    answer = counter.customer(cast.MISAKI, "en").send("GET", "/contacts")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "secret" not in answer.text
    assert "ZeroDivision" not in answer.text
