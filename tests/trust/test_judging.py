"""Is this really from the shop? No fake is called genuine, nothing is told to strangers, and every reason is there."""

from __future__ import annotations

import itertools

import idna
import pytest

from madoguchi.counter.trust.addresses import senders_in, site_of, sites_in
from madoguchi.counter.trust.lookalike import distance, resembles, skeleton
from madoguchi.counter.trust.ours import Ours, phone_key
from madoguchi.counter.trust.policy import SHORTENERS, Judgement, Known, Message, judge
from madoguchi.counter.trust.wording import finding_text
from madoguchi.engine.settings import Settings

SETTINGS = Settings.load(
    shop={
        "url": "https://www.midori-shop.jp",
        "account_url": "https://account.midori-shop.jp/me",
        "phone": "0120-111-222",
        "mail_address": "help@midori-shop.jp",
    },
    mail={"sender": "order@mail.midori-shop.jp"},
    trust={
        "domains": ["midori-shop.jp", "midori-shop.com"],
        "partner_domains": ["minato-post.jp"],
        "senders": ["news@midori-shop.jp"],
        "phones": ["011-330-3000"],
    },
)
OURS = Ours.of(SETTINGS)
SUBJECT = "ご注文の発送のお知らせ"
MINE = Known(orders={"503-0001001-0000001"}, was_sent=lambda text: SUBJECT in text)

FAKE_LINKS = [
    "https://midori-shop.jp.login-check.cn/account",
    "http://midori-shop.jp@203.0.113.9/x",
    "https://midori-shop.jp@evil.example/x",
    "http://3405803785/login",
    "http://0xCB007109/login",
    "https://rnidori-shop.jp/login",
    "https://midori-sh0p.jp/",
    "https://m1dori-shop.com/",
    "https://midorishop.jp/",
    "https://midori-shop-support.com/",
    "https://midori-shop.co/",
    "https://mıdori-shop.jp/",
    "https://mіdоri-shop.jp/",
    "https://xn--mdori-shop-m2a.jp/",
    "https://bit.ly/3abcDEF",
    "https://tinyurl.com/abcdef",
    "https://login-update.example.net/midori-shop.jp/",
    "https://midori-shop.web.app/",
    "https://midori-shop.netlify.app/signin",
    "https://evil.example\\@midori-shop.jp/",
    "https://evil.example/?next=https://midori-shop.jp",
    "hxxps://midori-shop[.]jp[.]evil[.]example/a",
    "https://account。midori-shop。evil.com/",
    "evil-shop.com/midori",
    "https://www.midori-shop.jp.:8443@evil.example/",
]
WORDINGS = [
    "【緊急】アカウントを停止しました。24時間以内に確認してください {link}",
    "お支払い方法に問題があります。こちらから更新: {link}",
    "ご注文ありがとうございます。キャンセルは {link} から",
    "Your account has been suspended. Verify now {link}",
    f"{SUBJECT} 詳しくは {{link}}",
    "From: order@mail.midori-shop.jp\nSubject: " + SUBJECT + "\n{link}",
]


def look(text: str, known: Known = MINE, **more: object) -> Judgement:
    return judge(Message("mail", text, **more), OURS, known)  # type: ignore[arg-type]


def codes(judgement: Judgement) -> set[str]:
    return {finding.code for finding in judgement.findings}


@pytest.mark.req("PHI-001", "PHI-010")
@pytest.mark.parametrize(("link", "wording"), itertools.product(FAKE_LINKS, WORDINGS))
def test_a_link_that_is_not_ours_is_a_fake_whatever_stands_around_it(link: str, wording: str) -> None:
    assert look(wording.format(link=link)).verdict == "fake"


GENUINE = f"From: order@mail.midori-shop.jp\nSubject: {SUBJECT}\nhttps://www.midori-shop.jp/orders"


@pytest.mark.req("PHI-001")
def test_genuine_needs_our_sender_our_log_and_our_links() -> None:
    assert look(GENUINE).verdict == "genuine"
    assert look(GENUINE.replace(SUBJECT, "セールのお知らせ")).verdict == "unsure"
    assert look(f"Subject: {SUBJECT}").verdict == "unsure"
    assert look(GENUINE + "\n詳しくは 03-1234-5678 へ", phones=("03-1234-5678",)).verdict == "fake"
    assert look(GENUINE + "\nカード番号を入力してください").verdict == "fake"


@pytest.mark.req("PHI-001", "PHI-007")
def test_strangers_learn_nothing_of_what_was_sent_or_ordered() -> None:
    nobody = Known(was_sent=lambda text: True)
    for text in (GENUINE, GENUINE.replace(SUBJECT, "x")):
        judgement = look(text, nobody, order_numbers=("503-0001001-0000001", "503-9999999-0000001"))
        assert judgement.verdict == "unsure"
        assert not codes(judgement) & {"in_send_log", "order_yours", "order_unknown"}


@pytest.mark.req("PHI-007")
def test_an_order_that_is_not_theirs_is_a_fake_and_theirs_proves_nothing() -> None:
    assert look("注文 503-0009999-0000001", order_numbers=("503-0009999-0000001",)).verdict == "fake"
    assert look("注文 503-0001001-0000001", order_numbers=("503-0001001-0000001",)).verdict == "unsure"


