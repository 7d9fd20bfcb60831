"""One guide for a device: articles, setting up, steps with boxes; what is ticked stays and goes along."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from madoguchi.assistant import troubleshooting
from madoguchi.kit.languages import NAMES
from tests.faces.pages.conftest import Counter, _context

STICK = "/help/guides/streaming_stick"


@pytest.mark.req("BOT-026")
def test_a_guide_for_a_device_fault_lists_its_steps_with_boxes_for_done_and_not_done(
    counter: Counter,
) -> None:
    tree = troubleshooting.load()["streaming_stick"]
    reader = counter.visitor()
    page = reader.get(STICK)
    boxes = re.findall(r'<input type="checkbox" name="done" value="(\w+)"( checked)?>', page)
    assert boxes == [(step, "") for step in tree.step]
    assert all(each.say["ja"] in page and each.tried["ja"] in page for each in tree.step.values())
    assert page.count("まだ</span>") == len(boxes)
    assert "/help/articles/" in page and tree.setup["ja"][0] in page
    first, second = list(tree.step)[:2]
    page = reader.get(f"{STICK}?done={first}&done={second}")
    assert re.findall(r'value="(\w+)" checked', page) == [first, second]
    assert f"{len(boxes)}項目のうち2項目が済み" in page
    assert (
        re.search(r'class="following" aria-current="step">\s*<label><input [^>]*value="(\w+)"', page)[1]
        == list(tree.step)[2]
    )  # type: ignore[index]


def test_what_was_ticked_goes_along_to_a_person(counter: Counter) -> None:
    tree = troubleshooting.load()["streaming_stick"]
    first = next(iter(tree.step))
    reader = counter.visitor()
    page = reader.get(f"{STICK}?done={first}")
    written = re.search(r'<textarea[^>]*name="text"[^>]*>([^<]*)<', page)
    assert written is not None and tree.step[first].tried["ja"] in written[1]
    talked = reader.send("/contacts", text=written[1], way="person")
    assert reader.path.startswith("/contacts/con_") and tree.step[first].tried["ja"] in talked


@pytest.mark.parametrize("language", list(NAMES))
def test_every_guide_opens_in_every_language_from_the_list(language: str, counter: Counter) -> None:
    reader = counter.visitor(language)
    listed = re.findall(r'href="(/help/guides/\w+)"', reader.get("/help/guides"))
    assert len(listed) == len(troubleshooting.load())
    for path in listed:
        reader.get(path)
        assert reader.answer.status_code == 200
    assert 'href="/help/guides"' in reader.get("/help/articles")


def test_an_unknown_guide_is_not_there(counter: Counter) -> None:
    reader = counter.visitor()
    reader.get("/help/guides/toaster")
    assert reader.answer.status_code == 404


def test_a_guide_holds_no_violation(chromium: Browser, counter: Counter) -> None:
    context = _context(chromium, counter)
    page = context.new_page()
    page.goto(f"{STICK}?done=power")
    found = Axe().run(page).response["violations"]
    assert [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]] == []
    context.close()
