"""The widget's conversation with the real assistant: order first, deeds confirmed once, nothing lost, nothing said twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from madoguchi.connectors.embedded.demo import cast
from tests.stories.widget_screens import Widget

NewContext = Callable[..., BrowserContext]


@pytest.mark.parametrize(
    ("language", "phone", "customer", "question", "assistant"),
    [
        ("ja", False, cast.MISAKI, "どうされましたか", "AIアシスタント"),
        ("en", True, cast.JOHN, "What happened?", "AI assistant"),
    ],
)
def test_order_then_problem_then_the_answer_without_typing_anything(
    new_context: NewContext, language: str, phone: bool, customer: str, question: str, assistant: str
) -> None:
    widget = Widget(new_context(language, phone), language, customer).open()
    orders = widget.panel.locator("button.order")
    expect(orders).to_have_count(3)
    orders.nth(2).click()
    widget.panel.get_by_role("region", name=question).get_by_role("button").first.click()
    expect(widget.log).to_be_visible()
    expect(widget.said_by_house().first).to_be_visible()
    expect(widget.log.locator("li.msg.far .who").first).to_contain_text(assistant)
    expect(widget.heading).to_be_focused()
    assert widget.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.req("A11Y-002")
def test_each_message_is_spoken_once_and_history_not_at_all(new_context: NewContext) -> None:
    context = new_context()
    widget = Widget(context, "ja", "C1015").open()
    widget.listen()
    widget.panel.get_by_role("button", name="領収書の発行", exact=True).click()
    expect(widget.said_by_house().first).to_be_visible()
    widget.page.wait_for_timeout(500)
    count = widget.said_by_house().count()
    widget.say("やはり返品したいです")
    expect(widget.said_by_house()).not_to_have_count(count)
    widget.page.wait_for_timeout(800)
    spoken = widget.spoken()
    assert spoken.count("送信しました") == 1
    for text in widget.said_by_house().all_inner_texts():
        assert sum(text in line for line in spoken) == 1, (text, spoken)
    assert all(line.startswith("AIアシスタント：") for line in spoken if "：" in line[:12])

    widget.page.reload()
    expect(widget.log).to_be_visible()
    widget.listen()
    widget.page.wait_for_timeout(600)
    assert widget.spoken() == []


@pytest.mark.req("CASE-010")
def test_reload_and_another_device_go_on_where_one_was(new_context: NewContext) -> None:
    widget = Widget(new_context(), "ja", cast.NOT_THERE).open()
    widget.panel.locator("button.order").first.click()
    widget.problem("届かない").click()
    expect(widget.said_by_house().first).to_be_visible()
    before = widget.said_by_house().all_inner_texts()
    widget.field.fill("まだ書いている途中です")
    widget.page.reload()
    expect(widget.log).to_be_visible()
    expect(widget.field).to_have_value("まだ書いている途中です")
    expect(widget.said_by_house()).to_have_text([re.compile(re.escape(text[:20])) for text in before])

    phone = Widget(new_context(phone=True), "ja", cast.NOT_THERE).open()
    phone.panel.get_by_role("region", name="続きから").get_by_role("button").first.click()
    expect(phone.said_by_house()).to_have_text([re.compile(re.escape(text[:20])) for text in before])
    widget.say("宅配ボックスにもありません")
    expect(phone.log).to_contain_text("宅配ボックスにもありません")


def test_a_deed_is_reviewed_named_and_never_done_by_enter_alone(new_context: NewContext) -> None:
    widget = Widget(new_context(), "ja", cast.MISAKI).open()
    widget.panel.locator("button.order", has_text="デスクライト").click()
    widget.problem("注文のキャンセル").click()
    card = widget.log.locator("li.msg", has=widget.page.locator(".proposal"))
    heading = card.get_by_role("heading")
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
    expect(card).to_contain_text("5,980円")
    widget.page.keyboard.press("Enter")
    widget.page.wait_for_timeout(300)
    confirm = card.get_by_role("button", name=re.compile("キャンセルする"))
    expect(confirm).to_have_attribute("aria-disabled", "false")
    confirm.dblclick()
    expect(widget.log.locator(".receipt")).to_have_count(1)
    expect(card.locator(".state")).to_have_text(re.compile("完了"))
    widget.page.reload()
    expect(widget.log.locator(".receipt")).to_have_count(1)
    expect(card.locator("button:not([aria-disabled=true])")).to_have_count(0)
    expect(widget.log.locator("li.msg.near")).to_have_count(1)


@pytest.mark.req("HND-004")
def test_a_person_is_two_steps_away_on_every_screen(new_context: NewContext) -> None:
    widget = Widget(new_context(), "ja", cast.CHARGED_TWICE).open()
    person = widget.panel.get_by_role("button", name="担当者と話す", exact=True).first
    box = person.bounding_box()
    widget.panel.get_by_role("button", name="表示設定").click()
    expect(widget.heading).to_have_text("表示設定")
    assert person.bounding_box() == pytest.approx(box, abs=2)
    widget.panel.get_by_role("button", name="戻る").click()
    widget.panel.locator("button.order").first.click()
    expect(widget.panel.get_by_role("region", name="どうされましたか")).to_be_visible()
    assert person.bounding_box() == pytest.approx(box, abs=2)
    person.click()
    expect(widget.panel.locator(".banner")).not_to_be_empty()
    assert person.bounding_box() == pytest.approx(box, abs=2)
    widget.page.reload()
    expect(widget.panel.locator(".banner")).not_to_be_empty()
    summary = widget.log.get_by_role("region", name="引き継ぎ内容")
    summary.get_by_role("button", name="直す").click()
    summary.get_by_role("textbox").fill("請求は2件とも11月分です")
    summary.get_by_role("button", name="保存").click()
    expect(widget.log).to_contain_text("請求は2件とも11月分です")


def test_words_typed_while_the_line_is_down_go_out_once_when_it_is_back(new_context: NewContext) -> None:
    context = new_context()
    widget = Widget(context, "ja", cast.CONVENIENCE).open()
    widget.panel.get_by_role("button", name="領収書の発行", exact=True).click()
    expect(widget.said_by_house().first).to_be_visible()
    sent: list[Any] = []

    def lose_the_answer(route: Route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        sent.append(route.request.post_data_json)
        if len(sent) == 1:
            route.fetch()  # the server hears it, the answer is lost
        if len(sent) <= 2:
            return route.abort("connectionfailed")
        return route.continue_()

    widget.page.route("**/entries", lose_the_answer)
    widget.say("宛名を会社名にしたいです")
    expect(widget.log.locator("li.near", has_text="宛名を会社名にしたいです")).to_have_count(1)
    widget.page.wait_for_timeout(2500)
    expect(widget.log.locator(".pending")).to_have_count(0)
    expect(widget.log.locator("li.near", has_text="宛名を会社名にしたいです")).to_have_count(1)
    assert len({body["client_key"] for body in sent}) == 1


def test_a_refused_message_says_so_and_can_be_taken_back(new_context: NewContext) -> None:
    widget = Widget(new_context(), "ja", cast.SENIOR).open()
    widget.panel.get_by_role("button", name="領収書の発行", exact=True).click()
    expect(widget.said_by_house().first).to_be_visible()
    widget.listen()
    widget.page.route(
        "**/entries",
        lambda route: (
            route.fulfill(
                status=422,
                content_type="application/problem+json",
                body='{"status":422,"detail":"送れません。"}',
            )
            if route.request.method == "POST"
            else route.continue_()
        ),
    )
    widget.say("取り戻したい言葉")
    failed = widget.log.locator(".failed")
    expect(failed).to_contain_text("送れません。")
    assert "送れません。" in widget.spoken()
    failed.get_by_role("button", name="書き直す").click()
    expect(widget.field).to_have_value("取り戻したい言葉")
    expect(widget.field).to_be_focused()
    expect(failed).to_have_count(0)


@pytest.mark.parametrize("order", ["chrome", "safari"])
def test_enter_that_confirms_a_conversion_does_not_send(new_context: NewContext, order: str) -> None:
    context = new_context()
    widget = Widget(context, "ja", cast.MARKETPLACE).open()
    widget.panel.get_by_role("button", name="返品の手続き", exact=True).click()
    expect(widget.said_by_house().first).to_be_visible()
    own = widget.log.locator("li.msg.near").count()
    widget.field.focus()
    ime = context.new_cdp_session(widget.page)
    ime.send("Input.imeSetComposition", {"text": "へんぴん", "selectionStart": 4, "selectionEnd": 4})
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229, "nativeVirtualKeyCode": 229}
    if order == "chrome":
        ime.send("Input.dispatchKeyEvent", {"type": "keyDown", **enter})
        ime.send("Input.insertText", {"text": "返品"})
    else:
        ime.send("Input.insertText", {"text": "返品"})
        ime.send("Input.dispatchKeyEvent", {"type": "keyDown", **enter})
    ime.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter})
    widget.page.wait_for_timeout(300)
    expect(widget.field).to_have_value("返品")
    expect(widget.log.locator("li.msg.near")).to_have_count(own)
    widget.field.press("Enter")
    expect(widget.log.locator("li.msg.near")).to_have_count(own + 1)


@pytest.mark.req("A11Y-001")
def test_from_the_shop_page_to_an_answered_question_by_keyboard_alone(new_context: NewContext) -> None:
    widget = Widget(new_context(), "ja", cast.SPLIT_TENDER)
    keys = widget.page.keyboard
    widget.page.get_by_role("button", name="お問い合わせ").focus()
    keys.press("Enter")
    expect(widget.panel.locator("button.order").first).to_be_visible()
    assert widget.focused() == "h2:お問い合わせ"
    _tab_to(widget, "注文")
    keys.press("Enter")
    expect(widget.panel.get_by_role("region", name="どうされましたか")).to_be_visible()
    _tab_to(widget, "その他")
    keys.press("Enter")
    expect(widget.log).to_be_visible()
    _tab_to(widget, "textarea:メッセージを入力")
    keys.type("返金はいつですか")
    keys.press("Enter")
    expect(widget.log.locator("li.msg.near")).to_contain_text(["返金はいつですか"])
    assert widget.focused() == "textarea:メッセージを入力"
    expect(widget.log.locator("li.msg.near ~ li.msg.far").first).to_be_visible()
    assert widget.focused() == "textarea:メッセージを入力", "an arriving message moves no focus"
    keys.press("Escape")
    expect(widget.panel).to_be_hidden()
    assert widget.focused() == "button:お問い合わせ"


def _tab_to(widget: Widget, name: str) -> None:
    for _ in range(40):
        if name in widget.focused():
            return
        widget.page.keyboard.press("Tab")
    raise AssertionError(f"no {name!r} in the tab order")


def test_a_picture_is_sent_and_shown_without_a_public_address(new_context: NewContext, tmp_path: Any) -> None:
    from PIL import Image

    picture = tmp_path / "箱.png"
    Image.new("RGB", (60, 40), "#a33").save(picture)
    widget = Widget(new_context(), "ja", "C1012").open()
    widget.panel.locator("button.order").first.click()
    widget.problem("その他").click()
    expect(widget.field).to_be_visible()
    widget.panel.locator("input[type=file]").set_input_files(picture)
    expect(widget.panel.locator(".picked")).to_contain_text("準備できました")
    widget.say("箱がつぶれていました")
    shown = widget.log.get_by_role("img", name="箱.png")
    expect(shown).to_be_visible()
    assert shown.evaluate("canvas => [...canvas.getContext('2d').getImageData(5, 5, 1, 1).data]") == [
        170,
        51,
        51,
        255,
    ]


def test_a_file_too_large_or_of_a_wrong_kind_is_refused_in_words(new_context: NewContext) -> None:
    widget = Widget(new_context(), "ja", "C1013").open()
    widget.panel.get_by_role("button", name="領収書の発行", exact=True).click()
    expect(widget.field).to_be_visible()
    chooser = widget.panel.locator("input[type=file]")
    chooser.set_input_files({"name": "a.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ"})
    expect(widget.panel.locator(".picked .failed")).to_contain_text("この種類のファイルは送れません")
    widget.panel.get_by_role("button", name="a.exeを取り除く").click()
    expect(widget.panel.locator(".picked")).to_have_count(0)