@pytest.mark.req("PHI-004")
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("アカウントが停止されました", "scares"),
        ("Your account will be suspended", "scares"),
        ("24時間以内にご対応ください", "hurries"),
        ("within 24 hours", "hurries"),
        ("親愛なるお客様", "odd_words"),
        ("Dear customer, kindly verify", "odd_words"),
        ("パスワードを入力してください", "asks_secrets"),
        ("カード番号を聞かれました", "asks_secrets"),
        ("please confirm your credit card number", "asks_secrets"),
        ("ギフトカードを購入して番号を送ってください", "asks_gift_cards"),
        ("pay with gift cards", "asks_gift_cards"),
        ("AnyDeskを入れるように言われた", "asks_remote_control"),
    ],
)
def test_each_trait_of_fakes_has_its_detector(text: str, code: str) -> None:
    judgement = look(text)
    assert code in codes(judgement)
    assert judgement.verdict == ("fake" if code.startswith("asks_") else "unsure")


@pytest.mark.parametrize(
    ("sender", "code"),
    [
        ("order@mail.midori-shop.jp", "sender_ours"),
        ("news@midori-shop.jp", "sender_ours"),
        ("boss@midori-shop.jp", "sender_unlisted"),
        ("info@minato-post.jp", "sender_partner"),
        ("order@rnidori-shop.jp", "sender_lookalike"),
        ("midori-shop@gmail.com", "sender_foreign"),
        ("order@mail.midori-shop.jp.evil.cn", "sender_foreign"),
    ],
)
def test_a_sender_is_known_by_its_whole_address(sender: str, code: str) -> None:
    assert code in codes(look(f"From: {sender}"))


@pytest.mark.req("PHI-022")
@pytest.mark.parametrize("number", ["0120-111-222", "0120111222", "+81 120-111-222", "011-330-3000"])
def test_every_configured_number_is_ours_but_a_display_can_be_forged(number: str) -> None:
    judgement = judge(Message("phone", "", phones=(number,)), OURS, MINE)
    assert codes(judgement) == {"phone_ours"}
    assert judgement.verdict == "unsure"


@pytest.mark.req("PHI-022")
@pytest.mark.parametrize("number", ["0120-999-999", "011-330-3001", "+1 202 555 0143", "050-1234-5678"])
def test_any_other_number_is_not_ours(number: str) -> None:
    judgement = judge(Message("phone", "", phones=(number,)), OURS, MINE)
    assert (codes(judgement), judgement.verdict) == ({"phone_foreign"}, "fake")


@pytest.mark.req("PHI-014")
def test_an_address_is_shown_so_that_nobody_can_press_it_and_its_owner_stands_out() -> None:
    site = site_of("https://midori-shop.jp.login.evil.co.jp/x?y#z")
    assert site is not None
    assert site.shown == "midori-shop.jp.login.【evil[.]co[.]jp】"
    for link in FAKE_LINKS:
        for found in sites_in(link):
            assert "://" not in found.shown
            assert found.domain not in found.shown or "." not in found.domain
    twin = site_of(f"https://{idna.encode('mıdori-shop.jp').decode()}/")
    assert twin is not None
    assert twin.shown.endswith("(mıdori-shop[.]jp)")


def test_names_of_files_and_plain_words_are_no_sites() -> None:
    assert sites_in("請求書.pdf を開いた。version 3.2.1 です。photo.jpg と news.html") == []
    assert sites_in("こんにちは。昨日の件ですが。") == []


def test_senders_are_found_in_wide_letters_too() -> None:
    assert senders_in("差出人：info＠ｅvil．com") or senders_in("差出人：info＠evil．com") == [
        "info@evil.com"
    ]


@pytest.mark.parametrize("twin", ["rnidori", "mid0ri", "m1dori", "mіdоri", "midorі", "MIDORI", "mi-dori"])
def test_twins_have_one_skeleton(twin: str) -> None:
    assert skeleton(twin) == skeleton("midori")


def test_resembling_is_not_being() -> None:
    assert resembles("midori-shop-support", "midori-shop")
    assert resembles("midorishpo", "midori-shop")
    assert not resembles("midori-shop", "midori-shop")
    assert not resembles("minato-post", "midori-shop")
    assert distance("kitten", "sitting", most=3) == 3
    assert distance("kitten", "sitting", most=2) is None


def test_every_reason_has_words_in_both_languages() -> None:
    seen = set()
    for text in [
        GENUINE,
        *FAKE_LINKS,
        "アカウント停止 24時間以内 パスワードを入力 親愛なるお客様",
        "https://www.minato-post.jp",
    ]:
        for finding in look(text, order_numbers=("1", "503-0001001-0000001")).findings:
            seen.add(finding.code)
            ja, en = finding_text(finding, "ja"), finding_text(finding, "en")
            assert ja != en
            assert "://" not in ja + en
    assert {"link_hides", "link_number", "link_shortened", "link_lookalike", "link_own_inside"} <= seen


def test_a_wave_is_known_by_where_it_leads() -> None:
    one = look("https://a1.evil-login.com/x?id=1").campaign
    assert one == look("急いで https://b2.evil-login.com/y").campaign == "site:evil-login.com"
    assert look("https://bit.ly/abc").campaign == "site:bit.ly"
    assert (
        judge(Message("phone", "", phones=("050-1234-5678",)), OURS, MINE).campaign == "phone:+815012345678"
    )
    assert look("https://www.midori-shop.jp").campaign == ""


def test_nothing_shortened_is_ours() -> None:
    assert not any(OURS.owns(host) for host in SHORTENERS)
    assert phone_key("not a number") == ""
