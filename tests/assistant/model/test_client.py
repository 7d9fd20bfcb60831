"""The wire: what a good endpoint says is heard; what a broken one does costs neither time nor memory."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from madoguchi.assistant.model.breaker import Breaker
from madoguchi.assistant.model.client import Client, Completion, ModelFailed, Question
from madoguchi.engine.database import CalledOutInsideTransaction, Database
from madoguchi.engine.sections import Model
from madoguchi.engine.settings import Settings, SettingsError
from tests.assistant.model import server
from tests.assistant.model.server import BROKEN, Endpoint, endpoint

QUESTION = Question("You are a test.", "data", {"type": "object"})
TOTAL_S = 0.8


@pytest.fixture
def shop_model() -> Iterator[Endpoint]:
    with endpoint(server.says("hello")) as running:
        yield running


def model(running: Endpoint, **more: object) -> Model:
    given = {"base_url": running.base_url, "name": "m", "first_token_s": 0.3, "total_s": TOTAL_S, **more}
    return Model.model_validate(given)


def ask(running: Endpoint, **more: object) -> Completion:
    client = Client(model(running, **more))
    try:
        return client.complete(QUESTION, TOTAL_S)
    finally:
        client.close()


def test_a_streamed_answer_is_put_together_and_its_tokens_counted(shop_model: Endpoint) -> None:
    shop_model.character = server.says("こんにちは、世界。" * 10)
    heard = ask(shop_model)
    assert (heard.text, heard.tokens_in, heard.tokens_out) == ("こんにちは、世界。" * 10, 200, 30)
    sent = shop_model.requests[0]
    assert sent["stream"] and sent["max_tokens"] == 600 and sent["response_format"]["type"] == "json_schema"


def test_an_endpoint_that_does_not_stream_is_heard_as_well(shop_model: Endpoint) -> None:
    shop_model.character = server.whole("hello")
    assert ask(shop_model).text == "hello"


def test_an_endpoint_without_response_format_is_asked_again_without_it_and_not_bothered_again(
    shop_model: Endpoint,
) -> None:
    shop_model.character = server.without_response_format("hello")
    client = Client(model(shop_model))
    assert [client.complete(QUESTION, TOTAL_S).text for _ in range(2)] == ["hello"] * 2
    client.close()
    assert ["response_format" in request for request in shop_model.requests] == [True, False, False]


def test_tokens_that_the_endpoint_does_not_count_are_guessed_upwards(shop_model: Endpoint) -> None:
    shop_model.character = lambda request: server.streamed("返品は30日以内です。", usage=None)
    heard = ask(shop_model)
    assert heard.tokens_out >= len("返品は30日以内です。") and heard.tokens_in >= 8


def test_the_key_is_sent_to_the_endpoint_and_shown_nowhere(shop_model: Endpoint) -> None:
    ask(shop_model, api_key="sk-very-secret")
    assert shop_model.headers[0]["authorization"] == "Bearer sk-very-secret"
    assert "very-secret" not in repr(model(shop_model, api_key="sk-very-secret"))


def test_a_proxy_of_the_environment_is_not_used(
    shop_model: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert ask(shop_model).text == "hello"


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_endpoint_costs_no_more_than_its_time(how: str, shop_model: Endpoint) -> None:
    shop_model.character = BROKEN[how]
    began = time.monotonic()
    with pytest.raises(ModelFailed):
        ask(shop_model)
    assert time.monotonic() - began < TOTAL_S + 0.6
    assert len(shop_model.requests) <= 2, "one second try at most"


def test_a_failure_that_may_pass_is_tried_once_more(shop_model: Endpoint) -> None:
    answers = iter([server.refuses(503), server.says("hello")])
    shop_model.character = lambda request: next(answers)(request)
    assert ask(shop_model).text == "hello"


def test_nobody_at_the_address_is_a_failure_like_another() -> None:
    nobody = Model(base_url="http://127.0.0.1:9/v1", name="m", total_s=TOTAL_S)
    client = Client(nobody)
    with pytest.raises(ModelFailed, match="unreachable"):
        client.complete(QUESTION, TOTAL_S)
    client.close()


def test_no_call_leaves_inside_a_transaction(shop_model: Endpoint, sqlite_database: Database) -> None:
    client = Client(model(shop_model))
    with pytest.raises(CalledOutInsideTransaction):
        sqlite_database.read(lambda tx: client.complete(QUESTION, TOTAL_S))
    assert shop_model.requests == []


def test_the_breaker_opens_lets_one_try_after_the_pause_and_closes_with_its_success() -> None:
    now = [0.0]
    breaker = Breaker(2, 30, lambda: now[0])
    assert breaker.admits()
    breaker.failed()
    assert breaker.admits()
    breaker.failed()
    assert not breaker.admits()
    now[0] = 31
    assert [breaker.admits(), breaker.admits()] == [True, False]
    breaker.failed()
    assert not breaker.admits()
    now[0] = 62
    assert breaker.admits()
    breaker.succeeded()
    assert breaker.admits() and breaker.admits()


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ({"base_url": "http://models.example/v1", "name": "m"}, "https"),
        ({"base_url": "ftp://models.example/v1", "name": "m"}, "address"),
        ({"base_url": "https://user:word@models.example/v1", "name": "m"}, "password"),
        ({"base_url": "https://models.example/v1?key=1", "name": "m"}, "query"),
        ({"base_url": "https://models.example/v1"}, "name"),
        ({"base_url": "https://models.example/v1", "name": "m", "api_key_file": "/nowhere/key"}, "key"),
    ],
)
def test_an_unsafe_endpoint_is_refused_at_the_start(keys: dict[str, str], why: str) -> None:
    with pytest.raises(SettingsError, match=why):
        Settings.load(None, model=keys)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/v1", "http://localhost:1/v1", "http://[::1]:1/v1", "https://m.example/v1"]
)
def test_loopback_and_https_are_fine(url: str) -> None:
    assert Settings.load(None, model={"base_url": url, "name": "m"}).model.connected
