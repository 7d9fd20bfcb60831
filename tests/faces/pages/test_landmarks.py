"""What a screen reader meets on the pages of a customer: headings, groups, fields and buttons, in their order."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from madoguchi.connectors.embedded.demo import cast
from tests.faces.pages.conftest import Counter

pytestmark = pytest.mark.req("A11Y-002")
KIND = "return_exchange_cancel.damaged_item"


@pytest.fixture
def suzuki(scripted: Page, counter: Counter) -> Page:
    """Somebody with one enquiry, signed in."""
    page = scripted
    page.goto("/demo/sign-in-as")
    page.locator(f'[name=customer_id][value="{counter.customer_id(cast.SENIOR)}"]').click()
    page.goto(f"/person?order={cast.SENIOR_KETTLE}&problem={KIND}")
    page.get_by_role("main").get_by_role("textbox").first.fill("ケトルの蓋が割れていました")
    page.get_by_role("button", name="担当者とチャットする").click()
    return page


def test_the_review_step_of_the_form(scripted: Page) -> None:
    page = scripted
    page.goto(f"/help/form?topic={KIND}")
    page.get_by_label("注文はない、またはわからない").check()
    page.get_by_role("button", name="次へ").click()
    page.get_by_label("お困りのこと").fill("皿が割れていました")
    page.get_by_role("button", name="内容を確認する").click()
    expect(page.get_by_role("main")).to_match_aria_snapshot("""
      - main:
        - heading "内容を確認して送信" [level=1]
        - region "送信する内容":
          - heading "送信する内容" [level=2]
          - term: お困りのこと
          - definition:
            - text: 皿が割れていました
            - 'link "変更する : お困りのこと"'
        - region /ご記入の充実度 \\d+%/:
          - heading /ご記入の充実度/ [level=2]
        - textbox "返信先のメールアドレス"
        - textbox "お名前 （任意）"
        - paragraph:
          - button "送信"
          - button "チャットで続ける"
          - link "ログイン"
    """)


def test_history_and_case(suzuki: Page) -> None:
    page = suzuki
    page.goto("/history")
    expect(page.get_by_role("main")).to_match_aria_snapshot("""
      - main:
        - heading "これまでのお問い合わせ" [level=1]
        - search:
          - searchbox "お問い合わせ履歴から探す"
          - button "探す"
        - navigation "状態で絞り込む":
          - list:
            - listitem:
              - link "すべて"
        - article /商品の破損/:
          - heading /商品の破損/ [level=2]
          - list "お約束":
            - listitem: /最初の回答は/
          - list:
            - listitem:
              - link /チャット/
          - paragraph:
            - link /このお問い合わせの続きへ/
          - paragraph:
            - link "PDF"
    """)
    page.locator("a[href^='/cases/']").first.click()
    expect(page.get_by_role("main")).to_match_aria_snapshot("""
      - main:
        - heading "商品の破損" [level=1]
        - region "これからの流れ":
          - heading "これからの流れ" [level=2]
          - list "お約束":
            - listitem: /最初の回答は/
          - paragraph:
            - link "この件の続きを相談する"
        - region "この件のやり取り":
          - list:
            - listitem:
              - link /チャット ・ /
          - paragraph:
            - link "PDF"
        - region "いつ何があったか":
          - heading "メモを追加する" [level=3]
          - textbox "日付"
          - textbox "時刻 （任意）"
          - textbox "できごと"
          - button "メモを保存する"
    """)


def test_privacy(suzuki: Page) -> None:
    suzuki.goto("/account/privacy")
    expect(suzuki.get_by_role("main")).to_match_aria_snapshot("""
      - main:
        - heading "プライバシーと通知" [level=1]
        - region "お知らせと利用の設定":
          - heading "お知らせと利用の設定" [level=2]
          - group "お知らせと利用の設定":
            - checkbox /お問い合わせの進み具合のメール/ [checked]
          - paragraph:
            - button "この設定にする"
        - region "保存しているものと、その期間":
          - heading "保存しているものと、その期間" [level=2]
          - term: 会話とメール
          - definition: 180日
        - region "お客様に関する記録のダウンロード":
          - button "ダウンロード用ファイルを準備する"
        - region "履歴の消去":
          - heading "履歴の消去" [level=2]
          - button "履歴をすべて消去する"
    """)


def test_ways_to_contact(scripted: Page) -> None:
    scripted.goto("/help/contact")
    expect(scripted.get_by_role("main")).to_match_aria_snapshot("""
      - main:
        - heading "お問い合わせの方法" [level=1]
        - combobox "どのようなご用件ですか"
        - checkbox "電話は使えない、または使いたくない"
        - button "向いている方法を見る"
    """)
    expect(scripted.get_by_role("table", name="現在の状況です")).to_match_aria_snapshot("""
      - table "現在の状況です":
        - rowgroup:
          - row:
            - columnheader "現在"
        - rowgroup:
          - row:
            - rowheader "AIアシスタントとのチャット"
            - cell "受付中"
    """)


def test_an_article(scripted: Page) -> None:
    scripted.goto("/help/articles/receipt")
    expect(scripted.get_by_role("main")).to_match_aria_snapshot("""
      - main:
        - navigation "現在の位置":
          - link "サポートのトップ"
          - link "ヘルプの記事"
        - article:
          - heading "領収書を出す" [level=1]
          - paragraph
          - list
        - region "この記事は役に立ちましたか":
          - heading "この記事は役に立ちましたか" [level=2]
          - button "はい、役に立ちました"
          - button "いいえ、解決しませんでした"
          - paragraph:
            - link "このことを問い合わせる"
        - region "あわせて読む":
          - list
        - search:
          - searchbox "ヘルプの記事を探す"
    """)
